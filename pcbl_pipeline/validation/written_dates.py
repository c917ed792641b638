"""Dates and school years as people write them.

A form that has the year first, or the month as a word, has one meaning. `03/09/2026` has
two, and a column decides between them only where one of its days is above twelve.
"""

import polars as pl

from pcbl_pipeline.validation.written import Attempt, How, WholeColumn

_YEAR_FIRST = r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$"
_COMPACT = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$"
#: Day or month, the other one, the year.
NUMERIC = (
    r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$",
    r"^([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})$",
    r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$",
)
_DAY_MONTH_YEAR = r"^([0-9]{1,2})[ .\-/]*(?:of )?([a-z]{3,9})\.?,?[ .\-/]*([0-9]{4})$"
_MONTH_DAY_YEAR = r"^([a-z]{3,9})\.?[ \-]*([0-9]{1,2})(?:,? +|-)([0-9]{4})$"
_YEAR_MONTH_DAY = r"^([0-9]{4})[ \-/]([a-z]{3,9})[ \-/]([0-9]{1,2})$"
_WEEKDAY = r"^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*[.,]* +"
_ORDINAL = r"([0-9])(?:st|nd|rd|th)\b"
#: A time of day, with a zone only at midnight: another hour may be another day there.
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?"
_MIDNIGHT = r"0?0:00(?::00(?:\.0+)?)?(?: ?[Aa][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_WITH_TIME = rf"^(.*[0-9])(?:T| +)(?:{_CLOCK}|{_MIDNIGHT})$"
_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTHS = {
    **{name: number for number, name in enumerate(_NAMES, 1)},
    **{name[:3]: number for number, name in enumerate(_NAMES, 1)},
    "sept": 9,
}
_SCHOOL_YEAR = (
    r"^(?i:s\.?y\.?|a\.?y\.?|school year|academic year)?[ :\-]*"
    r"([0-9]{4}) ?(?:-|/|\u{2013}|\u{2014}|to|_) ?(?:([0-9]{2})|([0-9]{4}))$"
)


def date_attempts(text: pl.Expr, whole: WholeColumn) -> list[Attempt]:
    """Read a date; where the column decides the order, it says how."""
    day = text.str.replace(_WITH_TIME, "$1")
    has_time = day != text
    first, second, year = numeric_parts(day)
    by_day, by_month = _is_day(first, second), _is_day(second, first)
    is_open = first.is_between(1, 12) & second.is_between(1, 12) & (first != second)
    some_by_day, some_by_month = whole.any(by_day), whole.any(by_month)
    day_first = by_day | (is_open & some_by_day & ~some_by_month)
    month_first = by_month | (is_open & some_by_month & ~some_by_day)
    known = _unmistakable(day)
    return [
        Attempt(How.TIME_OF_DAY, pl.when(has_time).then(known)),
        Attempt(How.DATE_FORM, known),
        Attempt(How.DATE_FORM, pl.when(first == second).then(_iso(year, first, first))),
        Attempt(How.DAY_FIRST, pl.when(day_first).then(_iso(year, second, first))),
        Attempt(How.MONTH_FIRST, pl.when(month_first).then(_iso(year, first, second))),
    ]


def school_year_attempts(text: pl.Expr) -> list[Attempt]:
    """Read a school year whose two years follow each other."""
    first = _number(text.str.extract(_SCHOOL_YEAR, 1))
    short = _number(text.str.extract(_SCHOOL_YEAR, 2))
    full = _number(text.str.extract(_SCHOOL_YEAR, 3))
    follows = ((first + 1) % 100 == short) | (first + 1 == full)
    years = pl.format("{}-{}", first, first + 1)
    return [Attempt(How.SCHOOL_YEAR, pl.when(follows).then(years))]


def numeric_parts(day: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Split `03/09/2026` into its three numbers; null where it has another form."""
    parts = [
        pl.coalesce(_number(day.str.extract(pattern, group)) for pattern in NUMERIC)
        for group in (1, 2, 3)
    ]
    return parts[0], parts[1], parts[2]


def _is_day(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Tell where only the first of two numbers can be the day."""
    is_day = one.is_between(13, 31) & other.is_between(1, 12)
    return is_day.fill_null(value=False)


def _unmistakable(day: pl.Expr) -> pl.Expr:
    """Read the forms that have one meaning wherever they stand."""
    worded = day.str.to_lowercase().str.replace(_WEEKDAY, "")
    worded = worded.str.replace(_ORDINAL, "$1")
    return pl.coalesce(
        _from_parts(day, _YEAR_FIRST, "ymd"),
        _from_parts(day, _COMPACT, "ymd"),
        _from_parts(worded, _DAY_MONTH_YEAR, "dmy"),
        _from_parts(worded, _MONTH_DAY_YEAR, "mdy"),
        _from_parts(worded, _YEAR_MONTH_DAY, "ymd"),
    )


def _from_parts(text: pl.Expr, pattern: str, order: str) -> pl.Expr:
    part = {
        letter: text.str.extract(pattern, order.index(letter) + 1) for letter in order
    }
    named = part["m"].replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    month = pl.coalesce(_number(part["m"]), named)
    return _iso(_number(part["y"]), month, _number(part["d"]))


def _number(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    parts = [
        part.cast(pl.String).str.zfill(length)
        for part, length in ((year, 4), (month, 2), (day, 2))
    ]
    return pl.concat_str(parts, separator="-")
