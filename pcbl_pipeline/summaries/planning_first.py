"""Who needs help first: requests that nobody has answered, each with its reasons.

There is no score. A request has reasons, each a fact that is shown; the one with the
most comes first, of equal ones the more urgent, then the older.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.answers import answered_requests
from pcbl_pipeline.summaries.assistance import DUE_DAYS
from pcbl_pipeline.summaries.mirror import open_barriers
from pcbl_pipeline.summaries.planning_stages import (
    OF_ELEMENT,
    dated_stages,
    stages_now,
)

#: In the order in which they are told.
REASONS = ("is_late", "is_urgent", "is_old", "is_unhelped", "is_stuck", "is_blocked")
_NOW = 3


def first_to_help(  # noqa: PLR0913 - four datasets and when
    requests: pl.DataFrame,
    events: pl.DataFrame,
    ratings: pl.DataFrame,
    barriers: pl.DataFrame,
    profiles: pl.DataFrame,
    *,
    calendar: Calendar,
    as_of: date,
) -> pl.DataFrame:
    """Return the open requests without an answer, in the order in which to help.

    A request has these reasons, where they are true: it was needed by a day that is
    over; it is urgent (3, now); it waits for more than 60 days; no event on its topic
    has served the site so far; its element is no higher than in the window before;
    barriers on its element wait for a decision. One that is scheduled has its answer
    coming and does not count.

    Shape: S7, S8, S2 and S6 rows of any years; `profiles` has one row per site. One
    row per request: the columns of S7, rank, days_waiting, the reasons as booleans,
    stage, stage_before, open_barriers, reasons (how many).
    Units: `days_waiting` are calendar days; the day of the request is day 0.
    """
    stages = stages_now(dated_stages(ratings, calendar, as_of))
    return (
        _waiting(requests, events, as_of)
        .join(profiles.select("site_id"), on="site_id", how="semi")
        .join(_helped(events, as_of), on=("site_id", "topic"), how="left")
        .join(stages, on=OF_ELEMENT, how="left")
        .join(_barriers(barriers, as_of), on=OF_ELEMENT, how="left")
        .with_columns(
            (pl.lit(as_of) - pl.col("requested_on"))
            .dt.total_days()
            .alias("days_waiting"),
            pl.col("open_barriers").fill_null(0),
        )
        .with_columns(_reasons(as_of))
        .with_columns(pl.sum_horizontal(REASONS).cast(pl.Int64).alias("reasons"))
        .sort(
            *("reasons", "urgency", "requested_on", "site_id", "ta_request_id"),
            descending=[True, True, False, False, False],
        )
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rank"))
    )


def reasons_told(first: pl.DataFrame) -> pl.DataFrame:
    """Count the requests and the sites that each reason is true for.

    Shape: one row per reason: reason (`ALL` first: every open request), requests,
    sites.
    """
    counted = [
        first.filter(pl.col(name) if name in REASONS else pl.lit(value=True)).select(
            pl.lit(name).alias("reason"),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
        )
        for name in ("ALL", *REASONS)
    ]
    return pl.concat(counted)


def _waiting(requests: pl.DataFrame, events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    # Of all requests, because which one an event answers may hang on the others.
    answered = answered_requests(requests, events, as_of=as_of)
    return answered.filter(
        pl.col("status") == "open",
        pl.col("requested_on") <= as_of,
        pl.col("first_event").is_null(),
    )


def _helped(events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the sites that an event has served, by topic."""
    return (
        events.filter(pl.col("event_date") <= as_of)
        .select("topic", pl.col("sites_served").alias("site_id"))
        .explode("site_id")
        .drop_nulls("site_id")
        .unique()
        .with_columns(pl.lit(value=True).alias("has_helped"))
    )


def _barriers(barriers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return (
        open_barriers(barriers, as_of=as_of)
        .group_by(OF_ELEMENT)
        .agg(pl.len().cast(pl.Int64).alias("open_barriers"))
    )


def _reasons(as_of: date) -> list[pl.Expr]:
    told = {
        "is_late": pl.col("needed_by") < as_of,
        "is_urgent": pl.col("urgency") == _NOW,
        "is_old": pl.col("days_waiting") > DUE_DAYS,
        "is_unhelped": pl.col("has_helped").is_null(),
        "is_stuck": pl.col("is_stuck"),
        "is_blocked": pl.col("open_barriers") > 0,
    }
    return [told[name].fill_null(value=False).alias(name) for name in REASONS]
