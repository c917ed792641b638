"""Suggestions: shown where they may be, offered as a list, applied only when accepted."""

import csv
import io

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.patch import SUGGESTIONS_FILE
from pcbl_pipeline.operations.suggest import suggestions
from tests.support.builders import csv_bytes
from tests.support.workspaces import SITE, drop, lessons_csv

CATALOGUE = load_catalogue()
LESSON, EVENT = CATALOGUE.get("lesson_learned"), CATALOGUE.get("ta_event")


@pytest.mark.parametrize(
    ("contract", "name", "value", "meant"),
    [
        (LESSON, "stage_at_time", "initial implementaton", ("3",)),
        (LESSON, "lesson_type", "opne question", ("open_question",)),
        (LESSON, "lesson_type", "soon", ()),
        (LESSON, "element_code", "CBE9", ()),
        (LESSON, "policy_area", "None", ("PA0",)),
        (LESSON, "lesson_type", "None", ()),
        (LESSON, "audience", "educator;schol_leader", ("educator;school_leader",)),
        (LESSON, "audience", "educator;nobody", ()),
        (LESSON, "site_id", "499902", ("0499902",)),
        (EVENT, "event_date", "03/09/2026", ("2026-03-09", "2026-09-03")),
        (EVENT, "event_date", "46090", ("2026-03-09",)),
        (EVENT, "event_date", "2/26/26", ("2026-02-26",)),
        (EVENT, "event_date", "9-Mar-26", ("2026-03-09",)),
        (EVENT, "school_year", "2025", ("2024-2025", "2025-2026")),
        (EVENT, "school_year", "25-26", ("2025-2026",)),
        (EVENT, "hours", "1,234", ("1234", "1.234")),
        (EVENT, "hours", "about 3", ()),
        (EVENT, "resource_url", "example.org/a", ("https://example.org/a",)),
        (LESSON, "title", "x", ()),
    ],
)
def test_a_suggestion_is_made_where_little_else_can_be_meant(
    contract, name, value, meant
):
    assert suggestions(contract.field(name), CATALOGUE, value) == meant


def test_of_two_codes_that_are_equally_near_none_is_suggested():
    field = LESSON.field("evidence_tier")

    assert suggestions(field, CATALOGUE, "ratinale") == ("4",)
    assert suggestions(field, CATALOGUE, "moderately promising") == ()


# ------------------------------------------------------------------- patches


def send(workspace, name, content):
    return ingest_arrival(workspace, drop(workspace, name, content))


def answer(workspace, receipt, name=SUGGESTIONS_FILE):
    return workspace.store.get(layout.answer(SITE, receipt.submission_id, name))


def lines_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def edited(content, **changes):
    lines = [line | changes for line in lines_of(content)]
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def codes(receipt):
    return [finding.code for finding in receipt.all_findings]


@pytest.fixture
def first(workspace):
    """A file of two lessons, of which the second has a slip."""
    rows = [{"lesson_id": f"{SITE}-2026-00{n}", "site_id": SITE} for n in (1, 2)]
    rows[1]["lesson_type"] = "opne question"
    return send(workspace, "lessons.csv", csv_bytes(LESSON, *rows))


def test_a_receipt_says_what_a_value_may_have_been_meant_to_be(workspace, first):
    (group,) = [item for item in first.all_findings if item.code == "R307"]

    assert [(s.value, s.meant) for s in group.suggestions] == [
        ("opne question", ("open_question",))
    ]
    page = answer(workspace, first, "receipt.html").decode()
    assert "Did you mean" in page
    assert "open_question" in answer(workspace, first, "findings.csv").decode()


def test_the_list_holds_what_can_be_accepted(workspace, first):
    (line,) = lines_of(answer(workspace, first))

    assert line == {
        "submission_id": first.submission_id,
        "sheet": "",
        "row": "3",
        "column": "lesson_type",
        "sent": "opne question",
        "suggested": "open_question",
        "accept": "Y",
        "choices": "",
    }


def test_a_list_that_is_dropped_as_it_is_changes_its_cells_and_is_a_submission(
    workspace, first
):
    patch = answer(workspace, first)

    second = send(workspace, "suggestions.csv", patch)
    again = send(workspace, "suggestions (1).csv", patch)

    assert second.submission_id != first.submission_id
    assert second.status is Status.ACCEPTED
    assert second.rows.received == second.rows.accepted == 1
    (note,) = second.findings
    assert note.code == "F174"
    assert note.message == (
        "Cells of your file `lessons.csv` that were changed as you said in "
        "`suggestions.csv`: 1."
    )
    assert again.repeat
    rows = workspace.lake.current("lesson_learned").collect()
    assert sorted(rows["lesson_type"]) == ["open_question", "worked"]


def test_a_line_that_is_not_accepted_changes_nothing(workspace, first):
    patch = edited(answer(workspace, first), accept="N")

    second = send(workspace, "suggestions.csv", patch)

    assert codes(second) == ["F175"]
    assert second.status is Status.REFUSED


def test_an_edited_suggestion_is_judged_like_any_value(workspace, first):
    patch = edited(answer(workspace, first), suggested="nonsense")

    second = send(workspace, "suggestions.csv", patch)

    assert "R307" in codes(second)
    assert second.rows.accepted == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"submission_id": "0499901-00000000000000000000"}, "F171"),
        ({"submission_id": "../../secrets"}, "F171"),
        ({"sent": "open question"}, "F173"),
        ({"row": "9"}, "F173"),
        ({"row": "three"}, "F173"),
        ({"column": "no such"}, "F173"),
        ({"sheet": "no such"}, "F173"),
    ],
)
def test_a_list_that_does_not_fit_its_file_is_refused_as_a_whole(
    workspace, first, changes, code
):
    patch = edited(answer(workspace, first), **changes)

    second = send(workspace, "suggestions.csv", patch)

    assert codes(second) == [code]
    assert second.rows.accepted == 0


def test_a_list_of_a_file_that_a_newer_one_followed_is_refused(workspace, first):
    patch = answer(workspace, first)
    send(workspace, "newer.csv", lessons_csv(workspace, 2, title="Newer"))

    second = send(workspace, "suggestions.csv", patch)

    assert codes(second) == ["F172"]
    rows = workspace.lake.current("lesson_learned").collect()
    assert "Newer" in rows["title"].to_list()


def test_a_list_of_another_senders_file_is_about_no_file(workspace, first):
    patch = answer(workspace, first)

    other = ingest_arrival(
        workspace, drop(workspace, "suggestions.csv", patch, sender="0499902")
    )

    assert codes(other) == ["F171"]


def test_rows_that_were_right_are_not_sent_a_second_time(workspace, first):
    second = send(workspace, "suggestions.csv", answer(workspace, first))

    current = workspace.lake.current("lesson_learned").collect()
    by_lesson = dict(current.select("lesson_id", "submission_id").iter_rows())
    assert by_lesson == {
        f"{SITE}-2026-001": first.submission_id,
        f"{SITE}-2026-002": second.submission_id,
    }


def test_an_ambiguous_value_waits_for_the_sites_choice(workspace):
    receipt = send(
        workspace, "a.csv", lessons_csv(workspace, 1, lesson_date="03/09/2026")
    )

    (line,) = lines_of(answer(workspace, receipt))

    assert (line["suggested"], line["accept"]) == ("", "")
    assert line["choices"] == "2026-03-09 or 2026-09-03"
    chosen = edited(answer(workspace, receipt), suggested="2026-03-09", accept="yes")
    assert send(workspace, "suggestions.csv", chosen).rows.accepted == 1
