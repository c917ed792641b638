"""Further derived columns: those that `prepare` does not spell out itself.

Some look at their own row only, some at a limit table, some at other rows: those in
the lake, which the circumstances bring, and earlier ones of the same file. What does
not belong here: which columns a contract derives, and reading the lake.
"""

from collections.abc import Callable, Mapping

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.derived import DerivedColumn, Reference
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.told import Told


def derive_within_row(column: DerivedColumn, catalogue: Catalogue) -> pl.Expr:
    """Return the expression of a column of one of the kinds `WITHIN_ROW`."""
    return WITHIN_ROW[column.kind](column, catalogue).alias(column.name)


def look_up(
    rows: pl.LazyFrame, column: DerivedColumn, circumstances: Circumstances, row_id: str
) -> Told:
    """Look a value of another row up; null where there is no such row."""
    reference = column.reference
    if reference is None:
        raise AssertionError(column.name)
    told = circumstances.looked_up[column.name].lazy()
    found, on = told, reference.same
    if column.kind == "latest_earlier":
        found, on = _latest_earlier(rows, told, reference, row_id), (row_id,)
    return Told(found.rename({"value": column.name}), on)


def _latest_earlier(
    rows: pl.LazyFrame, told: pl.LazyFrame, reference: Reference, row_id: str
) -> pl.LazyFrame:
    """Return for each row the value in the row just before it, by `row_id`.

    What the file itself says of an earlier row counts more than what the lake has.
    """
    same, order = list(reference.same), _order(reference)
    own = rows.select(*same, order, pl.col(reference.column).alias("value"))
    earlier = (
        pl.concat([told, own])
        .drop_nulls()
        .unique([*same, order], keep="last", maintain_order=True)
        .sort(order)
    )
    asked = rows.select(row_id, *same, order).drop_nulls().sort(order)
    return asked.join_asof(
        earlier,
        on=order,
        by=same,
        strategy="backward",
        allow_exact_matches=False,
        # Both are sorted just above; with groups, Polars cannot see that it is so.
        check_sortedness=False,
    ).select(row_id, "value")


def _order(reference: Reference) -> str:
    if reference.order is None:
        raise AssertionError(reference)
    return reference.order


def _prefix_like(column: DerivedColumn, _catalogue: Catalogue) -> pl.Expr:
    other = pl.col(column.columns[0])
    # Of a missing length, Polars would make the whole text.
    start = _of(column).str.slice(0, other.str.len_chars())
    return pl.when(other.is_not_null()).then(start)


def _days_between(column: DerivedColumn, _catalogue: Catalogue) -> pl.Expr:
    first, second = column.columns
    return (pl.col(second) - pl.col(first)).dt.total_days()


def _limit(column: DerivedColumn, catalogue: Catalogue) -> pl.Expr:
    state = _of(column).str.slice(0, column.length)
    number = pl.col(column.columns[0])
    found = [pl.lit(None, pl.Int64)]
    for limit in catalogue.limit_tables[column.table or ""].limits:
        in_range = number >= limit.first
        if limit.last is not None:
            in_range &= number <= limit.last
        applies = (state == limit.state_fips) & in_range
        found.append(pl.when(applies).then(pl.lit(limit.at_most, pl.Int64)))
    return pl.coalesce(found)


def _of(column: DerivedColumn) -> pl.Expr:
    if column.of is None:
        raise AssertionError(column.name)
    return pl.col(column.of)


#: Kinds that look at their own row, and perhaps at a limit table.
WITHIN_ROW: Mapping[str, Callable[[DerivedColumn, Catalogue], pl.Expr]] = {
    "prefix_like": _prefix_like,
    "days_between": _days_between,
    "limit": _limit,
}
