"""GX row conditions as Polars expressions, and which values fit which column.

What does not belong here: what a metric expects of the rows that are left.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    NullityCondition,
    OrCondition,
    deserialize_row_condition,
)

Kwargs = Mapping[str, Any]

_INT64 = range(-(2**63), 2**63)


class NotOnPolars(Exception):
    """This metric, or a part of its configuration, has no Polars expression."""


class ColumnMissing(LookupError):
    """A suite names a column that the rows lack: the suite or its rows are wrong."""


def require_columns(names: Iterable[str | None], schema: pl.Schema) -> None:
    """Raise ColumnMissing unless the rows have every column that is named."""
    missing = {name for name in names if name} - set(schema)
    if missing:
        listed = ", ".join(sorted(missing))
        raise ColumnMissing(f"The rows have no such columns: {listed}")


def row_filter(domain: Kwargs, schema: pl.Schema) -> pl.Expr:
    """Translate a row condition; without one, every row is looked at.

    Null semantics are those of `pandas.DataFrame.query`: a comparison with a missing
    value is false, except `!=` and `not in`, which are true.

    Raises:
        NotOnPolars: If the condition has no translation, for instance a text in
            pandas' own query language.
    """
    condition = domain.get("row_condition")
    if not condition:
        return pl.lit(value=True)
    if isinstance(condition, dict):
        condition = deserialize_row_condition(condition)
    return _filter_of(condition, schema)


def _filter_of(condition: object, schema: pl.Schema) -> pl.Expr:
    match condition:
        case NullityCondition():
            require_columns([condition.column.name], schema)
            column = pl.col(condition.column.name)
            return column.is_null() if condition.is_null else column.is_not_null()
        case ComparisonCondition():
            require_columns([condition.column.name], schema)
            return _comparison(condition, schema[condition.column.name])
        case AndCondition():
            return pl.all_horizontal(
                [_filter_of(part, schema) for part in condition.conditions]
            )
        case OrCondition():
            return pl.any_horizontal(
                [_filter_of(part, schema) for part in condition.conditions]
            )
    raise NotOnPolars(f"row condition {type(condition).__name__}")


def _comparison(condition: ComparisonCondition, dtype: pl.DataType) -> pl.Expr:
    column, value = pl.col(condition.column.name), condition.parameter
    operator = str(getattr(condition.operator, "value", condition.operator))
    if operator == "IN":
        return is_member(column, value, dtype).fill_null(value=False)
    if operator == "NOT_IN":
        return ~is_member(column, value, dtype).fill_null(value=False)
    if not fits(value, dtype):
        raise NotOnPolars(f"{dtype} {operator} {type(value).__name__}")
    compare: dict[str, Callable[[], pl.Expr]] = {
        "==": lambda: column == value,
        "!=": lambda: column.ne_missing(pl.lit(value)),
        "<": lambda: column < value,
        "<=": lambda: column <= value,
        ">": lambda: column > value,
        ">=": lambda: column >= value,
    }
    return compare[operator]().fill_null(value=False)


def is_number(dtype: pl.DataType) -> bool:
    """Tell whether a column holds numbers that pandas compares as Polars does."""
    return dtype.is_integer() or dtype.is_float()


def fits(value: object, dtype: pl.DataType) -> bool:
    """Tell whether a value compares with a column in pandas as it does in Polars."""
    if dtype == pl.String:
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return is_number(dtype) and not math.isnan(value)


def is_member(column: pl.Expr, values: Iterable[Any], dtype: pl.DataType) -> pl.Expr:
    """Tell where a column has one of some values; null where it has none.

    Raises:
        NotOnPolars: If a value does not fit the column.
    """
    members = list(values)
    if not all(fits(value, dtype) for value in members):
        raise NotOnPolars(f"{dtype} among other values")
    if dtype.is_integer():
        # Polars compares like with like only; pandas finds 2 in 2.0.
        members = [int(v) for v in members if math.isfinite(v) and v == int(v)]
        members = [value for value in members if value in _INT64]
        column, dtype = column.cast(pl.Int64), pl.Int64()
    return column.is_in(pl.Series(members, dtype=dtype).implode())
