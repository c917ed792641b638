"""Patches: suggestions as a list that a site can accept by dropping it into its inbox.

The list is a submission like any other: its rows are those of the file that it is about,
with the accepted cells changed, and it gets a whole receipt. Nothing is applied that does
not fit that file to the letter. What does not belong here: what is suggested (`suggest`).
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.model.spreadsheet import inert
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.decide import filled_queue_in, read_decisions
from pcbl_pipeline.operations.examine import (
    DatasetTables,
    FileReading,
    read_submission,
)
from pcbl_pipeline.operations.explanations import with_explanations
from pcbl_pipeline.operations.listing import inert_column
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.operations.recognise_tables import Mappings
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import ROW_NUMBER
from pcbl_pipeline.workspace import Workspace

SUGGESTIONS_FILE = "suggestions.csv"
#: The rule that says so where a list changed a file.
PATCH_APPLIED = "F174"
#: The rule that refuses a list because a newer file had come in between.
IN_BETWEEN = "F172"
#: Shape of the list: one row per cell with a suggestion; `choices` where it has several.
PATCH_COLUMNS = (
    *("submission_id", "sheet", "row", "column", "sent", "suggested", "accept"),
    "choices",
)
_NEEDED = frozenset(PATCH_COLUMNS[:7])
_SUBMISSION_ID = re.compile(r"[a-z0-9-]+")
_ACCEPTED = ("y", "yes", "x", "true", "1")


@dataclass(frozen=True)
class _Change:
    """One accepted cell."""

    sheet: str
    row: int
    column: str
    sent: str
    suggested: str


def suggestions_csv(receipt: Receipt, listing: pl.LazyFrame) -> bytes | None:
    """Write the list of suggestions; None where there is none.

    A cell with one suggestion is accepted unless the site says otherwise; one with
    several waits for the site's choice.
    """
    offered = pl.col("suggestion").is_not_null() & pl.col("column").is_not_null()
    found = (
        listing.filter(offered)
        .unique(["sheet", "row", "column"], keep="first", maintain_order=True)
        .collect()
    )
    if found.is_empty():
        return None
    several = pl.col("suggestion").str.contains(" or ", literal=True)
    blank = pl.lit("")
    lines = found.select(
        submission_id=pl.lit(receipt.submission_id),
        sheet=pl.col("sheet").fill_null(""),
        row="row",
        column="column",
        sent="value",
        suggested=pl.when(several).then(blank).otherwise("suggestion"),
        accept=pl.when(several).then(blank).otherwise(pl.lit("Y")),
        choices=pl.when(several).then("suggestion").otherwise(blank),
    )
    safe = lines.with_columns(
        inert_column(name) for name in lines.columns if name != "row"
    )
    return safe.write_csv(include_bom=True).encode()


def read_sent(
    workspace: Workspace,
    submission: Submission,
    path: Path,
    *,
    size_limit_bytes: int,
    mappings: Mappings,
    folder: Path | None = None,
) -> FileReading:
    """Read a submission; a list of suggestions becomes the file that it changes.

    A release queue that was sent back becomes its decisions.

    Files that are needed for it are put into `folder`, or beside `path`, and must stay
    there.
    """
    reading = read_submission(
        path,
        submission.file_name,
        workspace.catalogue,
        sender=workspace.network.get_sender(submission.sender_id),
        size_limit_bytes=size_limit_bytes,
        mappings=mappings,
    )
    queue = filled_queue_in(reading)
    if queue is not None:
        return read_decisions(workspace, submission, queue)
    patch = patch_in(reading)
    if patch is None:
        return with_explanations(reading)
    beside = (folder or path.parent) / f"{path.name}-of"
    return _read_patch(workspace, submission, patch, beside, mappings)


def _read_patch(
    workspace: Workspace,
    submission: Submission,
    patch: Recognition,
    beside: Path,
    mappings: Mappings,
) -> FileReading:
    """Read the file that a list of suggestions is about, with its changes.

    The file is put at `beside` and must stay there.
    """
    lines = _lines(patch)
    original = _original(workspace, submission, lines)
    if original is None:
        return refused_patch(patch, "F171", submission)
    newer = _newer(workspace, submission, original)
    if newer is not None:
        day = workspace.local_day(newer.received_at).isoformat()
        return refused_patch(patch, IN_BETWEEN, submission, received=day)
    changes = _accepted(lines)
    if not changes:
        return refused_patch(patch, "F175", submission)
    earlier = _read_original(workspace, original, beside, mappings)
    changed = _changed(earlier, changes)
    if isinstance(changed, int):
        return refused_patch(patch, "F173", submission, times=f"{changed:,}")
    details = {
        "times": f"{len(changes):,}",
        "other": original.file_name,
        "file": submission.file_name,
    }
    note = FileFinding(code=PATCH_APPLIED, details=details)
    return FileReading(findings=(note,), refused=(), datasets=changed)


def accepted_lines(patch: Recognition) -> int:
    """Count the suggestions that a list accepts."""
    return len(_accepted(_lines(patch)))


def corrected_by(workspace: Workspace, receipt: Receipt) -> str | None:
    """Return the file that a submission corrects, if it is a list of suggestions.

    Its rows are those of that file, and go with them.
    """
    if not any(group.code == PATCH_APPLIED for group in receipt.findings):
        return None
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "list"
        workspace.store.download(submission_of(receipt).raw_key, path)
        reading = read_submission(
            path,
            receipt.file_name,
            workspace.catalogue,
            sender=workspace.network.get_sender(receipt.sender_id),
            size_limit_bytes=receipt.size_bytes + 1,
        )
        patch = patch_in(reading)
        return None if patch is None else _lines(patch)["submission_id"][0]


def patch_in(reading: FileReading) -> Recognition | None:
    """Return the file's table if it is a list of suggestions."""
    if reading.datasets:
        return None
    lists = [item for item in reading.refused if set(item.table.headers) >= _NEEDED]
    return lists[0] if lists else None


def _lines(patch: Recognition) -> pl.DataFrame:
    table = patch.table
    names = dict(zip(table.headers, table.columns, strict=True))
    return table.rows.select(
        pl.col(names[name]).fill_null("").alias(name) for name in sorted(_NEEDED)
    ).collect()


def _accepted(lines: pl.DataFrame) -> list[_Change]:
    chosen = lines.filter(
        pl.col("accept").str.to_lowercase().is_in(_ACCEPTED)
        & (pl.col("suggested") != "")
    ).unique(["sheet", "row", "column"], keep="last", maintain_order=True)
    return [
        _Change(
            sheet=item["sheet"],
            row=int(item["row"]) if item["row"].isdecimal() else 0,
            column=item["column"],
            sent=item["sent"],
            suggested=item["suggested"],
        )
        for item in chosen.iter_rows(named=True)
    ]


def _original(
    workspace: Workspace, submission: Submission, lines: pl.DataFrame
) -> Receipt | None:
    """Return the receipt of the one file of the same sender that the list is about."""
    ids = lines["submission_id"].unique().to_list()
    if len(ids) != 1 or ids[0] == submission.submission_id:
        return None
    if not _SUBMISSION_ID.fullmatch(ids[0]):
        return None
    if workspace.withdrawals.find(submission.sender_id, ids[0]):
        return None
    return workspace.ledger.find_receipt(submission.sender_id, ids[0])


def _newer(
    workspace: Workspace, submission: Submission, original: Receipt
) -> Receipt | None:
    """Return a file of the same datasets that came between the two, if there is one."""
    mine = original.datasets
    withdrawn = workspace.withdrawals.ids(submission.sender_id)
    for receipt in workspace.ledger.receipts(submission.sender_id):
        if receipt.submission_id in withdrawn:
            continue
        between = original.received_at < receipt.received_at < submission.received_at
        is_other = receipt.submission_id not in {
            original.submission_id,
            submission.submission_id,
        }
        same = mine & {part.dataset for part in receipt.parts if part.rows.accepted}
        if between and is_other and same and receipt.status is not Status.REFUSED:
            return receipt
    return None


def _read_original(
    workspace: Workspace, original: Receipt, beside: Path, mappings: Mappings
) -> FileReading:
    submission = submission_of(original)
    workspace.store.download(submission.raw_key, beside)
    return read_sent(
        workspace,
        submission,
        beside,
        size_limit_bytes=original.size_bytes + 1,
        mappings=mappings,
    )


def _changed(
    earlier: FileReading, changes: Sequence[_Change]
) -> tuple[DatasetTables, ...] | int:
    """Return the file's datasets with the changes, or how many of them do not fit."""
    left = {(item.sheet, item.row, item.column): item for item in changes}
    datasets = []
    for tables in earlier.datasets:
        kept, any_done = [], False
        for item in tables.recognitions:
            changed, done = _changed_table(item, left, tables)
            left = {at: change for at, change in left.items() if at not in done}
            any_done = any_done or bool(done)
            if done or tables.contract.delivery.mode == "snapshot":
                kept.append(changed)
        if any_done:
            datasets.append(replace(tables, recognitions=tuple(kept)))
    return len(left) if left else tuple(datasets)


def _changed_table(
    item: Recognition,
    changes: dict[tuple[str, int, str], _Change],
    tables: DatasetTables,
) -> tuple[Recognition, set[tuple[str, int, str]]]:
    """Change the cells of one table that are as the list says they were sent.

    Where newer rows replace older ones by their key, only changed rows are sent again:
    others may have been replaced meanwhile.
    """
    table, sheet = item.table, item.table.sheet or ""
    columns = dict(zip(table.headers, table.columns, strict=True))
    mine = [
        change
        for change in changes.values()
        if change.sheet == sheet and change.column in columns
    ]
    if not mine:
        return item, set()
    numbers = sorted({change.row for change in mine})
    rows = table.rows.filter(pl.col(ROW_NUMBER).is_in(numbers)).collect()
    cells = {row[ROW_NUMBER]: row for row in rows.iter_rows(named=True)}
    fitting = [
        change
        for change in mine
        if change.row in cells
        and change.sent in _ways_to_write(cells[change.row][columns[change.column]])
    ]
    keeps_all = tables.contract.delivery.mode == "snapshot"
    source = table.rows if keeps_all else rows.lazy()
    by_column: dict[str, dict[int, str]] = {}
    for change in fitting:
        by_column.setdefault(columns[change.column], {})[change.row] = change.suggested
    patched = source.with_columns(
        pl.col(ROW_NUMBER)
        .replace_strict(new, default=pl.col(name), return_dtype=pl.String)
        .alias(name)
        for name, new in by_column.items()
    )
    count = table.row_count if keeps_all else rows.height
    misshapen = {n: c for n, c in table.misshapen.items() if keeps_all or n in cells}
    changed = replace(table, rows=patched, row_count=count, misshapen=misshapen)
    done = {(change.sheet, change.row, change.column) for change in fitting}
    return replace(item, table=changed), done


def _ways_to_write(cell: str | None) -> set[str]:
    text = cell or ""
    return {text, inert(text)}


def refused_patch(
    patch: Recognition, code: str, submission: Submission, **details: str
) -> FileReading:
    """Refuse a list of suggestions by a rule."""
    finding = FileFinding(code=code, details={"file": submission.file_name, **details})
    refused = replace(patch, findings=(finding,), refused=True)
    return FileReading(findings=(), refused=(refused,), datasets=())
