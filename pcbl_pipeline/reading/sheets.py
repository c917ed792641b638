"""Sheets: what the sheets of a workbook become, whichever program wrote it.

What does not belong here: opening a workbook of any kind.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.contracts.template_guide import GUIDE_SHEETS
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.grid import Grid, Origin, gather, to_table
from pcbl_pipeline.reading.header import HeaderWords
from pcbl_pipeline.reading.percents import PercentCells
from pcbl_pipeline.reading.refusal import (
    LONGEST_CELL,
    MAX_CHARACTERS,
    check_extent,
    refused,
    too_large,
)
from pcbl_pipeline.reading.tables import (
    ReadResult,
    column_letters,
    column_name,
    describe_place,
)

_ADDRESSES_SAID = 3

Records = Iterable[tuple[int, Sequence[str]]]


@dataclass(frozen=True, order=True)
class Area:
    """Merged cells: first and last row (from 1) and column (from 0)."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """As a spreadsheet writes it, such as `B3:B7`."""
        first = f"{column_letters(self.first_column)}{self.first_row}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row}"


@dataclass
class Sheet:
    """One sheet: its records, and what is noted while they are read."""

    name: str
    hidden: bool
    #: Columns from A to the last one with anything in it.
    width: int
    #: Row number and cells from column A on. Used up once.
    records: Records = ()
    merged: Sequence[Area] = ()
    #: Cells that were read as they are shown.
    percents: PercentCells = field(default_factory=PercentCells)
    padded: int = 0
    #: Formulas whose result was never saved, and the first one's row and column.
    unsaved: int = 0
    first_unsaved: tuple[int, int] = (0, 0)
    #: Set once the records were gathered.
    grid: Grid | None = None

    def gather(self, known: HeaderWords) -> None:
        """Use the records up; `known` are the words by which a header is found.

        Raises:
            Unreadable: If they are too many or too large.
        """
        check_extent(1, self.width, f"its sheet `{self.name}`")
        if self.width:
            self.grid = gather(self._bounded(), sheet_width=self.width, known=known)
            self.records = ()

    @property
    def has_rows(self) -> bool:
        """Whether there is anything beside its header."""
        return self.grid is not None and self.grid.has_rows

    def _bounded(self) -> Iterator[tuple[int, Sequence[str]]]:
        characters = 0
        for number, cells in self.records:
            lengths = list(map(len, cells))
            characters += sum(lengths)
            if characters > MAX_CHARACTERS or max(lengths, default=0) > LONGEST_CELL:
                raise too_large(f"there is too much text in its sheet `{self.name}`")
            yield number, cells


def is_data_sheet(name: str, all_names: Sequence[str]) -> bool:
    """Tell whether a sheet is to be read: those that only guide in a template are not."""
    guides = set(GUIDE_SHEETS)
    return not (guides <= set(all_names) and name in guides)


def to_result(
    sheets: Sequence[Sheet], file_name: str, read_as: Sequence[str]
) -> ReadResult:
    """Make tables of the sheets with data, and findings for the others."""
    filled = [sheet for sheet in sheets if sheet.has_rows]
    if not filled:
        headed = [sheet for sheet in sheets if sheet.grid is not None]
        findings = tuple(_finding("F102", file_name, sheet) for sheet in headed)
        return ReadResult((), findings) if headed else refused("F101", file_name)
    tables = tuple(
        to_table(sheet.grid, _origin(sheet, file_name, read_as))
        for sheet in filled
        if sheet.grid is not None and not sheet.unsaved
    )
    # Next to data, a sheet with nothing but a header is an unused one of the
    # template, not a mistake; a hidden one its sender cannot even see.
    empty = [
        _finding("F111", file_name, sheet)
        for sheet in sheets
        if not sheet.has_rows and not sheet.hidden
    ]
    found = [item for sheet in filled for item in _check_cells(sheet, file_name)]
    return ReadResult(tables, (*empty, *found))


def _origin(sheet: Sheet, file_name: str, read_as: Sequence[str]) -> Origin:
    said = list(read_as)
    if sheet.hidden:
        said.append("The sheet is hidden.")
    if count := sheet.percents.count:
        said.append(f"Percent cells: {count:,}, read as shown (45% as 45).")
    if sheet.padded:
        said.append(f"Numbers with zeros in front: {sheet.padded:,}, read as shown.")
    return Origin(
        file_name,
        tuple(said),
        sheet.name,
        sheet.hidden,
        percents=sheet.percents.by_column,
    )


def _check_cells(sheet: Sheet, file_name: str) -> Iterator[FileFinding]:
    if sheet.unsaved:
        row, column = sheet.first_unsaved
        yield _finding(
            "F130",
            file_name,
            sheet,
            place=Place(
                sheet=sheet.name, row=row, cell=f"{column_letters(column)}{row}"
            ),
            times=f"{sheet.unsaved:,}",
        )
        return
    merged = sorted(_merged_over_data(sheet))
    if merged:
        yield _finding(
            "F131",
            file_name,
            sheet,
            place=Place(sheet=sheet.name, row=merged[0].first_row),
            times=f"{len(merged):,}",
            cells=", ".join(area.address for area in merged[:_ADDRESSES_SAID]),
        )


def _merged_over_data(sheet: Sheet) -> Iterator[Area]:
    """Yield the merged cells that hide something: cells of rows, or headers of data."""
    if sheet.grid is None:
        return
    header_row = sheet.grid.header.row
    used = _columns_with_data(sheet.grid)
    for area in sheet.merged:
        filled = [i for i in used if area.first_column <= i <= area.last_column]
        below = area.first_row > header_row and filled
        beside = [i for i in filled if i != area.first_column]
        if below or (area.last_row >= header_row and beside):
            yield area


def _columns_with_data(grid: Grid) -> list[int]:
    names = [column_name(position) for position in range(len(grid.header.cells))]
    has_data = pl.col(names).is_not_null().any()
    found = grid.rows.select(has_data).collect(engine="streaming")
    return [i for i, name in enumerate(names) if found[name].item()]


def _finding(
    code: str, file_name: str, sheet: Sheet, place: Place | None = None, **more: str
) -> FileFinding:
    details = {
        "file": file_name,
        "sheet": sheet.name,
        "where": describe_place(file_name, sheet.name),
        **more,
    }
    return FileFinding(
        code=code, place=place or Place(sheet=sheet.name), details=details
    )
