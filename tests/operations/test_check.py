"""A site's own check says what sending would say, and touches nothing."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from pcbl_pipeline.errors import SubmissionUnreadable
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.explanations import EXPLAIN_COLUMNS
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.patch import PATCH_COLUMNS
from pcbl_pipeline.operations.receipt_words import verdict_words
from pcbl_pipeline.operations.sync import plan_sync
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import catalogue, csv_bytes

SITE = "0499901"
CATALOGUE = catalogue()
LESSON = CATALOGUE.get("lesson_learned")


def lessons(*changes: dict[str, str | None]) -> bytes:
    own = {"site_id": SITE, "lesson_id": f"{SITE}-2026-001"}
    return csv_bytes(LESSON, *[{**own, **change} for change in changes])


def said(receipt: Receipt) -> list[tuple]:
    return [(f.code, f.field, f.message, f.fix, f.places) for f in receipt.all_findings]


@pytest.mark.parametrize(
    "content",
    [
        lessons({}),
        lessons({"lesson_type": "Worked!"}, {"revision": "2"}),
        lessons({"site_id": "0499902"}),
        b"",
        b"route,stop\n1,Elm\n",
    ],
    ids=["good", "mixed", "foreign", "empty", "unknown"],
)
def test_says_the_same_as_sending_the_file(
    tmp_path: Path, workspace: Workspace, content: bytes
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    workspace.store.put(f"{layout.inbox(SITE)}file.csv", content)

    checked = check_file(path, catalogue=CATALOGUE, sender_id=SITE)

    sent = ingest_arrival(workspace, f"{layout.inbox(SITE)}file.csv")
    assert said(checked) == said(sent)
    assert (checked.status, checked.rows) == (sent.status, sent.rows)
    assert checked.submission_id == sent.submission_id


def test_a_file_is_not_called_right_when_one_of_its_sheets_could_not_be_read(
    tmp_path: Path,
) -> None:
    book = Workbook()
    for name in ("Good", "Formulas"):
        sheet = book.create_sheet(name)
        for cells in csv.reader(io.StringIO(lessons({}).decode())):
            sheet.append(cells)
    book["Formulas"]["A2"] = "=1+1"
    book.save(tmp_path / "two.xlsx")

    receipt = check_file(tmp_path / "two.xlsx", catalogue=CATALOGUE, sender_id=SITE)

    assert receipt.rows.accepted == receipt.rows.received == 1
    assert receipt.status is Status.ACCEPTED_WITH_QUARANTINE
    title, advice = verdict_words(receipt)
    assert title == "1 row right. A part of the file could not be read."
    assert "before you send" in advice


def test_needs_neither_network_nor_sender(tmp_path: Path) -> None:
    path = tmp_path / "lessons.csv"
    path.write_bytes(lessons({}))

    receipt = check_file(path, catalogue=CATALOGUE)

    assert receipt.status is Status.ACCEPTED
    assert "K402" in receipt.parts[0].not_checked


def test_names_the_rules_that_only_the_network_can_check(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_bytes(csv_bytes(CATALOGUE.get("ta_event"), {}))

    receipt = check_file(path, catalogue=CATALOGUE, sender_id="sea-04")

    assert any(code.startswith("K41") for code in receipt.parts[0].not_checked)


@pytest.mark.parametrize("sender_id", ["499901", "mesa", "sea-99"])
def test_asks_for_a_real_sender(tmp_path: Path, sender_id: str) -> None:
    path = tmp_path / "lessons.csv"
    path.write_bytes(lessons({}))

    with pytest.raises(SubmissionUnreadable, match="7 digits"):
        check_file(path, catalogue=CATALOGUE, sender_id=sender_id)


def test_sync_plans_by_site_and_dataset(workspace: Workspace) -> None:
    workspace.store.put(f"{layout.inbox(SITE)}lessons.csv", lessons({}))
    workspace.store.put(f"{layout.inbox(SITE)}bus.csv", b"route,stop\n1,Elm\n")
    requests = csv_bytes(CATALOGUE.get("ta_request"), {"site_id": "0499902"})
    workspace.store.put(f"{layout.inbox('0499902')}requests.csv", requests)

    everything = plan_sync(workspace)
    of_site = plan_sync(workspace, sender_id=SITE)
    of_dataset = plan_sync(workspace, dataset="ta_request")

    assert [a.file_name for a in everything.arrivals] == [
        "lessons.csv",
        "bus.csv",
        "requests.csv",
    ]
    assert {a.sender_id for a in of_site.arrivals} == {SITE}
    assert [a.file_name for a in of_dataset.arrivals] == ["requests.csv"]
    assert [a.file_name for a in of_dataset.skipped] == ["lessons.csv", "bus.csv"]


@pytest.mark.parametrize("name", ["suggestions.csv", "explain.csv"])
def test_sync_of_a_dataset_takes_lists_about_it(
    workspace: Workspace, name: str
) -> None:
    """A list has columns of its own; it is about the file that it names."""
    workspace.store.put(
        f"{layout.inbox(SITE)}lessons.csv", lessons({"lesson_type": "Worked!"})
    )
    sent = ingest_arrival(workspace, f"{layout.inbox(SITE)}lessons.csv")
    columns = EXPLAIN_COLUMNS if name == "explain.csv" else PATCH_COLUMNS
    line = [sent.submission_id, *["x"] * (len(columns) - 1)]
    content = "\n".join(",".join(cells) for cells in (columns, line)).encode()
    workspace.store.put(f"{layout.inbox(SITE)}{name}", content)

    of_lessons = plan_sync(workspace, dataset="lesson_learned")
    of_requests = plan_sync(workspace, dataset="ta_request")

    assert [a.file_name for a in of_lessons.arrivals] == [name]
    assert [a.file_name for a in of_requests.skipped] == [name]
