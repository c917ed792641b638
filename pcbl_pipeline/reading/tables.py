"""The text table: one sheet or one delimited file, read but not yet judged.

Holds what was read and where each cell stands for its sender. What does not
belong here: opening files (`read`) and knowing datasets (`recognise`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.model.unseen import UNSEEN
from pcbl_pipeline.scratch import Scratch

#: The column of `TextTable.rows` that holds the row as its sender sees it.
ROW_NUMBER = "row_number"

#: Column → first and last row number of each run of cells that show a percent.
PercentRows = Mapping[str, tuple[tuple[int, int], ...]]

#: Stripped from both ends of every cell: white space, and the characters that
#: nobody sees (byte order mark, NUL, the old end-of-file mark, signs without width).
INVISIBLE = (
    " \t\n\r\v\f\x00\x1a\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" + UNSEEN
)


@dataclass(frozen=True, eq=False)
class TextTable:
    """One table as its sender wrote it, every cell a text.

    Shape of `rows`: one row per record of the file that is not blank; `row_number`
    (Int64; a record with line breaks inside is one row, the file's first row is 1)
    and one String column per header. Cells are stripped; a blank cell is null.
    `rows` may read the file, or what was written of it to `scratch`, only when they
    are collected: leave the file in place and keep the table.
    """

    #: Name of the sheet in a workbook, or of the list in a file of several; None for a
    #: file that is one table. Of a member of an archive, its name and that.
    sheet: str | None
    #: None where the columns have names of their own, as in JSON: then no row is a
    #: header, and cells have no addresses.
    header_row: int | None
    #: As the sender wrote them, stripped; "" over data that has no header.
    headers: tuple[str, ...]
    #: Frame column per header. `c3` is the file's third column, whatever stands
    #: left of it, so that a cell's address follows from the name alone.
    columns: tuple[str, ...]
    rows: pl.LazyFrame
    row_count: int
    #: Row number → cells, where a row has more or fewer cells than the header.
    misshapen: Mapping[int, int]
    #: Plain sentences for the receipt: what was assumed when reading.
    read_as: tuple[str, ...]
    file_name: str = ""
    #: Whether the sheet is hidden in the workbook: its sender may not know of it.
    hidden: bool = False
    #: What was taken for no data, and other remarks about the table.
    findings: tuple[FileFinding, ...] = ()
    #: What `rows` are read from if not from the file: keep the table for them.
    scratch: Scratch | None = None
    #: Name of the file within an archive, for a table that comes from one.
    member: str | None = None
    #: Cells that show a percent sign in the workbook and are read without it.
    percents: PercentRows = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Name the table for a message."""
        if self.member is not None:
            return f"{self.sheet} in {self.file_name}"
        return describe_place(self.file_name, self.sheet)


@dataclass(frozen=True)
class ReadResult:
    """All that could be read of one file, and what could not."""

    tables: tuple[TextTable, ...]
    findings: tuple[FileFinding, ...]


def describe_place(file_name: str, sheet: str | None) -> str:
    """Name a file, or a sheet of it, for a message."""
    return f"{file_name}, sheet {sheet}" if sheet is not None else file_name


def clean_cell(text: str) -> str | None:
    """Strip a cell; a blank one is None."""
    return text.strip(INVISIBLE) or None


def clean_cells(cells: pl.Expr) -> pl.Expr:
    """Do to String columns what `clean_cell` does to one text."""
    stripped = cells.str.strip_chars(INVISIBLE)
    # Not `replace("", None)`: that one gathers the whole column in memory.
    return pl.when(stripped != "").then(stripped)


def column_name(position: int) -> str:
    """Return the frame column of the file's column at a position (first: 0)."""
    return f"c{position + 1}"


def column_letters(position: int) -> str:
    """Return how a spreadsheet names the column at a position (first: 0)."""
    letters = ""
    remaining = position + 1
    while remaining:
        remaining, digit = divmod(remaining - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def cell_address(table: TextTable, column: str, row_number: int | None) -> str | None:
    """Return a cell's address in the spreadsheet, such as `C5`.

    A delimited file that is opened in a spreadsheet has the same addresses; what
    cannot be opened in one has none.

    Raises:
        KeyError: If the table has no such frame column.
    """
    if column not in table.columns:
        raise KeyError(column)
    if table.header_row is None:
        return None
    return f"{column_letters(int(column[1:]) - 1)}{row_number}"
