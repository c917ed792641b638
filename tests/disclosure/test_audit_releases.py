"""Attacks that compare releases: a site that joins, a record that is corrected."""

import polars as pl

from pcbl_pipeline.disclosure.audit.cells import CellKey
from tests.disclosure.attackers import Attacker, narrow_cells
from tests.support.audited import audited, judged
from tests.support.outcome_cells import (
    EMPTY_BEFORE,
    EMPTY_NO_LONGER,
    FAMILY,
    cells_frame,
    corrected_counts,
    drawn_counts,
    hidden_cells,
    without_sites,
)


def attack_both(first: pl.DataFrame, second: pl.DataFrame, *, corrected: int | None):
    """Return the cells of each release that are told by the two together."""
    attacker = Attacker()
    attacker.read(first, release="1" if corrected else "")
    attacker.read(second, release="2" if corrected else "")
    if corrected:
        attacker.know_corrections("1", "2", corrected)
    return (
        narrow_cells(attacker, first, release="1" if corrected else ""),
        narrow_cells(attacker, second, release="2" if corrected else ""),
    )


def test_a_site_that_joins_is_not_told_by_what_the_network_was_before():
    now = drawn_counts(4, seed=2, smallest=12, largest=90)
    before = without_sites(now, {"0499904"})
    first = audited(cells_frame(before, hidden_cells(before), exact=True))
    second = cells_frame(now, hidden_cells(now), exact=True)

    alone, together = audited(second), audited(second, first)

    _, known = attack_both(first, alone, corrected=None)
    assert any(low == high for low, high in known.values())
    assert attack_both(first, together, corrected=None) == ({}, {})


def test_two_corrected_records_are_not_told_by_two_releases():
    before = drawn_counts(3, seed=15, smallest=20, largest=90)
    now = corrected_counts(before, records=2, seed=15)
    first = audited(cells_frame(before, hidden_cells(before), exact=True))
    second = cells_frame(now, hidden_cells(now), exact=True)

    alone, together = audited(second), audited(second, first)

    assert attack_both(first, alone, corrected=2) != ({}, {})
    assert attack_both(first, together, corrected=2) == ({}, {})


def test_what_was_told_to_be_empty_and_no_longer_is_cannot_be_made_safe():
    first = cells_frame(EMPTY_BEFORE, {})
    second = cells_frame(EMPTY_NO_LONGER, hidden_cells(EMPTY_NO_LONGER))

    outcome, _ = judged(second, first)

    assert outcome.unsafe == (CellKey(FAMILY, "0499901", "AM7"),)
    assert outcome.hidden == ()


def test_the_same_release_again_hides_nothing_more():
    counts = drawn_counts(2, seed=7)
    first = audited(cells_frame(counts, hidden_cells(counts)))

    assert audited(first, first).equals(first)
