"""Refusals: how a reader, deep inside, says that a file cannot be read.

Caught within this room, at the reader's door, and turned into a finding. What does
not belong here: our own failures, which are never the sender's.
"""

from pathlib import PurePath

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.tables import ReadResult

#: Of one table: rows times columns. A reader that lays a table out in memory, or that
#: could be made to by a small file, takes no larger one.
MAX_AREA = 20_000_000
#: As many columns as a spreadsheet has.
MAX_COLUMNS = 16_384
#: Characters of one cell; a spreadsheet's cell holds 32,767.
LONGEST_CELL = 1_000_000
#: Of all cells of a table together. A workbook or a Parquet file keeps a text once and
#: points to it from many cells, so that a small file could grow without end.
MAX_CHARACTERS = 300_000_000
#: Values within values within values: an honest record needs two or three.
MAX_DEPTH = 20

TOO_LARGE_INSIDE = "F115"


class Unreadable(Exception):
    """The file cannot be read; carries the rule's code and the details for its words."""

    def __init__(self, code: str, *, at: int | None = None, **details: str) -> None:
        """Name the rule, the row where it is known, and what fills the rule's words."""
        super().__init__(code)
        self.code = code
        self.at = at
        self.details = details


def too_large(reason: str) -> Unreadable:
    """Say that opening the file would take too much memory, and why."""
    return Unreadable(TOO_LARGE_INSIDE, reason=reason)


def check_extent(rows: int, columns: int, where: str = "it") -> None:
    """Let nothing pass that is too large to be laid out.

    Raises:
        Unreadable: If there are too many columns, or too many cells.
    """
    if columns > MAX_COLUMNS:
        raise too_large(f"{where} has {columns:,} columns")
    if rows * columns > MAX_AREA:
        raise too_large(f"{where} has {rows:,} rows with {columns:,} columns")


def refused(
    code: str, file_name: str, *, at: int | None = None, **details: str
) -> ReadResult:
    """Answer for a file of which nothing can be read."""
    suffix = PurePath(file_name).suffix.lower() or file_name
    named = {"file": file_name, "suffix": suffix, **details}
    finding = FileFinding(code=code, place=Place(row=at), details=named)
    return ReadResult((), (finding,))


def refusal_of(reason: Unreadable, file_name: str) -> ReadResult:
    """Answer for a file that a reader gave up."""
    return refused(reason.code, file_name, at=reason.at, **reason.details)
