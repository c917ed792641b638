"""Stages by site and element in the order of time, as the planning of help uses them.

Themes (MT) are tags that nobody rates, so they have no stage.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.profiles import CROWD, has_consented
from pcbl_pipeline.summaries.windows import begun_windows

OF_ELEMENT = ("site_id", "element_code")
#: Who has an element in full use cannot rise any more.
HIGHEST = 4


def dated_stages(
    ratings: pl.DataFrame, calendar: Calendar, as_of: date
) -> pl.DataFrame:
    """Return every stage that is known on a day, with its window's first and last day.

    Shape: one row per site, element and window: site_id, element_code, window_start,
    window_end, school_year, stage, since. `since` is the first day at the stage, or
    the window's last day where the site did not say.
    """
    windows = begun_windows(ratings, calendar, as_of)
    starts = [
        calendar.window_start(year, window)
        for year, window, _ in windows.select(
            "school_year", "window", "window_end"
        ).iter_rows()
    ]
    begun = windows.with_columns(pl.Series("window_start", starts, dtype=pl.Date))
    return (
        ratings.filter(
            pl.col("stage").is_not_null(), ~pl.col("element_code").str.starts_with("MT")
        )
        .join(begun, on=("school_year", "window"))
        .select(
            *OF_ELEMENT,
            *("window_start", "window_end", "school_year", "stage"),
            pl.coalesce("stage_since", "window_end").alias("since"),
        )
        .sort(*OF_ELEMENT, "window_end")
    )


def stages_now(stages: pl.DataFrame) -> pl.DataFrame:
    """Return each element's stage in its site's newest window, and the one before.

    Shape: one row per site and element: site_id, element_code, stage, stage_before
    (blank: rated once), is_stuck (rated twice, not risen, and could still rise).
    """
    before = pl.col("stage").shift().over(OF_ELEMENT, order_by="window_end")
    is_newest = pl.col("window_end") == pl.col("window_end").max().over("site_id")
    has_not_risen = pl.col("stage") <= pl.col("stage_before")
    return (
        stages.with_columns(before.alias("stage_before"))
        .filter(is_newest)
        .select(
            *OF_ELEMENT,
            "stage",
            "stage_before",
            (has_not_risen & (pl.col("stage") < HIGHEST))
            .fill_null(value=False)
            .alias("is_stuck"),
        )
    )


def exposing_elements(stages: pl.DataFrame, profiles: pl.DataFrame) -> list[str]:
    """Return the elements on which a stage beside a name may give another site away.

    PUB3 counts the sites at each stage. Where one or two of them want no name, taking
    the named ones off leaves theirs; so nobody's stage is told on such an element. The
    two newest windows count, because a stage is told with the one before.
    """
    silent = profiles.filter(~has_consented()).select("site_id")
    recent = stages["window_end"].unique().sort(descending=True).head(2)
    return (
        stages.filter(pl.col("window_end").is_in(recent.implode()))
        .join(silent, on="site_id", how="semi")
        .group_by("element_code", "window_end")
        .agg(pl.col("site_id").n_unique().alias("sites"))
        .filter(pl.col("sites") < CROWD)["element_code"]
        .unique()
        .sort()
        .to_list()
    )
