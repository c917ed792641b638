"""Reporting windows of ratings: which have begun by a day, and when each ends."""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar


def begun_windows(
    ratings: pl.DataFrame, calendar: Calendar, as_of: date
) -> pl.DataFrame:
    """Return the windows in some ratings that have begun, each with its last day.

    Shape: one row per window: school_year, window, window_end.
    """
    pairs = ratings.select("school_year", "window").unique().rows()
    begun = [
        (year, window, calendar.window_end(year, window))
        for year, window in pairs
        if calendar.window_start(year, window) <= as_of
    ]
    schema = {"school_year": pl.String, "window": pl.String, "window_end": pl.Date}
    return pl.DataFrame(begun, schema=schema, orient="row")
