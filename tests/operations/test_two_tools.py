"""Exports of two tools of one site stand side by side, and neither holds the other."""

import pytest

from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes
from tests.support.exports import EXPORTS
from tests.support.workspaces import SITE, drop, make_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    """Return a workspace in which 100 rows of one tool and 50 of another landed."""
    made = make_workspace(tmp_path_factory.mktemp("two") / "store")
    assert send(made, "star_standards", 20).status is Status.ACCEPTED
    assert send(made, "star_skill_area", 10).status is Status.ACCEPTED
    return made


def export(name: str, times: int, *, year: str = "2023") -> bytes:
    """Return an export with other learners in each copy of its rows."""
    header, *rows = (EXPORTS / f"{name}.csv").read_text().splitlines()
    copies = [
        row.replace("60500", f"7{number:02d}0").replace("2023-2024", f"{year}-SECOND")
        for number in range(times)
        for row in rows
    ]
    second = str(int(year) + 1)
    text = "\n".join([header, *copies]).replace("SECOND", second)
    return text.replace("2023-0", f"{year}-0").encode()


def send(workspace: Workspace, name: str, times: int, **more: str) -> Receipt:
    content = export(name, times, **more)
    return ingest_arrival(workspace, drop(workspace, f"{name}-{times}.csv", content))


def codes(receipt: Receipt) -> set[str]:
    return {group.code for group in receipt.all_findings}


def held(workspace: Workspace) -> int:
    return workspace.lake.current("competency_record").collect().height


def test_a_newer_file_of_one_tool_is_compared_with_that_tools_rows(workspace):
    before = held(workspace)

    receipt = send(workspace, "star_skill_area", 11)

    assert receipt.status is Status.ACCEPTED
    assert "E532" not in codes(receipt)
    assert held(workspace) > before > 100


def test_fewer_rows_of_a_tool_take_the_place_of_no_others(workspace):
    before = held(workspace)

    receipt = send(workspace, "star_standards", 2)

    assert receipt.status is Status.ACCEPTED
    assert held(workspace) == before


def test_a_year_of_one_tool_is_set_beside_that_tools_year_before(workspace):
    receipt = send(workspace, "star_skill_area", 10, year="2024")

    assert receipt.status is Status.ACCEPTED
    assert not {"E531", "E533"} & codes(receipt)


def test_a_file_in_our_own_columns_is_compared_with_all_that_it_replaces(workspace):
    contract = workspace.catalogue.get("competency_record")
    row = {"site_id": SITE, "school_year": "2023-2024"}
    row |= {"demonstrated_on": "2024-03-01", "first_evidence_on": "2024-02-01"}
    row |= {"expected_by": None, "ncessch": None}
    content = csv_bytes(contract, row)

    receipt = ingest_arrival(workspace, drop(workspace, "own.csv", content))

    assert receipt.status is Status.HELD
    assert "E532" in codes(receipt)
