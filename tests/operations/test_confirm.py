"""What a sender confirms once is used from then on, told, and kept in versions."""

import pytest

from pcbl_pipeline.errors import ContractInvalid, UnknownContract, UnknownSender
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.confirm import confirm_codes, confirm_headers
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes
from tests.support.workspaces import SITE, drop, lessons_csv

DATASET = "lesson_learned"


def renamed(content: bytes, header: str, other: str) -> bytes:
    first, rest = content.split(b"\n", 1)
    names = [other if name == header else name for name in first.decode().split(",")]
    return ",".join(names).encode() + b"\n" + rest


def lessons(workspace: Workspace, *numbers: int, **change: str) -> bytes:
    return lessons_csv(workspace, *numbers, **change)


def test_a_confirmed_header_is_read_and_the_receipt_says_so(workspace):
    content = renamed(lessons(workspace, 1), "lesson_type", "Sort of thing")
    before = ingest_arrival(workspace, drop(workspace, "one.csv", content))
    assert before.status is Status.REFUSED

    day = workspace.local_day(workspace.clock()).isoformat()
    site = confirm_headers(
        workspace, SITE, DATASET, {"sort of Thing": "lesson_type"}, by="Invented Ada"
    )
    content = renamed(lessons(workspace, 2), "lesson_type", "Sort of thing")
    after = ingest_arrival(workspace, drop(workspace, "two.csv", content))

    assert (site.version, site.changed_by) == (1, "Invented Ada")
    assert after.status is Status.ACCEPTED, after.all_findings
    assert (before.mapping_version, after.mapping_version) == (0, 1)
    told = f"`Sort of thing` was read as `lesson_type`, as you confirmed on {day}."
    assert told in after.parts[0].read_as


def test_a_confirmed_value_is_read_and_counted(workspace):
    confirm_codes(
        workspace,
        SITE,
        (DATASET, "lesson_type"),
        {"It went well": "worked", "Oh dear": "did_not_work"},
        by="ada",
    )

    content = lessons(workspace, 1, 2, lesson_type="it  went WELL")
    receipt = ingest_arrival(workspace, drop(workspace, "one.csv", content))

    assert receipt.status is Status.ACCEPTED, receipt.all_findings
    rows = workspace.lake.current(DATASET).collect()
    assert set(rows["lesson_type"]) == {"worked"}
    [told] = [item for item in receipt.all_findings if item.code == "C224"]
    assert "2 cells with `It went well` were read as `worked`" in told.message


def test_a_value_that_nobody_confirmed_stays_wrong(workspace):
    column = (DATASET, "lesson_type")
    confirm_codes(workspace, SITE, column, {"It went well": "worked"}, by="ada")

    content = lessons(workspace, 1, lesson_type="It went we")
    receipt = ingest_arrival(workspace, drop(workspace, "one.csv", content))

    assert receipt.status is Status.HELD


def test_a_confirmation_counts_for_its_own_sender_and_dataset_only(workspace):
    confirm_headers(workspace, "0499902", DATASET, {"Sort": "lesson_type"}, by="ada")
    confirm_headers(workspace, SITE, "ta_request", {"Sort": "topic"}, by="ada")

    content = renamed(lessons(workspace, 1), "lesson_type", "Sort")
    receipt = ingest_arrival(workspace, drop(workspace, "one.csv", content))

    assert receipt.status is Status.REFUSED


def test_one_value_of_a_list_of_codes_is_confirmed(workspace):
    """Also where the field holds several, with a semicolon between them."""
    contract = workspace.catalogue.get("competency_record")
    column = ("competency_record", "student_groups")
    confirm_codes(workspace, SITE, column, {"Girls": "F"}, by="ada")
    change = {"site_id": SITE, "ncessch": None, "student_groups": "HI7; girls"}

    content = csv_bytes(contract, change)
    receipt = ingest_arrival(workspace, drop(workspace, "one.csv", content))

    assert receipt.status is Status.ACCEPTED, receipt.all_findings
    rows = workspace.lake.current("competency_record").collect()
    assert rows["student_groups"].to_list() == [["HI7", "F"]]
    [told] = [item for item in receipt.all_findings if item.code == "C224"]
    # A restricted column is not quoted, not even as its sender confirmed it.
    assert "irls" not in told.message


def test_versions_are_kept_and_saying_it_again_makes_none(workspace):
    one = confirm_headers(workspace, SITE, DATASET, {"Sort": "lesson_type"}, by="ada")
    again = confirm_headers(workspace, SITE, DATASET, {"sort": "lesson_type"}, by="b")
    column = (DATASET, "lesson_type")
    two = confirm_codes(workspace, SITE, column, {"Fine": "worked"}, by="b")
    confirm_codes(workspace, SITE, column, {"Fine": "did_not_work"}, by="b")

    known = workspace.site_mappings
    keys = [item.key for item in workspace.store.list(layout.mappings(SITE))]

    assert again == one
    assert [known.at(SITE, v).version for v in range(4)] == [0, 1, 2, 3]
    assert known.at(SITE, 2) == two
    assert known.newest(SITE).codes[0].code == "did_not_work"
    assert keys == [f"mappings/{SITE}/000{n}.json" for n in (1, 2, 3)]


def test_of_two_who_confirm_at_once_neither_is_lost(workspace, monkeypatch):
    known = workspace.site_mappings
    late = known.newest(SITE)
    confirm_headers(workspace, SITE, DATASET, {"Sort": "lesson_type"}, by="ada")
    newest = iter([late, known.newest(SITE)])
    monkeypatch.setattr(known, "newest", lambda _: next(newest))

    both = confirm_headers(workspace, SITE, DATASET, {"Why": "situation"}, by="bob")

    assert both.version == 2
    assert {item.header for item in both.headers} == {"Sort", "Why"}


@pytest.mark.parametrize(
    ("sender", "dataset", "meanings", "error"),
    [
        ("0499909", DATASET, {"Sort": "lesson_type"}, UnknownSender),
        (SITE, "lessons", {"Sort": "lesson_type"}, UnknownContract),
        (SITE, DATASET, {"Sort": "colour"}, ContractInvalid),
        (SITE, DATASET, {"Lesson id": "lesson_type"}, ContractInvalid),
        (SITE, DATASET, {"--": "lesson_type"}, ContractInvalid),
    ],
)
def test_what_cannot_be_confirmed_is_refused(
    workspace, sender, dataset, meanings, error
):
    with pytest.raises(error):
        confirm_headers(workspace, sender, dataset, meanings, by="ada")

    assert workspace.site_mappings.newest(SITE).version == 0


@pytest.mark.parametrize("field", ["lesson_type", "lesson_text", "lesson_id"])
def test_a_code_that_is_in_no_list_is_refused(workspace, field):
    with pytest.raises(ContractInvalid):
        confirm_codes(workspace, SITE, (DATASET, field), {"Fine": "grand"}, by="ada")


def test_what_waits_for_a_confirmation_is_judged_again_once(workspace):
    content = renamed(lessons(workspace, 1), "lesson_type", "Sort of thing")
    refused = ingest_arrival(workspace, drop(workspace, "one.csv", content))
    held = ingest_arrival(
        workspace,
        drop(workspace, "two.csv", lessons(workspace, 2, lesson_type="Went well")),
    )
    fine = ingest_arrival(workspace, drop(workspace, "x.csv", lessons(workspace, 3)))
    assert replay_waiting(workspace) == []

    headers = {"Sort of thing": "lesson_type"}
    confirm_headers(workspace, SITE, DATASET, headers, by="ada")
    column = (DATASET, "lesson_type")
    confirm_codes(workspace, SITE, column, {"Went well": "worked"}, by="ada")
    freed = replay_waiting(workspace)

    ids = {item.submission_id for item in (refused, held)}
    assert {item.submission_id for item in freed} == ids
    assert fine.submission_id not in ids
    assert {(i.revision, i.status, i.mapping_version) for i in freed} == {
        (2, Status.ACCEPTED, 2)
    }
    assert len(workspace.lake.current(DATASET).collect()) == 3
    assert workspace.quarantine.rows().collect().is_empty()
    assert replay_waiting(workspace) == []


def test_a_column_that_was_left_out_is_taken_in_once_it_is_confirmed(workspace):
    content = renamed(lessons(workspace, 1), "resource_license", "Terms of use")
    first = ingest_arrival(workspace, drop(workspace, "one.csv", content))
    assert first.rows.accepted + first.rows.quarantined == 1

    confirm_headers(
        workspace, SITE, DATASET, {"Terms of use": "resource_license"}, by="ada"
    )
    [second] = replay_waiting(workspace)

    assert second.status is Status.ACCEPTED
    [terms] = workspace.lake.current(DATASET).collect()["resource_license"]
    assert terms == workspace.catalogue.get(DATASET).field("resource_license").example


def test_an_answer_is_delivered_as_it_was_decided_whatever_came_after(
    workspace, monkeypatch
):
    """A crash comes after the receipt, and a confirmation before the next try."""
    content = lessons(workspace, 1, lesson_type="Went well")
    key = drop(workspace, "one.csv", content)
    with monkeypatch.context() as patch:
        patch.setattr("pcbl_pipeline.operations.ingest.deliver", lambda *_: 1 / 0)
        with pytest.raises(Exception, match="ZeroDivisionError"):
            ingest_arrival(workspace, key)
    column = (DATASET, "lesson_type")
    confirm_codes(workspace, SITE, column, {"Went well": "worked"}, by="ada")

    receipt = ingest_arrival(workspace, key)

    assert (receipt.status, receipt.mapping_version) == (Status.HELD, 0)
    assert workspace.lake.current(DATASET).collect().is_empty()


def test_the_lake_and_the_receipt_are_of_one_mapping_after_a_crash_between(
    workspace, monkeypatch
):
    """A crash comes before the receipt, and a confirmation before the next try."""
    good = lessons(workspace, 1)
    more = lessons(workspace, 2, lesson_type="Went well").split(b"\n", 1)[1]
    key = drop(workspace, "one.csv", good + more)
    with monkeypatch.context() as patch:
        patch.setattr(workspace.ledger, "record", lambda _: 1 / 0)
        with pytest.raises(Exception, match="ZeroDivisionError"):
            ingest_arrival(workspace, key)
    assert len(workspace.lake.current(DATASET).collect()) == 1
    column = (DATASET, "lesson_type")
    confirm_codes(workspace, SITE, column, {"Went well": "worked"}, by="ada")

    receipt = ingest_arrival(workspace, key)

    assert (receipt.rows.accepted, receipt.mapping_version) == (2, 1)
    assert len(workspace.lake.current(DATASET).collect()) == 2
