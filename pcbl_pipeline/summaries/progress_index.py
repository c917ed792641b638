"""The site index of PUB3: one number per site and window, and its quartiles.

Who is behind a group's quartiles stays in here; a group of too few sites is merged.
"""

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.summaries.measures import nearest_rank
from pcbl_pipeline.summaries.small_groups import merged_groups

#: Elements, out of 17, that a site must have rated before its index says anything.
LEAST_ELEMENTS = 14
LEAST_SITES = 3
#: Sites from which on a quartile may be shown to readers who may not see each site.
LEAST_FOR_QUARTILES = 5
FEW_SITES = "few_sites"
ALL = "ALL"
OTHER = "other"
UNKNOWN = "unknown"
_WINDOW = ("school_year", "window", "window_end")


def index_of_sites(rated: pl.DataFrame) -> pl.DataFrame:
    """Return each site's index: 100 x mean stage / 4, half up to one decimal.

    Shape: one row per window, site and kind of group (`all`, `cohort`, `locale`) with
    the group under which the site is shown; blank: it counts in the total only.
    Units: `tenths` are tenths of a point, so that nothing is rounded twice.
    """
    total, count = pl.col("stage").sum().cast(pl.Int64), pl.len().cast(pl.Int64)
    indices = (
        rated.group_by(*_WINDOW, "site_id")
        .agg(
            count.alias("rated"),
            ((500 * total + count) // (2 * count)).alias("tenths"),
            # The same in all rows of a site's window: they come from its profile.
            pl.col("cohort_label").first().fill_null(UNKNOWN).alias("cohort"),
            pl.col("locale_code")
            .first()
            .str.head(1)
            .fill_null(UNKNOWN)
            .alias("locale"),
        )
        .filter(pl.col("rated") >= LEAST_ELEMENTS)
        .with_columns(pl.lit(ALL).alias("all"))
    )
    grouped = indices.unpivot(
        ("all", "cohort", "locale"),
        index=[*_WINDOW, "site_id", "tenths"],
        variable_name="group_kind",
        value_name="group",
    )
    kinds = grouped.partition_by("window_end", "group_kind", maintain_order=False)
    return pl.concat([grouped.clear(), *(_merged(kind) for kind in kinds)])


def index_by_group(indices: pl.DataFrame) -> pl.DataFrame:
    """Return the quartiles of the site index by window and group.

    Shape: one row per window and group: the total first, then cohorts, then locales,
    each by name with the merged ones last. Units: points, 0 to 100.
    """
    rank = {25: "q1", 50: "median", 75: "q3"}
    return (
        indices.drop_nulls("group")
        .group_by(*_WINDOW, "group_kind", "group")
        .agg(
            pl.len().cast(pl.Int64).alias("sites"),
            *(
                # Rounding takes back what dividing by a constant misses by a hair.
                (nearest_rank(pl.col("tenths"), percent) / 10).round(1).alias(name)
                for percent, name in rank.items()
            ),
        )
        .filter(pl.col("sites") >= LEAST_SITES)
        .sort("window_end", "group_kind", pl.col("group") == OTHER, "group")
    )


def shown_index(by_group: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Return the index by group as an edition may see it.

    Of three or four sites each quartile is one site's own number, and the group tells
    of whom; so only agencies see those.

    Shape: as from `index_by_group`, with `reason`: why q1 and q3 are blank.
    """
    is_few = pl.lit(edition != "agency") & (pl.col("sites") < LEAST_FOR_QUARTILES)
    return by_group.with_columns(
        *(pl.when(~is_few).then(name).alias(name) for name in ("q1", "q3")),
        pl.when(is_few).then(pl.lit(FEW_SITES)).alias("reason"),
    )


def _merged(kind: pl.DataFrame) -> pl.DataFrame:
    if kind["group_kind"].first() == "all":
        return kind
    members = {
        name: rows["site_id"].to_list()
        for (name,), rows in kind.partition_by("group", as_dict=True).items()
    }
    shown = merged_groups(members, least=LEAST_SITES, into=OTHER)
    return kind.with_columns(
        pl.col("group").replace_strict(shown, return_dtype=pl.String)
    )
