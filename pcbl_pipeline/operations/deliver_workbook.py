"""Deliver what helps to correct a file: suggestions to accept, and the marked workbook.

What does not belong here: how a workbook is marked (`marked_workbook`), and how
suggestions are made and accepted (`suggest`, `patch`).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import FileFinding, Severity
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.marked_workbook import (
    MARKED_WORKBOOK,
    is_too_large,
    mark_workbook,
)
from pcbl_pipeline.operations.patch import (
    SUGGESTIONS_FILE,
    read_sent,
    suggestions_csv,
)
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.workspace import Workspace

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The rules that refuse a table because it names people.
NAMING_PEOPLE = frozenset({"F150", "F151", "F152"})
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
    workspace: Workspace, receipt: Receipt, listing: pl.LazyFrame, path: Path
) -> tuple[str, ...]:
    """Write suggestions and marked workbook; return the names of what was written.

    Writing them again changes nothing. Nothing is written where nothing is to be marked
    or the file could not be read.
    """
    if not any(group.severity in _TO_MARK for group in receipt.all_findings):
        return ()
    marked = _mark(workspace, receipt, listing, path)
    if marked is not None:
        _put(workspace, receipt, MARKED_WORKBOOK, marked, _XLSX)
    suggested = suggestions_csv(receipt, listing)
    if suggested is not None:
        _put(workspace, receipt, SUGGESTIONS_FILE, suggested, "text/csv")
    written = {MARKED_WORKBOOK: marked, SUGGESTIONS_FILE: suggested}
    return tuple(name for name, content in written.items() if content is not None)


def _mark(
    workspace: Workspace, receipt: Receipt, listing: pl.LazyFrame, path: Path
) -> bytes | None:
    too_large = is_too_large(receipt.size_bytes, receipt.rows.received)
    if too_large or _may_name_people(receipt):
        return None
    sender = workspace.network.get_sender(receipt.sender_id)
    reading = read_sent(
        workspace,
        submission_of(receipt),
        path,
        size_limit_bytes=receipt.size_bytes + 1,
        mappings=mappings_of(workspace, sender, version=receipt.mapping_version),
    )
    judged = [item for tables in reading.datasets for item in tables.recognitions]
    tables = [item.table for item in (*judged, *reading.refused)]
    # What has no header row, such as JSON, has no cells that could be marked.
    if not tables or any(table.header_row is None for table in tables):
        return None
    return mark_workbook(path, receipt, listing, tables)


def _may_name_people(receipt: Receipt) -> bool:
    """Tell whether a copy of the file could hold names or ids of learners.

    An export of another product does before it is mapped, and a table that was refused
    because it names people does: no copy of either goes anywhere.
    """
    refused = any(group.code in NAMING_PEOPLE for group in receipt.all_findings)
    return refused or any(part.mapping for part in receipt.parts)


def _put(
    workspace: Workspace, receipt: Receipt, name: str, content: bytes, content_type: str
) -> None:
    key = layout.answer(receipt.sender_id, receipt.submission_id, name)
    workspace.store.put(key, content, content_type=content_type)
