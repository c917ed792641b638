"""Records: the rows of a delimited text, by Python's csv module.

The slow way to the cells, for texts of every shape. What does not belong here: what
the cells mean, and the fast way for regular texts (`regularity`).
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from pcbl_pipeline.reading.dialect import Dialect

#: A longer cell is the rest of the file behind a quotation mark that nobody closed;
#: a spreadsheet's cell holds 32,767 characters.
_LONGEST_CELL = 1_000_000
#: A longer line is no row of a table.
_LONGEST_LINE = 20_000_000

_END = "\x00end of text\x00"


class Records:
    """The records of a text with their row numbers.

    Once they are used up, `open_quote_row` is the row of a quotation mark that is
    opened and never closed, if there is one, and `long_row` a row that is too long to
    be one; that row and the rest are left out.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        """Read lines that keep their own line ends."""
        self.open_quote_row: int | None = None
        self.long_row: int | None = None
        self._lines = lines
        self._dialect = dialect

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells; blank lines count as rows without cells."""
        # A setting of the whole process; nothing else in it reads CSV in this way.
        csv.field_size_limit(_LONGEST_CELL)
        # The reader says nothing of a quotation mark that is open at the end of the
        # text. A line of our own after it tells: it is a record, or part of a cell.
        records = self._dialect.read(chain(self._lines, [_END]))
        row = 0
        try:
            for row, cells in enumerate(records, 1):
                if cells and cells[-1].endswith(_END):
                    self.open_quote_row = None if cells == [_END] else row
                    return
                if row > 1 or not self._dialect.has_separator_line:
                    yield row, cells
        except csv.Error:
            self.open_quote_row = row + 1
        except LongLine:
            self.long_row = row + 1


class LongLine(Exception):
    """A line is too long to be a row of a table. Caught within this room."""


def open_text(path: Path) -> TextIO:
    """Open a text in UTF-8 so that line ends stay as they are."""
    return path.open(encoding="utf-8-sig", newline="")


def lines_of(text: TextIO) -> Iterator[str]:
    """Yield the lines of a text.

    Raises:
        LongLine: Instead of a line that would fill the memory.
    """
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise LongLine
        yield line
