"""What a shared session saves, from the hours and the cost of past events.

An estimate of its own kind: hours x (sites - 1) x cost per site-hour, each part told
with what it rests on. Where too few events say something, it is blank with a reason.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.summaries.answers import SELF_SERVICE
from pcbl_pipeline.summaries.measures import (
    SCALE,
    from_units,
    in_units,
    nearest_rank,
    ratio,
)

#: Past events below which hours or a cost say too little.
ENOUGH = 3
TOPIC, NETWORK = "topic", "network"


def with_saving(
    sessions: pl.DataFrame, events: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Add to each session the usual hours, the past cost, and what it saves.

    Hours are the median of the past events on its topic; with fewer than three, that
    of all events. The cost per site-hour is that of PUB2: the sum of the costs by the
    sum of hours x sites served, over events with a cost only; again of the topic if
    three of its events have one, else of all. Resources that sites read by themselves
    are no sessions and do not count. One session in place of one for each site spares
    all but one.

    Shape: `sessions` has topic and sites. Added are hours, hours_basis, hours_events,
    cost_per_site_hour, cost_basis, cost_events, cost_coverage, saving_usd, no_saving.
    Units: US dollars, whole for the saving; coverage is a share, 0 to 1, of the events
    of the basis that have a cost.
    """
    past = _past(events, as_of)
    of_topic = past.group_by("topic").agg(*_evidence())
    of_all = past.select(*_evidence()).select(pl.all().name.prefix("all_"))
    found = sessions.join(of_topic, on="topic", how="left").join(of_all, how="cross")
    return (
        found.with_columns(
            pl.col("events", "costed").fill_null(0),
        )
        .with_columns(
            _basis("events", "hours_basis"),
            _basis("costed", "cost_basis"),
        )
        .with_columns(
            *(_of("hours_basis", name) for name in ("hours_units", "events")),
            *(_of("cost_basis", name) for name in ("rate", "costed", "coverage")),
        )
        .with_columns(_saving(), _no_saving())
        .select(
            *sessions.columns,
            from_units(pl.col("of_hours_units")).alias("hours"),
            "hours_basis",
            pl.col("of_events").alias("hours_events"),
            pl.col("of_rate").alias("cost_per_site_hour"),
            "cost_basis",
            pl.col("of_costed").alias("cost_events"),
            pl.col("of_coverage").alias("cost_coverage"),
            *("saving_usd", "no_saving"),
        )
    )


def _past(events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    served = pl.col("sites_served").list.n_unique().fill_null(0).cast(pl.Int64)
    return events.filter(
        pl.col("event_date") <= as_of, pl.col("mode") != SELF_SERVICE
    ).select(
        "topic",
        in_units("hours").alias("hours_units"),
        (in_units("hours") * served).alias("site_hours"),
        in_units("cost_usd").alias("cost"),
    )


def _evidence() -> tuple[pl.Expr, ...]:
    has_cost = pl.col("cost").is_not_null()
    costed, cost = has_cost.sum().cast(pl.Int64), pl.col("cost").sum()
    return (
        pl.len().cast(pl.Int64).alias("events"),
        nearest_rank(pl.col("hours_units"), 50).alias("hours_units"),
        costed.alias("costed"),
        ratio(cost, pl.col("site_hours").filter(has_cost).sum()).alias("rate"),
        ratio(costed, pl.len()).alias("coverage"),
    )


def _basis(events: str, name: str) -> pl.Expr:
    """Return whether the topic or the network has events enough; blank: neither."""
    return (
        pl.when(pl.col(events) >= ENOUGH)
        .then(pl.lit(TOPIC))
        .when(pl.col(f"all_{events}") >= ENOUGH)
        .then(pl.lit(NETWORK))
        .alias(name)
    )


def _of(basis: str, name: str) -> pl.Expr:
    """Return what the basis says."""
    return (
        pl.when(pl.col(basis) == TOPIC)
        .then(name)
        .when(pl.col(basis) == NETWORK)
        .then(f"all_{name}")
        .alias(f"of_{name}")
    )


def _saving() -> pl.Expr:
    # From the rounded cost that is shown, so that a reader can work it out again.
    rate = (pl.col("of_rate") * SCALE).round().cast(pl.Int64)
    spared = pl.col("of_hours_units") * (pl.col("sites") - 1) * rate
    whole = SCALE * SCALE
    return ((2 * spared + whole) // (2 * whole)).alias("saving_usd")


def _no_saving() -> pl.Expr:
    return (
        pl.when(pl.col("hours_basis").is_null())
        .then(pl.lit("few_events"))
        .when(pl.col("of_rate").is_null())
        .then(pl.lit("few_costs"))
        .alias("no_saving")
    )
