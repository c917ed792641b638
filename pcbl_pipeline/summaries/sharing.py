"""Which lessons an edition may show: shared, reviewed, from a known site, screened.

What a scan of a text looks for is decided in `disclosure`; it comes as a function.
How shown lessons are labelled and grouped is in `lessons`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import polars as pl

from pcbl_pipeline.model.narrative import Hit, Screen
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.profiles import names_withheld, profile_of_the_year

#: Every published text of a lesson is screened, the link and its licence too.
SCREENED_FIELDS = (
    "title",
    "situation",
    "action",
    "result",
    "recommendation",
    "resource_url",
    "resource_license",
)
SHARE_LEVELS: Mapping[Edition, tuple[str, ...]] = {
    "public": ("public",),
    "network": ("public", "network"),
    # Not even there what a site shares with its own state alone: the edition is for
    # the agencies of all states.
    "agency": ("public", "network"),
}


class Reason(StrEnum):
    """Why a lesson's latest revision is not in an edition; the first that holds."""

    NOT_SHARED = "not_shared"
    NOT_REVIEWED = "not_reviewed"
    NO_SITE_PROFILE = "no_site_profile"
    TEXT_SCREEN = "text_screen"


def judge_lessons(
    lessons: pl.DataFrame, sites: pl.DataFrame, edition: Edition, screen: Screen
) -> pl.DataFrame:
    """Decide for the latest revision of each lesson whether an edition may show it.

    Shape: one row per lesson, with `state_fips` and `term_code` of its site's profile
    of the lesson's year, `reason` (blank: may be shown) and `detail` (the share
    level, the year without a profile, or kinds and fields of hits; never a text).
    """
    gated = _gate(_latest(lessons), sites, edition)
    hits = pl.Series("hits", list(_screened(gated, sites, screen)), dtype=pl.String)
    return gated.with_columns(
        pl.when(hits.is_not_null())
        .then(pl.lit(Reason.TEXT_SCREEN.value))
        .otherwise("reason")
        .alias("reason"),
        pl.coalesce(hits, "detail").alias("detail"),
    )


def _latest(lessons: pl.DataFrame) -> pl.DataFrame:
    # The highest revision is taken before anything is asked of it. A site takes a
    # lesson back by sending a revision that is not shared or not reviewed; if older
    # revisions could step in, the text it withdrew would surface again.
    return (
        lessons.sort("lesson_id", "revision")
        .unique("lesson_id", keep="last", maintain_order=True)
        # A code of the contract, so a text in the lake; tiers are compared as numbers.
        .with_columns(pl.col("evidence_tier").cast(pl.Int64))
    )


def _gate(latest: pl.DataFrame, sites: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    shared = pl.col("share_level").is_in(SHARE_LEVELS[edition]).fill_null(value=False)
    reviewed = (pl.col("reviewed_no_pii") == "Y").fill_null(value=False)
    known = pl.col("state_fips").is_not_null()
    return profile_of_the_year(latest, sites, ("state_fips", "term_code")).with_columns(
        pl.when(~shared)
        .then(pl.lit(Reason.NOT_SHARED.value))
        .when(~reviewed)
        .then(pl.lit(Reason.NOT_REVIEWED.value))
        .when(~known)
        .then(pl.lit(Reason.NO_SITE_PROFILE.value))
        .alias("reason"),
        pl.when(~shared)
        .then("share_level")
        .when(reviewed & ~known)
        .then("school_year")
        .alias("detail"),
    )


def _screened(
    gated: pl.DataFrame, sites: pl.DataFrame, screen: Screen
) -> Iterator[str | None]:
    unnamed = names_withheld(sites)
    for row in gated.iter_rows(named=True):
        texts = {name: row[name] for name in SCREENED_FIELDS if row[name]}
        may_be_shown = row["reason"] is None
        hits = (
            screen(
                texts,
                state_fips=row["state_fips"],
                unnamed=unnamed,
                sender_id=row.get("sender_id", ""),
            )
            if may_be_shown
            else ()
        )
        yield _describe(hits) if hits else None


def _describe(hits: tuple[Hit, ...]) -> str:
    return "; ".join(dict.fromkeys(f"{hit.kind} in {hit.field}" for hit in hits))
