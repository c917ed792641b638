"""The data-quality note of PUB10: what was expected, what came, and when.

From counts of the receipts alone; no value of any row. What a due day is comes in.
"""

import polars as pl

from pcbl_pipeline.summaries.measures import ratio


def quality_note(
    deliveries: pl.DataFrame, due: pl.DataFrame, sites: int
) -> pl.DataFrame:
    """Sum up each dataset of a school year: expected, received, on time, accepted.

    A delivery is what one site sent for one year, or for one window of it; sent again,
    it is still one, and it was on time when any of it came by the due day. It is
    complete when rows of it were accepted. Where nothing is owed (lessons, requests,
    barriers, events, actions) nothing is expected either.

    Shape: `deliveries` has one row per receipt, dataset, year and window: dataset,
    sender_id, window (blank: none), received_on, received, accepted, quarantined, has_accepted.
    `due` has dataset, window, due_on for what every site owes. One row per dataset:
    expected, delivered, on_time (blank: nothing is owed), received, accepted,
    quarantined (rows), completeness.
    Units: deliveries, rows; completeness is a share, 0 to 1.
    """
    owed = due.group_by("dataset").agg(
        (pl.len() * sites).cast(pl.Int64).alias("expected")
    )
    by_delivery = (
        deliveries.join(due, on=("dataset", "window"), how="left", nulls_equal=True)
        .group_by("dataset", "sender_id", "window")
        .agg(
            (pl.col("received_on") <= pl.col("due_on")).any().alias("on_time"),
            pl.col("due_on").is_not_null().any().alias("is_owed"),
            pl.col("has_accepted").any(),
            pl.col("received", "accepted", "quarantined").sum(),
        )
    )
    is_owed = pl.col("is_owed")
    counted = by_delivery.group_by("dataset").agg(
        pl.len().cast(pl.Int64).alias("delivered"),
        (is_owed & pl.col("on_time")).sum().cast(pl.Int64).alias("on_time"),
        (is_owed & pl.col("has_accepted")).sum().cast(pl.Int64).alias("complete"),
        pl.col("received", "accepted", "quarantined").sum().cast(pl.Int64),
    )
    counts = ("delivered", "received", "accepted", "quarantined", "on_time", "complete")
    return (
        counted.join(owed, on="dataset", how="full", coalesce=True)
        .with_columns(pl.col(counts).fill_null(0))
        .sort("dataset")
        .select(
            "dataset",
            "expected",
            "delivered",
            pl.when(pl.col("expected").is_not_null()).then("on_time").alias("on_time"),
            "received",
            "accepted",
            "quarantined",
            ratio(pl.col("complete"), pl.col("expected")).alias("completeness"),
        )
    )
