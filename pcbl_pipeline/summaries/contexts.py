"""In what context a named site wrote a lesson: the grades it serves, and its size.

Grades and size together would tell an unnamed site, so they are told of named ones
alone. Where a site lies is in `unnamed`.
"""

import polars as pl

from pcbl_pipeline.summaries.competency import GRADES
from pcbl_pipeline.summaries.profiles import profile_of_the_year

#: Students from which on each band of size begins.
SIZES = {0: "under_1000", 1_000: "from_1000", 2_500: "from_2500", 10_000: "from_10000"}


def with_contexts(lessons: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Add the grade bands and the size of each lesson's site in the lesson's year.

    Shape: `lessons` has `site_name`, blank where the site is not named. Adds
    `grade_bands` (codes, youngest first) and `size_band`; blank where the site is not
    named or did not say.
    """
    profile = ("grades_served", "students_total")
    bands = pl.concat_list(
        pl.when(
            pl.col("grades_served").list.set_intersection(list(grades)).list.len() > 0
        ).then(pl.lit(band))
        for band, grades in GRADES.items()
    ).list.drop_nulls()
    is_named = pl.col("site_name").is_not_null()
    return (
        profile_of_the_year(lessons, sites, profile)
        .with_columns(
            pl.when(is_named & (bands.list.len() > 0)).then(bands).alias("grade_bands"),
            pl.when(is_named).then(_size()).alias("size_band"),
        )
        .drop(profile)
    )


def _size() -> pl.Expr:
    size = pl.lit(None, pl.String)
    for least, name in SIZES.items():
        is_so_large = pl.col("students_total") >= least
        size = pl.when(is_so_large).then(pl.lit(name)).otherwise(size)
    return size
