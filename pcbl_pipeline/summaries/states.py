"""The network by state: how many sites take part, and how far the state has decided.

The figures of the map on the start page. What a state decided in detail is the
roadmap's matter.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

SHAPE = {
    "state_fips": pl.String(),
    "school_year": pl.String(),
    "sites": pl.Int64(),
    "decided": pl.Int64(),
    "state_phase": pl.String(),
}


def network_states(
    sites: pl.DataFrame,
    actions: pl.DataFrame,
    *,
    states: Sequence[str],
    school_year: str,
    as_of: date,
) -> pl.DataFrame:
    """Return one row per state of the network.

    Shape: by `state_fips`. `sites` are those with an accepted profile (S1) of the
    school year, or of the newest one before it where there is none yet. `decided` are
    decision points with an action (S10) decided with yes by the day, and not ended.
    `state_phase` is that of the newest action with one, ties by action id.
    """
    past = sites.filter(pl.col("school_year") <= school_year)
    year = past["school_year"].max() or school_year
    known = actions.filter(pl.col("decided_on") <= as_of)
    counted = (
        sites.filter(pl.col("school_year") == year)
        .group_by("state_fips")
        .agg(sites=pl.col("site_id").n_unique().cast(pl.Int64))
    )
    in_force = pl.col("ended_on").is_null() | (pl.col("ended_on") > as_of)
    decided = (
        known.filter((pl.col("decision") == "decided_yes") & in_force)
        .group_by("state_fips")
        .agg(decided=pl.col("decision_point").n_unique().cast(pl.Int64))
    )
    phases = (
        known.filter(pl.col("state_phase").is_not_null())
        .sort("decided_on", "action_id")
        .unique("state_fips", keep="last", maintain_order=True)
        .select("state_fips", "state_phase")
    )
    rows = pl.DataFrame(
        {"state_fips": sorted(states)}, schema={"state_fips": pl.String}
    )
    for part in (counted, decided, phases):
        rows = rows.join(part, on="state_fips", how="left", maintain_order="left")
    return rows.with_columns(
        pl.lit(year).alias("school_year"),
        pl.col("sites", "decided").fill_null(0),
    ).select(pl.col(name).cast(kind) for name, kind in SHAPE.items())
