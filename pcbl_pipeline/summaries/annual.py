"""PUB10, the annual pilot report: who takes part, what educators earned, what to change.

What resulted is told by the other summaries; the report quotes them and makes no new
numbers. How complete the data are is in `quality`.
"""

import polars as pl

from pcbl_pipeline.summaries.measures import from_units, in_units, ratio

#: Fewer educators than this are never counted in public.
FEW_EDUCATORS = 5
ALL = "ALL"
#: Groupings of sites, each with the column of S1 that it goes by.
GROUPINGS = {"cohort": "cohort_label", "phase": "grant_phase"}
#: Readers to whom recommendations are addressed.
LEADERS = ("state_agency", "district_leader")
_COUNTS = (
    "schools_total",
    "schools_in_pilot",
    "students_total",
    "students_in_pilot",
    "educators_total",
    "educators_in_pilot",
)


def participation(sites: pl.DataFrame, period: str) -> pl.DataFrame:
    """Count who takes part in a school year: all, by cohort and by phase.

    A school that is a site of its own beside its district is a site, but its students
    and educators are counted with the district, or they would count twice.

    Shape: `sites` are S1 rows of any years. One row per grouping and value, `ALL`
    first: grouping, value, sites, the six counts of S1, students_share.
    Units: schools, students, educators; shares are 0 to 1, rounded to four places.
    """
    of_year = sites.filter(pl.col("school_year") == period)
    districts = of_year.filter(pl.col("site_id") == pl.col("leaid"))["leaid"]
    is_inside = (pl.col("site_id") != pl.col("leaid")) & pl.col("leaid").is_in(
        districts.implode()
    )
    counted = of_year.with_columns(
        pl.when(~is_inside).then(name).alias(name) for name in _COUNTS
    )
    parts = [_counted(counted, ALL, pl.lit(ALL))]
    parts += [
        _counted(counted, name, pl.col(column)) for name, column in GROUPINGS.items()
    ]
    return pl.concat(parts)


def _counted(sites: pl.DataFrame, grouping: str, value: pl.Expr) -> pl.DataFrame:
    students = (pl.col("students_in_pilot"), pl.col("students_total"))
    return (
        sites.group_by(value.alias("value"))
        .agg(
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            *(pl.col(name).sum().cast(pl.Int64) for name in _COUNTS),
        )
        .filter(pl.col("sites") > 0)
        .drop_nulls("value")
        .sort("value")
        .select(
            pl.lit(grouping).alias("grouping"),
            "value",
            "sites",
            *_COUNTS,
            ratio(*students).alias("students_share"),
        )
    )


def educator_awards(learning: pl.DataFrame, period: str) -> pl.DataFrame:
    """Count what educators completed in a school year, by element.

    Fewer than five educators are not counted, nor are their hours, which would tell
    how many they were. There is no total: it would give the hidden ones away.

    Shape: `learning` are S9 rows of any years. One row per element: element_code,
    awards, sites, completed and hours (blank: fewer than five), is_few.
    Units: awards, sites, educators, hours of learning summed over educators.
    """
    completed = pl.col("completed")
    is_few = completed < FEW_EDUCATORS
    return (
        learning.filter(pl.col("school_year") == period)
        .group_by("element_code")
        .agg(
            pl.len().cast(pl.Int64).alias("awards"),
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            pl.col("n_completed").sum().cast(pl.Int64).alias("completed"),
            from_units((in_units("hours") * pl.col("n_completed")).sum()).alias(
                "hours"
            ),
        )
        .drop_nulls("element_code")
        .sort("element_code")
        .select(
            "element_code",
            "awards",
            "sites",
            pl.when(~is_few).then(completed).alias("completed"),
            pl.when(~is_few).then("hours").alias("hours"),
            is_few.alias("is_few"),
        )
    )


def recommendations(
    lessons: pl.DataFrame, strengths: pl.DataFrame, actions: pl.DataFrame
) -> pl.DataFrame:
    """Gather what published lessons recommend to leaders, corroborated first.

    The texts are whole and each names its lesson. Lead actors are those that took the
    states' decisions in the same policy area, the most frequent first.

    Shape: `lessons` as PUB1 publishes them, `strengths` as `standing` has them,
    `actions` S10 rows. One row per audience and lesson, in order within audience and
    policy area: audience, policy_area, lead_actors, rank, public_id, recommendation,
    corroborated, strength.
    """
    told = (
        lessons.filter(
            pl.col("recommendation").is_not_null(), pl.col("policy_area").is_not_null()
        )
        .explode("audience")
        .filter(pl.col("audience").is_in(LEADERS))
        .join(
            strengths.select(
                "element_code", "lesson_type", "strength", "independent_sites"
            ),
            on=("element_code", "lesson_type"),
            how="left",
        )
    )
    place = ("audience", "policy_area")
    return (
        told.join(_lead_actors(actions), on="policy_area", how="left")
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
            "corroborated",
            "strength",
        )
    )


def _lead_actors(actions: pl.DataFrame) -> pl.DataFrame:
    return (
        actions.drop_nulls(["policy_area", "lead_actor"])
        .group_by("policy_area", "lead_actor")
        .len()
        .sort("policy_area", "len", "lead_actor", descending=[False, True, False])
        .group_by("policy_area", maintain_order=True)
        .agg(pl.col("lead_actor").alias("lead_actors"))
    )
