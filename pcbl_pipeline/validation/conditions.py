"""GX map metrics as Polars expressions: true where a row is unexpected.

The table `CONDITIONS` is the whole vocabulary. Each entry repeats what GX's own
pandas provider of that metric does, null semantics included; the differential test
holds them together. What does not belong here: running anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
    deserialize_row_condition,
)

Kwargs = Mapping[str, Any]


class NotOnPolars(Exception):
    """This metric, or a part of its configuration, has no Polars expression."""


@dataclass(frozen=True)
class RowCheck:
    """Which rows a metric looks at, and which of those are unexpected."""

    #: Rows in the metric's domain: the row condition and the null filter.
    domain: pl.Expr
    #: Rows that are unexpected; meaningful inside the domain only.
    unexpected: pl.Expr
    #: Columns whose values together must not repeat within the domain; the engine
    #: marks repeated ones in a column and `unexpected` is ignored.
    unique: tuple[str, ...] = ()

    def mask(self, repeated: pl.Expr | None = None) -> pl.Expr:
        """Return the expression that is true exactly for unexpected rows."""
        unexpected = self.unexpected if repeated is None else repeated
        return (self.domain & unexpected).fill_null(value=False)


def row_check(
    metric_name: str, domain: Kwargs, values: Kwargs, schema: pl.Schema
) -> RowCheck:
    """Translate one GX `.condition` metric.

    Raises:
        NotOnPolars: If the metric or its row condition has no translation.
    """
    try:
        translate = CONDITIONS[metric_name]
    except KeyError:
        raise NotOnPolars(metric_name) from None
    return translate(domain, values, schema)


def row_filter(domain: Kwargs) -> pl.Expr:
    """Translate a row condition; without one, every row is looked at.

    Null semantics are those of `pandas.DataFrame.query`: a comparison with a missing
    value is false, except `!=` and `not in`, which are true.
    """
    condition = domain.get("row_condition")
    if not condition:
        return pl.lit(value=True)
    if isinstance(condition, dict):
        condition = deserialize_row_condition(condition)
    return _filter_of(condition)


def _filter_of(condition: object) -> pl.Expr:
    match condition:
        case NullityCondition():
            column = pl.col(condition.column.name)
            return column.is_null() if condition.is_null else column.is_not_null()
        case ComparisonCondition():
            return _comparison(condition)
        case AndCondition():
            return pl.all_horizontal(
                [_filter_of(part) for part in condition.conditions]
            )
        case OrCondition():
            return pl.any_horizontal(
                [_filter_of(part) for part in condition.conditions]
            )
    raise NotOnPolars(f"row condition {type(condition).__name__}")


def _comparison(condition: ComparisonCondition) -> pl.Expr:
    column, value = pl.col(condition.column.name), condition.parameter
    compare: dict[str, Callable[[], pl.Expr]] = {
        "==": lambda: (column == value).fill_null(value=False),
        "!=": lambda: column.ne_missing(pl.lit(value)),
        "<": lambda: (column < value).fill_null(value=False),
        "<=": lambda: (column <= value).fill_null(value=False),
        ">": lambda: (column > value).fill_null(value=False),
        ">=": lambda: (column >= value).fill_null(value=False),
        "IN": lambda: column.is_in(list(value)).fill_null(value=False),
        "NOT_IN": lambda: ~column.is_in(list(value)).fill_null(value=False),
    }
    return compare[str(getattr(condition.operator, "value", condition.operator))]()


def _present(domain: Kwargs) -> pl.Expr:
    """Rows of the row condition in which the column has a value (GX's null filter)."""
    return row_filter(domain) & pl.col(domain["column"]).is_not_null()


def _text(domain: Kwargs, schema: pl.Schema) -> pl.Expr:
    column = pl.col(domain["column"])
    is_text = schema[domain["column"]] == pl.String
    return column if is_text else column.cast(pl.String)


def _nonnull(domain: Kwargs, _values: Kwargs, _schema: pl.Schema) -> RowCheck:
    return RowCheck(row_filter(domain), pl.col(domain["column"]).is_null())


def _null(domain: Kwargs, _values: Kwargs, _schema: pl.Schema) -> RowCheck:
    return RowCheck(row_filter(domain), pl.col(domain["column"]).is_not_null())


def _match_regex(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    matches = _text(domain, schema).str.contains(values["regex"])
    return RowCheck(_present(domain), ~matches)


def _not_match_regex(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    matches = _text(domain, schema).str.contains(values["regex"])
    return RowCheck(_present(domain), matches)


def _in_set(domain: Kwargs, values: Kwargs, _schema: pl.Schema) -> RowCheck:
    known = pl.col(domain["column"]).is_in(list(values["value_set"]))
    return RowCheck(_present(domain), ~known)


def _not_in_set(domain: Kwargs, values: Kwargs, _schema: pl.Schema) -> RowCheck:
    banned = pl.col(domain["column"]).is_in(list(values["value_set"]))
    return RowCheck(_present(domain), banned)


def _outside(value: pl.Expr, bounds: Kwargs, dtype: pl.DataType) -> pl.Expr:
    """Return where a value is outside bounds, each of which may be strict or absent."""
    inside = []
    low, high = (_bound(bounds.get(end), dtype) for end in ("min_value", "max_value"))
    if low is not None:
        inside.append(value > low if bounds.get("strict_min") else value >= low)
    if high is not None:
        inside.append(value < high if bounds.get("strict_max") else value <= high)
    return ~pl.all_horizontal(inside)


def _bound(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 - GX kwargs are untyped
    if isinstance(value, str) and dtype == pl.Date:
        return date.fromisoformat(value)
    return value


def _between(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    name = domain["column"]
    return RowCheck(_present(domain), _outside(pl.col(name), values, schema[name]))


def _length_between(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    length = _text(domain, schema).str.len_chars()
    return RowCheck(_present(domain), _outside(length, values, pl.UInt32()))


def _strftime(domain: Kwargs, values: Kwargs, _schema: pl.Schema) -> RowCheck:
    # Only the format we use: what chrono and strptime accept differs for others.
    if values["strftime_format"] != "%Y-%m-%d":
        raise NotOnPolars(f"strftime format {values['strftime_format']}")
    column = pl.col(domain["column"])
    return RowCheck(_present(domain), iso_date(column).is_null())


def iso_date(text: pl.Expr) -> pl.Expr:
    """Parse `YYYY-MM-DD` as `datetime.strptime` does; null where it is no such day.

    Month and day may have one digit, as in strptime; a contract that wants two adds a
    pattern. Years before 1 do not exist there, so `0000` is refused here too.
    """
    shape = r"^[0-9]{4}-(?:[0-9]|0[0-9]|1[0-2])-(?:[0-9]|[0-2][0-9]|3[01])$"
    parts = [text.str.split("-").list.get(i, null_on_oob=True) for i in range(3)]
    padded = pl.concat_str(
        parts[0], *(p.str.zfill(2) for p in parts[1:]), separator="-"
    )
    day = padded.str.to_date("%Y-%m-%d", strict=False)
    valid = text.str.contains(shape) & ~text.str.starts_with("0000")
    return pl.when(valid).then(day)


def _unique(domain: Kwargs, _values: Kwargs, _schema: pl.Schema) -> RowCheck:
    return RowCheck(_present(domain), pl.lit(value=False), (domain["column"],))


def _compound_unique(domain: Kwargs, _values: Kwargs, _schema: pl.Schema) -> RowCheck:
    columns = tuple(domain["column_list"])
    missing = [pl.col(name).is_null() for name in columns]
    looked_at = row_filter(domain) & _not_ignored(
        domain.get("ignore_row_if", "all_values_are_missing"), missing
    )
    return RowCheck(looked_at, pl.lit(value=False), columns)


def _not_ignored(rule: str, missing: list[pl.Expr]) -> pl.Expr:
    if rule in {"all_values_are_missing", "both_values_are_missing"}:
        return ~pl.all_horizontal(missing)
    if rule in {"any_value_is_missing", "either_value_is_missing"}:
        return ~pl.any_horizontal(missing)
    return pl.lit(value=True)


def _pair(domain: Kwargs, expected: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> RowCheck:
    a, b = pl.col(domain["column_A"]), pl.col(domain["column_B"])
    looked_at = row_filter(domain) & _not_ignored(
        domain.get("ignore_row_if", "both_values_are_missing"),
        [a.is_null(), b.is_null()],
    )
    # A comparison with a missing side is not met, as in pandas.
    return RowCheck(looked_at, ~expected(a, b).fill_null(value=False))


def _pair_greater(domain: Kwargs, values: Kwargs, _schema: pl.Schema) -> RowCheck:
    or_equal = bool(values.get("or_equal"))
    return _pair(domain, lambda a, b: a >= b if or_equal else a > b)


def _pair_equal(domain: Kwargs, _values: Kwargs, _schema: pl.Schema) -> RowCheck:
    return _pair(domain, lambda a, b: a == b)


CONDITIONS: dict[str, Callable[[Kwargs, Kwargs, pl.Schema], RowCheck]] = {
    "column_values.nonnull": _nonnull,
    "column_values.null": _null,
    "column_values.match_regex": _match_regex,
    "column_values.not_match_regex": _not_match_regex,
    "column_values.in_set": _in_set,
    "column_values.not_in_set": _not_in_set,
    "column_values.between": _between,
    "column_values.value_length.between": _length_between,
    "column_values.match_strftime_format": _strftime,
    "column_values.unique": _unique,
    "compound_columns.unique": _compound_unique,
    "column_pair_values.a_greater_than_b": _pair_greater,
    "column_pair_values.equal": _pair_equal,
}

__all__ = [
    "CONDITIONS",
    "Condition",
    "NotOnPolars",
    "RowCheck",
    "iso_date",
    "row_check",
]
