"""Outcomes and experience on their way to the tables: protected, closed, alike."""

from datetime import date

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.disclosure.audit.cells import read_cells
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import audit
from pcbl_pipeline.operations.summaries.outcomes import (
    LINES,
    OUTCOMES,
    experience,
    outcomes,
    protected_cells,
)
from pcbl_pipeline.operations.summaries.protection import Hiding
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.workspace import parse_network
from tests.support.builders import NETWORK_YAML
from tests.support.frames import lake_rows

YEAR = "2025-2026"
SITES = ("0499901", "0499902", "3899901")
TEST = {"metric_code": "M04", "grade_band": "ALL", "pilot_scope": "pilot_students"}
#: Site → group → (numerator, denominator); AM7 is small at the first site.
NUMBERS = {
    "0499901": {"ALL": (60, 120), "AM7": (2, 5), "HI7": (28, 60), "WH7": (30, 55)},
    "0499902": {"ALL": (45, 100), "AM7": (6, 20), "HI7": (22, 45), "WH7": (17, 35)},
    "3899901": {"ALL": (80, 160), "AM7": (9, 25), "HI7": (30, 70), "WH7": (41, 65)},
}
KEY = ["family", "site_id", "student_group"]


def scope(edition="public", as_of=date(2026, 11, 20)):
    return SummaryScope(parse_network(NETWORK_YAML), load_catalogue(), edition, as_of)


def rows(changes=(), consent="Y", surveys=()):
    sent = [
        {
            **TEST,
            "site_id": site,
            "school_year": YEAR,
            "student_group": group,
            "numerator": met,
            "denominator": of,
        }
        for site, groups in NUMBERS.items()
        for group, (met, of) in groups.items()
    ]
    profiles = [{"site_id": s, "consent_publish_name": consent} for s in SITES]
    frames = {
        "outcome_metric": lake_rows("outcome_metric", [*sent, *changes]),
        "site_profile": lake_rows("site_profile", profiles),
        "perception_survey": lake_rows("perception_survey", surveys),
        "competency_record": lake_rows("competency_record", []),
    }
    return LakeRows(None, None, frames)  # type: ignore[arg-type] - nothing else is read


def told(table, *columns):
    at = table.select("site_id", "student_group", *columns).rows()
    return {(site, group): values for site, group, *values in at}


def test_small_groups_and_what_would_tell_them_are_hidden_without_saying_which():
    table = outcomes(rows(), scope())["pub5_outcomes"]

    cells = told(table, "n_band", "percent_band", "reason")
    assert cells["ALL", "ALL"] == ["300+", "49", None]
    assert cells["0499901", "ALL"] == ["100-299", "50", None]
    # Small itself; the next smallest of its family; the next smallest of its column.
    for site, group in [("0499901", "AM7"), ("0499901", "WH7"), ("0499902", "AM7")]:
        assert cells[site, group] == [None, None, "protected"]
    assert cells["3899901", "HI7"] == ["40-99", "40-44", None]


def test_the_tables_are_the_same_in_all_editions_and_reasons_are_for_agencies():
    lake = rows()
    editions = {name: outcomes(lake, scope(name)) for name in ("public", "network")}
    agency = outcomes(lake, scope("agency"))

    assert set(editions["public"]) == set(editions["network"]) == {"pub5_outcomes"}
    for tables in editions.values():
        assert tables["pub5_outcomes"].equals(agency["pub5_outcomes"])
    rules = told(agency["pub5_hidden"], "rule", "step")
    assert rules["0499901", "AM7"] == ["primary", "small_group"]
    assert rules["0499901", "WH7"] == ["complementary", "race_family"]
    assert rules["0499902", "AM7"] == ["complementary", "site_family"]


def test_no_published_column_holds_a_count():
    numbers = {"numerator", "denominator", "people", "invited", "rule_number"}
    survey = {
        "site_id": SITES[0],
        "school_year": YEAR,
        "window": "spring",
        "respondent": "educator",
        "instrument": "kw",
        "construct_code": "efficacy",
        "student_group": "ALL",
        "n_invited": 60,
        "n_responded": 44,
        "n_favorable": 30,
        "favorable_rule": "Top two",
    }
    lake = rows(surveys=[survey])
    tables = {**outcomes(lake, scope("agency")), **experience(lake, scope("agency"))}

    assert tables["pub6_experience"]["response_band"].to_list() == ["70-74"]
    for table in TABLES:
        if table.name in tables:
            names = set(table.conform(tables[table.name]).columns)
            assert names & numbers <= {"rule_number"}


def test_sites_that_did_not_agree_count_but_are_not_shown():
    table = outcomes(rows(consent="N"), scope())["pub5_outcomes"]

    assert set(table["site_id"]) == {"ALL"}
    assert told(table, "n_band")["ALL", "ALL"] == ["300+"]


def test_a_year_is_published_only_once_sites_had_time_to_send():
    assert outcomes(rows(), scope(as_of=date(2026, 9, 30))) == {}
    assert outcomes(rows(), scope(as_of=date(2026, 10, 1)))


def test_a_change_is_not_shown_where_the_earlier_year_would_be_hidden():
    before = {**TEST, "school_year": "2021-2022", "is_baseline": "Y"}
    earlier = [
        {
            **before,
            "site_id": SITES[2],
            "student_group": g,
            "numerator": n,
            "denominator": d,
        }
        for g, n, d in (
            ("ALL", 40, 120),
            ("AM7", 1, 5),
            ("HI7", 10, 45),
            ("WH7", 29, 70),
        )
    ]

    table = outcomes(rows(earlier), scope())["pub5_outcomes"]

    changes = told(table, "change", "change_note")
    assert changes[SITES[2], "ALL"] == [17, None]
    # It would tell of the year before what the small group's family must hide.
    assert changes[SITES[2], "HI7"] == [None, None]


def test_gaps_are_taken_from_the_rest_and_rounded():
    table = outcomes(rows(), scope())["pub5_outcomes"]

    gaps = told(table, "gap", "gap_note")
    # 80 of 175 beside 105 of 205: 45.7 and 51.2 percent.
    assert gaps["ALL", "HI7"] == [-6, None]
    assert gaps["3899901", "HI7"] == [-15, None]
    assert gaps["ALL", "ALL"] == [None, None]


def test_the_audit_gets_every_cell_and_what_it_gives_back_is_hidden():
    lake = rows()
    cells = protected_cells(lake, scope())

    assert cells.columns == [
        *("table", *KEY, "numerator", "denominator"),
        *("n_band", "percent_band", "reason"),
    ]
    assert cells.height == 16
    exposed = cells.filter(site_id="3899901", student_group="ALL").select(KEY)
    again = protected_cells(lake, scope(), Hiding(exposed=exposed))
    assert again.join(exposed, on=KEY, how="semi")["reason"].to_list() == ["audit"]
    # The total alone would come back by adding up its parts.
    hidden = again.filter(pl.col("reason").is_not_null(), site_id="3899901")
    assert hidden.height > 2


def test_the_network_is_the_sum_of_its_sites_in_the_frame_of_the_audit():
    cells = protected_cells(rows(), scope())

    sites = cells.filter(pl.col("site_id") != "ALL")
    sums = sites.group_by("family", "student_group").agg(pl.col("denominator").sum())
    network = cells.filter(site_id="ALL").select(sums.columns)
    assert network.sort(sums.columns).equals(sums.sort(sums.columns))


def test_the_audit_understands_the_frame_and_proves_that_enough_is_hidden():
    days = [
        {
            **TEST,
            "metric_code": "M02",
            "site_id": site,
            "school_year": YEAR,
            "student_group": group,
            "numerator": 170 * of,
            "denominator": 180 * of,
        }
        for site, groups in NUMBERS.items()
        for group, (_, of) in groups.items()
    ]
    cells = protected_cells(rows(days), scope())

    for part in Question(read_cells(cells), lambda _: 10).parts():
        outcome = audit(part)

        assert outcome.hidden == outcome.unsafe == ()


@pytest.mark.parametrize("met", [(2, 5), (12, 40)])
def test_what_an_earlier_release_hid_stays_hidden(met, monkeypatch):
    first = outcomes(rows(), scope())["pub5_outcomes"]
    corrected = {**NUMBERS["0499901"], "ALL": (75, 160), "AM7": met}
    monkeypatch.setitem(NUMBERS, "0499901", corrected)
    before = (
        first.filter(pl.col("reason") == "protected")
        .with_columns(
            pl.concat_str(LINES[OUTCOMES].family, separator="|").alias("family")
        )
        .select(KEY)
    )

    second = outcomes(rows(), scope(), Hiding(before=before))["pub5_outcomes"]

    hidden = pl.col("reason") == "protected"
    gone = first.filter(hidden).join(second.filter(hidden), on=KEY, how="anti")
    assert gone.is_empty()
