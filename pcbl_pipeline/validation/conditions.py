"""GX map metrics as Polars expressions: true where a row is unexpected.

The table `CONDITIONS` is the whole vocabulary. Each entry repeats what GX's own
pandas provider of that metric does, null semantics included; the differential test
holds them together. What does not belong here: running anything.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from pcbl_pipeline.validation.filters import (
    Kwargs,
    NotOnPolars,
    fits,
    is_member,
    is_number,
    require_columns,
    row_filter,
)
from pcbl_pipeline.validation.patterns import NoSuchPattern, to_rust

_ISO_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+$")
#: What strptime reads as %Y-%m-%d, before it asks whether there is such a day.
_STRPTIME_DATE = r"^\d{4}-(?:1[0-2]|0?[1-9])-(?: [1-9]|3[01]|[12]\d|0?[1-9])$"
#: Where Unicode has digits beside those of ASCII (Arabic-Indic to segmented ones).
_BEYOND_ASCII_DIGITS = range(0x660, 0x20000)


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
        ColumnMissing: If the rows lack a column that it names.
    """
    named = [domain.get(key) for key in ("column", "column_A", "column_B")]
    require_columns([*named, *domain.get("column_list", ())], schema)
    try:
        translate = CONDITIONS[metric_name]
    except KeyError:
        raise NotOnPolars(metric_name) from None
    return translate(domain, values, schema)


def _present(domain: Kwargs, schema: pl.Schema) -> pl.Expr:
    """Rows of the row condition in which the column has a value (GX's null filter)."""
    return row_filter(domain, schema) & pl.col(domain["column"]).is_not_null()


def _text(domain: Kwargs, schema: pl.Schema) -> pl.Expr:
    # How pandas writes another type as text is its own affair: 1 beside a null is 1.0.
    if schema[domain["column"]] != pl.String:
        raise NotOnPolars(f"{schema[domain['column']]} as text")
    return pl.col(domain["column"])


def _nonnull(domain: Kwargs, _values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(row_filter(domain, schema), pl.col(domain["column"]).is_null())


def _null(domain: Kwargs, _values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(row_filter(domain, schema), pl.col(domain["column"]).is_not_null())


def _matches(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> pl.Expr:
    try:
        pattern = to_rust(values["regex"])
    except NoSuchPattern as error:
        raise NotOnPolars(f"regex {values['regex']}") from error
    return _text(domain, schema).str.contains(pattern)


def _match_regex(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(_present(domain, schema), ~_matches(domain, values, schema))


def _not_match_regex(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(_present(domain, schema), _matches(domain, values, schema))


def _in_set(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(_present(domain, schema), ~_among(domain, values, schema))


def _not_in_set(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    return RowCheck(_present(domain, schema), _among(domain, values, schema))


def _among(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> pl.Expr:
    name = domain["column"]
    return is_member(pl.col(name), values["value_set"], schema[name])


def _outside(value: pl.Expr, bounds: Kwargs, dtype: pl.DataType) -> pl.Expr:
    """Return where a value is outside bounds, each of which may be strict or absent."""
    inside = []
    low, high = (_bound(bounds.get(end), dtype) for end in ("min_value", "max_value"))
    if low is not None:
        inside.append(value > low if bounds.get("strict_min") else value >= low)
    if high is not None:
        inside.append(value < high if bounds.get("strict_max") else value <= high)
    if not inside or (low is not None and high is not None and low > high):
        raise NotOnPolars("bounds that GX refuses")
    return ~pl.all_horizontal(inside)


def _bound(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 - GX kwargs are untyped
    if value is None or fits(value, dtype):
        return value
    # A bound that is a mere date fails in GX on pandas; one with a time does not.
    if isinstance(value, str) and dtype == pl.Date and _ISO_DATETIME.match(value):
        return datetime.fromisoformat(value)
    raise NotOnPolars(f"{dtype} between bounds of type {type(value).__name__}")


def _between(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    name = domain["column"]
    outside = _outside(pl.col(name), values, schema[name])
    return RowCheck(_present(domain, schema), outside)


def _length_between(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    length = _text(domain, schema).str.len_chars()
    return RowCheck(_present(domain, schema), _outside(length, values, pl.UInt32()))


def _strftime(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    # Only the format we use: what chrono and strptime accept differs for others.
    if values["strftime_format"] != "%Y-%m-%d":
        raise NotOnPolars(f"strftime format {values['strftime_format']}")
    day = iso_date(_text(domain, schema))
    return RowCheck(_present(domain, schema), day.is_null())


def iso_date(text: pl.Expr) -> pl.Expr:
    """Parse `YYYY-MM-DD` as `datetime.strptime` does; null where it is no such day.

    Leniency is strptime's: month and day may have one digit, the day a space before
    it, and some digits may be of another script. A contract that wants two ASCII
    digits adds a pattern. The year 0000 does not exist there.
    """
    written = text.str.contains(_STRPTIME_DATE) & ~text.str.starts_with("0000")
    others = _digits_of_other_scripts()
    ascii_digits = text.str.replace_many(list(others), list(others.values()))
    return pl.when(written).then(ascii_digits.str.to_date("%Y-%m-%d", strict=False))


@cache
def _digits_of_other_scripts() -> dict[str, str]:
    """Return each decimal digit that is not ASCII with the one that it stands for."""
    digits = {}
    for point in _BEYOND_ASCII_DIGITS:
        value = unicodedata.decimal(chr(point), None)
        if value is not None:
            digits[chr(point)] = str(value)
    return digits


def _unique(domain: Kwargs, _values: Kwargs, schema: pl.Schema) -> RowCheck:
    name = domain["column"]
    _require_comparable(schema[name])
    return RowCheck(_present(domain, schema), pl.lit(value=False), (name,))


def _compound_unique(domain: Kwargs, _values: Kwargs, schema: pl.Schema) -> RowCheck:
    columns = tuple(domain["column_list"])
    _require_comparable(*[schema[name] for name in columns])
    looked_at = row_filter(domain, schema) & _not_ignored(domain, columns)
    return RowCheck(looked_at, pl.lit(value=False), columns)


def _require_comparable(*dtypes: pl.DataType) -> None:
    """Refuse types that pandas cannot compare, or not as Polars does."""
    for dtype in dtypes:
        if not (dtype in {pl.String, pl.Date} or is_number(dtype)):
            raise NotOnPolars(f"comparison of {dtype}")


def _not_ignored(domain: Kwargs, columns: tuple[str, ...]) -> pl.Expr:
    missing = [pl.col(name).is_null() for name in columns]
    match domain.get("ignore_row_if"):
        case "all_values_are_missing" | "both_values_are_missing":
            return ~pl.all_horizontal(missing)
        case "any_value_is_missing" | "either_value_is_missing":
            return ~pl.any_horizontal(missing)
        case "never" | "neither":
            return pl.lit(value=True)
        case rule:
            raise NotOnPolars(f"ignore_row_if {rule}")


def _pair(
    domain: Kwargs, expected: Callable[[pl.Expr, pl.Expr], pl.Expr], schema: pl.Schema
) -> RowCheck:
    columns = (domain["column_A"], domain["column_B"])
    dtypes = [schema[name] for name in columns]
    _require_comparable(*dtypes)
    if len({is_number(dtype) or dtype for dtype in dtypes}) > 1:
        raise NotOnPolars(f"comparison of {dtypes[0]} with {dtypes[1]}")
    looked_at = row_filter(domain, schema) & _not_ignored(domain, columns)
    met = expected(*[pl.col(name) for name in columns])
    # A comparison with a missing side is not met, as in pandas.
    return RowCheck(looked_at, ~met.fill_null(value=False))


def _pair_greater(domain: Kwargs, values: Kwargs, schema: pl.Schema) -> RowCheck:
    or_equal = bool(values.get("or_equal"))
    return _pair(domain, lambda a, b: a >= b if or_equal else a > b, schema)


def _pair_equal(domain: Kwargs, _values: Kwargs, schema: pl.Schema) -> RowCheck:
    return _pair(domain, lambda a, b: a == b, schema)


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
    "NotOnPolars",
    "RowCheck",
    "iso_date",
    "row_check",
]
