"""What a cell's text may be, as patterns that every regular expression engine knows.

At home nothing is parsed: a day of the calendar and the bounds of a number are asked for
by pattern. `""` and `NA` are let through everywhere: whether a value must be there is
another question. What does not belong here: what our own judge asks (`checks`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.validation.checks import FieldCheck, form_checks, range_check
from pcbl_pipeline.validation.patterns import without_groups
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE
from pcbl_pipeline.validation.written import (
    SPREADSHEET_ERRORS,
    blank_words,
    is_open_text,
)

#: A cell with nothing in it, and one that says that nothing applies.
BLANK = ("", NOT_APPLICABLE)
_MATCH = "expect_column_values_to_match_regex"
_NOT_MATCH = "expect_column_values_to_not_match_regex"
_STRFTIME = "expect_column_values_to_match_strftime_format"
_IN_SET = "expect_column_values_to_be_in_set"
#: As for our own judge, years begin with 1900.
_LEAP_YEAR = (
    r"(?:(?:19|[2-9][0-9])(?:0[48]|[2468][048]|[13579][26])"
    r"|(?:[2468][048]|[3579][26])00)"
)
_DAY = (
    r"^(?:(?:19|[2-9][0-9])[0-9]{2}-(?:"
    r"(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)$"
)
_FRACTION = r"(?:\.[0-9]*)?"


def home_checks(field: ContractField, catalogue: Catalogue) -> Iterator[FieldCheck]:
    """Yield what can be asked of a field's text: form, range, and no broken formula."""
    for check in form_checks(field, catalogue):
        if check.expectation != _STRFTIME:
            yield _of_text(check, field)
    in_range = range_check(field)
    outside = outside_pattern(field)
    if in_range is not None and outside is not None:
        yield replace(in_range, expectation=_NOT_MATCH, kwargs={"regex": outside})
    if is_open_text(field):
        errors = "|".join(map(re.escape, SPREADSHEET_ERRORS))
        words = f"A value, such as {field.example}."
        yield FieldCheck("R315", _NOT_MATCH, {"regex": f"(?i)^(?:{errors})$"}, words)


def blank_pattern(field: ContractField) -> str:
    """Return the pattern of a cell that says nothing: blank, `NA`, or a word for it.

    Among codes a word may be a code; there it is for the list to say.
    """
    said = [] if field.code_list else [w for ws in blank_words(field) for w in ws]
    words = "|".join(re.escape(word) for word in dict.fromkeys([*BLANK[1:], *said]))
    return rf"(?i)^(?:{words})?$" if said else rf"^(?:{words})?$"


def outside_pattern(field: ContractField) -> str | None:
    """Return the pattern of the numbers outside a field's range, if there can be one.

    There is one for bounds that are whole numbers from 0.
    """
    low, high = field.minimum, field.maximum
    if any(bound < 0 or bound != int(bound) for bound in (low or 0, high or 0)):
        return None
    has_fraction = field.type is FieldType.DECIMAL
    found: list[str] = []
    if low is not None:
        found += _below(int(low), has_fraction=has_fraction)
    if low is not None and field.above_minimum:
        found += _exactly(int(low), has_fraction=has_fraction)
    if high is not None:
        found += _above(int(high), has_fraction=has_fraction)
    return f"^(?:{'|'.join(found)})$" if found else None


def _of_text(check: FieldCheck, field: ContractField) -> FieldCheck:
    """Let blank cells through, and know the days of the calendar without parsing."""
    if check.expectation == _MATCH:
        # Where a pattern captures, pandas warns.
        regex = without_groups(check.kwargs["regex"])
        if field.type is FieldType.DATE:
            regex = _DAY
        return replace(check, kwargs={"regex": f"^(?:{NOT_APPLICABLE})?$|{regex}"})
    if check.expectation == _IN_SET:
        values = [*check.kwargs["value_set"], *BLANK]
        return replace(check, kwargs={"value_set": list(dict.fromkeys(values))})
    return check


def _below(limit: int, *, has_fraction: bool) -> Iterator[str]:
    yield r"-[0-9.]*[1-9][0-9.]*" if has_fraction else "-0*[1-9][0-9]*"
    if limit == 0:
        return
    end = _FRACTION if has_fraction else ""
    yield rf"[+-]?0+{end}"
    if has_fraction:
        yield r"[+-]?\.[0-9]+"
    lower = list(_lower(str(limit)))
    if lower:
        yield rf"\+?0*(?:{'|'.join(lower)}){end}"


def _above(limit: int, *, has_fraction: bool) -> Iterator[str]:
    end = _FRACTION if has_fraction else ""
    yield rf"\+?0*(?:{'|'.join(_higher(str(limit)))}){end}"
    if has_fraction:
        yield rf"\+?0*{limit or ''}\.[0-9]*[1-9][0-9]*"


def _exactly(limit: int, *, has_fraction: bool) -> Iterator[str]:
    end = r"(?:\.0*)?" if has_fraction else ""
    yield rf"\+?0*{limit}{end}" if limit else rf"[+-]?0+{end}"
    if has_fraction and not limit:
        yield r"[+-]?\.0+"


def _lower(digits: str) -> Iterator[str]:
    """Yield patterns of the whole numbers from 1 that are below this one."""
    if len(digits) > 1:
        yield f"[1-9][0-9]{{0,{len(digits) - 2}}}"
    for place, digit in enumerate(digits):
        first = 1 if place == 0 else 0
        if int(digit) > first:
            yield digits[:place] + f"[{first}-{int(digit) - 1}]" + _rest(digits, place)


def _higher(digits: str) -> Iterator[str]:
    """Yield patterns of the whole numbers that are above this one."""
    more = len(digits) if digits != "0" else 0
    yield f"[1-9][0-9]{{{more},}}"
    for place, digit in enumerate(digits if more else ""):
        if digit != "9":
            yield digits[:place] + f"[{int(digit) + 1}-9]" + _rest(digits, place)


def _rest(digits: str, place: int) -> str:
    left = len(digits) - place - 1
    return f"[0-9]{{{left}}}" if left else ""
