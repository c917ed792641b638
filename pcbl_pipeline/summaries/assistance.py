"""PUB2, the technical-assistance summary: wanted, given, how quickly, at what cost.

Measures per topic and overall. Which event answered which request is decided in
`answers`, which topics an edition shows in `topics`; pages are made elsewhere.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.answers import answered_requests
from pcbl_pipeline.summaries.measures import from_units, in_units, nearest_rank, ratio
from pcbl_pipeline.summaries.ratings import (
    RATINGS,
    left_out,
    left_out_beside_the_public,
)
from pcbl_pipeline.summaries.topics import ALL, OTHER, shown_topics

#: A request should be met within this many calendar days.
DUE_DAYS = 60
#: The public sees costs in totals only.
COST_COLUMNS = ("cost_usd", "cost_per_site_hour", "cost_coverage")
#: 0 where a topic has no request, or no event.
COUNTS = (
    "requested",
    "met",
    "met_60_count",
    "met_60_due",
    "open",
    "urgency_sum",
    "fulfilled",
    "self_served",
    "events",
    "sites_served",
    "site_hours",
    "costed",
    "cost",
    "costed_site_hours",
    "rating_sum",
    "ratings",
)


@dataclass(frozen=True)
class AssistanceSummary:
    """The summary of one school year in one edition.

    Shape: `topics` has one row per topic: `ALL` first, then by code, `other_topics`
    last. `unmet` has the topics with open requests, by rank. `modes` has one row per
    way of giving help, by code. Shares are 0 to 1; decimals are rounded half up to
    four places; blank means not defined or, for the public's costs, not shown.
    """

    edition: Edition
    period: str
    as_of: date
    topics: pl.DataFrame
    unmet: pl.DataFrame
    modes: pl.DataFrame


def assistance_summary(  # noqa: PLR0913 - three datasets and the span they cover
    requests: pl.DataFrame,
    events: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    edition: Edition,
    period: str,
    first_day: date,
    last_day: date,
    as_of: date,
) -> AssistanceSummary:
    """Compute the summary of one school year as it is known on a day.

    Nothing dated after `as_of` is known yet. Requests count by the day of the
    request, events by their own day; a request of the period may be answered by an
    event after the period's end. Withdrawn requests do not count. `open` are all
    other requests without an answer, a declined one too: nothing met it.

    Shape: S7, S8 and S1 rows of any years; both days belong to the period.
    """
    until = min(last_day, as_of)
    answered = answered_requests(requests, events, as_of=as_of)
    asked = answered.filter(
        pl.col("requested_on").is_between(first_day, until),
        pl.col("status") != "withdrawn",
    ).join(_counting_sites(sites, period), on="site_id", how="left")
    given = _in_units(events.filter(pl.col("event_date").is_between(first_day, until)))
    shown = shown_topics(asked, given, edition)
    topics = _topics(_by_topic(asked, shown), _by_topic(given, shown), as_of)
    topics = _without_derivable_averages(topics, asked, given, edition)
    return AssistanceSummary(
        edition=edition,
        period=period,
        as_of=as_of,
        topics=_without_costs_of_topics(topics) if edition == "public" else topics,
        unmet=_unmet(topics),
        modes=_modes(given),
    )


def _counting_sites(sites: pl.DataFrame, period: str) -> pl.DataFrame:
    # Only sites with an accepted profile of the year count as sites that asked.
    of_year = sites.filter(pl.col("school_year") == period).select("site_id").unique()
    return of_year.with_columns(pl.col("site_id").alias("asking_site"))


def _in_units(events: pl.DataFrame) -> pl.DataFrame:
    sites_served = pl.col("sites_served").list.n_unique().fill_null(0).cast(pl.Int64)
    rated = (
        pl.col("usefulness_sum").is_not_null() & pl.col("usefulness_n").is_not_null()
    )
    return events.select(
        "topic",
        "mode",
        sites_served.alias("sites_served"),
        (in_units("hours") * sites_served).alias("site_hours"),
        in_units("cost_usd").alias("cost"),
        pl.when(rated).then("usefulness_sum").alias("rating_sum"),
        pl.when(rated).then("usefulness_n").alias("ratings"),
    )


def _by_topic(rows: pl.DataFrame, shown: dict[str, str | None]) -> pl.DataFrame:
    topic = pl.col("topic").replace_strict(
        list(shown), list(shown.values()), return_dtype=pl.String
    )
    totals = rows.with_columns(pl.lit(ALL).alias("topic"))
    return pl.concat([totals, rows.with_columns(topic).drop_nulls("topic")])


def _topics(asked: pl.DataFrame, given: pl.DataFrame, as_of: date) -> pl.DataFrame:
    every = pl.concat(
        [pl.DataFrame({"topic": [ALL]}), asked.select("topic"), given.select("topic")]
    ).unique()
    wanted = asked.group_by("topic").agg(*_wanted(as_of))
    provided = given.group_by("topic").agg(*_provided())
    return (
        every.join(wanted, on="topic", how="left")
        .join(provided, on="topic", how="left")
        .with_columns(pl.col(COUNTS).fill_null(0).cast(pl.Int64))
        .sort(pl.col("topic") != ALL, pl.col("topic") == OTHER, "topic")
        .select("topic", *_measures())
    )


def _wanted(as_of: date) -> tuple[pl.Expr, ...]:
    age = (pl.lit(as_of) - pl.col("requested_on")).dt.total_days()
    days = pl.col("days")
    is_open, is_due = days.is_null(), age >= DUE_DAYS
    is_fulfilled = pl.col("status") == "fulfilled"
    return (
        pl.len().alias("requested"),
        days.is_not_null().sum().alias("met"),
        nearest_rank(days, 50).alias("median_days"),
        nearest_rank(days, 90).alias("p90_days"),
        # A share of the due ones: a young request that was met does not count yet,
        # or a quick start would lift the share above all that were ever due.
        (is_due & (days <= DUE_DAYS)).sum().alias("met_60_count"),
        is_due.sum().alias("met_60_due"),
        is_open.sum().alias("open"),
        nearest_rank(age.filter(is_open), 50).alias("median_age_days"),
        pl.col("urgency").filter(is_open).sum().alias("urgency_sum"),
        is_fulfilled.sum().alias("fulfilled"),
        (is_fulfilled & pl.col("is_self_served")).sum().alias("self_served"),
    )


def _provided() -> tuple[pl.Expr, ...]:
    has_cost = pl.col("cost").is_not_null()
    return (
        pl.len().alias("events"),
        pl.col("sites_served").sum(),
        pl.col("site_hours").sum(),
        has_cost.sum().alias("costed"),
        pl.col("cost").sum(),
        pl.col("site_hours").filter(has_cost).sum().alias("costed_site_hours"),
        pl.col("rating_sum").sum(),
        pl.col("ratings").sum(),
    )


def _measures() -> tuple[pl.Expr, ...]:
    cost, costed, ratings = pl.col("cost"), pl.col("costed"), pl.col("ratings")
    usefulness = ratio(pl.col("rating_sum"), ratings)
    return (
        *(pl.col(name) for name in ("requested", "met", "median_days", "p90_days")),
        pl.col("met_60_count"),
        pl.col("met_60_due"),
        ratio(pl.col("met_60_count"), pl.col("met_60_due")).alias("met_60_share"),
        *(pl.col(name) for name in ("open", "median_age_days", "urgency_sum")),
        pl.col("events"),
        ratio(pl.col("sites_served"), pl.col("events")).alias("reach"),
        from_units(pl.col("site_hours")).alias("site_hours"),
        # No known cost is not a cost of nothing.
        pl.when(costed > 0).then(from_units(cost)).alias("cost_usd"),
        ratio(cost, pl.col("costed_site_hours")).alias("cost_per_site_hour"),
        ratio(costed, pl.col("events")).alias("cost_coverage"),
        pl.col("fulfilled"),
        ratio(pl.col("self_served"), pl.col("fulfilled")).alias("self_served_share"),
        pl.when(ratings >= RATINGS).then(usefulness).alias("usefulness"),
        ratings.alias("usefulness_n"),
    )


def _without_costs_of_topics(topics: pl.DataFrame) -> pl.DataFrame:
    is_total = pl.col("topic") == ALL
    return topics.with_columns(
        pl.when(is_total).then(name).alias(name) for name in COST_COLUMNS
    )


def _without_derivable_averages(
    topics: pl.DataFrame, asked: pl.DataFrame, given: pl.DataFrame, edition: Edition
) -> pl.DataFrame:
    rows = topics.filter(pl.col("topic") != ALL).select("topic", "usefulness_n")
    ratings = dict(rows.iter_rows())
    if edition == "public":
        hidden = left_out(ratings)
    else:
        public = shown_topics(asked, given, "public")
        hidden = left_out_beside_the_public(ratings, public)
    is_shown = ~pl.col("topic").is_in(sorted(hidden))
    return topics.with_columns(pl.when(is_shown).then("usefulness"))


def _unmet(topics: pl.DataFrame) -> pl.DataFrame:
    return (
        topics.filter(pl.col("topic") != ALL, pl.col("open") > 0)
        .sort("open", "urgency_sum", "topic", descending=[True, True, False])
        .select(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rank"),
            "topic",
            "open",
            "urgency_sum",
        )
    )


def _modes(given: pl.DataFrame) -> pl.DataFrame:
    return (
        given.group_by("mode")
        .agg(
            pl.len().cast(pl.Int64).alias("events"),
            from_units(pl.col("site_hours").sum()).alias("site_hours"),
        )
        .sort("mode")
    )
