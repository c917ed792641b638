"""Which sites could host a request in PUB8, and what speaks for each.

A candidate offered to host, has the request's element in use, and is further along
than the site that asks. How candidates are shared out is in `exchange`.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.windows import begun_windows

#: From this stage on a site can show an element to others.
_IN_USE = 3


def candidate_hosts(
    asked: pl.DataFrame,
    ratings: pl.DataFrame,
    profiles: pl.DataFrame,
    lessons: pl.DataFrame,
    *,
    calendar: Calendar,
    as_of: date,
) -> pl.DataFrame:
    """Return every request with every site that could host it.

    The score is the difference of the stages, and one point each for a locale of the
    same kind, for a grade that both serve, and for a shared lesson on the element
    that worked. A site that has not rated the element stands at stage 0.

    Shape: `asked` are numbered S7 rows; `profiles` has one row per site.
    """
    stages = _stages(ratings, calendar, as_of)
    place = profiles.select("site_id", "locale_code", "grades_served")
    hosts = (
        profiles.filter((pl.col("willing_to_host") == "Y").fill_null(value=False))
        .join(stages.filter(pl.col("stage") >= _IN_USE), on="site_id")
        .join(_shared(lessons), on=("site_id", "element_code"), how="left")
        .select(
            "element_code",
            pl.col("site_id").alias("host_id"),
            pl.col("stage").alias("host_stage"),
            pl.col("locale_code").alias("host_locale"),
            pl.col("grades_served").alias("host_grades"),
            pl.col("has_lesson").fill_null(value=False),
        )
    )
    return (
        asked.select("request", "site_id", "element_code")
        .join(place, on="site_id")
        .join(stages, on=("site_id", "element_code"), how="left")
        .with_columns(pl.col("stage").fill_null(0))
        .join(hosts, on="element_code")
        .filter(
            pl.col("host_id") != pl.col("site_id"),
            pl.col("host_stage") > pl.col("stage"),
        )
        .with_columns(_same_locale(), _shared_grades())
        .with_columns(_score())
        .select(
            *("request", "element_code", "host_id", "stage", "host_stage"),
            *("same_locale", "shared_grades", "has_lesson", "score"),
        )
    )


def _stages(ratings: pl.DataFrame, calendar: Calendar, as_of: date) -> pl.DataFrame:
    """Return the stages of each site in its own newest window with any."""
    rated = ratings.drop_nulls("stage").join(
        begun_windows(ratings, calendar, as_of), on=("school_year", "window")
    )
    newest = pl.col("window_end") == pl.col("window_end").max().over("site_id")
    return rated.filter(newest).select("site_id", "element_code", "stage")


def _shared(lessons: pl.DataFrame) -> pl.DataFrame:
    latest = lessons.sort("lesson_id", "revision").unique("lesson_id", keep="last")
    return (
        latest.filter(
            pl.col("share_level").is_in(["public", "network"]),
            pl.col("reviewed_no_pii") == "Y",
            pl.col("lesson_type") == "worked",
        )
        .select("site_id", "element_code")
        .unique()
        .with_columns(pl.lit(value=True).alias("has_lesson"))
    )


def _same_locale() -> pl.Expr:
    own, host = (pl.col(name).str.head(1) for name in ("locale_code", "host_locale"))
    return (own == host).fill_null(value=False).alias("same_locale")


def _shared_grades() -> pl.Expr:
    both = pl.col("grades_served").list.set_intersection("host_grades")
    return (both.list.len() > 0).fill_null(value=False).alias("shared_grades")


def _score() -> pl.Expr:
    signs = ("same_locale", "shared_grades", "has_lesson")
    points = pl.sum_horizontal(pl.col(name).cast(pl.Int64) for name in signs)
    return (pl.col("host_stage") - pl.col("stage") + points).alias("score")
