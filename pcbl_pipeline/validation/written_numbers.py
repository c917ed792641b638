"""Numbers as people write them: separators, signs, and what a whole column shows.

`1,234` is twelve hundred to one writer and little more than one to another. Such a cell
is read only where other cells of its column show which of the two it is, or where the
field has no three decimals: a count has none, and dollars have two.
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.validation.written import Attempt, How, WholeColumn

_SIGNED = r"^[+-]?"
_GROUPED_BY_COMMA = _SIGNED + r"[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})$"
_GROUPED_BY_POINT = (
    _SIGNED + r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})$"
)
_DECIMAL_COMMA = _SIGNED + (
    r"(?:[0-9]*,(?:[0-9]{1,2}|[0-9]{4,15})|[0-9]{4,15},[0-9]{3}|0?,[0-9]{3})$"
)
_DECIMAL_POINT = _SIGNED + (
    r"(?:[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,15})|[0-9]{4,15}\.[0-9]{3}|0?\.[0-9]{3})$"
)
#: Three digits after the only mark: a group of a thousand, or three decimals.
_ONE_COMMA = _SIGNED + r"[1-9][0-9]{0,2},[0-9]{3}$"
ONE_POINT = _SIGNED + r"[1-9][0-9]{0,2}\.[0-9]{3}$"
#: Between groups of three digits: spaces of several widths, and the Swiss apostrophe.
_SPACES = r"[ \u{a0}\u{202f}\u{2009}'\u{2019}]"
_GROUPED_BY_SPACE = _SIGNED + rf"[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]+)?$"
_DOLLARS_BEFORE = r"^([+-]?)\s*(?:US\s?\$|\$|USD)\s*([+-]?[0-9.,])"
_DOLLARS_AFTER = r"([0-9])\s*(?:US\s?\$|\$|USD)$"
_PERCENT_AFTER = r"([0-9])\s*%$"
#: A number in percent, by sign or word, exact or about.
_SHARE = r"(?i)^[~≈<>=+\-\s]*[0-9][0-9.,\s]*(?:%|percent|per\s?cent|pct\.?)$"
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class _Column:
    """A column's bare numbers, and what its cells show of the writer's habits."""

    bare: pl.Expr
    whole: WholeColumn

    def like(self, pattern: str) -> pl.Expr:
        return self.bare.str.contains(pattern)

    @cached_property
    def comma_is_decimal(self) -> pl.Expr:
        return self.whole.any(self.like(_DECIMAL_COMMA) | self.like(_GROUPED_BY_POINT))

    @cached_property
    def point_is_decimal(self) -> pl.Expr:
        return self.whole.any(self.like(_DECIMAL_POINT) | self.like(_GROUPED_BY_COMMA))

    @property
    def european(self) -> pl.Expr:
        return self.comma_is_decimal & ~self.point_is_decimal

    @property
    def american(self) -> pl.Expr:
        return self.point_is_decimal & ~self.comma_is_decimal

    @property
    def without_commas(self) -> pl.Expr:
        return self.bare.str.replace_all(",", "", literal=True)

    @property
    def with_point_for_comma(self) -> pl.Expr:
        without = self.bare.str.replace_all(".", "", literal=True)
        return without.str.replace(",", ".", literal=True)


def number_attempts(
    field: ContractField, text: pl.Expr, whole: WholeColumn
) -> list[Attempt]:
    """Read a number; the most telling way first."""
    column = _Column(_bare(field, text), whole)
    is_whole, grouped = field.type is FieldType.INTEGER, _has_no_three_decimals(field)
    tried = [
        (How.DECIMAL_COMMA, _with_decimal_comma(column, grouped=grouped)),
        (How.THOUSANDS, _with_thousands(column, whole=is_whole, grouped=grouped)),
        (
            How.THOUSANDS,
            pl.when(text.str.contains(_GROUPED_BY_SPACE)).then(column.bare),
        ),
        (How.SIGN, pl.when(column.bare != text).then(column.bare)),
    ]
    if not is_whole:
        return [Attempt(how, value) for how, value in tried]
    tried.append((How.WHOLE, column.bare))
    # As decimals, `1.000` is one; as a group it is a thousand.
    is_open = column.like(ONE_POINT) & ~column.american
    cut = [(how, pl.when(~is_open).then(_cut_zeros(value))) for how, value in tried[2:]]
    both = [(how, _cut_zeros(value)) for how, value in tried[:2]]
    return [Attempt(how, value) for how, value in (*both, *cut)]


def is_unclear(field: ContractField, text: pl.Expr, whole: WholeColumn) -> pl.Expr:
    """Tell where a number can be read in two ways and the column does not decide."""
    column = _Column(_bare(field, text), whole)
    by_comma, by_point = column.like(_ONE_COMMA), column.like(ONE_POINT)
    if _has_no_three_decimals(field):
        by_comma &= column.comma_is_decimal
    else:
        by_comma &= ~(column.european | column.american)
    if field.type is FieldType.INTEGER:
        decided = column.american | column.european
        by_point &= column.like(r"\.000$") & ~decided
    else:
        by_point &= column.comma_is_decimal
    return by_comma | by_point


def is_share(field: ContractField, text: pl.Expr) -> pl.Expr:
    """Tell where a percent stands in the place of a count."""
    return text.str.contains(_SHARE) if field.is_count else pl.lit(value=False)


def is_money(field: ContractField) -> bool:
    """Tell whether a field counts in US dollars."""
    return field.name.endswith("_usd") or "dollar" in (field.unit or "").lower()


def _has_no_three_decimals(field: ContractField) -> bool:
    return field.type is FieldType.INTEGER or is_money(field)


def _bare(field: ContractField, text: pl.Expr) -> pl.Expr:
    """Take off what is no part of the number: signs of its unit, spaces in groups."""
    bare = text.str.replace(r"^'", "").str.replace_all(_MINUS, "-", literal=True)
    if is_money(field):
        bare = bare.str.replace(_DOLLARS_BEFORE, "$1$2")
        bare = bare.str.replace(_DOLLARS_AFTER, "$1")
    if field.is_percent:
        bare = bare.str.replace(_PERCENT_AFTER, "$1")
    grouped = bare.str.contains(_GROUPED_BY_SPACE)
    return pl.when(grouped).then(bare.str.replace_all(_SPACES, "")).otherwise(bare)


def _with_decimal_comma(column: _Column, *, grouped: bool) -> pl.Expr:
    # Where the column contradicts itself, its commas are left alone altogether.
    is_open = column.whole.any(column.like(_ONE_COMMA)) & column.comma_is_decimal
    certain = column.like(_DECIMAL_COMMA) | (
        column.like(_GROUPED_BY_POINT) & column.bare.str.contains(",", literal=True)
    )
    if not grouped:
        is_open &= column.point_is_decimal
        certain |= column.like(_ONE_COMMA) & column.european
    return pl.when(certain & ~is_open).then(column.with_point_for_comma)


def _with_thousands(column: _Column, *, whole: bool, grouped: bool) -> pl.Expr:
    by_comma = column.like(_ONE_COMMA)
    by_comma &= ~column.comma_is_decimal if grouped else column.american
    by_comma |= column.like(_GROUPED_BY_COMMA)
    by_point = column.like(_GROUPED_BY_POINT)
    by_point &= ~column.bare.str.contains(",", literal=True)
    if whole:
        by_point |= column.like(ONE_POINT) & column.european
    without_points = column.bare.str.replace_all(".", "", literal=True)
    return (
        pl.when(by_comma)
        .then(column.without_commas)
        .when(by_point)
        .then(without_points)
    )


def _cut_zeros(value: pl.Expr) -> pl.Expr:
    """Write a whole number without decimals; another stays, and is no whole number."""
    return value.str.replace(r"^([+-]?[0-9]+)\.0+$", "$1")
