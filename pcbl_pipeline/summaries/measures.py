"""Arithmetic that the summaries share: exact sums, ratios, nearest ranks.

Adding floats depends on the order of the rows, so nothing is summed as a float:
decimals become whole ten-thousandths first, and ratios are rounded once, half up,
by integer division. The same rows give the same bytes in any order, on any machine.
"""

import polars as pl

#: Decimals are kept, added and published to four places.
SCALE = 10_000


def in_units(column: str) -> pl.Expr:
    """Return a decimal column as whole ten-thousandths, blank where it is blank."""
    return (pl.col(column) * SCALE).round().cast(pl.Int64)


def from_units(units: pl.Expr) -> pl.Expr:
    """Return ten-thousandths as the decimal that is written with four places."""
    # Polars divides by a constant by multiplying with its inverse, which may miss the
    # nearest float by a hair (0.6667000000000001); rounding takes it back.
    return (units.cast(pl.Float64) / float(SCALE)).round(4)


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Return a ratio of whole numbers, rounded half up to four places.

    Blank where the denominator is 0 or blank. Neither may be negative.
    """
    below = pl.when(denominator > 0).then(denominator.cast(pl.Int64))
    scaled = 2 * SCALE * numerator.cast(pl.Int64) + below
    return from_units(scaled // (2 * below))


def nearest_rank(values: pl.Expr, percent: int) -> pl.Expr:
    """Return the smallest value that at least `percent` % of the values do not exceed.

    Blank values do not count; blank where there is none. The median is the 50 %
    rank: with an even number of values, the lower one in the middle.
    Source: nearest-rank percentile, the value at rank ceil(percent / 100 * n).
    """
    given = values.drop_nulls()
    rank = (percent * given.len().cast(pl.Int64) + 99) // 100
    return given.sort().get(rank - 1, null_on_oob=True)
