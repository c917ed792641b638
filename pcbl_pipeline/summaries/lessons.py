"""PUB1, the networked lessons digest: what sites have learned, how far corroborated.

Labels and groups the lessons that an edition may show. Which ones those are is
decided in `sharing`; pages and files are made in `publication`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.narrative import Screen
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.contexts import with_contexts
from pcbl_pipeline.summaries.sharing import judge_lessons
from pcbl_pipeline.summaries.standing import Standing, lesson_standing
from pcbl_pipeline.summaries.unnamed import told_of_sites, told_states

#: Independent sites from which on a group of lessons counts as corroborated.
CORROBORATING_SITES = 3
#: Lessons that a group lists.
LISTED_LESSONS = 5
ANYWHERE = "a pilot site"


@dataclass(frozen=True)
class LessonsDigest:
    """The digest of one edition.

    Shape: `groups` has one row per element and lesson type: element_code,
    lesson_type, lessons, sites, states, corroborated, strongest_tier, newest,
    lesson_ids (up to five public ids). `lessons` has one row per published lesson
    with its texts, by public id; a site's own lesson id is in neither, because it
    contains the district's id. `standing` says how far each group can be relied on.
    `withheld` is for the agency only: lesson_id,
    revision, reason, detail (see `sharing.judge_lessons`).
    """

    edition: Edition
    groups: pl.DataFrame
    lessons: pl.DataFrame
    withheld: pl.DataFrame
    standing: Standing


def lessons_digest(  # noqa: PLR0913 - two datasets, and for whom and when
    lessons: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    edition: Edition,
    states: Mapping[str, str],
    screen: Screen,
    public_ids: Callable[[str], str],
    as_of: date,
) -> LessonsDigest:
    """Compute the digest of one edition.

    A site counts, and its lesson is shown, only with an accepted profile (S1) of the
    lesson's school year. Groups count shown lessons only: a count that included held
    ones would give them away.

    Shape: `lessons` are S5 rows, all revisions; `sites` S1 rows, all years; `states`
    is state FIPS code → name; `public_ids` turns a lesson id into its public id.

    Raises:
        PublicationBlocked: If two lessons would get the same public id.
    """
    judged = judge_lessons(lessons, sites, edition, screen)
    shown = _with_labels(judged.filter(pl.col("reason").is_null()), sites, states)
    shown = _with_public_ids(shown, public_ids)
    groups = _groups(shown)
    return LessonsDigest(
        edition=edition,
        groups=groups,
        lessons=_published(shown, groups),
        withheld=judged.filter(pl.col("reason").is_not_null())
        .select("lesson_id", "revision", "reason", "detail")
        .sort("lesson_id"),
        standing=lesson_standing(shown, as_of=as_of),
    )


def withheld_lessons(withheld: pl.DataFrame) -> pl.DataFrame:
    """Count the withheld lessons by reason; neither a text nor whose it is.

    Shape: `withheld` as in a digest. Returned is one row per reason: reason, lessons.
    """
    counted = withheld.group_by("reason").agg(pl.len().cast(pl.Int64).alias("lessons"))
    return counted.sort("lessons", "reason", descending=[True, False])


def _with_labels(
    shown: pl.DataFrame, sites: pl.DataFrame, states: Mapping[str, str]
) -> pl.DataFrame:
    state_name = pl.col("told_state").replace_strict(
        list(states), list(states.values()), default=None, return_dtype=pl.String
    )
    in_state = pl.format("a district in {}", state_name)
    told = shown.join(
        told_of_sites(sites),
        on=("site_id", "school_year"),
        how="left",
        maintain_order="left",
    )
    return with_contexts(told, sites).with_columns(
        pl.coalesce("site_name", in_state, pl.lit(ANYWHERE)).alias("site_label")
    )


def _with_public_ids(
    shown: pl.DataFrame, public_ids: Callable[[str], str]
) -> pl.DataFrame:
    ids = [public_ids(lesson_id) for lesson_id in shown["lesson_id"]]
    if len(set(ids)) < len(ids):
        raise PublicationBlocked(
            "Two lessons would be published under the same public id, so one page "
            "would replace the other. Make a new salt for the network's public ids."
        )
    return shown.with_columns(pl.Series("public_id", ids, dtype=pl.String))


def _groups(shown: pl.DataFrame) -> pl.DataFrame:
    tier = pl.col("evidence_tier")
    return (
        shown.sort(
            tier == 0,
            tier,
            "lesson_date",
            "lesson_id",
            descending=[False, False, True, False],
        )
        .group_by("element_code", "lesson_type", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("lessons"),
            pl.col("site_id").n_unique().cast(pl.Int64).alias("sites"),
            told_states().alias("states"),
            (pl.col("site_id").n_unique() >= CORROBORATING_SITES).alias("corroborated"),
            tier.filter(tier > 0).min().fill_null(0).alias("strongest_tier"),
            pl.col("lesson_date").max().alias("newest"),
            pl.col("public_id").head(LISTED_LESSONS).alias("lesson_ids"),
        )
        .sort(
            "sites",
            pl.col("strongest_tier") == 0,
            "strongest_tier",
            "newest",
            "element_code",
            "lesson_type",
            descending=[True, False, False, True, False, False],
        )
    )


def _published(shown: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    is_licensed = pl.col("resource_url").is_not_null() & (
        pl.col("resource_license").is_not_null()
    )
    is_account = (pl.col("lesson_type") == "worked") & (pl.col("evidence_tier") == 0)
    group = groups.select("element_code", "lesson_type", "corroborated")
    return (
        shown.join(group, on=("element_code", "lesson_type"), how="left")
        # The order of lesson ids would place an unnamed site between its neighbours.
        .sort("public_id")
        .select(
            "public_id",
            "revision",
            "site_label",
            pl.col("told_state").alias("state_fips"),
            pl.col("told_place").alias("locale"),
            "grade_bands",
            "size_band",
            "school_year",
            "lesson_date",
            "element_code",
            "stage_at_time",
            "lesson_type",
            "title",
            "situation",
            "action",
            "result",
            "recommendation",
            "audience",
            "policy_area",
            "evidence_type",
            "evidence_tier",
            "effect_rating",
            pl.when(is_licensed).then("resource_url"),
            pl.when(is_licensed).then("resource_license"),
            "share_level",
            is_account.alias("practitioner_account"),
            pl.col("told_term").alias("term_code"),
            "corroborated",
        )
    )
