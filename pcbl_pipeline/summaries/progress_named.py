"""Which sites PUB3 names to the network, as those to ask: in use, and consented.

A name beside a stage must not give away the stage of a site that wants no name. So
named are only sites at stage 3 or 4, which are not enough to work out an index from,
and only where taking them off a published number leaves no site or at least three.
"""

import polars as pl

from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles

_IN_USE = 3
#: Unnamed sites among whom one of them can hide.
_CROWD = 3


def named_sites(
    rated: pl.DataFrame, indices: pl.DataFrame, sites: pl.DataFrame
) -> pl.DataFrame:
    """Return the sites that may be named in the newest window, by element.

    Shape: `rated` are the ratings behind the published numbers. Returned is one row
    per element and site at stage 3 or 4: school_year, window, element_code,
    site_name, state_fips, stage, stage_since.
    """
    newest = rated.filter(pl.col("window_end") == pl.col("window_end").max())
    # The newest profile decides about the name, as it does for lessons.
    names = (
        newest_profiles(sites).filter(has_consented()).select("site_id", "site_name")
    )
    consented = pl.col("site_id").is_in(names["site_id"].implode())
    unnamed = (~consented).sum().over("element_code")
    is_listed = consented & (pl.col("stage") >= _IN_USE)
    is_whole = (pl.col("stage") >= _IN_USE).all().over("site_id")
    exposing = _exposing(indices, names)
    return (
        newest.with_columns(is_whole.alias("is_whole"), unnamed.alias("unnamed"))
        .filter(
            is_listed,
            (pl.col("unnamed") == 0) | (pl.col("unnamed") >= _CROWD),
            # All of its stages would be known, and so its index.
            ~(pl.col("is_whole") & pl.col("site_id").is_in(exposing.implode())),
        )
        .join(names, on="site_id")
        .unique(("element_code", "site_name", "state_fips"))
        .sort("element_code", "site_name", "state_fips")
        .select(
            *("school_year", "window", "element_code", "site_name", "state_fips"),
            *("stage", "stage_since"),
        )
    )


def _exposing(indices: pl.DataFrame, names: pl.DataFrame) -> pl.Series:
    """Return the sites that share a published group with one or two unnamed ones."""
    newest = indices.filter(pl.col("window_end") == pl.col("window_end").max())
    consented = pl.col("site_id").is_in(names["site_id"].implode())
    unnamed = (~consented).sum().over("group_kind", "group")
    return (
        newest.drop_nulls("group")
        .filter(unnamed.is_between(1, _CROWD - 1))["site_id"]
        .unique()
    )
