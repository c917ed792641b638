"""Deliver what helps to correct a file: the marked workbook, and lists to send back.

What does not belong here: how a workbook is marked (`marked_workbook`), and how
suggestions are made and accepted (`suggest`, `patch`).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.finding import FileFinding, Severity
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart
from pcbl_pipeline.operations.examine import FileReading
from pcbl_pipeline.operations.explanations import EXPLAIN_FILE, explain_csv
from pcbl_pipeline.operations.marked_workbook import (
    MARKED_WORKBOOK,
    is_too_large,
    mark_workbook,
)
from pcbl_pipeline.operations.patch import (
    PATCH_APPLIED,
    SUGGESTIONS_FILE,
    suggestions_csv,
)
from pcbl_pipeline.workspace import Workspace

_CONTENT_TYPES = {
    MARKED_WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SUGGESTIONS_FILE: "text/csv",
    EXPLAIN_FILE: "text/csv",
}
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
    workspace: Workspace,
    receipt: Receipt,
    listing: pl.LazyFrame,
    path: Path,
    reading: FileReading,
) -> tuple[str, ...]:
    """Put what helps into the outbox; return the names. As `helping_files`.

    Writing them again changes nothing.
    """
    pages = workspace.network.rule_pages
    files = helping_files(receipt, listing, path, reading, pages)
    for name, content in files.items():
        key = layout.answer(receipt.sender_id, receipt.submission_id, name)
        workspace.store.put(key, content, content_type=_CONTENT_TYPES[name])
    return tuple(files)


def helping_files(
    receipt: Receipt,
    listing: pl.LazyFrame,
    path: Path,
    reading: FileReading,
    rule_pages: str | None,
) -> dict[str, bytes]:
    """Make marked workbook, suggestions and what can be explained, by name.

    `reading` is what was read of the file at `path`. Nothing is made where nothing is
    to be marked or the file could not be read.
    """
    if not any(group.severity in _TO_MARK for group in receipt.all_findings):
        return {}
    made = {
        MARKED_WORKBOOK: _mark(receipt, listing, path, reading, rule_pages),
        SUGGESTIONS_FILE: suggestions_csv(receipt, listing),
        EXPLAIN_FILE: explain_csv(receipt),
    }
    return {name: content for name, content in made.items() if content is not None}


def _mark(
    receipt: Receipt,
    listing: pl.LazyFrame,
    path: Path,
    reading: FileReading,
    rule_pages: str | None,
) -> bytes | None:
    too_large = is_too_large(receipt.size_bytes, receipt.rows.received)
    if too_large or _may_name_people(receipt):
        return None
    judged = [item for tables in reading.datasets for item in tables.recognitions]
    lists = [reading.explanations] if reading.explanations else []
    tables = [item.table for item in (*judged, *reading.refused, *lists)]
    # What has no header row, such as JSON, has no cells that could be marked.
    if not tables or any(table.header_row is None for table in tables):
        return None
    # Of a list of suggestions, what is marked is the file that it changed.
    is_patch = any(group.code == PATCH_APPLIED for group in receipt.findings)
    at = None if is_patch else path
    return mark_workbook(at, receipt, listing, tables, rule_pages)


def _may_name_people(receipt: Receipt) -> bool:
    """Tell whether a copy of the file could hold names or ids of learners.

    An export of another product does before it is mapped, and a table that was refused
    because it names people does: no copy of either goes anywhere.
    """
    refused = any(group.code in NAMING_PEOPLE for group in receipt.all_findings)
    return refused or any(part.mapping for part in receipt.parts)
