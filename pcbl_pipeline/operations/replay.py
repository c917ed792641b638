"""Replay: judge again what waits only for something that others had yet to send.

A technical-assistance event may come before the request that it answers. Its row waits
in quarantine and is freed, under the same submission, once the request is there.
"""

import tempfile
from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.lake import layout
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.deliver import deliver
from pcbl_pipeline.operations.deliver_workbook import deliver_workbook
from pcbl_pipeline.operations.examine import judge_dataset
from pcbl_pipeline.operations.ingest import (
    gather_circumstances,
    ingest_submission,
    size_limit_bytes,
)
from pcbl_pipeline.operations.patch import read_sent
from pcbl_pipeline.workspace import Workspace

_log = get_logger("replay")


def replay_waiting(workspace: Workspace) -> list[Receipt]:
    """Free rows whose references exist by now; return a new receipt per submission.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    freed = []
    for sender_id, submission_id in _waiting(workspace):
        receipt = _replay(workspace, sender_id, submission_id)
        if receipt is not None:
            freed.append(receipt)
    return freed


def reference_codes(catalogue: Catalogue) -> set[str]:
    """Return the rules that ask whether something exists in another dataset."""
    codes = set()
    for contract in catalogue.contracts.values():
        names = {column.name for column in contract.derived if column.reference}
        for rule in contract.rules:
            if names & {str(value) for value in rule.kwargs.values()}:
                codes.add(rule.code)
    return codes


def _waiting(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the submissions with rows whose every reason is a missing reference."""
    codes = list(reference_codes(workspace.catalogue))
    only_references = pl.col("reasons").list.eval(
        pl.element().struct.field("code").is_in(codes)
    )
    rows = (
        workspace.quarantine.rows()
        .filter(only_references.list.all())
        .select("sender_id", "submission_id", "received_at")
        .unique()
        .sort("received_at", "submission_id")
        .collect()
    )
    return list(rows.select("sender_id", "submission_id").iter_rows())


def _replay(workspace: Workspace, sender_id: str, submission_id: str) -> Receipt | None:
    last = workspace.ledger.find_receipt(sender_id, submission_id)
    if last is None:
        return None
    submission = Submission(
        submission_id=submission_id,
        sender_id=sender_id,
        file_name=last.file_name,
        sha256=last.sha256,
        size=last.size_bytes,
        received_at=last.received_at,
        source_object=last.source_object,
        raw_key=layout.raw(last.sha256),
    )
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "submission"
        workspace.store.download(submission.raw_key, path)
        if _accepted_now(workspace, submission, path) <= last.rows.accepted:
            return None
        receipt, listing = ingest_submission(
            workspace, submission, path, revision=last.revision + 1
        )
        standing = workspace.ledger.record(receipt)
        deliver(workspace, standing, listing)
        deliver_workbook(workspace, standing, listing, path)
    _log.info("replayed %s as revision %d", submission_id, receipt.revision)
    return standing


def _accepted_now(workspace: Workspace, submission: Submission, path: Path) -> int:
    reading = read_sent(
        workspace, submission, path, size_limit_bytes=size_limit_bytes(workspace)
    )
    return sum(
        judge_dataset(
            tables,
            workspace.catalogue,
            gather_circumstances(workspace, submission, tables.contract),
        ).rows.accepted
        for tables in reading.datasets
    )
