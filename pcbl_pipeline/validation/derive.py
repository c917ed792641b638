"""Further derived columns: those that `prepare` does not spell out itself.

What does not belong here: which columns a contract derives, and from what.
"""

from collections.abc import Callable, Mapping

import polars as pl

from pcbl_pipeline.contracts.contract import DerivedColumn


def _prefix_like(column: DerivedColumn) -> pl.Expr:
    other = pl.col(column.columns[0])
    # Of a missing length, Polars would make the whole text.
    start = _of(column).str.slice(0, other.str.len_chars())
    return pl.when(other.is_not_null()).then(start)


def _of(column: DerivedColumn) -> pl.Expr:
    if column.of is None:
        raise AssertionError(column.name)
    return pl.col(column.of)


#: Kinds that look at their own row only.
WITHIN_ROW: Mapping[str, Callable[[DerivedColumn], pl.Expr]] = {
    "prefix_like": _prefix_like,
}
