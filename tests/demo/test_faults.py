"""Faults: each changes a draft, notes what it breaks, and can be combined."""

import pytest

from pcbl_pipeline.demo import faults
from pcbl_pipeline.demo.corpus import ACTIONS, LESSONS, PROFILES, RATINGS
from pcbl_pipeline.demo.draft import draft_table
from pcbl_pipeline.demo.plan import load_plan
from pcbl_pipeline.demo.render import Delimited, render_delimited

FIRST, SECOND = "0499901-2026-001", "0499901-2026-002"


@pytest.fixture
def table(corpus, catalogue):
    rows = [row for row in corpus.rows[LESSONS] if row["lesson_id"] in {FIRST, SECOND}]
    return draft_table(rows, catalogue.get(LESSONS), sheet=None, titles=False)


def test_a_malformed_value_breaks_the_rule_of_its_type(table):
    faults.malformed(FIRST, "lesson_date", "10/14/2025").apply(table)

    assert table.find(FIRST).cells["lesson_date"] == "10/14/2025"
    assert table.find(FIRST).broken == [("R306", "lesson_date")]


def test_a_rule_of_the_dataset_names_its_own_first_field(corpus, catalogue):
    contract = catalogue.get(PROFILES)
    table = draft_table(corpus.rows[PROFILES][:1], contract, sheet=None, titles=False)

    faults.breaking("R362", "2025-2026", "students_total", "1").apply(table)

    assert table.rows[0].broken == [("R362", "students_in_pilot")]


def test_a_value_in_another_form_stays_right_in_the_draft(table):
    right = table.find(FIRST).cells["lesson_type"]

    faults.written(FIRST, "lesson_type", right.upper()).apply(table)

    content = render_delimited(table, Delimited("\t")).decode()
    assert right.upper() in content
    assert table.find(FIRST).cells["lesson_type"] == right
    assert table.find(FIRST).broken == []
    assert table.broken == [("R317", "lesson_type")]


def test_a_pasted_text_is_longer_than_allowed(table):
    faults.too_long(FIRST, "situation").apply(table)

    assert len(table.find(FIRST).cells["situation"]) > 600


def test_both_rows_of_a_repeated_key_are_noted(table):
    faults.duplicated(FIRST).apply(table)

    noted = [row.cells["lesson_id"] for row in table.rows if row.broken]
    assert noted == [FIRST, FIRST]


def test_a_missing_required_column_refuses_the_table_and_an_optional_one_does_not(
    table,
):
    faults.without_column("resource_url").apply(table)
    refused_before = table.is_refused
    faults.without_column("lesson_type").apply(table)

    assert not refused_before
    assert table.is_refused
    assert table.broken == [("C203", "resource_url"), ("C201", "lesson_type")]


def test_misshapen_records_differ_from_the_header(table):
    faults.with_extra_cell(FIRST).apply(table)
    faults.cut_short(SECOND).apply(table)

    content = render_delimited(table, Delimited("\t")).decode()

    cells = [line.count("\t") + 1 for line in content.splitlines()]
    assert cells == [len(table.headers), len(table.headers) + 1, len(table.headers) - 3]


def test_faults_can_be_combined_in_one_row(table):
    for fault in (
        faults.malformed(FIRST, "lesson_type", "Worked!"),
        faults.blank(FIRST, "title"),
        faults.with_version("1"),
    ):
        fault.apply(table)

    assert set(table.find(FIRST).broken) == {
        ("R307", "lesson_type"),
        ("R303", "title"),
        ("C205", "schema_version"),
    }


def test_a_row_that_the_plan_names_must_be_in_the_file(table):
    with pytest.raises(KeyError):
        faults.blank("0499901-2026-999", "title").apply(table)


def test_a_row_of_another_state_breaks_the_rule_of_agencies(corpus, catalogue):
    rows = [row for row in corpus.rows[ACTIONS] if row["state_fips"] == "04"]
    table = draft_table(rows, catalogue.get(ACTIONS), sheet=None, titles=False)

    faults.foreign_row("45-A-01", ACTIONS).apply(table)

    assert table.rows[-1].cells["action_id"] == "45-A-01"
    assert table.rows[-1].broken == [("K436", "state_fips")]


def test_claimed_rows_look_like_ones_own(table):
    faults.claimed("3299901").apply(table)

    assert {row.cells["site_id"] for row in table.rows} == {"3299901"}


def test_a_row_is_found_by_several_of_its_key_values(corpus, catalogue):
    rows = [row for row in corpus.rows[RATINGS] if row["site_id"] == "0499901"]
    table = draft_table(rows, catalogue.get(RATINGS), sheet=None, titles=False)

    found = table.find("CBE2 2025-2026 spring").cells

    assert (found["element_code"], found["window"]) == ("CBE2", "spring")


def test_the_plan_tells_its_faults_in_words():
    told = [
        fault.words
        for parcel in load_plan()
        for part in parcel.parts
        for fault in part.faults
    ]

    assert len([words for words in told if words]) >= 35
