"""The register of waivers in PUB4: one line for each that was granted.

A waiver is a public act and is listed; whose it is, is said to the network alone and
with consent. A citation is a site's own text and may name a site, so it is screened.
"""

from datetime import date

import polars as pl

from pcbl_pipeline.model.narrative import Screen
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.profiles import (
    CROWD,
    names_withheld,
    with_profile_year,
)
from pcbl_pipeline.summaries.unnamed import told_of_sites

#: The published text of a waiver.
SCREENED_FIELDS = ("citation",)
#: An expired waiver was granted once.
GRANTED = ("granted", "partly_granted", "expired")


def waiver_register(
    barriers: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    edition: Edition,
    screen: Screen,
    as_of: date,
) -> pl.DataFrame:
    """Return the waivers: those in force that end first, then those that have ended.

    Shape: `line` numbers the rows; `citation` is blank where none was given or where
    it could name a site that wants no name, which `citation_withheld` tells apart.
    Units: `days_left` are calendar days to the last day, 0 once it is over.
    """
    granted = barriers.filter(is_registered())
    left = (pl.col("waiver_end") - pl.lit(as_of)).dt.total_days()
    return (
        _with_names(_screened(granted, sites, screen), sites, edition)
        .with_columns(
            pl.when(left >= 0)
            .then(left)
            .otherwise(pl.when(left < 0).then(0))
            .alias("days_left"),
            ((left < 0).fill_null(value=False) | (pl.col("status") == "expired")).alias(
                "has_ended"
            ),
        )
        .sort("has_ended", "waiver_end", "waiver_start", "barrier_id", nulls_last=True)
        .select(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line"),
            *("citation", "citation_withheld", "policy_area", "state_fips"),
            *("site_name", "waiver_start", "waiver_end", "extension_no"),
            *("days_left", "has_ended"),
        )
    )


def is_registered() -> pl.Expr:
    """Tell of the latest state of a barrier whether its waiver is in the register."""
    has_dates = pl.any_horizontal(pl.col("waiver_start", "waiver_end").is_not_null())
    return pl.col("status").is_in(GRANTED) & has_dates


def _screened(
    granted: pl.DataFrame, sites: pl.DataFrame, screen: Screen
) -> pl.DataFrame:
    unnamed = names_withheld(sites)
    is_held = [
        bool(row["citation"])
        and bool(
            screen(
                {"citation": row["citation"]},
                state_fips=row["state_fips"],
                unnamed=unnamed,
                sender_id=row.get("sender_id", ""),
            )
        )
        for row in granted.iter_rows(named=True)
    ]
    held = pl.Series("citation_withheld", is_held, dtype=pl.Boolean)
    return granted.with_columns(held).with_columns(
        pl.when(~pl.col("citation_withheld")).then("citation")
    )


def _with_names(
    granted: pl.DataFrame, sites: pl.DataFrame, edition: Edition
) -> pl.DataFrame:
    place = ("site_id", "profile_year")
    told = told_of_sites(sites).rename({"school_year": "profile_year"})
    # Few sites of a state could have asked for it, though all of them are named.
    year = pl.col("school_year").alias("profile_year")
    crowds = sites.group_by("state_fips", year).agg(
        pl.col("site_id").n_unique().alias("crowd")
    )
    site_name = pl.lit(None, pl.String) if edition == "public" else pl.col("site_name")
    return (
        # A waiver older than its site's first profile is told by the newest one.
        with_profile_year(granted, sites)
        .join(told.drop("told_place", "told_term"), on=place, how="left")
        .join(crowds, on=("state_fips", "profile_year"), how="left")
        .with_columns(
            site_name.alias("site_name"),
            pl.when(pl.col("crowd") >= CROWD).then("told_state").alias("state_fips"),
        )
    )
