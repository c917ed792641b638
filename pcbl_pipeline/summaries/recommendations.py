"""What published lessons recommend to leaders (a part of PUB10), and who leads.

Recommendations are whole texts, each of one lesson. What does not belong here: which
lessons an edition shows (`sharing`), and how far groups of lessons can be relied on
(`standing`).
"""

from datetime import date

import polars as pl

from pcbl_pipeline.summaries.roadmap import BRANCHES, known_actions

#: Readers to whom recommendations are addressed.
LEADERS = ("state_agency", "district_leader")
_GROUP = ("element_code", "lesson_type")


def recommendations(
    lessons: pl.DataFrame, strengths: pl.DataFrame, leads: pl.DataFrame
) -> pl.DataFrame:
    """Gather what published lessons recommend to leaders, corroborated first.

    Among these, those with the most independent sites come first, then the newest,
    then by public id.

    Shape: `lessons` as PUB1 publishes them, `strengths` as `standing` has them,
    `leads` as `lead_actors` returns them. One row per audience and lesson, in order
    within audience and policy area: audience, policy_area, lead_actors (the most
    frequent first), rank, public_id, recommendation, element_code, lesson_type,
    corroborated, independent_sites, strength.
    """
    told = (
        lessons.filter(
            pl.col("recommendation").is_not_null(), pl.col("policy_area").is_not_null()
        )
        .explode("audience")
        .filter(pl.col("audience").is_in(LEADERS))
        .join(
            strengths.select(*_GROUP, "strength", "independent_sites"),
            on=_GROUP,
            how="left",
        )
    )
    of_area = leads.group_by("policy_area", maintain_order=True).agg(
        pl.col("lead_actor").alias("lead_actors")
    )
    place = ("audience", "policy_area")
    return (
        told.join(of_area, on="policy_area", how="left")
        .sort(
            *place,
            "corroborated",
            "independent_sites",
            "lesson_date",
            "public_id",
            descending=[False, False, True, True, True, False],
            nulls_last=True,
        )
        .with_columns(
            pl.col("lead_actors").fill_null(pl.lit([], pl.List(pl.String))),
            rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(place),
        )
        .select(
            *place,
            "lead_actors",
            "rank",
            "public_id",
            "recommendation",
            *_GROUP,
            "corroborated",
            "independent_sites",
            "strength",
        )
    )


def lead_actors(actions: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Count who led the states' actions in each policy area, as known on a day.

    Shape: `actions` are S10 rows. One row per policy area and lead actor, by area, the
    most frequent actor first, then by code: policy_area, lead_actor, branch, states,
    actions.
    """
    return (
        known_actions(actions, as_of)
        .drop_nulls(["policy_area", "lead_actor"])
        .group_by("policy_area", "lead_actor")
        .agg(
            pl.col("state_fips").n_unique().cast(pl.Int64).alias("states"),
            pl.len().cast(pl.Int64).alias("actions"),
        )
        .sort("policy_area", "actions", "lead_actor", descending=[False, True, False])
        .select(
            "policy_area",
            "lead_actor",
            pl.col("lead_actor")
            .replace_strict(BRANCHES, default="other", return_dtype=pl.String)
            .alias("branch"),
            "states",
            "actions",
        )
    )
