"""What PUB5 and PUB6 share: rows that count, sites side by side, and what is compared.

A cell's numbers come in threes, `numerator`, `denominator` and `people`, under a
prefix: its own, those of the rest, and those of an earlier year. What may be shown of
them is for disclosure to say; nothing here may be published as it is.
"""

from collections.abc import Sequence

import polars as pl

from pcbl_pipeline.model.partitions import PARTITIONS
from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles

ALL = "ALL"
NUMBERS = ("numerator", "denominator", "people")
#: The rest of all students, and the group where a rest is known.
REST, BESIDE_REST = "rest_", "group_"
#: An earlier year, and the present one where an earlier year is known.
BEFORE, SINCE = "before_", "since_"
#: Sites that must be named before any is shown beside others.
COMPARED_SITES = 3
#: Every column of numbers of a cell.
PREFIXES = ("", BESIDE_REST, REST, SINCE, BEFORE)
ALL_NUMBERS = tuple(prefix + name for prefix in PREFIXES for name in NUMBERS)


def newest_of(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return one row per key: a district and its school may both send one.

    The row that was received last counts.
    """
    order = [*key, "received_at", "submission_id", "row_number"]
    return rows.sort(order).unique(key, keep="last", maintain_order=True)


def of_counting_sites(
    rows: pl.DataFrame, sites: pl.DataFrame, school_year: str
) -> pl.DataFrame:
    """Return the rows of sites that have an accepted profile of the year."""
    counting = sites.filter(pl.col("school_year") == school_year)
    return rows.join(counting.select("site_id").unique(), on="site_id", how="semi")


def adding_up(rows: pl.DataFrame, line: Sequence[str]) -> pl.DataFrame:
    """Leave out groups that contradict all students of their site.

    The groups of one partition (each race, each sex, a flag and its complement) cannot
    be more than all students: not those who met the measure, not those who did not.
    Where they are, nobody knows which number is wrong, and no sum of them is true; so
    the site's whole partition is left out of that line.
    """
    key = ["site_id", *line]
    numbers = {
        "met": pl.col("numerator"),
        "not_met": pl.col("denominator") - pl.col("numerator"),
        "people": pl.col("people"),
    }
    codes = {code: n for n, part in enumerate(PARTITIONS) for code in part}
    partition = pl.col("student_group").replace_strict(
        codes, default=None, return_dtype=pl.Int64
    )
    placed = rows.with_columns(partition.alias("partition"))
    whole = placed.filter(pl.col("student_group") == ALL).select(
        *key, *(number.alias(f"all_{name}") for name, number in numbers.items())
    )
    parts = placed.drop_nulls("partition").group_by(*key, "partition")
    wrong = (
        parts.agg(number.sum().alias(name) for name, number in numbers.items())
        .join(whole, on=key)
        .filter(pl.any_horizontal(pl.col(n) > pl.col(f"all_{n}") for n in numbers))
    )
    kept = placed.join(wrong, on=[*key, "partition"], how="anti")
    return kept.drop("partition")


def with_rest(rows: pl.DataFrame, line: Sequence[str]) -> pl.DataFrame:
    """Add the rest of all students: `ALL` less the group, at the same site.

    Blank where there is no `ALL`, or where the group is larger than it.

    Shape: `line` and `site_id` with the group tell rows apart. `most_each` is blank
    where people were counted, else what one person can make up of a denominator.
    """
    key, names = ["site_id", *line], (*NUMBERS, "most_each")
    everyone = rows.filter(pl.col("student_group") == ALL).select(
        *key, *(pl.col(name).alias(f"all_{name}") for name in names)
    )
    joined = rows.join(everyone, on=key, how="left")
    rest = {name: pl.col(f"all_{name}") - pl.col(name) for name in NUMBERS}
    # Two least numbers have no difference that is one, too.
    most_each = pl.coalesce("most_each", "all_most_each")
    rest["people"] = (
        pl.when(most_each.is_null())
        .then(rest["people"])
        .otherwise(rest["denominator"] // most_each)
    )
    is_known = (
        (pl.col("student_group") != ALL)
        & (rest["numerator"] >= 0)
        & (rest["denominator"] >= rest["numerator"])
        & (rest["people"] >= 0)
    )
    return joined.with_columns(
        *_where(is_known, BESIDE_REST, {name: pl.col(name) for name in NUMBERS}),
        *_where(is_known, REST, rest),
    ).drop(f"all_{name}" for name in names)


def with_earlier(
    rows: pl.DataFrame,
    earlier: pl.DataFrame,
    key: Sequence[str],
    *,
    since: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Add the same cell of an earlier year at the same site; blank without one.

    `since` are the present numbers that the earlier ones compare with, where those are
    not the rows' own.
    """
    both = earlier.select(*key, *(pl.col(n).alias(BEFORE + n) for n in NUMBERS)).join(
        (rows if since is None else since).select(
            *key, *(pl.col(n).alias(SINCE + n) for n in NUMBERS)
        ),
        on=key,
    )
    return rows.join(both, on=key, how="left")


def pooled(rows: pl.DataFrame, line: Sequence[str]) -> pl.DataFrame:
    """Add the cells of all sites together to the sites' own.

    Shape: adds `sites`, how many are in a cell. Rows by line, group and site.
    """
    cell = [*line, "student_group"]
    network = rows.group_by(cell).agg(
        pl.lit(ALL).alias("site_id"),
        pl.len().cast(pl.Int64).alias("sites"),
        *(_sum(name) for name in ALL_NUMBERS),
    )
    own = rows.with_columns(pl.lit(1, dtype=pl.Int64).alias("sites"))
    return pl.concat([network, own.select(network.columns)]).sort(*cell, "site_id")


def is_compared(
    cells: pl.DataFrame, sites: pl.DataFrame, line: Sequence[str]
) -> pl.Series:
    """Tell which cells may stand in a table.

    A site's may if it agreed to be named, and if enough sites that did are there to be
    compared with. The network's always may, unless one site alone is behind them that
    did not agree: they would be its own.
    """
    named = newest_profiles(sites).filter(has_consented())["site_id"]
    is_named = pl.col("site_id").is_in(named.implode())
    is_network = pl.col("site_id") == ALL
    others = pl.col("site_id").filter(is_named).n_unique().over(*line)
    some_named = is_named.any().over(*line, "student_group")
    of_network = is_network & ((pl.col("sites") > 1) | some_named)
    return cells.select(
        (of_network | (is_named & (others >= COMPARED_SITES))).alias("is_shown")
    )["is_shown"]


def _where(
    condition: pl.Expr, prefix: str, numbers: dict[str, pl.Expr]
) -> list[pl.Expr]:
    return [
        pl.when(condition).then(number).alias(prefix + name)
        for name, number in numbers.items()
    ]


def _sum(name: str) -> pl.Expr:
    # The sum of nothing is not nought: no site had an earlier year, or a rest.
    number = pl.col(name)
    return pl.when(number.is_not_null().any()).then(number.sum()).alias(name)
