"""The grid: a table's cells by position, before its columns are settled.

Gathers records that come from any reader in Python, and turns a grid into a
`TextTable`. What does not belong here: where records come from, and which of them
are the header (`header`) or no data at all (`margins`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

import polars as pl

from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.reading.examples import without_remains
from pcbl_pipeline.reading.header import (
    NO_WORDS,
    RECORDS_LOOKED_AT,
    Header,
    HeaderWords,
    Record,
    find_header,
)
from pcbl_pipeline.reading.margins import NO_MARGINS, TAIL_ROWS, Margins, find_margins
from pcbl_pipeline.reading.remarks import findings_about, sentences_about
from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    PercentRows,
    TextTable,
    clean_cell,
    clean_cells,
    column_name,
    describe_place,
)
from pcbl_pipeline.scratch import Scratch

#: Rows that are held as Python texts at a time.
_BLOCK_ROWS = 20_000
#: The header is wrong, not the rows, if this share of them does not fit it.
_MOST = 0.9
_FEW_ROWS = 3
#: Notes of more rows would fill the memory.
_MANY_MISSHAPEN = 1_000_000
#: Rows of more than this are kept on disk.
_MEMORY_BYTES = 64_000_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells by position: `row_number` and `c1`, `c2`, … as wide as the header."""

    header: Header
    rows: pl.LazyFrame
    row_count: int
    misshapen: Mapping[int, int] = field(default_factory=dict)
    #: Rows with another number of cells than the header, blank ones included.
    uneven: int = 0
    margins: Margins = NO_MARGINS
    #: Holds what `rows` reads from, if that is not the file itself.
    scratch: Scratch | None = None

    @property
    def has_rows(self) -> bool:
        """Whether there are rows of data, wherever they stand."""
        return self.row_count > 0 or bool(self.margins.above)

    @property
    def usual_misfit(self) -> int | None:
        """Cells of most rows, if the header has another number and so is to blame."""
        if not self.misshapen or not _are_most(self.uneven, self.row_count):
            return None
        return Counter(self.misshapen.values()).most_common(1)[0][0]


@dataclass(frozen=True)
class Origin:
    """Where a grid came from, for the table that it becomes."""

    file_name: str
    read_as: tuple[str, ...]
    sheet: str | None = None
    hidden: bool = False
    #: What was found about the text or sheet as a whole, next to its table.
    findings: tuple[FileFinding, ...] = ()
    #: Cells that show a percent sign, as the table has them.
    percents: PercentRows = field(default_factory=dict)


def gather(
    records: Iterable[tuple[int, Sequence[str]]],
    *,
    sheet_width: int | None = None,
    known: HeaderWords = NO_WORDS,
) -> Grid | None:
    """Gather numbered records into a grid; None when every one is blank.

    Records come with their row number; the header is found in the first of them.
    `sheet_width` is given for a sheet, whose rows are all as wide as the sheet:
    there no row is misshapen. `known` are the words of the contracts' headers.
    """
    remaining = iter(records)
    first = list(islice(not_blank(remaining), RECORDS_LOOKED_AT))
    if not first:
        return None
    header = find_header(first, known)
    if sheet_width is not None:
        blank = ("",) * (sheet_width - len(header.cells))
        header = replace(header, cells=(*header.cells, *blank))
    body = [
        (number, [cell or "" for cell in cells])
        for number, cells in first
        if number > header.row and number not in header.remarks
    ]
    gathering = _Gathering(header, is_sheet=sheet_width is not None)
    gathering.take(chain(body, remaining))
    return settle(gathering.grid(), gathering.tail, known)


def settle(grid: Grid, tail: pl.DataFrame, known: HeaderWords) -> Grid:
    """Leave out the rows of a grid that are not data.

    Shape: `tail` holds the last rows of `grid.rows`.
    """
    margins = find_margins(grid.rows, tail, grid.header, known)
    grid = replace(grid, rows=without_remains(grid.rows, margins.examples.remains))
    left_out = set(margins.rows)
    if not left_out and not margins.lone:
        return replace(grid, margins=margins)
    misshapen = {**dict.fromkeys(margins.lone, 1), **grid.misshapen}
    return replace(
        grid,
        rows=grid.rows.filter(~pl.col(ROW_NUMBER).is_in(sorted(left_out))),
        row_count=grid.row_count - len(left_out),
        misshapen={
            row: cells for row, cells in misshapen.items() if row not in left_out
        },
        margins=margins,
    )


def to_table(grid: Grid, origin: Origin) -> TextTable:
    """Settle the columns: those with a header, and those with data but no header."""
    positions = _used_positions(grid)
    columns = tuple(column_name(position) for position in positions)
    where = describe_place(origin.file_name, origin.sheet)
    return TextTable(
        sheet=origin.sheet,
        header_row=grid.header.row,
        headers=tuple(grid.header.cells[position] for position in positions),
        columns=columns,
        rows=grid.rows.select(ROW_NUMBER, *columns),
        row_count=grid.row_count,
        misshapen=grid.misshapen,
        read_as=(*origin.read_as, *sentences_about(grid.header, grid.margins)),
        file_name=origin.file_name,
        hidden=origin.hidden,
        findings=(
            *origin.findings,
            *findings_about(grid.header, grid.margins, where, origin.sheet),
        ),
        scratch=grid.scratch,
        percents=origin.percents,
    )


def _used_positions(grid: Grid) -> list[int]:
    header = grid.header.cells
    unnamed = [column_name(i) for i, text in enumerate(header) if not text]
    filled: set[str] = set()
    if unnamed:
        has_data = pl.col(unnamed).is_not_null().any()
        found = grid.rows.select(has_data).collect(engine="streaming")
        filled = {name for name in unnamed if found[name].item()}
    return [
        position
        for position, text in enumerate(header)
        if text or column_name(position) in filled
    ]


def not_blank(records: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Record]:
    """Strip the cells of records and leave out the blank ones."""
    for number, cells in records:
        cleaned = [clean_cell(cell) for cell in cells]
        if any(cleaned):
            yield number, cleaned


class _Gathering:
    """Takes records block by block, and keeps a large table on disk."""

    def __init__(self, header: Header, *, is_sheet: bool) -> None:
        """Prepare for the records below a header."""
        self._header = header
        self._is_sheet = is_sheet
        self._width = len(header.cells)
        # A spreadsheet writes commas for columns that only look used, in the header
        # or in some rows: what is blank at the end of either says nothing.
        self._least = _filled(header.cells)
        names = [column_name(position) for position in range(self._width)]
        self._schema = {ROW_NUMBER: pl.Int64(), **dict.fromkeys(names, pl.String())}
        self._misshapen: dict[int, int] = {}
        self._row_count = 0
        self._uneven = 0
        self._kept: list[pl.DataFrame] = []
        self._kept_bytes = 0
        self._scratch: Scratch | None = None
        self._files: list[Path] = []
        #: The last rows.
        self.tail = pl.DataFrame(schema=self._schema)

    def take(self, records: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Take all records."""
        block: list[list[int | str]] = []
        for number, cells in records:
            if len(cells) != self._width and not self._note(number, cells):
                continue
            block.append([number, *self._fit(cells)])
            if len(block) == _BLOCK_ROWS:
                self._keep(block)
                block = []
                if self._is_hopeless():
                    break
        if block:
            self._keep(block)

    def grid(self) -> Grid:
        """Return what was taken."""
        if self._files:
            self._write()
            rows = pl.scan_parquet(self._files)
        else:
            none = pl.DataFrame(schema=self._schema)
            rows = pl.concat([none, *self._kept], rechunk=False).lazy()
        return Grid(
            self._header,
            rows,
            self._row_count,
            self._misshapen,
            self._uneven,
            scratch=self._scratch,
        )

    def _is_hopeless(self) -> bool:
        """Tell whether so many rows are misshapen that the rest would say no more."""
        count = len(self._misshapen)
        return count > _MANY_MISSHAPEN and _are_most(count, self._row_count)

    def _note(self, number: int, cells: Sequence[str]) -> bool:
        """Note a record that is not as wide as the table; tell whether it is a row."""
        filled = _filled([clean_cell(cell) for cell in cells])
        if filled and not self._is_sheet:
            if filled > self._width:
                self._misshapen[number] = filled
            elif len(cells) < self._least:
                self._misshapen[number] = len(cells)
            if len(cells) > self._width or number in self._misshapen:
                self._uneven += 1
        return filled > 0

    def _fit(self, cells: Sequence[str]) -> Sequence[str]:
        if len(cells) == self._width:
            return cells
        return [*cells[: self._width], *[""] * (self._width - len(cells))]

    def _keep(self, block: list[list[int | str]]) -> None:
        columns = zip(*block, strict=True)
        frame = pl.DataFrame(
            [
                pl.Series(name, values, dtype=self._schema[name])
                for name, values in zip(self._schema, columns, strict=True)
            ]
        ).with_columns(clean_cells(pl.col(pl.String)))
        has_data = pl.any_horizontal(pl.col(pl.String).is_not_null())
        # The only cells of a row may stand too far right to be kept.
        rows = [row for row, *_ in block if row in self._misshapen]
        frame = frame.filter(has_data | pl.col(ROW_NUMBER).is_in(rows))
        self._row_count += frame.height
        self.tail = pl.concat([self.tail, frame.tail(TAIL_ROWS)]).tail(TAIL_ROWS)
        self._kept.append(frame)
        self._kept_bytes += int(frame.estimated_size())
        if self._kept_bytes > _MEMORY_BYTES:
            self._write()

    def _write(self) -> None:
        """Move what is kept to disk."""
        if not self._kept:
            return
        self._scratch = self._scratch or Scratch()
        path = self._scratch.folder / f"rows-{len(self._files)}.parquet"
        pl.concat(self._kept, rechunk=False).write_parquet(path, compression="lz4")
        self._files.append(path)
        self._kept, self._kept_bytes = [], 0


def _are_most(count: int, rows: int) -> bool:
    return count >= _FEW_ROWS and count >= _MOST * rows


def _filled(cells: Sequence[str | None]) -> int:
    """Count the cells up to the last one that is not blank."""
    return max((i for i, cell in enumerate(cells, 1) if cell), default=0)
