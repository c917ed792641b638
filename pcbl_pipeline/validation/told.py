"""Told: what other rows say of a row, as a table to be joined to it.

What does not belong here: what they say, and how that is found.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Told:
    """A derived column that cannot be computed from a row alone.

    Shape: `values` has the columns of `on`, each combination once, and the column.
    """

    values: pl.LazyFrame
    on: tuple[str, ...]

    def tell(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Add the column to some rows, or all of them; rows keep their order."""
        on = list(self.on)
        return rows.join(self.values, on=on, how="left", maintain_order="left")

    def settled(self) -> "Told":
        """Compute the table now, so that it can be joined to many blocks of rows."""
        return Told(self.values.collect(engine="streaming").lazy(), self.on)
