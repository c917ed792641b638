"""How people write values: the kinds of readings, and words that stand for no value.

A reading is taken only where the meaning is certain, and every one is counted for the
receipt. What does not belong here: the forms of numbers, dates and codes, which have
modules of their own, and what a receipt says of a reading.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import polars as pl

from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.model.unseen import UNSEEN


class How(IntEnum):
    """How a cell was read. From `ERROR` on it could not be read, and a rule says why."""

    AS_SENT = 0
    NOT_PROVIDED = 1
    NOT_APPLICABLE = 2
    DECIMAL_COMMA = 3
    THOUSANDS = 4
    SIGN = 5
    WHOLE = 6
    DATE_FORM = 7
    TIME_OF_DAY = 8
    MONTH_FIRST = 9
    DAY_FIRST = 10
    SCHOOL_YEAR = 11
    SPELLING = 12
    LABEL = 13
    YES_NO = 14
    LIST_MARK = 15
    ZERO_LOST = 16
    ID_FORM = 17
    SHORT_YEAR = 18
    STRAY_SIGN = 19
    #: A spreadsheet program's own error, such as `#REF!`.
    ERROR = 100
    #: A number that can be read in two ways.
    UNCLEAR = 101
    #: A percent in the place of a count.
    SHARE = 102
    #: Written like a date, and no day of the calendar.
    NO_DAY = 103


class WholeColumn:
    """What a column as a whole shows, asked before a block of it is read.

    Whoever needs to know asks in the same order each time: first without answers, over
    the whole column, to learn the questions; then with the answers of all rows.
    """

    def __init__(self, answers: Sequence[bool] | None = None) -> None:
        """Take the answers, or None where expressions see the whole column."""
        self._answers = answers
        self.asked: list[pl.Expr] = []

    def any(self, where: pl.Expr) -> pl.Expr:
        """Tell whether something is true of any cell of the column."""
        self.asked.append(where.any())
        if self._answers is None:
            return where.any()
        return pl.lit(self._answers[len(self.asked) - 1])


@dataclass(frozen=True)
class Attempt:
    """One way to read a cell: null where it does not apply."""

    how: How
    value: pl.Expr


#: What spreadsheet programs put into a cell that they cannot work out.
SPREADSHEET_ERRORS = (
    *("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"),
    *("#SPILL!", "#CALC!", "#ERROR!", "#FIELD!", "#BLOCKED!", "#CONNECT!"),
    *("#UNKNOWN!", "#GETTING_DATA", "#BUSY!"),
)
#: In any case of letters: "does not apply". `NA` itself is the datasets' own word.
_NOT_APPLICABLE = ("n/a", "n.a.", "n.a", "na", "not applicable", "does not apply")
#: In any case of letters: "not provided", as a blank cell says it.
_DASHES = ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}")
_PENDING = ("tbd", "t.b.d.", "to be determined")
_NOTHING = ("null", "nan", "not provided", "not available", "?", "unknown", ".")
#: In a column of numbers it may mean zero, and in a text it may be the answer.
NONE_WORDS = ("none", "nil")

_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}
#: Signs as wide as an East Asian letter, and the same ones as everybody types them.
_WIDE = {chr(0xFF01 + number): chr(0x21 + number) for number in range(94)}
#: A spreadsheet puts it before what it must take for text; some programs export it.
_APOSTROPHE = r"^['\u{2018}\u{2019}`]"


def without_stray_signs(text: pl.Expr, *, apostrophe: bool) -> pl.Expr:
    """Leave out signs that nobody sees, and write wide ones as everybody does.

    `apostrophe` says whether one in front is left out too.
    """
    plain = text.str.replace_all(f"[{UNSEEN}]", "")
    plain = plain.str.replace_many(list(_WIDE), list(_WIDE.values()))
    if apostrophe:
        plain = plain.str.replace(_APOSTROPHE, "")
    return plain.str.strip_chars()


def is_free_text(field: ContractField) -> bool:
    """Tell whether a field takes any words."""
    if field.type is FieldType.NARRATIVE:
        return True
    return field.type is FieldType.TEXT and field.pattern is None


def is_open_text(field: ContractField) -> bool:
    """Tell whether a spreadsheet's error may have the form that a field asks for."""
    return field.type in {FieldType.TEXT, FieldType.NARRATIVE, FieldType.CODES}


def blank_words(
    field: ContractField, *, none_is_code: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words for "does not apply", and those for "not provided"."""
    missing = [*_DASHES, *_PENDING]
    if not is_free_text(field):
        missing += _NOTHING
        missing += () if field.type in _NUMBERS or none_is_code else NONE_WORDS
    return _NOT_APPLICABLE, tuple(missing)


def blank_attempts(
    field: ContractField, text: pl.Expr, *, none_is_code: bool = False
) -> list[Attempt]:
    """Read words that stand for no value; the caller lets a code of a list go first.

    Where a list has a code for "there is none", the word may mean that, and is left.
    "" is what a blank cell is, "NA" what a value that does not apply is.
    """
    not_applicable, missing = blank_words(field, none_is_code=none_is_code)
    ways = (How.NOT_APPLICABLE, "NA", not_applicable), (How.NOT_PROVIDED, "", missing)
    return [
        Attempt(how, pl.when(_is_one_of(words, text)).then(pl.lit(stands_for)))
        for how, stands_for, words in ways
    ]


def is_spreadsheet_error(text: pl.Expr) -> pl.Expr:
    """Tell whether a cell holds a spreadsheet program's own error."""
    return _is_one_of(SPREADSHEET_ERRORS, text)


def _is_one_of(words: Iterable[str], text: pl.Expr) -> pl.Expr:
    """Tell where a cell is one of some words, in any case of letters.

    A pattern gives up at the first letter; changing every text's case would not.
    """
    return text.str.contains(f"(?i)^(?:{'|'.join(map(re.escape, words))})$")
