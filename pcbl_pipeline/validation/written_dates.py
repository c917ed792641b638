"""Dates and school years as people write them.

A form that has the year first, or the month as a word, has one meaning. `03/09/2026` has
two, and a column decides between them only where one of its days is above twelve. A year
of two digits is read where only one year is likely; decision record 0038 says why.
"""

import polars as pl

from pcbl_pipeline.validation.written import Attempt, How, WholeColumn

_YEAR_FIRST = r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$"
_COMPACT = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$"
#: A program for texts puts them in place of the hyphen that was typed.
_OTHER_DASHES = r"[\u{2010}-\u{2015}\u{2212}]"
#: Day or month, the other one between two marks of one kind, the year.
_NUMERIC = r"^([0-9]{1,2})(?:/([0-9]{1,2})/|-([0-9]{1,2})-|\.([0-9]{1,2})\.)([0-9]{4})$"
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
#: Two digits are read as a year from 2013 to 2049. A number below is a month as well,
#: and what the datasets ask about lies neither before nor behind.
_SHORT = "(?:1[3-9]|[2-4][0-9])"
_MONTH, _DAY, _NO_MONTH = (
    "(?:0?[1-9]|1[0-2])",
    "(?:[0-2]?[0-9]|3[01])",
    ("(?:1[3-9]|2[0-9]|3[01])"),
)
_NO_DAY, _MARK = "(?:3[2-9]|4[0-9])", "[/.-]"
#: Only the last of three numbers can be the year; only the first; either.
_YEAR_LAST = (
    f"^({_MONTH}{_MARK}{_DAY}{_MARK})({_SHORT})$",
    f"^({_NO_MONTH}{_MARK}{_MONTH}{_MARK})({_NO_DAY})$",
)
_YEAR_LEADS = (
    f"^({_SHORT}{_MARK}{_MONTH}{_MARK}{_MONTH})$",
    f"^({_NO_DAY}{_MARK}{_MONTH}{_MARK}{_DAY})$",
)
_YEAR_AT_EITHER_END = f"^({_NO_MONTH}{_MARK}{_MONTH}{_MARK})({_NO_MONTH})$"
_SHORT_WORDED = (
    rf"(?i)^([0-9]{{1,2}}[ .\-/]*(?:of )?[a-z]{{3,9}}\.?,?[ .\-/]*)({_SHORT})$",
    rf"(?i)^([a-z]{{3,9}}\.?[ \-]*[0-9]{{1,2}}(?:, *| +|-))({_SHORT})$",
)
_SCHOOL_YEAR = (
    r"^(?i:s\.?y\.?|a\.?y\.?|school year|academic year)?[ :\-]*"
    r"([0-9]{4}) ?(?:-|/|\u{2013}|\u{2014}|to|_) ?(?:([0-9]{2})|([0-9]{4}))$"
)


def date_attempts(text: pl.Expr, whole: WholeColumn) -> list[Attempt]:
    """Read a date; where the column decides the order, it says how."""
    hyphened = text.str.replace_all(_OTHER_DASHES, "-")
    sent = hyphened.str.replace(_WITH_TIME, "$1")
    day = with_full_year(sent, whole)
    known = _unmistakable(day)
    by_order = _by_order(day, whole)
    read = pl.coalesce(known, *(attempt.value for attempt in by_order))
    return [
        Attempt(How.SHORT_YEAR, pl.when(day != sent).then(read)),
        Attempt(How.TIME_OF_DAY, pl.when(sent != hyphened).then(known)),
        Attempt(How.DATE_FORM, known),
        *by_order,
    ]


def read_date(day: pl.Expr, whole: WholeColumn) -> pl.Expr:
    """Return a date without time, whose year is full, as YYYY-MM-DD; else null.

    `3/9/2026` is March 9 unless a day of the column shows another order: this is for
    exports of products, most of which write so.
    """
    attempts = _by_order(day, whole, month_first=True)
    return pl.coalesce(_unmistakable(day), *(attempt.value for attempt in attempts))


def _by_order(
    day: pl.Expr, whole: WholeColumn, *, month_first: bool = False
) -> list[Attempt]:
    """Read three numbers, the year last, in the order that the column shows."""
    first, second, year = _numeric_parts(day)
    by_day, by_month = _is_day(first, second), _is_day(second, first)
    is_open = first.is_between(1, 12) & second.is_between(1, 12) & (first != second)
    some_by_day, some_by_month = whole.any(by_day), whole.any(by_month)
    shows_month_first = ~some_by_day & (some_by_month | pl.lit(month_first))
    is_day_first = by_day | (is_open & some_by_day & ~some_by_month)
    is_month_first = by_month | (is_open & shows_month_first)
    is_same = (first == second) & first.is_between(1, 12)
    return [
        Attempt(How.DATE_FORM, pl.when(is_same).then(_iso(year, first, first))),
        Attempt(How.DAY_FIRST, pl.when(is_day_first).then(_iso(year, second, first))),
        Attempt(
            How.MONTH_FIRST, pl.when(is_month_first).then(_iso(year, first, second))
        ),
    ]


def with_full_year(day: pl.Expr, whole: WholeColumn) -> pl.Expr:
    """Write a year of two digits with four, where only one year can be meant.

    Of `4/3/26` it is 2026. `26-04-03` has the year first, as 03 is no likely year. Where
    both ends may be the year, the other cells of the column decide. All else stays as it
    is, and so does every date whose year has four digits.
    """
    some_last = whole.any(day.str.contains("|".join((*_YEAR_LAST, _NUMERIC))))
    some_leads = whole.any(day.str.contains("|".join(_YEAR_LEADS)))
    full = day
    for pattern in (*_YEAR_LAST, *_SHORT_WORDED):
        full = full.str.replace(pattern, "${1}20${2}")
    for pattern in _YEAR_LEADS:
        full = full.str.replace(pattern, "20${1}")
    ends = day.str.replace(_YEAR_AT_EITHER_END, "${1}20${2}")
    leads = day.str.replace(_YEAR_AT_EITHER_END, "20${1}${2}")
    is_either = day.str.contains(_YEAR_AT_EITHER_END)
    return (
        pl.when(is_either & some_last & ~some_leads)
        .then(ends)
        .when(is_either & some_leads & ~some_last)
        .then(leads)
        .otherwise(full)
    )


def school_year_attempts(text: pl.Expr) -> list[Attempt]:
    """Read a school year whose two years follow each other."""
    first = _number(text.str.extract(_SCHOOL_YEAR, 1))
    short = _number(text.str.extract(_SCHOOL_YEAR, 2))
    full = _number(text.str.extract(_SCHOOL_YEAR, 3))
    follows = ((first + 1) % 100 == short) | (first + 1 == full)
    years = pl.format("{}-{}", first, first + 1)
    return [Attempt(How.SCHOOL_YEAR, pl.when(follows).then(years))]


def _numeric_parts(day: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Split `03/09/2026` into its three numbers; null where it has another form."""
    first, *seconds, year = (day.str.extract(_NUMERIC, group) for group in range(1, 6))
    return _number(first), _number(pl.coalesce(seconds)), _number(year)


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
