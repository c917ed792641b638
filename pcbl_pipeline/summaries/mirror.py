"""PUB7, the site mirror report: where a site stands against its own past.

Each function takes rows of all sites and returns rows of all sites, by `site_id`; a
site's own edition gets those that carry its id. What a site sent itself is exact. How
the network stands is not computed here: it comes from what is published
(`mirror_network`); lessons of others are matched in `mirror_lessons`.
"""

from collections.abc import Callable
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Window
from pcbl_pipeline.summaries.answers import answered_requests
from pcbl_pipeline.summaries.competency import MASTERY_CREDIT
from pcbl_pipeline.summaries.measures import SCALE
from pcbl_pipeline.summaries.outcomes import PILOT

#: A site's index says something from so many rated elements on, out of 17 (PUB3).
RATED_FOR_INDEX = 14
_HIGHEST_STAGE = 4
#: Requests that wait for help, and barriers that wait for a decision.
OPEN_REQUESTS = ("open", "scheduled")
OPEN_BARRIERS = ("open", "under_review")
#: From the school year and the code of a reporting window to its last day.
WindowEnd = Callable[[str, Window], date]


def own_stages(ratings: pl.DataFrame, window_end: WindowEnd) -> pl.DataFrame:
    """Return each site's stages in all windows, with dates: the steps it has taken.

    Shape: one row per site, window and element: site_id, school_year, window,
    window_end, element_code, stage, stage_since, is_priority_next (a boolean) and
    `change`, the stages moved since the window before in which the site rated the
    element; blank in the first. In the order of time, then of codes.
    """
    dated = ratings.with_columns(_window_ends(ratings, window_end))
    return (
        dated.drop_nulls("stage")
        .sort("site_id", "window_end", "element_code")
        .select(
            *("site_id", "school_year", "window", "window_end", "element_code"),
            *("stage", "stage_since"),
            (pl.col("is_priority_next") == "Y")
            .fill_null(value=False)
            .alias("is_priority_next"),
            pl.col("stage")
            .diff()
            .over("site_id", "element_code", order_by="window_end")
            .alias("change"),
        )
    )


def own_index(stages: pl.DataFrame) -> pl.DataFrame:
    """Return each site's index by window: 100 x mean stage / 4, half up to 1 decimal.

    Shape: `stages` as `own_stages` returns them. One row per site and window:
    site_id, school_year, window, window_end, rated, site_index; blank with fewer than
    14 rated elements. Themes are tags and no part of the index.
    Units: points, 0 to 100.
    """
    total, rated = pl.col("stage").sum(), pl.len().cast(pl.Int64)
    # In tenths of a point and in whole numbers, so that it is rounded once.
    tenths = (2 * 1000 * total + _HIGHEST_STAGE * rated) // (2 * _HIGHEST_STAGE * rated)
    return (
        stages.filter(~pl.col("element_code").str.starts_with("MT"))
        .group_by("site_id", "school_year", "window", "window_end")
        .agg(rated.alias("rated"), tenths.alias("tenths"))
        .sort("site_id", "window_end")
        .with_columns(
            pl.when(pl.col("rated") >= RATED_FOR_INDEX)
            .then((pl.col("tenths") / 10).round(1))
            .alias("site_index")
        )
        .drop("tenths")
    )


def open_requests(
    requests: pl.DataFrame, events: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Return the requests that still wait for help, the oldest first.

    Shape: one row per request: site_id, ta_request_id, topic, element_code, urgency,
    requested_on, needed_by, age_days, is_late (needed by a day that is over).
    Units: `age_days` are calendar days; the day of the request is day 0.
    """
    # Of all requests, because which one an event answers may hang on the others.
    return (
        answered_requests(requests, events, as_of=as_of)
        .filter(
            pl.col("requested_on") <= as_of,
            pl.col("status").is_in(OPEN_REQUESTS),
            pl.col("first_event").is_null(),
        )
        .with_columns(
            _age("requested_on", as_of),
            (pl.col("needed_by") < as_of).fill_null(value=False).alias("is_late"),
        )
        .sort("site_id", "requested_on", "ta_request_id")
        .select(
            *("site_id", "ta_request_id", "topic", "element_code", "urgency"),
            *("requested_on", "needed_by", "age_days", "is_late"),
        )
    )


def open_barriers(barriers: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Return the barriers that wait for a decision, the most severe first.

    Shape: one row per barrier in its highest revision: site_id, barrier_id,
    barrier_type, policy_level, policy_area, element_code, severity, request_type,
    status, opened_on, status_date, age_days.
    Units: `age_days` are calendar days since it was opened.
    """
    latest = barriers.sort("sender_id", "barrier_id", "revision").unique(
        ("sender_id", "barrier_id"), keep="last", maintain_order=True
    )
    return (
        latest.filter(
            pl.col("status").is_in(OPEN_BARRIERS), pl.col("opened_on") <= as_of
        )
        .with_columns(_age("opened_on", as_of))
        .sort(
            *("site_id", "severity", "opened_on", "barrier_id"),
            descending=[False, True, False, False],
        )
        .select(
            *("site_id", "barrier_id", "barrier_type", "policy_level"),
            *("policy_area", "element_code", "severity", "request_type"),
            *("status", "opened_on", "status_date", "age_days"),
        )
    )


def own_learning(awards: pl.DataFrame) -> pl.DataFrame:
    """Return what each site's educators learned, the newest year first.

    Shape: one row per site, year and award: site_id, school_year, award_id,
    award_title, award_type, element_code, hours, n_started, n_completed.
    """
    return awards.sort(
        *("site_id", "school_year", "award_title", "award_id"),
        descending=[False, True, False, False],
    ).select(
        *("site_id", "school_year", "award_id", "award_title", "award_type"),
        *("element_code", "hours", "n_started", "n_completed"),
    )


def own_outcomes(outcomes: pl.DataFrame, computed: pl.DataFrame) -> pl.DataFrame:
    """Return each site's own outcomes with their exact rates, the newest year first.

    What was computed from a site's records stands in place of what it sent of that
    measure and year, as in PUB5.

    Shape: S3 rows, and the result of `competency_outcomes`. One row per key of S3:
    site_id, school_year, metric_code, grade_band, pilot_scope, student_group,
    numerator, denominator, percent, is_baseline, from_records.
    Units: `percent` is rounded half up to one decimal; blank without a denominator.
    Credits that were computed are rounded half up to whole ones, after the percent.
    """
    key = ("metric_code", "grade_band", "pilot_scope", "student_group")
    measured = ["site_id", "school_year", "metric_code"]
    is_baseline = (pl.col("is_baseline") == "Y").fill_null(value=False)
    sent = outcomes.with_columns(
        _percent("numerator", "denominator"), is_baseline, from_records=False
    ).join(computed, on=measured, how="anti")
    # Records do not say which year came before the pilot; the site's other rows do.
    years = outcomes.filter(is_baseline).select(measured[:2]).unique()
    counted = (
        computed.with_columns(
            _percent("numerator", "denominator"),
            *map(_whole_credits, ("numerator", "denominator")),
            pilot_scope=pl.lit(PILOT),
            from_records=True,
        )
        .join(years.with_columns(is_baseline=True), on=measured[:2], how="left")
        .with_columns(pl.col("is_baseline").fill_null(value=False))
    )
    columns = (
        *("site_id", "school_year", *key, "numerator", "denominator"),
        *("percent", "is_baseline", "from_records"),
    )
    return pl.concat([sent.select(columns), counted.select(columns)]).sort(
        "site_id", "school_year", *key, descending=[False, True, *[False] * 4]
    )


def _whole_credits(name: str) -> pl.Expr:
    units = pl.col(name)
    is_credits = pl.col("metric_code") == MASTERY_CREDIT
    whole = (2 * units + SCALE) // (2 * SCALE)
    return pl.when(is_credits).then(whole).otherwise(units).alias(name)


def own_experience(surveys: pl.DataFrame, window_end: WindowEnd) -> pl.DataFrame:
    """Return each site's own survey results with exact shares, the newest first.

    Shape: one row per key of S4: site_id, school_year, window, respondent,
    instrument, construct_code, student_group, n_invited, n_responded, n_favorable,
    percent (favorable of responded), response_percent (responded of invited).
    """
    key = ("respondent", "construct_code", "instrument", "student_group")
    return (
        surveys.with_columns(
            _window_ends(surveys, window_end),
            _percent("n_favorable", "n_responded"),
            _percent("n_responded", "n_invited", "response_percent"),
        )
        .sort("site_id", "window_end", *key, descending=[False, True, *[False] * 4])
        .select(
            *("site_id", "school_year", "window", *key),
            *("n_invited", "n_responded", "n_favorable"),
            *("percent", "response_percent"),
        )
    )


def _percent(numerator: str, denominator: str, name: str = "percent") -> pl.Expr:
    above = pl.col(numerator).cast(pl.Int64)
    below = pl.when(pl.col(denominator) > 0).then(pl.col(denominator).cast(pl.Int64))
    tenths = (2 * 1000 * above + below) // (2 * below)
    return (tenths / 10).round(1).alias(name)


def _age(opened: str, as_of: date) -> pl.Expr:
    return (pl.lit(as_of) - pl.col(opened)).dt.total_days().alias("age_days")


def _window_ends(rows: pl.DataFrame, window_end: WindowEnd) -> pl.Series:
    days = [
        window_end(year, window)
        for year, window in rows.select("school_year", "window").iter_rows()
    ]
    return pl.Series("window_end", days, dtype=pl.Date)
