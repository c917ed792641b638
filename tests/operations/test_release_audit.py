"""The gate before a release: what it lets out, repeats, blocks, and keeps."""

from datetime import date

import polars as pl
import pytest

from pcbl_pipeline.disclosure.audit.differences import DIFFERENCE_COLUMNS
from pcbl_pipeline.disclosure.audit.programme import Programme
from pcbl_pipeline.disclosure.audit.sums import Link
from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.published_cells import COLUMNS, PublishedCells
from pcbl_pipeline.model.network import Network, Site, State
from pcbl_pipeline.operations.release_audit import (
    audit_release,
    family_links,
    minimum_sizes,
    record_release,
)
from pcbl_pipeline.storage.local import LocalStore
from tests.support.outcome_cells import (
    EMPTY_BEFORE,
    EMPTY_NO_LONGER,
    FAMILY,
    cells_frame,
    drawn_counts,
    hidden_cells,
    small_cells,
)

DAY = date(2026, 11, 20)


@pytest.fixture
def history(tmp_path) -> PublishedCells:
    return PublishedCells(LocalStore(tmp_path))


@pytest.fixture(scope="module")
def network() -> Network:
    arizona = State(fips="04", code="AZ", name="Arizona", agency_name="Agency")
    nevada = State(
        fips="32", code="NV", name="Nevada", agency_name="Agency", minimum_group_size=15
    )
    sites = (Site(site_id="0499901", name="Invented district"),)
    return Network(name="Invented network", states=(arizona, nevada), sites=sites)


def test_lets_out_what_is_safe_and_hides_the_rest(network, history):
    counts = drawn_counts(2, seed=3, smallest=11, largest=30)
    cells = cells_frame(counts, small_cells(counts))

    audited = audit_release(network, history, cells)

    assert audited.cells.columns == list(COLUMNS)
    assert audited.cells.height == cells.height
    assert audited.report.hidden["audit"] > 0
    assert audited.report.found["exposed"] > 0
    assert audited.report.families_held == ()


def test_the_ledger_keeps_what_was_told_once_and_no_count(network, history, tmp_path):
    counts = drawn_counts(2, seed=6)
    cells = cells_frame(counts, hidden_cells(counts))

    for _ in range(2):
        audited = audit_release(network, history, cells)
        record_release(history, audited, DAY)

    ((day, kept),) = history.releases()
    assert day == "2026-11-20"
    assert kept.drop("least").equals(audited.cells)
    assert set(kept.columns) == {*COLUMNS, "least"}
    assert audited.report.earlier_releases == 1


def test_repeats_the_last_figures_of_a_family_that_no_hiding_makes_safe(
    network, history
):
    first = audit_release(network, history, cells_frame(EMPTY_BEFORE, {}))
    record_release(history, first, DAY)
    now = cells_frame(EMPTY_NO_LONGER, hidden_cells(EMPTY_NO_LONGER))

    second = audit_release(network, history, now, released=[DAY.isoformat()])

    assert second.report.families_held == second.held == (FAMILY,)
    assert second.report.families_withheld == ()
    assert second.cells.equals(first.cells)


def test_withholds_what_was_recorded_and_never_went_out(network, history):
    first = audit_release(network, history, cells_frame(EMPTY_BEFORE, {}))
    record_release(history, first, DAY)
    now = cells_frame(EMPTY_NO_LONGER, hidden_cells(EMPTY_NO_LONGER))
    other = cells_frame({("0499901", "ALL"): (20, 40)}, {}, family="another")

    second = audit_release(network, history, pl.concat([now, other]))

    assert second.report.families_withheld == second.held == (FAMILY,)
    assert second.cells["family"].unique().to_list() == ["another"]


def test_withholds_what_is_unsafe_and_was_never_released(
    network, history, monkeypatch, caplog
):
    counts = drawn_counts(2, seed=3, smallest=11, largest=30)
    cells = cells_frame(counts, small_cells(counts))
    monkeypatch.setattr("pcbl_pipeline.disclosure.audit.repair._ROUNDS", 1)

    audited = audit_release(network, history, cells)

    assert audited.report.families_withheld == (FAMILY,)
    assert audited.cells.is_empty()
    assert FAMILY in caplog.text


def test_withholds_what_cannot_be_compared_with_an_earlier_release(
    network, history, monkeypatch
):
    counts = drawn_counts(2, seed=6)
    first = audit_release(network, history, cells_frame(counts, hidden_cells(counts)))
    record_release(history, first, DAY)
    now = drawn_counts(2, seed=7)
    monkeypatch.setattr(Programme, "greatest", lambda *_, **__: None)

    second = audit_release(network, history, cells_frame(now, hidden_cells(now)))

    assert second.report.families_withheld == (FAMILY,)


def test_blocks_a_band_that_does_not_hold_its_count(network, history):
    cells = cells_frame({("0499901", "ALL"): (30, 60)}, {})
    wrong = cells.with_columns(n_band=pl.lit("100-299"))

    with pytest.raises(PublicationBlocked, match="does not hold its count"):
        audit_release(network, history, wrong)


def test_leaves_what_is_no_count_of_students_out_and_still_publishes_its_percent(
    network, history
):
    counts = {("0499901", "ALL"): (50, 60), ("0499901", "F"): (20, 35)}
    days = cells_frame(counts, {}).with_columns(numerator=pl.lit(None, pl.Int64))

    audited = audit_release(network, history, days)
    record_release(history, audited, DAY)
    again = audit_release(network, history, days)

    assert audited.cells["percent_band"].null_count() == 0
    assert again.cells.equals(audited.cells)
    assert again.report.secrets == 0


def test_audits_groups_that_do_not_fit_into_their_total(network, history):
    counts = {("0499901", "ALL"): (1, 60), ("0499901", "ECODIS"): (13, 50)}

    audited = audit_release(network, history, cells_frame(counts, {}))

    assert audited.report.secrets > 0


def test_a_networks_cell_takes_the_largest_k_of_its_own_sites(network, history):
    family = [("ALL", (20, 45)), ("0499901", (8, 20)), ("0499902", (12, 25))]
    arizona = cells_frame({(site_id, "ALL"): n for site_id, n in family}, {})
    small = [("ALL", (6, 12)), ("0499901", (6, 12))]
    shown = cells_frame({(site_id, "F"): n for site_id, n in small}, {})

    audited = audit_release(network, history, pl.concat([arizona, shown]))

    assert "audit" not in audited.report.hidden


def test_a_difference_that_tells_on_a_group_is_withdrawn_and_no_cell(network, history):
    counts = {
        ("0499901", "ALL"): (30, 100),
        ("0499901", "F"): (0, 60),
        ("0499901", "M"): (30, 40),
    }
    gap = {
        "table": "pub5",
        "family": FAMILY,
        "site_id": "0499901",
        "student_group": "F",
        "kind": "gap",
        "published": "-75",
        "step": 5,
        "sites": ["0499901"],
        "numerator": 0,
        "denominator": 60,
        "other_numerator": 30,
        "other_denominator": 40,
    }
    gaps = pl.DataFrame([gap], schema=DIFFERENCE_COLUMNS)

    audited = audit_release(network, history, cells_frame(counts, {}), gaps)

    assert audited.differences["published"].to_list() == [None]
    assert audited.report.differences_withdrawn == 1
    assert audited.report.hidden == {}


def test_takes_each_states_k_and_the_largest_for_the_network(network):
    minimum = minimum_sizes(network)

    sizes = [minimum(site_id) for site_id in ("0499901", "3299901", "ALL", "0699901")]
    assert sizes == [10, 15, 15, 15]


def test_links_grade_bands_and_the_pilot_to_all():
    names = [
        "M04|2024-2025|ALL|all_students",
        "M04|2024-2025|03-05|all_students",
        "M04|2024-2025|06-08|all_students",
        "M04|2024-2025|ALL|pilot_students",
        "M05|2024-2025|ALL|pilot_students",
        "student|agency",
    ]

    assert list(family_links(names)) == [
        Link(names[0], (names[1], names[2])),
        Link(names[0], (names[3],)),
    ]


def test_keeps_it_where_only_agencies_read():
    assert layout.published_cells(DAY, "0a").startswith("ledger/")
