"""The same way of a file on real S3 endpoints: one setting decides, nothing else."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import Workspace, create_workspace, open_workspace
from tests.support.builders import NETWORK_YAML, csv_bytes
from tests.support.s3 import S3Endpoint

SITE = "0499901"


@pytest.fixture(params=["seaweed", "moto"])
def workspace(request: pytest.FixtureRequest) -> Workspace:
    endpoint: S3Endpoint = request.getfixturevalue(request.param)
    return create_workspace(Settings(store_url=endpoint.store_url()), NETWORK_YAML)


def lessons(workspace: Workspace, *numbers: int, **change: str) -> bytes:
    rows = [
        {"lesson_id": f"{SITE}-2026-{n:03d}", "site_id": SITE, **change}
        for n in numbers
    ]
    return csv_bytes(workspace.catalogue.get("lesson_learned"), *rows)


def drop(workspace: Workspace, name: str, content: bytes) -> str:
    key = f"{layout.inbox(SITE)}{name}"
    workspace.store.put(key, content)
    return key


def landed(workspace: Workspace) -> list[str]:
    rows = workspace.lake.current("lesson_learned").sort("lesson_id").collect()
    return [lesson_id[-3:] for lesson_id in rows["lesson_id"].to_list()]


def test_a_file_lands_and_is_answered(workspace: Workspace) -> None:
    key = drop(workspace, "a b+c%.csv", lessons(workspace, 1, 2))
    bad = drop(workspace, "bad.csv", lessons(workspace, 3, lesson_type="Worked!"))

    assert {a.key for a in find_arrivals(workspace)} == {key, bad}
    first, second = ingest_arrival(workspace, key), ingest_arrival(workspace, bad)

    assert (first.status, second.status) == (Status.ACCEPTED, Status.HELD)
    assert landed(workspace) == ["001", "002"]
    assert workspace.quarantine.rows().select(pl.len()).collect().item() == 1
    assert find_arrivals(workspace) == []
    prefix = layout.answer(SITE, second.submission_id, "")
    names = {item.key.removeprefix(prefix) for item in workspace.store.list(prefix)}
    assert names == {
        "marked.xlsx",
        "suggestions.csv",
        "receipt.json",
        "receipt.html",
        "findings.csv",
        "findings.parquet",
    }
    # In no order: S3 tells times to the second, and both came within one.
    assert {r.status for r in workspace.ledger.receipts()} == {
        first.status,
        second.status,
    }


def test_the_same_file_again_changes_nothing(workspace: Workspace) -> None:
    content = lessons(workspace, 1)
    ingest_arrival(workspace, drop(workspace, "one.csv", content))
    before = workspace.lake.versions()

    again = ingest_arrival(workspace, drop(workspace, "two.csv", content))

    assert again.repeat
    assert workspace.lake.versions() == before


def test_sites_land_at_the_same_time_and_lose_nothing(workspace: Workspace) -> None:
    keys = [
        drop(workspace, f"{n}.csv", lessons(workspace, n, title=f"Lesson {n}"))
        for n in range(1, 5)
    ]
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda key: ingest_arrival(workspace, key), keys))

    assert {receipt.status for receipt in receipts} == {Status.ACCEPTED}
    assert landed(workspace) == ["001", "002", "003", "004"]


def test_another_process_opens_the_workspace_by_its_url(workspace: Workspace) -> None:
    opened = open_workspace(workspace.settings)

    assert opened.network == workspace.network
