"""Ranking: which correction frees most rows, so that it can stand first.

A row waits for all its errors. A group of findings frees the rows whose errors are all
its own; together with the groups before it, those whose last error it is. What does
not belong here: what the groups are.
"""

from dataclasses import dataclass

import polars as pl

#: A number of a group, in no order that means anything.
GROUP = "group"


@dataclass(frozen=True)
class Gain:
    """What correcting one group would do. Units: rows."""

    touched: int = 0
    #: If only this group were corrected.
    freed: int = 0
    #: If this group and all ranked before it were corrected.
    freed_so_far: int = 0


def rank_groups(wrong: pl.DataFrame) -> dict[int, Gain]:
    """Rank groups by rows freed, then by rows touched, the greatest first.

    Shape: `wrong` has one row per error with its `row_number` and `group`; the result
    is in the order in which to correct them. Ties keep the order of the numbers.
    """
    pairs = wrong.select("row_number", GROUP).unique()
    alone = (
        pairs.group_by("row_number")
        .agg(pl.len().alias("groups"), pl.col(GROUP).first())
        .filter(pl.col("groups") == 1)
        .group_by(GROUP)
        .agg(pl.len().alias("freed"))
    )
    ranked = (
        pairs.group_by(GROUP)
        .agg(pl.len().alias("touched"))
        .join(alone, on=GROUP, how="left")
        .with_columns(pl.col("freed").fill_null(0))
        .sort("freed", "touched", GROUP, descending=[True, True, False])
        .with_row_index("rank")
    )
    # A row is free when the last of its groups in this order is corrected.
    last = (
        pairs.join(ranked.select(GROUP, "rank"), on=GROUP)
        .group_by("row_number")
        .agg(pl.col("rank").max())
        .group_by("rank")
        .agg(pl.len().alias("now"))
    )
    told = (
        ranked.join(last, on="rank", how="left")
        .sort("rank")
        .with_columns(pl.col("now").fill_null(0).cum_sum().alias("so_far"))
    )
    return {
        number: Gain(touched, freed, so_far)
        for number, touched, freed, so_far in told.select(
            GROUP, "touched", "freed", "so_far"
        ).iter_rows()
    }
