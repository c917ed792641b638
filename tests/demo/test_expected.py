"""The second opinion: what the answer key works out for itself, apart from the pipeline."""

from datetime import UTC, datetime, timedelta

import pytest

from pcbl_pipeline.demo import faults
from pcbl_pipeline.demo.corpus import BARRIERS, LEARNING, RATINGS, RECORDS
from pcbl_pipeline.demo.draft import DraftTable, draft_table
from pcbl_pipeline.demo.expected_groups import Told, broken_by_others
from pcbl_pipeline.demo.expected_lake import Lake
from pcbl_pipeline.demo.expected_whole import Sent, broken_as_a_whole

SITE = "3899901"
FIRST = datetime(2026, 11, 10, 14, 0, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)


@pytest.fixture
def table_of(corpus, catalogue):
    def draft(dataset, *, year="2025-2026", keeps=lambda _: True) -> DraftTable:
        rows = [
            row
            for row in corpus.rows[dataset]
            if (row["site_id"], row["school_year"]) == (SITE, year) and keeps(row)
        ]
        return draft_table(rows, catalogue.get(dataset), sheet=None, titles=False)

    return draft


def is_fall(row) -> bool:
    return row["window"] == "fall"


@pytest.fixture
def broken(catalogue):
    def told(table, lake=None) -> list[tuple[int, str]]:
        found = broken_by_others(Told(table, SITE, lake or Lake(), catalogue))
        return [(number, code) for number, rules in found.items() for code, _ in rules]

    return told


def test_clean_ratings_break_nothing(table_of, broken):
    assert broken(table_of(RATINGS)) == []


def test_an_element_that_lacks_stands_in_the_first_row_of_its_window(table_of, broken):
    table = table_of(RATINGS)
    faults.without_row("CBE1 spring").apply(table)

    assert broken(table) == [(17, "E501")]


def test_nothing_lacks_while_a_row_may_be_it(table_of, broken):
    table = table_of(RATINGS, keeps=is_fall)
    faults.malformed("CBE1", "element_code", "CBE11").apply(table)

    assert broken(table) == []


def test_a_fourth_priority_is_one_finding(table_of, broken):
    table = table_of(RATINGS, keeps=is_fall)
    for row in table.rows[:4]:
        row.cells["is_priority_next"] = "Y"

    assert [code for _, code in broken(table)] == ["E502"]


def test_a_stage_that_falls_far_needs_a_note(table_of, broken):
    table = table_of(RATINGS)
    fall, spring = table.find("CBE1 fall"), table.find("CBE1 spring")
    fall.cells["stage"], spring.cells["stage"] = "3", "1"

    assert [code for _, code in broken(table)] == ["R323"]
    spring.cells["evidence_note"] = "We know more by now."
    assert broken(table) == []


def test_a_stage_falls_from_what_lies_in_the_lake_too(table_of, broken):
    before, now = table_of(RATINGS), table_of(RATINGS, year="2026-2027")
    before.find("CBE1 spring").cells["stage"] = "4"
    now.find("CBE1").cells["stage"] = "2"
    lake = Lake()
    lake.land(before, before.rows, FIRST, SITE)

    assert [code for _, code in broken(now, lake)] == ["R323"]


def test_a_settled_barrier_that_is_open_again_is_seen_in_the_lake_too(table_of, broken):
    first = table_of(BARRIERS, keeps=lambda row: row["barrier_id"].endswith("002"))
    lake = Lake()
    lake.land(first, first.rows, FIRST, SITE)
    faults.reopened("3899901-B-002", "open", "2026-11-03").apply(first)
    alone = first.rows.pop()
    first.rows[:] = [alone]

    assert broken(first, lake) == [(0, "K431")]
    assert broken(first) == []


def test_a_newer_file_replaces_its_scope_and_an_older_one_does_not(table_of):
    table = table_of(RATINGS)
    lake = Lake()
    lake.land(table, table.rows, LATER, SITE)
    lake.land(table, table.rows[:3], FIRST, SITE)
    after_older = len(lake.rows[RATINGS])
    lake.land(table, table.rows[:3], LATER + timedelta(days=1), SITE)

    assert after_older == 2 * 17
    assert len(lake.rows[RATINGS]) == 17 + 3


@pytest.mark.parametrize(("count", "codes"), [(40, ["E532"]), (200, [])])
def test_only_far_fewer_rows_hold_a_file(table_of, catalogue, count, codes):
    table = table_of(RECORDS)
    lake = Lake()
    lake.land(table, table.rows, FIRST, SITE)
    sent = Sent(table.contract, table.rows[:count], SITE, LATER)

    assert [code for code, _ in broken_as_a_whole(sent, lake, catalogue)] == codes


def test_rows_of_another_sender_hold_a_file(table_of, catalogue):
    table = table_of(RECORDS)
    lake = Lake()
    lake.land(table, table.rows, FIRST, "3899902")
    sent = Sent(table.contract, table.rows, SITE, LATER)

    assert broken_as_a_whole(sent, lake, catalogue) == [("E535", None)]


def test_a_total_is_compared_with_the_year_before(table_of, catalogue):
    before, now = table_of(LEARNING), table_of(LEARNING, year="2026-2027")
    lake = Lake()
    lake.land(before, before.rows, FIRST, SITE)
    now.rows[0].cells["hours"] = "400"
    sent = Sent(now.contract, now.rows, SITE, LATER)

    assert broken_as_a_whole(sent, lake, catalogue) == [("E536", "hours")]
    assert broken_as_a_whole(sent, Lake(), catalogue) == []
