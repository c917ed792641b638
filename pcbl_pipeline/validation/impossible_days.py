"""Impossible days: what is written like a date and is no day of any calendar.

Such a cell is not in the wrong form: there is no day to put into the right one. What
does not belong here: the forms of dates that can be read (`written_dates`).
"""

import polars as pl

from pcbl_pipeline.contracts.contract import ContractField, FieldType

_LIKE_A_DATE = r"^([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})$"
_LAST_DAY = 31


def is_no_day(field: ContractField, text: pl.Expr) -> pl.Expr:
    """Tell where two numbers and a year are no day, whichever of them is the month."""
    if field.type is not FieldType.DATE:
        return pl.lit(value=False)
    first, second, last = (_number(text, group) for group in (1, 2, 3))
    is_short = text.str.extract(_LIKE_A_DATE, 3).str.len_chars() == 2
    year = pl.when(is_short).then(2000 + last).otherwise(last)
    orders = (
        (year, first, second),
        (year, second, first),
        # With two digits, the year may also stand in front.
        (pl.when(is_short).then(2000 + first), second, last),
    )
    some_day = pl.any_horizontal(_is_day(*order) for order in orders)
    both_small = first.is_between(1, _LAST_DAY) & second.is_between(1, _LAST_DAY)
    return both_small & ~some_day


def _number(text: pl.Expr, group: int) -> pl.Expr:
    return text.str.extract(_LIKE_A_DATE, group).cast(pl.Int64, strict=False)


def _is_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    parts = [part.cast(pl.String).str.zfill(n) for part, n in ((month, 2), (day, 2))]
    written = pl.concat_str(year.cast(pl.String).str.zfill(4), *parts, separator="-")
    return written.str.to_date("%Y-%m-%d", strict=False).is_not_null()
