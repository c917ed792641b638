"""M07 to M09 from competency records (S11), so that nobody counts them by hand.

- M07, on pace: learners who had shown at least as many competencies by the end of the
  school year as were expected of them by then, of those of whom any were expected.
- M08, credit outside the classroom: learners of grades 9 to 12 with one credit or more
  for what they learned in any setting but the classroom, of all of these grades.
- M09, credit by mastery: credits for competencies at level 3 or 4, of all credits.

A competency is shown at level 3 or 4. Records of single learners stay unread until they
are aggregated, so that millions of them fit into memory. What becomes of the counts is
decided in `outcomes`.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.summaries.measures import SCALE, in_units

ALL = "ALL"
ON_PACE, OUTSIDE_CREDIT, MASTERY_CREDIT = "M07", "M08", "M09"
HIGH_SCHOOL = "09-12"
#: Grade bands, youngest first, with their grades in order. Other grades, such as
#: ungraded, count in all grades together only.
GRADES: Mapping[str, tuple[str, ...]] = {
    "PK-02": ("PR", "PK", "TK", "KG", "01", "02"),
    "03-05": ("03", "04", "05"),
    "06-08": ("06", "07", "08"),
    HIGH_SCHOOL: ("09", "10", "11", "12"),
}
#: At this level a competency is met.
_MET = 3
_PLACE = {
    grade: place
    for place, grade in enumerate(grade for band in GRADES.values() for grade in band)
}
_BAND = {_PLACE[grade]: band for band, grades in GRADES.items() for grade in grades}
_LEARNER = ("site_id", "school_year", "student_key")
_SUMS = ("expected", "met", "has_credits", "credits", "mastered", "outside")
_CELL = ("site_id", "school_year", "grade_band", "student_group")


def competency_outcomes(
    records: pl.LazyFrame, last_days: Mapping[str, date]
) -> pl.DataFrame:
    """Count M07 to M09 for the school years whose last days are given.

    Units: M09 counts ten-thousandths of credits, the others learners.
    Shape: S11 rows of any years. The result has `site_id`, `school_year`,
    `metric_code`, `grade_band`, `student_group`, `numerator`, `denominator`, and
    `people`: the learners behind a cell. A measure has no rows where the records do
    not say what it counts.
    """
    learners = _learners(records, last_days)
    cells = _spread(learners).group_by(_CELL).agg(*_counted())
    measures = [_on_pace(cells), _outside_credit(cells), _mastery_credit(cells)]
    return pl.concat(measures).sort(*_CELL, "metric_code")


def _learners(records: pl.LazyFrame, last_days: Mapping[str, date]) -> pl.DataFrame:
    """Return one row per learner of a site and year, with what was counted of it.

    Shape: `grade` is the highest grade's place, `groups` the union of all groups.
    """
    # No look-ups here: they would load all records into memory.
    is_expected = pl.any_horizontal(
        (pl.col("school_year") == year) & (pl.col("expected_by") <= last_day)
        for year, last_day in last_days.items()
    )
    is_met = (pl.col("level") >= _MET) & pl.col("demonstrated_on").is_not_null()
    units = in_units("credits_earned").fill_null(0)
    is_outside = (pl.col("learning_setting") != "classroom").fill_null(value=False)
    partly = (
        records.filter(pl.col("school_year").is_in(list(last_days)))
        .select(
            *_LEARNER,
            "grade_level",
            # Lists cannot be grouped by while streaming; a learner has few of them.
            pl.col("student_groups").list.join(";").alias("groups"),
            is_expected.fill_null(value=False).alias("expected"),
            is_met.fill_null(value=False).alias("met"),
            pl.col("credits_earned").is_not_null().alias("has_credits"),
            units.alias("credits"),
            pl.when(is_met).then(units).otherwise(0).alias("mastered"),
            pl.when(is_outside).then(units).otherwise(0).alias("outside"),
        )
        .group_by(*_LEARNER, "grade_level", "groups")
        .agg(pl.col(_SUMS).cast(pl.Int64).sum())
        .collect(engine="streaming")
    )
    grade = pl.col("grade_level").replace_strict(
        _PLACE, default=None, return_dtype=pl.Int8
    )
    return partly.group_by(_LEARNER).agg(
        grade.max().alias("grade"),
        pl.col(_SUMS).sum(),
        pl.col("groups").drop_nulls().str.split(";").explode().unique(),
    )


def _spread(learners: pl.DataFrame) -> pl.DataFrame:
    """Repeat each learner for its own grade band and for all, and for each group."""
    everyone = pl.lit([ALL], dtype=pl.List(pl.String))
    band = pl.col("grade").replace_strict(_BAND, default=None, return_dtype=pl.String)
    # No group at all was joined to an empty text.
    others = pl.lit([ALL, ""], dtype=pl.List(pl.String))
    own_groups = pl.col("groups").list.set_difference(others).list.drop_nulls()
    return (
        learners.drop("student_key")
        .with_columns(
            pl.concat_list(pl.lit(ALL), band).list.drop_nulls().alias("grade_band"),
            pl.concat_list(everyone, own_groups).alias("student_group"),
        )
        .drop("groups", "grade")
        .explode("grade_band")
        .explode("student_group")
    )


def _counted() -> tuple[pl.Expr, ...]:
    is_expected = pl.col("expected") > 0
    return (
        is_expected.sum().alias("paced"),
        (is_expected & (pl.col("met") >= pl.col("expected"))).sum().alias("on_pace"),
        pl.len().alias("learners"),
        (pl.col("outside") >= SCALE).sum().alias("with_outside"),
        (pl.col("credits") > 0).sum().alias("credited"),
        pl.col("has_credits", "credits", "mastered").sum(),
    )


def _on_pace(cells: pl.DataFrame) -> pl.DataFrame:
    return _rows(cells, ON_PACE, "on_pace", "paced", "paced")


def _outside_credit(cells: pl.DataFrame) -> pl.DataFrame:
    # Records without credits do not say that nobody earned any.
    school = cells.filter(pl.col("grade_band") == HIGH_SCHOOL)
    known = school.filter(
        pl.col("has_credits").sum().over("site_id", "school_year") > 0
    )
    return _rows(known, OUTSIDE_CREDIT, "with_outside", "learners", "learners")


def _mastery_credit(cells: pl.DataFrame) -> pl.DataFrame:
    return _rows(cells, MASTERY_CREDIT, "mastered", "credits", "credited")


def _rows(
    cells: pl.DataFrame, metric: str, numerator: str, denominator: str, people: str
) -> pl.DataFrame:
    return cells.filter(pl.col(denominator) > 0).select(
        *_CELL,
        pl.lit(metric).alias("metric_code"),
        pl.col(numerator).cast(pl.Int64).alias("numerator"),
        pl.col(denominator).cast(pl.Int64).alias("denominator"),
        pl.col(people).cast(pl.Int64).alias("people"),
    )
