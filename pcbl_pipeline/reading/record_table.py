"""Records: tables gathered from named values, as JSON and its relatives hold them.

A record brings its own names; the columns are all names in the order in which they
first came up. What does not belong here: parsing a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.refusal import LONGEST_CELL, check_extent, too_large
from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    TextTable,
    clean_cell,
    column_name,
    describe_place,
)

#: Cells that are held as Python texts at a time.
_BLOCK_CELLS = 200_000

Cells = Mapping[str, str]


@dataclass
class RecordTable:
    """One growing table; what it holds is packed away block by block."""

    #: Header → its position, in order of appearance.
    positions: dict[str, int] = field(default_factory=dict)
    row_count: int = 0
    #: Header whose values are lists of records or the like → first row, rows.
    nested: dict[str, tuple[int, int]] = field(default_factory=dict)
    _block: list[tuple[int, Cells]] = field(default_factory=list)
    _block_cells: int = 0
    _frames: list[pl.DataFrame] = field(default_factory=list)

    def add(self, row: int, cells: Mapping[str, str], nested: list[str]) -> None:
        """Add a record: its cells by header, and the headers that cannot be cells.

        Raises:
            Unreadable: If the table grows beyond what can be laid out.
        """
        for header in nested:
            first, times = self.nested.get(header, (row, 0))
            self.nested[header] = (first, times + 1)
        for header in cells:
            self.positions.setdefault(header, len(self.positions))
        kept = {header: text for header, text in _cleaned(row, cells).items() if text}
        if not kept:
            return
        self.row_count += 1
        check_extent(self.row_count, len(self.positions))
        self._block.append((row, kept))
        self._block_cells += len(kept) + 1
        if self._block_cells >= _BLOCK_CELLS:
            self._pack()

    def to_table(
        self, file_name: str, sheet: str | None, read_as: tuple[str, ...]
    ) -> TextTable:
        """Return what was gathered as a table without addresses of cells."""
        self._pack()
        columns = tuple(column_name(i) for i in range(len(self.positions)))
        schema = {ROW_NUMBER: pl.Int64(), **dict.fromkeys(columns, pl.String())}
        frames = [pl.DataFrame(schema=schema), *self._frames]
        rows = pl.concat(frames, how="diagonal", rechunk=False)
        return TextTable(
            sheet=sheet,
            header_row=None,
            headers=tuple(clean_cell(header) or "" for header in self.positions),
            columns=columns,
            rows=rows.lazy(),
            row_count=self.row_count,
            misshapen={},
            read_as=read_as,
            file_name=file_name,
        )

    def nested_findings(
        self, file_name: str, sheet: str | None
    ) -> tuple[FileFinding, ...]:
        """Name the columns whose values could not become cells."""
        return tuple(
            nested_finding(file_name, sheet, header, first=first, times=times)
            for header, (first, times) in self.nested.items()
        )

    def _pack(self) -> None:
        if not self._block:
            return
        used = sorted({self.positions[h] for _, cells in self._block for h in cells})
        headers = list(self.positions)
        series = [pl.Series(ROW_NUMBER, [row for row, _ in self._block], pl.Int64())]
        for position in used:
            texts = [cells.get(headers[position]) for _, cells in self._block]
            series.append(pl.Series(column_name(position), texts, pl.String()))
        self._frames.append(pl.DataFrame(series))
        self._block, self._block_cells = [], 0


def nested_finding(
    file_name: str,
    sheet: str | None,
    header: str,
    *,
    times: int,
    first: int | None = None,
) -> FileFinding:
    """Name a column whose values could not become cells, and how many there are."""
    return FileFinding(
        code="F135",
        place=Place(sheet=sheet, row=first, column=header),
        details={
            "column": header,
            "times": f"{times:,}",
            "where": describe_place(file_name, sheet),
        },
    )


def _cleaned(row: int, cells: Cells) -> dict[str, str | None]:
    for header, text in cells.items():
        if max(len(text), len(header)) > LONGEST_CELL:
            raise too_large(
                f"a value in record {row} has more than {LONGEST_CELL:,} characters"
            )
    return {header: clean_cell(text) for header, text in cells.items()}
