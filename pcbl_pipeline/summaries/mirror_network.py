"""The network beside a site in PUB7: only what is published, only as it is published.

The tables of PUB3, PUB5 and PUB6 of the network edition come in, whatever of them the
edition has; none of the lake's rows does. So a figure that is suppressed there is
suppressed here, with the same words.
"""

from collections.abc import Iterable, Mapping

import polars as pl

#: What PUB5 and PUB6 call the network among the sites.
NETWORK = "ALL"
_BANDS = ("n_band", "percent_band", "reason")
_QUARTILES = ("q1", "median", "q3")


def beside_index(index: pl.DataFrame, quartiles: pl.DataFrame) -> pl.DataFrame:
    """Add the network's quartiles of each window, and in which quarter a site is.

    Shape: `index` as `mirror.own_index` returns it. Added: network_sites, network_q1,
    network_median, network_q3, and quarter, 1 (lowest) to 4; blank where the network
    has no quartiles or the site no index; the network of three or four sites has a
    median alone. A value on a border belongs to the lower
    quarter, as with the nearest rank that the quartiles are made by.
    """
    own = pl.col("site_index")
    quarter = pl.lit(1) + pl.sum_horizontal(
        *((own > pl.col(f"network_{name}")).cast(pl.Int64) for name in _QUARTILES)
    )
    known = own.is_not_null() & pl.col("network_q1").is_not_null()
    named = quartiles.select(
        *("school_year", "window"),
        pl.col("sites").alias("network_sites"),
        *(pl.col(name).alias(f"network_{name}") for name in _QUARTILES),
    )
    return index.join(
        named, on=("school_year", "window"), how="left", maintain_order="left"
    ).with_columns(pl.when(known).then(quarter).alias("quarter"))


def beside_stages(stages: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """Add where the network's sites stand on each element in each window.

    Shape: `stages` as `mirror.own_stages` returns them, `published` as
    `published_stages` does. Added: network_sites, network_q1, network_median,
    network_q3; blank where the network has no such line.
    """
    keys = ["school_year", "window", "element_code"]
    return stages.join(published, on=keys, how="left", maintain_order="left")


def beside_bands(
    own: pl.DataFrame, published: pl.DataFrame, key: Iterable[str]
) -> pl.DataFrame:
    """Add the network's published bands to own rates of the same key.

    Shape: added are network_n_band, network_percent_band and network_reason: why
    nothing is shown; blank where the network has no such line.
    """
    keys = list(key)
    named = published.select(
        *keys, *(pl.col(name).alias(f"network_{name}") for name in _BANDS)
    ).unique(keys, maintain_order=True)
    return own.join(named, on=keys, how="left", maintain_order="left", nulls_equal=True)


def for_each_survey(published: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return the network's lines of PUB6 under the survey that a site has used.

    A line of all surveys together stands for each of them. Where one survey has lines
    by several rules, none is shown: which rule is the site's is not published.

    Shape: both have school_year, respondent, construct_code, instrument and
    student_group; returned are the columns of `published`.
    """
    pooled = published.filter(pl.col("instrument") == NETWORK).drop("instrument")
    key = ["school_year", "respondent", "construct_code", "student_group"]
    used = own.select(*key, "instrument").unique(maintain_order=True)
    spread = used.join(pooled, on=key).select(published.columns)
    lines = pl.concat([published, spread])
    return lines.unique([*key, "instrument"], keep="none", maintain_order=True)


def published_quartiles(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the quartiles of the site index over all sites, from PUB3.

    Shape: school_year, window, sites, q1, median, q3; no row without that table.
    """
    columns = {
        **{name: pl.String() for name in ("school_year", "window")},
        "sites": pl.Int64(),
        **{name: pl.Float64() for name in _QUARTILES},
    }
    found = _find(tables, "pub3_", (*columns, "group_kind"))
    if found is None:
        return pl.DataFrame(schema=columns)
    return found.filter(pl.col("group_kind") == "all").select(
        pl.col(name).cast(kind) for name, kind in columns.items()
    )


def published_stages(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the quartiles of the sites' stages on each element, from PUB3's counts.

    By nearest rank, as everywhere: a quartile is the lowest stage that so large a part
    of the sites does not exceed.

    Shape: school_year, window, element_code, network_sites, network_q1,
    network_median, network_q3; no row without that table.
    """
    counts = [f"stage_{stage}" for stage in range(5)]
    keys = ("school_year", "window", "element_code")
    columns = {
        **dict.fromkeys(keys, pl.String()),
        "network_sites": pl.Int64(),
        **{f"network_{name}": pl.Int64() for name in _QUARTILES},
    }
    found = _find(tables, "pub3_", (*keys, "sites", *counts))
    if found is None:
        return pl.DataFrame(schema=columns)
    so_far = [
        pl.sum_horizontal(pl.col(name).cast(pl.Int64) for name in counts[: last + 1])
        for last in range(5)
    ]
    return found.select(
        *keys,
        pl.col("sites").cast(pl.Int64).alias("network_sites"),
        *(
            # Each stage that too few sites reach up to lies below the quartile.
            pl.sum_horizontal(
                (100 * sites < percent * pl.col("sites")).cast(pl.Int64)
                for sites in so_far
            ).alias(f"network_{name}")
            for name, percent in zip(_QUARTILES, (25, 50, 75), strict=True)
        ),
    )


def published_bands(
    tables: Mapping[str, pl.DataFrame], prefix: str, key: Iterable[str]
) -> pl.DataFrame:
    """Return the network's own lines of PUB5 (`pub5_`) or PUB6 (`pub6_`).

    Shape: the key, n_band, percent_band, reason; no row without such a table.
    """
    columns = (*key, *_BANDS)
    found = _find(tables, prefix, (*columns, "site_id"))
    if found is None:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String()))
    found = found.filter(pl.col("site_id") == NETWORK)
    return found.select(pl.col(name).cast(pl.String) for name in columns)


def named_stages(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the stages of sites that PUB3 names.

    Shape: site_name, element_code, stage; no row without that table.
    """
    columns = {
        "site_name": pl.String(),
        "element_code": pl.String(),
        "stage": pl.Int64(),
    }
    found = _find(tables, "pub3_", columns)
    if found is None:
        return pl.DataFrame(schema=columns)
    return found.select(pl.col(name).cast(kind) for name, kind in columns.items())


def _find(
    tables: Mapping[str, pl.DataFrame], prefix: str, columns: Iterable[str]
) -> pl.DataFrame | None:
    """Return the summary's first table that has all of some columns."""
    wanted = set(columns)
    for name in sorted(tables):
        if name.startswith(prefix) and wanted <= set(tables[name].columns):
            return tables[name]
    return None
