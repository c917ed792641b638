"""Ratings of stages: judged beside what the site sent for the windows before."""

import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes

SITE = "0499901"
ELEMENTS = (
    *(f"CBE{number}" for number in range(1, 8)),
    *(f"DC{number:02d}" for number in range(1, 11)),
)


def ratings(workspace: Workspace, window: str, stage: str, *, note: str | None = None):
    rows = [
        {
            "window": window,
            "element_code": element,
            "stage": stage,
            "stage_since": "2025-08-01",
            "evidence_note": note,
        }
        for element in ELEMENTS
    ]
    return csv_bytes(workspace.catalogue.get("implementation_status"), *rows)


def send(workspace: Workspace, name: str, content: bytes) -> Receipt:
    key = f"{layout.inbox(SITE)}{name}.csv"
    workspace.store.put(key, content)
    return ingest_arrival(workspace, key)


def warnings_of(receipt: Receipt) -> dict[str, int]:
    return {group.code: group.count for group in receipt.all_findings}


def test_a_stage_that_falls_by_two_is_said_once_per_element(
    workspace: Workspace,
) -> None:
    first = send(workspace, "fall", ratings(workspace, "fall", "3"))

    second = send(workspace, "spring", ratings(workspace, "spring", "1"))

    assert (first.status, warnings_of(first)) == (Status.ACCEPTED, {})
    assert (second.status, warnings_of(second)) == (
        Status.ACCEPTED,
        {"R323": 17, "E534": 1},
    )
    assert workspace.lake.current("implementation_status").collect().height == 34


@pytest.mark.parametrize(
    ("stage", "note"), [("2", None), ("1", "Counted anew by other people.")]
)
def test_a_small_fall_or_a_note_is_no_matter(
    workspace: Workspace, stage: str, note: str | None
) -> None:
    send(workspace, "fall", ratings(workspace, "fall", "3"))

    receipt = send(workspace, "spring", ratings(workspace, "spring", stage, note=note))

    # That all elements jump at once is another matter, and said for the whole window.
    assert set(warnings_of(receipt)) <= {"E534"}


def test_a_file_that_corrects_a_window_is_not_compared_with_what_it_replaces(
    workspace: Workspace,
) -> None:
    send(workspace, "slip", ratings(workspace, "fall", "4"))

    receipt = send(workspace, "right", ratings(workspace, "fall", "1"))

    assert (receipt.status, warnings_of(receipt)) == (Status.ACCEPTED, {})


def test_at_the_desk_what_was_sent_before_is_asked_for_in_the_workspace_only(
    workspace: Workspace, tmp_path
) -> None:
    send(workspace, "fall", ratings(workspace, "fall", "3"))
    path = tmp_path / "spring.csv"
    path.write_bytes(ratings(workspace, "spring", "1"))

    alone = check_file(path, catalogue=workspace.catalogue)
    asked = check_file(
        path, catalogue=workspace.catalogue, workspace=workspace, sender_id=SITE
    )

    assert "R323" in alone.parts[0].not_checked
    assert warnings_of(alone) == {}
    assert warnings_of(asked) == {"R323": 17, "E534": 1}


def test_elements_that_lack_are_named_in_the_answer(workspace: Workspace) -> None:
    lines = ratings(workspace, "fall", "3").decode().splitlines(keepends=True)

    receipt = send(workspace, "short", "".join(lines[:-2]).encode())

    (group,) = receipt.all_findings
    assert (receipt.status, group.code, group.count) == (Status.ACCEPTED, "E501", 1)
    assert group.expected == "All 17 elements. These lack: DC09, DC10."
    (place,) = group.places
    assert (place.row, place.column, place.value) == (2, "window", "fall")


def test_a_row_with_a_cell_too_many_is_not_also_a_missing_element(
    workspace: Workspace,
) -> None:
    lines = ratings(workspace, "fall", "3").decode().splitlines()

    receipt = send(
        workspace, "comma", "\n".join([*lines[:-1], lines[-1] + ",x"]).encode()
    )

    assert warnings_of(receipt) == {"R311": 1}
    assert "E501" in receipt.parts[0].not_checked
