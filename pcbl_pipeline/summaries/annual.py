"""PUB10, the annual pilot report: who takes part, and what educators earned.

What resulted is told by the other summaries; the report quotes them and makes no new
numbers. What should change is in `recommendations`, how complete the data are in
`quality`.
"""

import polars as pl

from pcbl_pipeline.summaries.measures import from_units, in_units, ratio

#: Fewer educators than this are never counted in public.
FEW_EDUCATORS = 5
ALL = "ALL"
#: Groupings of sites, each with the column of S1 that it goes by.
GROUPINGS = {"cohort": "cohort_label", "phase": "grant_phase"}
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
