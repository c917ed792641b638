"""Readings in words: what was read otherwise than it stands, for the receipt.

One finding per column and kind with the count; the cells themselves are right and are
not listed. What does not belong here: how a value is read (`validation.normalise`).
"""

from collections.abc import Mapping

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.operations.examine import JudgedDataset, headers_of, sheet_names
from pcbl_pipeline.validation.written import How

RULE = "R317"
#: What stood there, for one and for several cells, and what became of it.
_WORDS: Mapping[How, tuple[str, str, str]] = {
    How.NOT_PROVIDED: ("cell holds", "cells hold", "a mark for a blank, read as blank"),
    How.NOT_APPLICABLE: (
        "cell says",
        "cells say",
        "that it does not apply, read as NA",
    ),
    How.DECIMAL_COMMA: ("number has", "numbers have", "a decimal comma, read as such"),
    How.THOUSANDS: ("number has", "numbers have", "marks between thousands, left out"),
    How.SIGN: ("number has", "numbers have", "a sign such as $ or %, left out"),
    How.WHOLE: (
        "whole number has",
        "whole numbers have",
        "zeros as decimals, left out",
    ),
    How.DATE_FORM: ("date has", "dates have", "another form, read as year-month-day"),
    How.TIME_OF_DAY: ("date has", "dates have", "a time of day, left out"),
    How.MONTH_FIRST: (
        "date was",
        "dates were",
        "read as month/day/year, as other days of the column show",
    ),
    How.DAY_FIRST: (
        "date was",
        "dates were",
        "read as day/month/year, as other days of the column show",
    ),
    How.SHORT_YEAR: (
        "date has",
        "dates have",
        "a year of two digits, read as one from 2013 to 2049",
    ),
    How.SCHOOL_YEAR: (
        "school year has",
        "school years have",
        "another form, read as in 2025-2026",
    ),
    How.SPELLING: ("code has", "codes have", "another spelling, read as in the list"),
    How.LABEL: ("cell has", "cells have", "the label of a code, read as the code"),
    How.YES_NO: ("cell has", "cells have", "a word for yes or no, read as Y or N"),
    How.LIST_MARK: ("list has", "lists have", "another mark between items, read as ;"),
    How.ZERO_LOST: ("id or code had", "ids or codes had", "lost a zero, put back"),
    How.ID_FORM: (
        "id has",
        "ids have",
        "marks or small letters that do not belong, left out",
    ),
    How.STRAY_SIGN: (
        "cell has",
        "cells have",
        "signs that do not show or do not belong, left out",
    ),
}


def reading_findings(judged: JudgedDataset) -> list[FileFinding]:
    """Say what was read otherwise than it stands."""
    headers, sheet = headers_of(judged.tables), sheet_names(judged.tables)
    return [
        FileFinding(
            code=RULE,
            # A mapping may make a field from no column at all.
            place=Place(sheet=sheet, column=headers.get(item.field, item.field)),
            field=item.field,
            details={"reading": _phrase(item.how, item.count)},
        )
        for item in judged.readings
    ]


def _phrase(how: How, count: int) -> str:
    one, several, rest = _WORDS[how]
    return f"{count:,} {one if count == 1 else several} {rest}"
