"""PUB3, implementation progress: how far each element is, and where it stalls.

Stages (S2) per element and reporting window. The site index by cohort and locale is
in `progress_index`, who may be named in `progress_named`; pages are made elsewhere.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar, Edition
from pcbl_pipeline.summaries.measures import nearest_rank, ratio
from pcbl_pipeline.summaries.profiles import profile_of_the_year
from pcbl_pipeline.summaries.progress_index import (
    index_by_group,
    index_of_sites,
    shown_index,
)
from pcbl_pipeline.summaries.progress_named import named_sites
from pcbl_pipeline.summaries.windows import begun_windows

#: Sites that must stand behind every number that compares sites.
LEAST_SITES = 3
#: From this stage on a practice is in use.
IN_USE = 3
STAGES = range(5)
WINDOW = ("school_year", "window")


@dataclass(frozen=True)
class ProgressSummary:
    """Implementation progress of one edition, all windows with enough ratings.

    Shape: `elements` has one row per window and element, in the order of time, then
    of codes; `index` one row per window and group of sites; `named` one row per
    element and site that may be named, None in the public edition. Shares are 0 to 1,
    rounded half up to four places; blank means that fewer than three sites stand
    behind the number, or that there is no window before.
    """

    elements: pl.DataFrame
    index: pl.DataFrame
    named: pl.DataFrame | None


def progress_summary(
    ratings: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    calendar: Calendar,
    edition: Edition,
    as_of: date,
) -> ProgressSummary:
    """Compute the progress of all windows that have begun by a day.

    A site counts with an accepted profile (S1) of the school year. Themes are tags
    and no part of the rating.

    Shape: S2 and S1 rows of any years.
    """
    rated = _rated(ratings, sites, calendar, as_of)
    elements = _with_moves(_by_element(rated), rated)
    indices = index_of_sites(rated)
    shown = rated.join(elements, on=("window_end", "element_code"), how="semi")
    return ProgressSummary(
        elements=elements,
        index=shown_index(index_by_group(indices), edition),
        named=None if edition == "public" else named_sites(shown, indices, sites),
    )


def _rated(
    ratings: pl.DataFrame, sites: pl.DataFrame, calendar: Calendar, as_of: date
) -> pl.DataFrame:
    profile = ("state_fips", "cohort_label", "locale_code")
    of_sites = profile_of_the_year(ratings, sites, profile).filter(
        pl.col("state_fips").is_not_null(),
        pl.col("stage").is_not_null(),
        ~pl.col("element_code").str.starts_with("MT"),
    )
    return of_sites.join(begun_windows(of_sites, calendar, as_of), on=WINDOW).select(
        *WINDOW,
        *("window_end", "element_code", "site_id", *profile, "stage"),
        _whole_months("stage_since", "window_end").alias("months"),
        "stage_since",
    )


def _whole_months(start: str, end: str) -> pl.Expr:
    """Return the whole months between two days; blank where they are in no order."""
    first, last = pl.col(start).dt, pl.col(end).dt
    months = (
        12 * (last.year() - first.year()).cast(pl.Int64)
        + last.month().cast(pl.Int64)
        - first.month().cast(pl.Int64)
        - (last.day() < first.day()).cast(pl.Int64)
    )
    return pl.when(pl.col(start) <= pl.col(end)).then(months)


def _by_element(rated: pl.DataFrame) -> pl.DataFrame:
    stage, months = pl.col("stage"), pl.col("months")
    counts = [(stage == number).sum().alias(f"stage_{number}") for number in STAGES]
    known = months.drop_nulls().len()
    return (
        rated.group_by(*WINDOW, "window_end", "element_code")
        .agg(
            pl.len().cast(pl.Int64).alias("sites"),
            *counts,
            (stage >= IN_USE).sum().alias("initial_plus"),
            nearest_rank(stage, 50).alias("median_stage"),
            pl.when(known >= LEAST_SITES)
            .then(nearest_rank(months, 50))
            .alias("median_months"),
        )
        .filter(pl.col("sites") >= LEAST_SITES)
        .with_columns(
            *(
                ratio(pl.col(f"stage_{number}"), pl.col("sites")).alias(
                    f"share_{number}"
                )
                for number in STAGES
            ),
            ratio(pl.col("initial_plus"), pl.col("sites")).alias("share_initial_plus"),
        )
        .sort("window_end", "element_code")
    )


def _with_moves(elements: pl.DataFrame, rated: pl.DataFrame) -> pl.DataFrame:
    """Add how many sites stand higher than in the window before that is shown."""
    before = pl.col("window_end").shift().over("element_code", order_by="window_end")
    pairs = elements.with_columns(
        before.alias("previous_end"),
        *(
            pl.col(name)
            .shift()
            .over("element_code", order_by="window_end")
            .alias(f"previous_{name}")
            for name in WINDOW
        ),
    )
    place = ("window_end", "element_code")
    earlier = rated.select(
        "site_id",
        "element_code",
        pl.col("window_end").alias("previous_end"),
        pl.col("stage").alias("stage_before"),
    )
    moves = (
        rated.join(pairs.select(*place, "previous_end"), on=place)
        .join(earlier, on=("site_id", "element_code", "previous_end"))
        .group_by(place)
        .agg(
            pl.len().cast(pl.Int64).alias("rated_in_both"),
            (pl.col("stage") > pl.col("stage_before")).sum().alias("moved_up_sites"),
        )
        .filter(pl.col("rated_in_both") >= LEAST_SITES)
    )
    return (
        pairs.join(moves, on=place, how="left")
        .with_columns(
            ratio(pl.col("moved_up_sites"), pl.col("rated_in_both")).alias("moved_up")
        )
        .sort(place)
    )
