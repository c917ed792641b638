"""Delimited text: CSV and its relatives, in any encoding.

Every text is UTF-8 by the time that its cells are told apart (`encoding`). Two ways
lead to the same cells: Polars over the file, lazily, where the text is provably
regular, and Python's csv module for all others. What does not belong here: finding
the header, and rows that are no data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import polars as pl

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.dialect import Dialect, find_dialect
from pcbl_pipeline.reading.encoding import LOST, Text, decode_file
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
from pcbl_pipeline.reading.records import Records, lines_of, open_text
from pcbl_pipeline.reading.refusal import MAX_COLUMNS, refusal_of, too_large
from pcbl_pipeline.reading.regularity import is_regular
from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    ReadResult,
    clean_cells,
    column_name,
)

_SAMPLE_BYTES = 64_000


def read_delimited(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read a delimited text file; what is wrong with the file is in the findings."""
    text = decode_file(path)
    dialect = _find_dialect_of(text.path, known)
    columns = _count_columns(text.path, dialect)
    if columns > MAX_COLUMNS:
        return refusal_of(too_large(f"it has {columns:,} columns"), file_name)
    grid = _read_grid(text, dialect, known)
    if isinstance(grid, _Obstacle):
        return _refused(grid, file_name)
    kept = replace(grid, scratch=grid.scratch or text.scratch)
    if grid.usual_misfit is not None:
        # One finding about the header, instead of one for each row.
        kept = replace(kept, misshapen={})
    origin = Origin(
        file_name,
        read_as=tuple(_describe(text, kept, dialect)),
        findings=tuple(_remarks(text, grid, file_name)),
    )
    return ReadResult((to_table(kept, origin),), ())


def _count_columns(path: Path, dialect: Dialect) -> int:
    """Return how many cells the widest of the first records has."""
    with open_text(path) as text:
        first = islice(not_blank(Records(lines_of(text), dialect)), RECORDS_LOOKED_AT)
        return max((len(cells) for _, cells in first), default=0)


@dataclass(frozen=True)
class _Obstacle:
    """Why a file has no table: the code of its one finding, and the row."""

    code: str
    row: int | None = None


def _read_grid(text: Text, dialect: Dialect, known: HeaderWords) -> Grid | _Obstacle:
    if text.is_damaged:
        return _Obstacle("F104", _first_lost_row(text.path, dialect))
    if dialect.is_plain and is_regular(text.path, dialect.delimiter, dialect.quote):
        grid = scan_regular(text.path, dialect, known)
    else:
        with open_text(text.path) as lines:
            records = Records(lines_of(lines), dialect)
            grid = gather(records, known=known)
        if records.open_quote_row is not None:
            return _Obstacle("F110", records.open_quote_row)
        if records.long_row is not None:
            return _Obstacle("F126", records.long_row)
    return _check_grid(grid, dialect)


def _check_grid(grid: Grid | None, dialect: Dialect) -> Grid | _Obstacle:
    if grid is None:
        return _Obstacle("F101")
    if any(map(dialect.holds_rows, grid.header.cells)):
        return _Obstacle("F110", grid.header.row)
    return grid if grid.has_rows else _Obstacle("F102")


def scan_regular(
    path: Path, dialect: Dialect, known: HeaderWords = NO_WORDS
) -> Grid | None:
    """Read a regular text with Polars, lazily; None when every record is blank."""
    with open_text(path) as text:
        records = not_blank(Records(text, dialect))
        first = list(islice(records, RECORDS_LOOKED_AT))
    if not first:
        return None
    header = find_header(first, known)
    names = [column_name(position) for position in range(len(header.cells))]
    text_rows = pl.scan_csv(
        path,
        glob=False,  # a site may well call its file `lessons[1].csv`
        separator=dialect.delimiter,
        quote_char=dialect.quote,
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


def _find_dialect_of(path: Path, known: HeaderWords) -> Dialect:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        complete = not file.read(1)
    text = sample.decode("utf-8-sig", errors="ignore")
    return find_dialect(text, complete=complete, known=known)


def _first_lost_row(path: Path, dialect: Dialect) -> int:
    """Return the row of the first letter that could not be read."""
    with open_text(path) as text:
        records = Records(lines_of(text), dialect)
        rows = (row for row, cells in records if any(LOST in cell for cell in cells))
        row = next(rows, None)
    return row or records.open_quote_row or records.long_row or 1


def _describe(text: Text, grid: Grid, dialect: Dialect) -> Iterator[str]:
    if text.strays:
        yield f"Read as {text.encoding} text, with some letters in Windows-1252."
    else:
        yield f"Read as {text.encoding} text."
    if text.was_twice:
        yield "It was saved as UTF-8 twice, and each letter was put right (é for Ã©)."
    if text.is_cleaned:
        yield "Signs that nobody can see were taken out."
    if len(grid.header.cells) == 1:
        yield "There is one column."
    else:
        yield from dialect.sentences()


def _remarks(text: Text, grid: Grid, file_name: str) -> Iterator[FileFinding]:
    details = {"file": file_name, "where": file_name}
    if grid.usual_misfit is not None:
        counts = {
            "named": str(len(grid.header.cells)),
            "filled": str(grid.usual_misfit),
        }
        place = Place(row=grid.header.row)
        yield FileFinding(code="C210", place=place, details=details | counts)
    if text.strays:
        times = {"times": str(text.strays)}
        yield FileFinding(code="F124", details=details | times)
    if text.has_lost:
        yield FileFinding(code="F125", details=details)


def _refused(obstacle: _Obstacle, file_name: str) -> ReadResult:
    row = obstacle.row
    details = {"file": file_name, "where": file_name}
    if row is not None:
        details["row"] = str(row)
    finding = FileFinding(code=obstacle.code, place=Place(row=row), details=details)
    return ReadResult((), (finding,))
