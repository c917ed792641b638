"""All rules for tables together: from the cells with their numbers to what is said.

The numbers stay in the frame, for the audit; a table takes the published columns.
"""

from collections.abc import Mapping

import polars as pl

from pcbl_pipeline.disclosure.tables.bands import percent_band, size_band
from pcbl_pipeline.disclosure.tables.cells import CELLS, KEY, least_people
from pcbl_pipeline.disclosure.tables.differences import (
    Rate,
    difference_note,
    points_between,
)
from pcbl_pipeline.disclosure.tables.suppression import hidden_cells


def protect(
    cells: pl.DataFrame,
    by_state: Mapping[str, int],
    *,
    also_hide: pl.DataFrame | None = None,
    hidden_before: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Hide what must be hidden and write the rest in bands.

    Units: `by_state` is k by state FIPS code.
    Shape: columns of `CELLS` and any others, which stay. Adds `reason` and `step`
    (see `cells`), `n_band` and `percent_band` (blank where hidden). Rows by key.
    """
    minimum = least_people(cells, dict(by_state))
    decided = hidden_cells(
        cells.with_columns(minimum.alias("k")),
        also_hide=also_hide,
        hidden_before=hidden_before,
    )
    shown, people = pl.col("reason").is_null(), pl.col("people")
    percent = percent_band(pl.col("numerator"), pl.col("denominator"), people)
    return decided.with_columns(
        pl.when(shown).then(size_band(people)).alias("n_band"),
        pl.when(shown).then(percent).alias("percent_band"),
    )


def difference(
    shown: pl.Expr, rate: Rate, other: Rate, name: str
) -> tuple[pl.Expr, pl.Expr]:
    """Return `<name>` in points and `<name>_note`, both blank where not `shown`."""
    return (
        pl.when(shown).then(points_between(rate, other)).alias(name),
        pl.when(shown).then(difference_note(rate, other)).alias(f"{name}_note"),
    )


__all__ = ["CELLS", "KEY", "Rate", "difference", "protect"]
