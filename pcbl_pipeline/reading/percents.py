"""Percents: which cells of a sheet show a share, though they are read as plain numbers.

A cell that shows 45% is read as 45. In a column of percents that is what is meant; in
one of counts it is not, and only the cell's format tells the two apart. What does not
belong here: which columns are counts (`recognise` asks the contract).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.reading.tables import ROW_NUMBER, PercentRows, column_name

_SIGN = "%"


@dataclass
class PercentCells:
    """The cells of a sheet with a percent sign, noted while its rows are read in order."""

    count: int = 0
    #: Position of a column → first and last row of each run of such cells.
    _runs: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def note(self, row: int, position: int, *, rows: int = 1, columns: int = 1) -> None:
        """Note a cell, or a block of cells alike."""
        self.count += rows * columns
        for place in range(position, position + columns):
            runs = self._runs.setdefault(place, [])
            first, last = row, row + rows - 1
            if runs and runs[-1][1] == row - 1:
                first = runs.pop()[0]
            runs.append((first, last))

    @property
    def by_column(self) -> PercentRows:
        """The runs of rows by the name of their column in the table."""
        return {column_name(at): tuple(runs) for at, runs in self._runs.items()}


def with_signs(
    rows: pl.LazyFrame, percents: PercentRows, columns: Mapping[str, str]
) -> pl.LazyFrame:
    """Write the sign back into cells that showed one.

    `columns` are fields whose sign matters, with the table's column that each came from.
    Shape: `rows` has `row_number` and the fields; the result is alike.
    """
    signed = [
        pl.when(_is_in(percents[column]))
        .then(pl.concat_str(pl.col(name), pl.lit(_SIGN)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, column in columns.items()
        if column in percents
    ]
    return rows.with_columns(signed) if signed else rows


def _is_in(runs: tuple[tuple[int, int], ...]) -> pl.Expr:
    numbers = [pl.int_range(first, last + 1, eager=True) for first, last in runs]
    return pl.col(ROW_NUMBER).cast(pl.Int64).is_in(pl.concat(numbers).implode())
