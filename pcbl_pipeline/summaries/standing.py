"""How far lessons can be relied on: who else saw it, who took it up, who saw otherwise.

By rule and from counts alone; a likeness of texts never makes a lesson stronger. All of
it is over the lessons that an edition shows, so that nothing else shines through. How
lessons are grouped and ordered is in `lessons`.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.summaries.unnamed import told_states

#: Independent sites, and states, from which on a group of lessons can be strong.
STRONG_SITES, STRONG_STATES = 3, 2
#: The weakest tier of evidence that counts as a study: promising.
STUDY_TIER = 3
#: A group that nobody renewed for so long stands one step lower.
RECENT = "-3y"
#: From strong to weak; a group never falls below the last.
STEPS = ("strong", "moderate", "emerging", "too_little")
QUESTION = "question"
#: Kinds of lessons that say something works, and the one that says it does not.
AFFIRMING, OPPOSING = ("worked", "adapted"), "did_not_work"
HELPED = ("helped", "helped_in_part")

_GROUP = ("element_code", "lesson_type")


@dataclass(frozen=True)
class Standing:
    """The standing of an edition's lessons.

    Shape: `groups` has one row per group of lessons: element_code, lesson_type,
    strength (a code of `lesson_strength`), independent_sites, states, strongest_tier,
    newest, opposing_sites, is_recent. `reuse` has one row per lesson that another site
    took up: public_id, sites, adopted, adapted, helped, helped_in_part, did_not_help,
    too_early. `contradictions` has one row per element on which lessons of both kinds
    were shared: element_code, worked_sites, did_not_work_sites, worked_ids,
    did_not_work_ids (public ids, newest first).
    """

    groups: pl.DataFrame
    reuse: pl.DataFrame
    contradictions: pl.DataFrame


def lesson_standing(shown: pl.DataFrame, *, as_of: date) -> Standing:
    """Judge the lessons that an edition shows, as known on a day.

    A site is independent when it wrote a lesson of the group, or took one up and saw
    it help. It opposes a group that affirms when it shared a lesson of the other kind
    on the element, or took one of the group up and saw it not help; who does both,
    opposes. Where half as many sites oppose as affirm, and where the newest lesson is
    older than three years, the group stands one step lower.

    Shape: `shown` has one row per lesson, with public_id, lesson_id, site_id,
    told_state, element_code, lesson_type, evidence_tier (0: none), lesson_date,
    reused_lesson_id (the other lesson's public or own id), reuse_kind, reuse_result.
    """
    taken_up = _taken_up(shown)
    return Standing(
        groups=_groups(shown, taken_up, as_of),
        reuse=_reuse(taken_up),
        contradictions=_contradictions(shown),
    )


def _taken_up(shown: pl.DataFrame) -> pl.DataFrame:
    """Return what each site says last of each lesson of another site."""
    targets = shown.select("lesson_id", "public_id", writer="site_id")
    # A reader knows a lesson by its public id, its authors by their own.
    names = pl.concat(
        [
            targets.with_columns(reused_lesson_id=pl.col(name))
            for name in ("lesson_id", "public_id")
        ]
    ).drop("lesson_id")
    said = shown.filter(
        pl.col("reuse_kind").is_not_null(), pl.col("reuse_result").is_not_null()
    ).drop("public_id")
    return (
        said.join(names, on="reused_lesson_id")
        .filter(pl.col("writer") != pl.col("site_id"))
        .sort("lesson_date", "lesson_id")
        .unique(["site_id", "public_id"], keep="last", maintain_order=True)
        .select("public_id", "site_id", "told_state", "reuse_kind", "reuse_result")
    )


def _reuse(taken_up: pl.DataFrame) -> pl.DataFrame:
    counts = {
        "adopted": pl.col("reuse_kind") == "adopted",
        "adapted": pl.col("reuse_kind") == "adapted",
        **{
            result: pl.col("reuse_result") == result
            for result in (*HELPED, "did_not_help", "too_early")
        },
    }
    return (
        taken_up.group_by("public_id")
        .agg(
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            *(which.sum().cast(pl.Int64).alias(name) for name, which in counts.items()),
        )
        .sort("public_id")
    )


def _groups(shown: pl.DataFrame, taken_up: pl.DataFrame, as_of: date) -> pl.DataFrame:
    of_group = shown.select("public_id", *_GROUP)
    voices = _voices(shown, taken_up.join(of_group, on="public_id"))
    tier = pl.col("evidence_tier")
    told = shown.group_by(_GROUP).agg(
        tier.filter(tier > 0).min().fill_null(0).cast(pl.Int64).alias("strongest_tier"),
        pl.col("lesson_date").max().alias("newest"),
    )
    recent = pl.col("newest") >= pl.lit(as_of).dt.offset_by(RECENT)
    counts = ("independent_sites", "states", "opposing_sites")
    return (
        told.join(voices, on=_GROUP, how="left")
        .with_columns(pl.col(counts).fill_null(0).cast(pl.Int64), is_recent=recent)
        .with_columns(strength=_strength())
        .select(
            *_GROUP,
            "strength",
            "independent_sites",
            "states",
            "strongest_tier",
            "newest",
            "opposing_sites",
            "is_recent",
        )
        .sort(_GROUP)
    )


def _voices(shown: pl.DataFrame, taken_up: pl.DataFrame) -> pl.DataFrame:
    """Count, per group, the sites that bear it out and those that oppose it."""
    columns = (*_GROUP, "site_id", "told_state")
    writers = shown.select(columns)
    helped = taken_up.filter(pl.col("reuse_result").is_in(HELPED)).select(columns)
    failed = taken_up.filter(pl.col("reuse_result") == "did_not_help").select(columns)
    affirming = pl.col("lesson_type").is_in(AFFIRMING)
    # A site that saw an element fail opposes each group that affirms on it.
    negative = writers.filter(pl.col("lesson_type") == OPPOSING).drop("lesson_type")
    kinds = shown.filter(affirming).select(_GROUP).unique()
    opposing = pl.concat(
        [
            negative.join(kinds, on="element_code").select(columns),
            failed.filter(affirming),
        ]
    ).unique([*_GROUP, "site_id"])
    bearing = pl.concat([writers, helped]).join(
        opposing, on=[*_GROUP, "site_id"], how="anti"
    )
    return (
        bearing.group_by(_GROUP)
        .agg(
            pl.col("site_id").n_unique().alias("independent_sites"),
            told_states().alias("states"),
        )
        .join(
            opposing.group_by(_GROUP).agg(pl.len().alias("opposing_sites")),
            on=_GROUP,
            how="full",
            coalesce=True,
        )
    )


def _strength() -> pl.Expr:
    sites, states = pl.col("independent_sites"), pl.col("states")
    studied = pl.col("strongest_tier").is_between(1, STUDY_TIER)
    step = (
        pl.when((sites >= STRONG_SITES) & (states >= STRONG_STATES) & studied)
        .then(0)
        .when((sites >= STRONG_SITES) | ((sites >= 2) & studied))
        .then(1)
        .when((sites >= 2) | studied)
        .then(2)
        .otherwise(3)
    )
    contested = (pl.col("opposing_sites") > 0) & (pl.col("opposing_sites") * 2 >= sites)
    lowered = step + contested.cast(pl.Int32) + (~pl.col("is_recent")).cast(pl.Int32)
    last = len(STEPS) - 1
    names = dict(enumerate(STEPS))
    return (
        pl.when(pl.col("lesson_type") == "open_question")
        .then(pl.lit(QUESTION))
        .otherwise(
            pl.min_horizontal(lowered, pl.lit(last)).replace_strict(
                names, return_dtype=pl.String
            )
        )
    )


def _contradictions(shown: pl.DataFrame) -> pl.DataFrame:
    kinds = {"worked": AFFIRMING, "did_not_work": (OPPOSING,)}
    newest_first = shown.sort("lesson_date", "public_id", descending=[True, False])
    sides = [
        newest_first.filter(pl.col("lesson_type").is_in(types))
        .group_by("element_code", maintain_order=True)
        .agg(
            pl.col("site_id").n_unique().cast(pl.Int64).alias(f"{side}_sites"),
            pl.col("public_id").alias(f"{side}_ids"),
        )
        for side, types in kinds.items()
    ]
    return (
        sides[0]
        .join(sides[1], on="element_code")
        .select(
            "element_code",
            "worked_sites",
            "did_not_work_sites",
            "worked_ids",
            "did_not_work_ids",
        )
        .sort("element_code")
    )
