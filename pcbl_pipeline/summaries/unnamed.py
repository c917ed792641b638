"""What may be told of a site: its name, or attributes that others without one share.

The one rule for every table and page that speaks of single sites. Readers know who
takes part and see who is named, so they can take the named ones off; what is told of a
site without a name must therefore be true of at least two sites without a name. What
does not belong here: which rows an edition shows, and numbers of groups of sites.
"""

import polars as pl

from pcbl_pipeline.summaries.profiles import CROWD, has_consented, newest_profiles
from pcbl_pipeline.summaries.small_groups import merged_groups

#: Sites without a name that must share what is told of one of them.
ALIKE = 2
#: The group of those of whom an attribute is not told.
_UNTOLD = ""


def told_of_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """Return what may be told of each site in each of its school years.

    The newest profile decides about the name, whatever year is spoken of: a site that
    takes its consent back must vanish from older rows too. A state is told of an
    unnamed site where at least three sites of it took part in the year and two of
    them have no name; the kind of place likewise among the sites of that state. Those
    of whom nothing is told must be two as well, so the next smallest group joins a
    site that would be alone there. The term is a choice of the site, and told of
    named sites alone.

    Shape: `sites` are S1 rows, all years. One row per site and school year: site_id,
    school_year, site_name, told_state, told_place (first digit of the locale), and
    told_term; blank is what may not be told.
    """
    named = newest_profiles(sites).filter(has_consented())
    profiles = (
        sites.select(
            *("site_id", "school_year", "state_fips", "term_code"),
            pl.col("locale_code").str.extract(r"^([1-4])").alias("place"),
        )
        .unique(("site_id", "school_year"), keep="last", maintain_order=True)
        .join(named.select("site_id", "site_name"), on="site_id", how="left")
    )
    is_named = pl.col("site_name").is_not_null()
    by_state = _with_told(profiles, "state_fips", "told_state", within=["school_year"])
    by_place = _with_told(
        by_state, "place", "told_place", within=["school_year", "told_state"]
    )
    return by_place.select(
        *("site_id", "school_year", "site_name", "told_state"),
        pl.when(is_named | pl.col("told_state").is_not_null()).then("told_place"),
        pl.when(is_named).then("term_code").alias("told_term"),
    )


def _with_told(
    profiles: pl.DataFrame, attribute: str, told: str, *, within: list[str]
) -> pl.DataFrame:
    """Add an attribute where it may be told, judged within each set of sites."""
    parts = [
        part.with_columns(_told(part, attribute).alias(told))
        for part in profiles.partition_by(within, maintain_order=True)
    ]
    empty = profiles.clear().with_columns(pl.lit(None, pl.String).alias(told))
    return pl.concat([empty, *parts])


def _told(part: pl.DataFrame, attribute: str) -> pl.Series:
    is_named = pl.col("site_name").is_not_null()
    crowd = pl.col("site_id").n_unique().over(attribute)
    group = (
        pl.when(pl.col(attribute).is_not_null() & (crowd >= CROWD))
        .then(attribute)
        .otherwise(pl.lit(_UNTOLD))
    )
    silent = part.with_columns(group.alias("group")).filter(~is_named)
    members = {
        name: rows["site_id"].to_list()
        for (name,), rows in silent.partition_by("group", as_dict=True).items()
    }
    shown = merged_groups(members, least=ALIKE, into=_UNTOLD)
    told = [name for name, under in shown.items() if name == under != _UNTOLD]
    may_tell = is_named | pl.col(attribute).is_in(told)
    return part.select(pl.when(may_tell).then(attribute).alias("told"))["told"]


def told_states() -> pl.Expr:
    """Count the states that are told of some rows, at least one.

    A count of all states beside the names of some would tell the state of the others.
    """
    told = pl.col("told_state").drop_nulls().n_unique()
    return pl.max_horizontal(told, pl.lit(1)).cast(pl.Int64)
