"""The gate for statistics: proven before they are new, repeated while they are not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pcbl_pipeline.lake.published_cells import PublishedCells
from pcbl_pipeline.model.release import Release
from pcbl_pipeline.operations.release_audit import record_release
from pcbl_pipeline.operations.summaries import gate
from pcbl_pipeline.operations.summaries.gate import statistics
from pcbl_pipeline.operations.summaries.outcomes import outcomes
from pcbl_pipeline.publication.exports import parquet_bytes
from pcbl_pipeline.publication.keys import release_folder
from pcbl_pipeline.publication.pointer import Pointer
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.storage.local import LocalStore
from tests.operations.test_statistics import NUMBERS, rows, scope, told

CORRECTION = {
    "metric_code": "M04",
    "grade_band": "ALL",
    "pilot_scope": "pilot_students",
    "site_id": "3899901",
    "school_year": "2025-2026",
    "student_group": "MU7",
    "numerator": 3,
    "denominator": 11,
}


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


def scopes():
    return {edition: scope(edition) for edition in ("public", "network", "agency")}


def released(store, found, monkeypatch):
    """Put the agency's tables where the current release has them."""
    current = Release(
        release_id="2026.11.1",
        as_of=date(2026, 11, 20),
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        pipeline_version="0.1.0",
        content_digest="0" * 64,
        editions=("public", "network", "agency"),
        manifest_key="manifest.json",
        manifest_sha256="0" * 64,
    )
    tables = {table.name: table for table in TABLES}
    for name, frame in found.tables["agency"].items():
        content = parquet_bytes(tables[name].conform(frame))
        key = f"{release_folder('2026.11.1')}agency/data/{name}.parquet"
        store.put(key, content, content_type="application/vnd.apache.parquet")
    monkeypatch.setattr(gate, "read_pointer", lambda _: Pointer(current, "etag"))


def test_new_statistics_come_with_their_proof(store):
    found = statistics(store, rows(), scopes())

    assert found.audit is not None
    assert found.audit.report.cells > 0
    assert found.audit.report.families_held == ()
    shown = told(found.tables["public"]["pub5_outcomes"], "n_band")
    proven = found.audit.cells.filter(pl.col("n_band").is_not_null())
    assert {(site, group) for (site, group), (band,) in shown.items() if band} <= set(
        proven.select("site_id", "student_group").rows()
    )


def test_only_the_agency_learns_by_which_rule_a_cell_is_hidden(store):
    tables = statistics(store, rows(), scopes()).tables

    assert "pub5_hidden" in tables["agency"]
    assert "pub5_hidden" not in tables["public"] | tables["network"]
    assert tables["public"]["pub5_outcomes"].equals(tables["agency"]["pub5_outcomes"])


def test_a_correction_waits_for_the_next_year(store, monkeypatch):
    first = statistics(store, rows(), scopes())
    released(store, first, monkeypatch)

    second = statistics(store, rows([CORRECTION]), scopes())

    assert second.audit is None
    cells = told(second.tables["public"]["pub5_outcomes"], "n_band", "percent_band")
    assert cells == told(
        first.tables["public"]["pub5_outcomes"], "n_band", "percent_band"
    )
    assert ("3899901", "MU7") not in cells


def test_what_is_hidden_for_the_audit_is_hidden_in_every_table(store, monkeypatch):
    shown = told(statistics(store, rows(), scopes()).tables["public"]["pub5_outcomes"])
    usual = gate.audit_release

    def stricter(*frames, **released):
        """Find one more cell exposed than there is, once."""
        audited = usual(*frames, **released)
        is_target = (pl.col("site_id") == "3899901") & (
            pl.col("student_group") == "HI7"
        )
        hidden = pl.when(is_target).then(pl.lit("audit")).otherwise("reason")
        return gate.ReleaseAudit(
            audited.cells.with_columns(reason=hidden),
            audited.differences,
            audited.report,
            audited.least,
        )

    monkeypatch.setattr(gate, "audit_release", stricter)
    found = statistics(store, rows(), scopes())

    assert ("3899901", "HI7") in shown
    cells = told(found.tables["public"]["pub5_outcomes"], "n_band", "reason")
    assert cells["3899901", "HI7"] == [None, "protected"]


#: Girls of whom none met the measure, and boys of whom three in four did.
PAIR = {
    "0499901": {"F": (0, 60), "M": (30, 40)},
    "0499902": {"F": (20, 50), "M": (25, 50)},
    "3899901": {"F": (40, 80), "M": (40, 80)},
}


@pytest.fixture
def telling(monkeypatch):
    """Return rows of which a published gap tells that nobody met the measure."""
    for site, groups in PAIR.items():
        everyone = tuple(map(sum, zip(*groups.values(), strict=True)))
        monkeypatch.setitem(NUMBERS, site, {"ALL": everyone, **groups})
    return rows()


def test_a_gap_that_gives_a_group_away_is_withdrawn_from_every_table(
    store, telling, monkeypatch
):
    unguarded = outcomes(telling, scopes()["public"])["pub5_outcomes"]
    assert told(unguarded, "gap", "percent_band")["0499901", "F"] == [-75, "<=5"]

    found = statistics(store, telling, scopes())

    table = found.tables["public"]["pub5_outcomes"]
    cells = told(table, "gap", "gap_note", "percent_band")
    assert cells["0499901", "F"] == [None, None, "<=5"]
    assert cells["0499901", "M"] == [None, None, "75-79"]
    assert cells["0499902", "F"][0] is not None
    assert found.audit.report.differences_withdrawn == 2
    assert set(found.audit.report.found) > {"proven"}


def test_what_no_hiding_makes_safe_is_withheld_and_the_rest_goes_on(
    store, telling, monkeypatch
):
    monkeypatch.setattr("pcbl_pipeline.disclosure.audit.repair._ROUNDS", 1)

    found = statistics(store, telling, scopes())

    table = found.tables["agency"]["pub5_outcomes"]
    assert table["reason"].unique().to_list() == ["withheld"]
    for column in ("n_band", "percent_band", "change", "gap", "gap_note", "sites"):
        assert table[column].null_count() == table.height
    hidden = found.tables["agency"]["pub5_hidden"]
    assert hidden.select("rule", "step").unique().rows() == [
        ("withheld", "held_family")
    ]
    assert len(found.audit.report.families_withheld) == 1
    assert found.audit.cells.is_empty()


def test_what_went_out_before_is_repeated_where_nothing_new_is_safe(store, monkeypatch):
    site = NUMBERS["3899901"]
    monkeypatch.setitem(NUMBERS, "3899901", site | {"MU7": (0, 0)})
    first = statistics(store, rows(), scopes())
    record_release(PublishedCells(store), first.audit, date(2026, 11, 20))
    monkeypatch.setattr(gate, "_released", lambda _: {"2026-11-20"})
    # The group was told to be empty.
    corrected = {"MU7": (0, 1), "HI7": (31, 69), "ALL": (81, 160)}
    monkeypatch.setitem(NUMBERS, "3899901", site | corrected)

    found = statistics(store, rows(), scopes())

    assert len(found.audit.report.families_held) == 1
    before, now = (
        told(item.tables["public"]["pub5_outcomes"], "n_band", "percent_band", "reason")
        for item in (first, found)
    )
    assert now == before
    assert now["3899901", "MU7"] == [None, None, "no_data"]


def test_nothing_is_recorded_before_a_release_is_written(store):
    statistics(store, rows(), scopes())

    assert list(PublishedCells(store).releases()) == []


def test_statistics_outlast_the_withdrawal_of_a_release_they_had_no_part_in(
    store, monkeypatch
):
    first = statistics(store, rows(), scopes())
    released(store, first, monkeypatch)
    gate.keep_apart(store, "2025-2026")
    for item in list(store.list(release_folder("2026.11.1"))):
        store.delete(item.key)

    second = statistics(store, rows([CORRECTION]), scopes())

    assert second.audit is None
    shown = told(second.tables["public"]["pub5_outcomes"], "n_band", "percent_band")
    assert shown == told(
        first.tables["public"]["pub5_outcomes"], "n_band", "percent_band"
    )
    gate.let_go(store)
    assert statistics(store, rows(), scopes()).audit is not None


def test_statistics_without_withdrawn_rows_are_audited_with_those_that_had_them(store):
    """Who kept the old ones must not see by the difference whose rows are gone."""
    with_them = statistics(store, rows(), scopes()).audit
    record_release(PublishedCells(store), with_them, date(2026, 11, 20))
    left = rows()
    is_left = pl.col("site_id") != "3899901"
    sent = left.frame("outcome_metric").filter(is_left)
    left = replace(left, _frames=left._frames | {"outcome_metric": sent})

    without = statistics(store, left, scopes()).audit

    assert without.report.earlier_releases == 1
    hidden = with_them.cells.filter(pl.col("n_band").is_null())
    shown = without.cells.filter(pl.col("n_band").is_not_null())
    assert shown.height > 0
    names = ["family", "site_id", "student_group"]
    assert shown.join(hidden, on=names, how="semi").is_empty()
