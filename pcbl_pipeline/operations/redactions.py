"""Redactions in words: what was taken out of narratives, for the receipt.

One finding per column and kind with the count and the first rows; never what it was.
What does not belong here: taking it out (`redact_rows`).
"""

from collections.abc import Mapping

from pcbl_pipeline.disclosure.scan.redactions import MARKS
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.model.narrative import HitKind
from pcbl_pipeline.operations.examine import (
    SHEET_OFFSET,
    JudgedDataset,
    headers_of,
    sheet_names,
)
from pcbl_pipeline.operations.redact_rows import Redaction

RULE = "F191"
_ROWS_NAMED = 5
#: For one and for several.
_WORDS: Mapping[HitKind, tuple[str, str]] = {
    HitKind.EMAIL: ("e-mail address", "e-mail addresses"),
    HitKind.PHONE: ("phone number", "phone numbers"),
    HitKind.LONG_NUMBER: ("id or long number", "ids or long numbers"),
    HitKind.BIRTH_DATE: ("possible birth date", "possible birth dates"),
    HitKind.ADDRESS: ("street address", "street addresses"),
    HitKind.HANDLE: ("account name", "account names"),
}


def redaction_findings(judged: JudgedDataset) -> list[FileFinding]:
    """Say what was taken out of which column, without saying what it was."""
    headers, sheet = headers_of(judged.tables), sheet_names(judged.tables)
    return [
        FileFinding(
            code=RULE,
            place=Place(sheet=sheet, column=headers.get(item.field, item.field)),
            field=item.field,
            details={"taken": _phrase(item), "mark": MARKS[item.kind]},
        )
        for item in judged.redactions
    ]


def _phrase(item: Redaction) -> str:
    one, several = _WORDS[item.kind]
    rows = sorted({number % SHEET_OFFSET for number in item.row_numbers})
    named = ", ".join(str(row) for row in rows[:_ROWS_NAMED])
    more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
    what = f"{item.count:,} {one if item.count == 1 else several}"
    return f"{what} in {'row' if len(rows) == 1 else 'rows'} {named}{more}"
