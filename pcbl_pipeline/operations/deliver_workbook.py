"""Deliver the marked workbook beside the answer, and say so where a file is too large.

What does not belong here: how a workbook is marked (`marked_workbook`).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import FileFinding, Severity
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart
from pcbl_pipeline.operations.examine import read_submission
from pcbl_pipeline.operations.marked_workbook import (
    MARKED_WORKBOOK,
    is_too_large,
    mark_workbook,
)
from pcbl_pipeline.workspace import Workspace

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TO_MARK = {Severity.ERROR, Severity.WARNING}


def notes_on_marking(
    size_bytes: int, parts: Sequence[ReceiptPart]
) -> list[FileFinding]:
    """Say that a file is too large to be marked, where there is something to mark."""
    found = [group for part in parts for group in part.findings]
    if not any(group.severity in _TO_MARK for group in found):
        return []
    rows = sum(part.rows.received for part in parts)
    return [FileFinding(code="F170")] if is_too_large(size_bytes, rows) else []


def deliver_workbook(
    workspace: Workspace, receipt: Receipt, listing: pl.DataFrame, path: Path
) -> None:
    """Write the marked workbook into the outbox; writing it again changes nothing.

    Nothing is written where nothing is to be marked or the file could not be read.
    """
    if not any(group.severity in _TO_MARK for group in receipt.all_findings):
        return
    if is_too_large(receipt.size_bytes, receipt.rows.received):
        return
    reading = read_submission(
        path,
        receipt.file_name,
        workspace.catalogue,
        sender=workspace.network.get_sender(receipt.sender_id),
        size_limit_bytes=receipt.size_bytes + 1,
    )
    judged = [item for tables in reading.datasets for item in tables.recognitions]
    tables = [item.table for item in (*judged, *reading.refused)]
    if not tables:
        return
    content = mark_workbook(path, receipt, listing, tables)
    key = layout.answer(receipt.sender_id, receipt.submission_id, MARKED_WORKBOOK)
    workspace.store.put(key, content, content_type=_XLSX)
