"""Delimited text: CSV and its relatives, in UTF-8.

Two ways lead to the same cells: Polars over the file, lazily, where the text is
provably regular, and Python's csv module for all others. What does not belong
here: other encodings, and finding the header below a preamble.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

import polars as pl

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.dialect import DELIMITERS, find_delimiter
from pcbl_pipeline.reading.grid import (
    Grid,
    Origin,
    gather,
    not_blank,
    settle,
    to_table,
)
from pcbl_pipeline.reading.header import (
    NO_WORDS,
    RECORDS_LOOKED_AT,
    Header,
    HeaderWords,
    find_header,
)
from pcbl_pipeline.reading.margins import TAIL_ROWS
from pcbl_pipeline.reading.regularity import is_regular
from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    ReadResult,
    clean_cells,
    column_name,
)

_SAMPLE_BYTES = 64_000
_CHUNK_BYTES = 1_000_000

#: A longer cell is the rest of the file behind a quotation mark that nobody closed;
#: a spreadsheet's cell holds 32,767 characters.
_LONGEST_CELL = 1_000_000

_END = "\x00end of text\x00"
_UNDECODED = re.compile("[\udc80-\udcff]")


def read_delimited(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read a delimited text file; what is wrong with the file is in the findings."""
    if not _is_utf8(path):
        return _not_utf8(path, file_name)
    delimiter = _find_delimiter_of(path)
    grid: Grid | None
    if is_regular(path, delimiter):
        grid = scan_regular(path, delimiter, known)
    else:
        with _open_text(path) as text:
            records = Records(text, delimiter)
            grid = gather(records, known=known)
        if records.open_quote_row is not None:
            return _refused("F110", file_name, row=records.open_quote_row)
    if grid is None:
        return _refused("F101", file_name)
    if grid.row_count == 0:
        return _refused("F102", file_name)
    origin = Origin(file_name, _describe(grid, delimiter))
    return ReadResult((to_table(grid, origin),), ())


class Records:
    """The records of a text with their row numbers, by Python's csv module.

    Once they are used up, `open_quote_row` is the row of a quotation mark that is
    opened and never closed, if there is one; that row and the rest are left out.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        """Read lines that keep their own line ends."""
        self.open_quote_row: int | None = None
        self._lines = lines
        self._delimiter = delimiter

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells; blank lines count as rows without cells."""
        # A setting of the whole process; nothing else in it reads CSV in this way.
        csv.field_size_limit(_LONGEST_CELL)
        # The reader says nothing of a quotation mark that is open at the end of the
        # text. A line of our own after it tells: it is a record, or part of a cell.
        reader = csv.reader(chain(self._lines, [_END]), delimiter=self._delimiter)
        row = 0
        try:
            for row, cells in enumerate(reader, 1):
                if cells and cells[-1].endswith(_END):
                    self.open_quote_row = None if cells == [_END] else row
                    return
                yield row, cells
        except csv.Error:
            self.open_quote_row = row + 1


def scan_regular(
    path: Path, delimiter: str, known: HeaderWords = NO_WORDS
) -> Grid | None:
    """Read a regular text with Polars, lazily; None when every record is blank."""
    with _open_text(path) as text:
        records = not_blank(Records(text, delimiter))
        first = list(islice(records, RECORDS_LOOKED_AT))
    if not first:
        return None
    header = find_header(first, known)
    names = [column_name(position) for position in range(len(header.cells))]
    text_rows = pl.scan_csv(
        path,
        separator=delimiter,
        has_header=False,
        schema=dict.fromkeys(names, pl.String()),
        row_index_name=ROW_NUMBER,
        row_index_offset=1,
    )
    rows = _data_rows(text_rows.slice(header.row), header, names)
    tail = _data_rows(text_rows.tail(TAIL_ROWS), header, names)
    count = rows.select(pl.len()).collect(engine="streaming").item()
    return settle(Grid(header, rows, count), tail.collect(), known)


def _data_rows(rows: pl.LazyFrame, header: Header, names: list[str]) -> pl.LazyFrame:
    number = pl.col(ROW_NUMBER)
    return rows.select(number.cast(pl.Int64), clean_cells(pl.col(names))).filter(
        pl.any_horizontal(pl.col(names).is_not_null()),
        number > header.row,
        ~number.is_in(header.remarks),
    )


def _open_text(path: Path, errors: str = "strict") -> TextIO:
    return path.open(encoding="utf-8-sig", errors=errors, newline="")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _find_delimiter_of(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        complete = not file.read(1)
    return find_delimiter(
        sample.decode("utf-8-sig", errors="ignore"), complete=complete
    )


def _not_utf8(path: Path, file_name: str) -> ReadResult:
    """Name the row of the first byte that is not UTF-8."""
    with _open_text(path, errors="surrogateescape") as text:
        lines = _Watched(text)
        records = Records(lines, _find_delimiter_of(path))
        row = next((row for row, _ in records if lines.seen), None)
    return _refused("F104", file_name, row=row or records.open_quote_row)


class _Watched:
    """Lines that remember whether one with an undecoded byte has gone by."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.seen = False
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.seen = self.seen or _UNDECODED.search(line) is not None
            yield line


def _refused(code: str, file_name: str, *, row: int | None = None) -> ReadResult:
    details = {"file": file_name, "where": file_name}
    if row is not None:
        details["row"] = str(row)
    finding = FileFinding(code=code, place=Place(row=row), details=details)
    return ReadResult((), (finding,))


def _describe(grid: Grid, delimiter: str) -> tuple[str, ...]:
    if len(grid.header.cells) == 1:
        return "Read as UTF-8 text.", "There is one column."
    return (
        "Read as UTF-8 text.",
        f"Cells are separated by {DELIMITERS[delimiter]}.",
    )
