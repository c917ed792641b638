"""Texts: a typed value as the text that one would type into a CSV file.

The same for workbooks, JSON and Parquet, so that one table is the same text in all.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | float | bool | date | datetime | time | timedelta

#: A number is written out in full up to so many digits; beyond, as it stands. The
#: text of 1e999999999 would fill the memory.
_DIGITS_WRITTEN_OUT = 400


def cell_text(value: Cell) -> str:
    """Return a cell's value as the text that one would type into a CSV file."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def decimal_text(value: Decimal) -> str:
    """Return a decimal number without an exponent and without zeros at its end."""
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS_WRITTEN_OUT:
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent_text(value: float) -> str:
    """Return the number that a cell shows before its percent sign: 45 for 0.45."""
    return decimal_text(Decimal(repr(value)) * 100)


def padded_text(value: float, width: int) -> str:
    """Return a whole number with the zeros in front that its cell shows."""
    if not float(value).is_integer():
        return cell_text(value)
    sign, digits = ("-", -int(value)) if value < 0 else ("", int(value))
    return f"{sign}{digits:0{width}}"
