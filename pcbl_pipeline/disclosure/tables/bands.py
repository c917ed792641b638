"""Numbers as they are published: bands of group sizes and of percents.

Rules 2 and 3 of the rule set for tables. Exact: integers only, rounded half up.
"""

import polars as pl

from pcbl_pipeline.model.bands import SIZE_BANDS


def size_band(people: pl.Expr) -> pl.Expr:
    """Return the band of group sizes; blank below the smallest."""
    band = pl.lit(None, dtype=pl.String)
    for size in SIZE_BANDS:
        band = pl.when(people >= size.least).then(pl.lit(size.label)).otherwise(band)
    return band


def whole_percent(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Return a share in whole percents, rounded half up; blank without anybody."""
    of = pl.when(denominator > 0).then(denominator.cast(pl.Int64))
    return (200 * numerator.cast(pl.Int64) + of) // (2 * of)


def percent_band(numerator: pl.Expr, denominator: pl.Expr, people: pl.Expr) -> pl.Expr:
    """Return the band of a percent, as wide as the number of people asks for.

    Units: `people` may be fewer than the denominator, where that counts days.
    """
    percent = whole_percent(numerator, denominator)
    band = pl.lit(None, dtype=pl.String)
    for size in SIZE_BANDS:
        labels = dict(enumerate(size.percent_labels))
        label = percent.replace_strict(labels, default=None, return_dtype=pl.String)
        band = pl.when(people >= size.least).then(label).otherwise(band)
    return band
