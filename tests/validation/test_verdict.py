"""Judging: no row is lost, none is in two places, and every reason is named once."""

import json
from datetime import date
from functools import cache

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import FieldType, Presence
from pcbl_pipeline.contracts.schema import row_schema
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.reading.tables import clean_cells
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE
from pcbl_pipeline.validation.verdict import OCCURRENCE_SCHEMA, judge
from tests.support.rows import (
    FIRST_ROW,
    ROW_ID,
    circumstances_of,
    drawn_rows,
    right_row,
    seeded,
    text_frame,
    wrong_values,
)

CATALOGUE = load_catalogue()
DATASETS = list(CATALOGUE.contracts)
LESSON = CATALOGUE.get("lesson_learned")
#: Rules about one value's own form; where one is broken, no other rule may speak.
OF_FORM = {"R303", "R304", "R305", "R306", "R307", "R308", "R309", "R310", "R312"} | {
    *("R313", "R315", "R316", "R318", "R319", "C205"),
}
#: Of what is drawn: words that stand for a blank, in a text and elsewhere.
BLANK_IN_TEXT = {"na", "n/a", "-"}
BLANK_ELSEWHERE = BLANK_IN_TEXT | {"?", "null", "nan", "none", "."}


@cache
def drawn_and_judged(dataset):
    contract = CATALOGUE.get(dataset)
    rows = drawn_rows(contract, CATALOGUE, seeded(f"judged {dataset}"), 150)
    cleaned = rows.with_columns(clean_cells(pl.col(contract.field_names)))
    return cleaned, judged(contract, cleaned)


def judged(contract, rows, circumstances=None):
    frame = rows if isinstance(rows, pl.DataFrame) else text_frame(contract, rows)
    knowledge = circumstances or circumstances_of(contract)
    return judge(frame.lazy(), contract, CATALOGUE, knowledge)


def takes_any_text(field):
    return field.type in {FieldType.TEXT, FieldType.NARRATIVE} and not field.pattern


def found(judgement):
    """Return the occurrences as (code, field, row), sorted."""
    return sorted(judgement.occurrences.select("code", "field", ROW_ID).rows())


# ------------------------------------------------------- what holds for all rows


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_row_is_accepted_or_quarantined_and_none_is_both(dataset):
    rows, judgement = drawn_and_judged(dataset)

    accepted = judgement.accepted.collect()[ROW_ID].to_list()
    quarantined = judgement.quarantined.collect()[ROW_ID].to_list()

    assert sorted(accepted + quarantined) == rows[ROW_ID].to_list()
    assert len(accepted) > 20
    assert len(quarantined) > 20


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_row_is_quarantined_for_its_errors_and_for_nothing_less(dataset):
    _, judgement = drawn_and_judged(dataset)

    errors = judgement.occurrences.filter(severity=Severity.ERROR.value)
    reasons = judgement.quarantined.collect().explode("reasons").unnest("reasons")

    assert sorted(reasons.select("code", "field", ROW_ID).rows()) == sorted(
        errors.select("code", "field", ROW_ID).rows()
    )
    assert set(judgement.quarantined.collect()[ROW_ID]) == set(errors[ROW_ID])


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_broken_rule_is_named_once_per_cell(dataset):
    rows, judgement = drawn_and_judged(dataset)
    occurrences = judgement.occurrences

    assert occurrences.schema == OCCURRENCE_SCHEMA
    assert not occurrences.select("code", "field", ROW_ID).is_duplicated().any()
    assert set(occurrences[ROW_ID]) <= set(rows[ROW_ID])
    assert set(occurrences["code"]) <= set(CATALOGUE.rules)


@pytest.mark.parametrize("dataset", DATASETS)
def test_values_are_quoted_only_where_the_field_allows_it(dataset):
    contract = CATALOGUE.get(dataset)
    rows, judgement = drawn_and_judged(dataset)
    sent = {row[ROW_ID]: row for row in rows.to_dicts()}

    for item in judgement.occurrences.to_dicts():
        written = sent[item[ROW_ID]][item["field"]]
        may_quote = contract.field(item["field"]).may_quote
        shown = written if may_quote else None
        assert item["value"] == ("" if written is None else shown)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_quarantine_keeps_the_text_as_it_was_sent(dataset):
    rows, judgement = drawn_and_judged(dataset)
    sent = {row.pop(ROW_ID): row for row in rows.to_dicts()}

    kept = dict(judgement.quarantined.collect().select(ROW_ID, "values").rows())

    assert {row: json.loads(values) for row, values in kept.items()} == {
        row: sent[row] for row in kept
    }
    assert judgement.quarantined.collect()[ROW_ID].is_sorted()


@pytest.mark.parametrize("dataset", DATASETS)
def test_accepted_rows_have_the_types_of_the_lake(dataset):
    contract = CATALOGUE.get(dataset)
    _, judgement = drawn_and_judged(dataset)
    lake = row_schema(contract)

    names = [*contract.field_names, ROW_ID, "not_applicable"]

    assert dict(judgement.accepted.collect().schema) == {
        name: lake[name] for name in names
    }


@pytest.mark.parametrize("dataset", DATASETS)
def test_nothing_that_was_written_is_lost_on_the_way_to_an_accepted_value(dataset):
    contract = CATALOGUE.get(dataset)
    rows, judgement = drawn_and_judged(dataset)
    sent = rows.join(judgement.accepted.collect().select(ROW_ID), on=ROW_ID)

    for field in contract.fields:
        words = BLANK_IN_TEXT if takes_any_text(field) else BLANK_ELSEWHERE
        blank = sent[field.name].str.to_lowercase().is_in(words)
        written = sent[field.name].is_not_null() & ~blank
        kept = judgement.accepted.collect()[field.name].is_not_null()
        assert kept.to_list() == written.fill_null(value=False).to_list(), field.name
        codes = CATALOGUE.codes_of(field)
        if codes and field.type is FieldType.CODES:
            items = judgement.accepted.collect()[field.name].explode().drop_nulls()
            assert set(items) <= set(codes.values)
        if field.type is FieldType.CODES and field.presence is Presence.REQUIRED:
            assert judgement.accepted.collect()[field.name].list.len().min() > 0


@pytest.mark.parametrize("dataset", DATASETS)
def test_accepted_rows_are_accepted_again(dataset):
    contract = CATALOGUE.get(dataset)
    _, first = drawn_and_judged(dataset)

    again = judged(contract, as_text(contract, first.accepted.collect()))

    assert again.quarantined.collect().height == 0
    assert again.accepted.collect().equals(first.accepted.collect())


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_order_of_rows_changes_no_rows_fate(dataset):
    contract = CATALOGUE.get(dataset)
    rows, first = drawn_and_judged(dataset)

    again = judged(contract, rows.sample(fraction=1, shuffle=True, seed=11))

    assert found(again) == found(first)
    assert (
        again.accepted.collect()
        .sort(ROW_ID)
        .equals(first.accepted.collect().sort(ROW_ID))
    )
    assert (
        again.quarantined.collect()
        .select(ROW_ID, "values")
        .equals(first.quarantined.collect().select(ROW_ID, "values"))
    )


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_examples_of_a_contract_break_no_rule(dataset):
    contract = CATALOGUE.get(dataset)

    # A site rates 17 elements together; fewer rows would be a group with gaps.
    rows = [right_row(contract, number) for number in range(17)]

    judgement = judged(contract, rows)

    assert found(judgement) == []
    assert judgement.accepted.collect().height == 17
    assert judgement.suite.unchecked == ()


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_value_of_wrong_form_is_found_at_its_own_field_only(dataset):
    """One mistake is one finding: no follow-up about owners, keys or other fields."""
    contract = CATALOGUE.get(dataset)
    planted = [
        (field.name, value)
        for field in contract.fields
        for value in dict.fromkeys(wrong_values(field, CATALOGUE))
    ]
    rows = [
        right_row(contract, number % 100) | {name: value}
        for number, (name, value) in enumerate(planted)
    ]
    at = {row: name for row, (name, _) in enumerate(planted, start=FIRST_ROW)}

    # Keys repeat among so many rows; here that is not the matter.
    occurrences = judged(contract, rows).occurrences.filter(pl.col("code") != "K401")

    of_form = occurrences.filter(pl.col("code").is_in(OF_FORM))
    beside = [
        item
        for item in occurrences.join(
            of_form.select(ROW_ID), on=ROW_ID, how="semi"
        ).to_dicts()
        if item["field"] != at[item[ROW_ID]]
    ]
    assert of_form.height > len(contract.fields)
    assert beside == []


def as_text(contract, accepted):
    """Write accepted rows down again, as a site would."""
    texts = []
    for field in contract.fields:
        value = pl.col(field.name)
        match field.type:
            case FieldType.CODES:
                text = value.list.join("; ")
            case FieldType.DECIMAL:
                text = value.map_elements(
                    lambda number: f"{number:.12f}", return_dtype=pl.String
                )
            case _:
                text = value.cast(pl.String)
        wrote_na = pl.col("not_applicable").list.contains(field.name)
        texts.append(
            pl.when(wrote_na)
            .then(pl.lit(NOT_APPLICABLE))
            .otherwise(text)
            .alias(field.name)
        )
    return accepted.select(ROW_ID, *texts)


# ------------------------------------------------------------- single decisions

#: What is changed in a right row → where it is then found wrong, and by which rule.
DECISIONS = {
    "lesson_learned": {
        "NA does not stand for a required value": (
            {"title": "NA"},
            [("R303", "title")],
        ),
        "NA may stand for an optional value": ({"recommendation": "NA"}, []),
        "a date wrong in two ways is one finding": (
            {"lesson_date": "2026-2-30"},
            [("R306", "lesson_date")],
        ),
        "a malformed id is not also somebody else's": (
            {"site_id": "49990"},
            [("R308", "site_id")],
        ),
        "a right id of another site is found as such": (
            {"site_id": "0499902", "lesson_id": "0499902-2026-999"},
            [("K402", "site_id")],
        ),
        "a district may report for its school": ({"site_id": "049990100123"}, []),
        "a lesson's id begins with its own district": (
            {"lesson_id": "0499902-2026-998"},
            [("R352", "lesson_id")],
        ),
        "an address without a licence": (
            {"resource_license": None},
            [("R351", "resource_license")],
        ),
        "no address needs no licence": (
            {"resource_license": None, "resource_url": "NA"},
            [],
        ),
        "a number too long to be kept exactly": (
            {"revision": "9" * 16},
            [("R304", "revision")],
        ),
        "a number beyond 64 bits": ({"revision": "9" * 40}, [("R304", "revision")]),
        "the longest number": ({"revision": "9" * 15}, []),
        "a number below its range": ({"revision": "0"}, [("R301", "revision")]),
        "120 characters, in 480 bytes": ({"title": "😀" * 120}, []),
        "121 characters": ({"title": "é" * 121}, [("R309", "title")]),
        "an accent of its own is a character": (
            {"title": "e\u0301" * 61},
            [("R309", "title")],
        ),
        "a version that nobody knows": (
            {"schema_version": "0.9"},
            [("C205", "schema_version")],
        ),
    },
    "ta_event": {
        "separators are no list of sites": (
            {"sites_served": " ; "},
            [("R308", "sites_served")],
        ),
        "a site without a profile in that year": (
            {"school_year": "2024-2025", "event_date": "2025-02-24"},
            [("K411", "sites_served")],
        ),
        "the day before the school year": (
            {"event_date": "2025-06-30"},
            [("R381", "event_date")],
        ),
        "the first day of the school year": ({"event_date": "2025-07-01"}, []),
        "the last day of the school year": ({"event_date": "2026-06-30"}, []),
        "the day after the school year": (
            {"event_date": "2026-07-01"},
            [("R382", "event_date")],
        ),
        "hours of zero": ({"hours": "0"}, [("R301", "hours")]),
        "a preparation of no hours": ({"staff_hours": "0.0"}, []),
        "a recommended value left out": (
            {"staff_hours": None},
            [("R302", "staff_hours")],
        ),
        "more points than ratings can give": (
            {"usefulness_sum": "101"},
            [("R384", "usefulness_sum")],
        ),
        "ratings that are no number": (
            {"usefulness_n": "twenty"},
            [("R304", "usefulness_n")],
        ),
        "a request that nobody sent": (
            {"ta_request_ids": "0499901-TA-2026-003; 0499901-TA-2026-300"},
            [("K412", "ta_request_ids")],
        ),
    },
}


@cache
def decided(dataset):
    contract = CATALOGUE.get(dataset)
    cases = DECISIONS[dataset].values()
    rows = [right_row(contract, n) | changes for n, (changes, _) in enumerate(cases)]
    return judged(contract, rows)


@pytest.mark.parametrize(
    ("dataset", "case"),
    [(dataset, case) for dataset, cases in DECISIONS.items() for case in cases],
)
def test_a_decision(dataset, case):
    row = FIRST_ROW + list(DECISIONS[dataset]).index(case)
    _, expected = DECISIONS[dataset][case]

    judgement = decided(dataset)

    assert [item[:2] for item in found(judgement) if item[2] == row] == expected
    held = {code for code, _ in expected} - {"R302"}
    assert (row in judgement.quarantined.collect()[ROW_ID]) == bool(held)


def lesson(number=0, **changes):
    return right_row(LESSON, number) | changes


def test_a_school_reports_for_itself_only():
    school = Sender(
        sender_id="049990100123",
        name="School (fictional)",
        kind="site",
        state_fips="04",
    )
    rows = [lesson(1, site_id="049990100123"), lesson(2, site_id="049990100124")]

    judgement = judged(LESSON, rows, Circumstances(sender=school))

    assert found(judgement) == [("K402", "site_id", 3)]


def test_an_agency_reports_for_its_own_state_only():
    contract = CATALOGUE.get("state_action")
    agency = Sender(
        sender_id="sea-38", name="Agency (fictional)", kind="agency", state_fips="38"
    )
    rows = [
        right_row(contract, number) | {"state_fips": state, "barrier_ids": None}
        for number, state in enumerate(("38", "04", "38; 04"))
    ]

    judgement = judged(contract, rows, Circumstances(sender=agency))

    assert found(judgement) == [("K436", "state_fips", 3), ("R307", "state_fips", 4)]


def test_rows_with_the_same_key_are_all_held_and_point_to_its_first_column():
    blank, malformed = {"revision": None}, {"revision": "two"}
    rows = [lesson(1), lesson(2), lesson(1, title="Another"), lesson(1, revision="2")]
    rows += [lesson(3, **blank), lesson(3, **blank), lesson(4, **malformed)] * 2

    judgement = judged(LESSON, rows)

    assert [item for item in found(judgement) if item[0] == "K401"] == [
        ("K401", "lesson_id", 2),
        ("K401", "lesson_id", 4),
    ]
    assert judgement.accepted.collect()[ROW_ID].to_list() == [3, 5]


def test_warnings_alone_let_a_row_in():
    contract = CATALOGUE.get("ta_request")
    row = right_row(contract) | {"preferred_mode": None, "status": "fulfilled"}
    rows = [row | {"ta_request_id": "0499901-TA-2026-999"}]

    judgement = judged(contract, rows)

    assert found(judgement) == [("K413", "status", 2), ("R302", "preferred_mode", 2)]
    assert set(judgement.occurrences["severity"]) == {"warning"}
    assert judgement.accepted.collect().height == 1
    assert judgement.quarantined.collect().height == 0


def test_a_file_without_rows_is_judged_too():
    judgement = judged(LESSON, [])

    assert judgement.accepted.collect().height == 0
    assert judgement.quarantined.collect().height == 0
    assert judgement.occurrences.schema == OCCURRENCE_SCHEMA
    assert dict(judgement.accepted.collect().schema)["lesson_date"] == pl.Date
    assert judgement.quarantined.collect().columns == [ROW_ID, "values", "reasons"]


def test_values_have_their_types_and_results_their_order():
    rows = [lesson(lesson_date="2024-02-29", stage_at_time="04", recommendation="NA")]

    judgement = judged(LESSON, rows)

    (row,) = judgement.accepted.collect().to_dicts()
    assert row["lesson_date"] == date(2024, 2, 29)
    assert row["stage_at_time"] == 4
    assert row["audience"] == ["school_leader", "educator"]
    assert row["evidence_tier"] == "3"
    assert row["not_applicable"] == ["recommendation"]
    assert [result.expectation_config.meta["code"] for result in judgement.results] == [
        use.code for use in judgement.suite.uses
    ]
