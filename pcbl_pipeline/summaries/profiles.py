"""Site profiles as the summaries use them: of a year, and the newest.

A site counts in a year when it has an accepted profile (S1) of that year.
"""

from collections.abc import Sequence

import polars as pl

#: Sites of a state among which an unnamed one can hide.
CROWD = 3


def profile_of_the_year(
    rows: pl.DataFrame, sites: pl.DataFrame, columns: Sequence[str]
) -> pl.DataFrame:
    """Add columns of the site's profile of each row's own school year.

    Blank where the site has no accepted profile of that year.
    """
    profiles = sites.select("site_id", "school_year", *columns)
    return rows.join(
        profiles, on=("site_id", "school_year"), how="left", maintain_order="left"
    )


def has_profile(sites: pl.DataFrame) -> pl.Expr:
    """Return whether a row's site has an accepted profile of any year."""
    return pl.col("site_id").is_in(sites["site_id"].unique().implode())


def newest_profiles(sites: pl.DataFrame) -> pl.DataFrame:
    """Return each site's profile of its newest school year.

    Shape: one row per site. A school year written `YYYY-YYYY` sorts as a text.
    """
    return sites.sort("site_id", "school_year").unique(
        "site_id", keep="last", maintain_order=True
    )


def with_profile_year(rows: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Add the school year of the profile that says whose a row is.

    The row's own year, or the site's newest one where it has no profile of that year;
    blank where it has none at all.
    """
    of_year = sites.select("site_id", "school_year").unique()
    newest = newest_profiles(sites).select("site_id", newest_year="school_year")
    return (
        rows.join(
            of_year.with_columns(profile_year="school_year"),
            on=("site_id", "school_year"),
            how="left",
            maintain_order="left",
        )
        .join(newest, on="site_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("profile_year", "newest_year").alias("profile_year"))
        .drop("newest_year")
    )


def names_withheld(sites: pl.DataFrame) -> tuple[str, ...]:
    """Return the ids and all names, also earlier ones, of sites without consent.

    A text can name a site as well as a label can, its own or another one's; so these
    are looked for in every text.
    """
    silent = newest_profiles(sites).filter(~has_consented()).select("site_id")
    rows = sites.join(silent, on="site_id", how="semi")
    names = set(rows["site_id"]) | set(rows["site_name"].drop_nulls())
    return tuple(sorted(names))


def has_consented() -> pl.Expr:
    """Return whether a profile says that the site's name may be published."""
    return (pl.col("consent_publish_name") == "Y").fill_null(value=False)
