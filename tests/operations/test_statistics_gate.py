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
from pcbl_pipeline.publication.exports import parquet_bytes
from pcbl_pipeline.publication.keys import release_folder
from pcbl_pipeline.publication.pointer import Pointer
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.storage.local import LocalStore
from tests.operations.test_statistics import rows, scope, told

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

    def stricter(network, history, cells):
        """Find one more cell exposed than there is, once."""
        audited = usual(network, history, cells)
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


def test_a_family_that_no_hiding_makes_safe_is_withheld_whole(store, monkeypatch):
    usual, held = gate.audit_release, "M04|2025-2026|ALL|pilot_students"

    def hopeless(network, history, cells):
        """Say that what was told before gives the family away whatever is hidden now."""
        audited = usual(network, history, cells)
        report = audited.report.model_copy(update={"families_held": (held,)})
        return replace(audited, report=report)

    monkeypatch.setattr(gate, "audit_release", hopeless)
    found = statistics(store, rows(), scopes())

    bands = told(found.tables["public"]["pub5_outcomes"], "n_band", "percent_band")
    assert bands
    assert set(map(tuple, bands.values())) == {(None, None)}
    assert found.audit.report.families_held == (held,)


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
