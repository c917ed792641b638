"""The demo's whole input: planted mistakes = reported findings, exactly."""

from collections import Counter
from pathlib import Path

import pytest

from pcbl_pipeline.demo.answer_key import AnswerKey, Outcome
from pcbl_pipeline.demo.files import write_demo_files
from pcbl_pipeline.demo.network import demo_network
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import Workspace, build_workspace


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, AnswerKey]:
    folder = tmp_path_factory.mktemp("demo-files")
    return folder, write_demo_files(folder)


@pytest.fixture(scope="module")
def ingested(
    tmp_path_factory, written: tuple[Path, AnswerKey]
) -> tuple[Workspace, dict[str, Receipt]]:
    """Drop and ingest every file in its order; return the first answer to each."""
    folder, key = written
    store = LocalStore(tmp_path_factory.mktemp("demo-store"))
    workspace = build_workspace(Settings(), store, demo_network())
    receipts = {}
    rounds = Counter(item.round for item in key.files)
    for number in sorted(rounds):
        for item in key.files:
            if item.round == number:
                inbox_key = f"{layout.inbox(item.sender_id)}{item.file_name}"
                store.upload(inbox_key, folder / item.path)
                receipts[item.path] = ingest_arrival(workspace, inbox_key)
        replay_waiting(workspace)
    return workspace, receipts


def reported(receipt: Receipt) -> list[tuple]:
    """Return every finding as (code, dataset, field, row), sorted."""
    found = [
        (finding.code, finding.dataset or "", finding.field or "", place.row or 0)
        for finding in receipt.all_findings
        for place in finding.places
    ]
    return sorted(found)


def planted(outcome: Outcome) -> list[tuple]:
    return sorted(
        (item.code, item.dataset or "", item.field or "", item.row or 0)
        for item in outcome.findings
    )


def rows_of(receipt: Receipt) -> list[tuple]:
    return sorted(
        (
            part.dataset or "",
            part.rows.received,
            part.rows.accepted,
            part.rows.quarantined,
            part.rows.refused,
        )
        for part in receipt.parts
    )


def expected_rows(outcome: Outcome) -> list[tuple]:
    return sorted(
        (r.dataset or "", r.received, r.accepted, r.quarantined, r.refused)
        for r in outcome.rows
    )


def test_planted_mistakes_are_the_reported_findings(written, ingested) -> None:
    _, key = written
    _, receipts = ingested
    wrong = {
        item.path: (planted(item.first), reported(receipts[item.path]))
        for item in key.files
        if item.repeat_of is None
        and planted(item.first) != reported(receipts[item.path])
    }

    assert wrong == {}


def test_rows_end_where_the_key_says(written, ingested) -> None:
    _, key = written
    _, receipts = ingested
    for item in key.files:
        receipt = receipts[item.path]
        if item.repeat_of is not None:
            assert receipt.repeat, item.path
            continue
        assert receipt.status == item.first.status, item.path
        assert rows_of(receipt) == expected_rows(item.first), item.path


def test_replays_free_what_waited(written, ingested) -> None:
    _, key = written
    workspace, receipts = ingested
    for item in key.files:
        if item.repeat_of is not None:
            continue
        standing = workspace.ledger.find_receipt(
            item.sender_id, receipts[item.path].submission_id
        )
        assert standing is not None
        assert standing.status == item.standing.status, item.path
        assert reported(standing) == planted(item.standing), item.path


def test_the_lake_holds_what_the_key_counts(written, ingested) -> None:
    _, key = written
    workspace, _ = ingested
    held = {
        dataset: workspace.lake.current(dataset).collect().height
        for dataset in key.lake_rows
    }

    assert held == key.lake_rows
