"""The grid: a table's cells by position, before its columns are settled.

Gathers records that come from any reader in Python, finds the header, and turns
a grid into a `TextTable`. What does not belong here: where records come from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    TextTable,
    clean_cell,
    column_name,
)

#: Rows that are held as Python texts at a time.
_BLOCK_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells by position: `row_number` and `c1`, `c2`, … as wide as `header`."""

    header_row: int
    #: Stripped header cells, "" where blank.
    header: tuple[str, ...]
    rows: pl.LazyFrame
    row_count: int
    misshapen: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Where a grid came from, for the table that it becomes."""

    file_name: str
    read_as: tuple[str, ...]
    sheet: str | None = None
    hidden: bool = False


def gather(
    records: Iterable[tuple[int, Sequence[str]]], *, sheet_width: int | None = None
) -> Grid | None:
    """Gather numbered records into a grid; None when every one is blank.

    Records come with their row number; the first that is not blank is the header.
    `sheet_width` is given for a sheet, whose rows are all as wide as the sheet:
    there no row is misshapen.
    """
    remaining = not_blank(records)
    first = next(remaining, None)
    if first is None:
        return None
    header_row, header = first
    misshapen: dict[int, int] = {}
    if sheet_width is None:
        width = len(header)
        remaining = _note_misshapen(remaining, header, misshapen)
    else:
        width = sheet_width
    frame = _collect(remaining, width)
    return Grid(
        header_row,
        tuple(cell or "" for cell in _fit(header, width)),
        frame.lazy(),
        frame.height,
        misshapen,
    )


def to_table(grid: Grid, origin: Origin) -> TextTable:
    """Settle the columns: those with a header, and those with data but no header."""
    positions = _used_positions(grid)
    columns = tuple(column_name(position) for position in positions)
    return TextTable(
        sheet=origin.sheet,
        header_row=grid.header_row,
        headers=tuple(grid.header[position] for position in positions),
        columns=columns,
        rows=grid.rows.select(ROW_NUMBER, *columns),
        row_count=grid.row_count,
        misshapen=grid.misshapen,
        read_as=(*origin.read_as, f"The header is in row {grid.header_row}."),
        file_name=origin.file_name,
        hidden=origin.hidden,
    )


def _used_positions(grid: Grid) -> list[int]:
    unnamed = [column_name(i) for i, text in enumerate(grid.header) if not text]
    filled: set[str] = set()
    if unnamed:
        has_data = pl.col(unnamed).is_not_null().any()
        found = grid.rows.select(has_data).collect(engine="streaming")
        filled = {name for name in unnamed if found[name].item()}
    return [
        position
        for position, text in enumerate(grid.header)
        if text or column_name(position) in filled
    ]


def not_blank(
    records: Iterable[tuple[int, Sequence[str]]],
) -> Iterator[tuple[int, list[str | None]]]:
    """Strip the cells of records and leave out the blank ones."""
    for number, cells in records:
        cleaned = [clean_cell(cell) for cell in cells]
        if any(cleaned):
            yield number, cleaned


def _note_misshapen(
    records: Iterable[tuple[int, list[str | None]]],
    header: list[str | None],
    misshapen: dict[int, int],
) -> Iterator[tuple[int, list[str | None]]]:
    # A spreadsheet writes commas for columns that only look used, in the header or
    # in some rows: what is blank at the end of either says nothing about the row.
    least, most = _filled(header), len(header)
    for number, cells in records:
        filled = _filled(cells)
        if filled > most or len(cells) < least:
            misshapen[number] = filled if filled > most else len(cells)
        yield number, cells


def _filled(cells: list[str | None]) -> int:
    """Count the cells up to the last one that is not blank."""
    return max((i for i, cell in enumerate(cells, 1) if cell is not None), default=0)


def _fit(cells: list[str | None], width: int) -> list[str | None]:
    return cells[:width] + [None] * (width - len(cells))


def _collect(
    records: Iterator[tuple[int, list[str | None]]], width: int
) -> pl.DataFrame:
    names = [column_name(position) for position in range(width)]
    schema = {ROW_NUMBER: pl.Int64(), **dict.fromkeys(names, pl.String())}
    blocks = [pl.DataFrame(schema=schema)]
    block: list[list[int | str | None]] = []
    for number, cells in records:
        block.append([number, *_fit(cells, width)])
        if len(block) == _BLOCK_ROWS:
            blocks.append(_frame(block, schema))
            block = []
    if block:
        blocks.append(_frame(block, schema))
    return pl.concat(blocks, rechunk=False)


def _frame(
    block: list[list[int | str | None]], schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    columns = zip(*block, strict=True)
    return pl.DataFrame(
        [
            pl.Series(name, values, dtype=schema[name])
            for name, values in zip(schema, columns, strict=True)
        ]
    )
