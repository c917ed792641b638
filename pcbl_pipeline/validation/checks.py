"""The generic checks of one field: each a GX expectation type with its kwargs.

From these come both the suite's expectations and the answer to "is this value's form
right?", so that a cross-field rule never judges a value that is already wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.contracts.wording import range_words
from pcbl_pipeline.model.identifiers import SCHOOL_YEARS, WEB_ADDRESS_PATTERN

#: Fifteen digits are what a spreadsheet and a 64-bit float keep exactly.
_INTEGER = r"^[+-]?[0-9]{1,15}$"
_DECIMAL = r"^[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})$"
#: A year before 1900 is a slip in every dataset: most often one of two digits.
_DATE = r"^(?:19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$"
#: A list with something in it.
_LISTED = r"[^;\s]"
_LONG_LIST = 40


@dataclass(frozen=True)
class FieldCheck:
    """A rule about one field's own value."""

    code: str
    expectation: str
    kwargs: dict[str, Any]
    #: What a right value is, in words, for the finding.
    expected: str


def form_checks(field: ContractField, catalogue: Catalogue) -> tuple[FieldCheck, ...]:
    """Return the checks on a value as it was written: type, code, pattern, length."""
    return (*_type_checks(field, catalogue), *_shape_checks(field))


def range_check(field: ContractField) -> FieldCheck | None:
    """Return the check on a parsed value's range, where the field has one."""
    if field.minimum is None and field.maximum is None:
        return None
    kwargs = {"min_value": field.minimum, "max_value": field.maximum}
    if field.above_minimum:
        kwargs["strict_min"] = True
    return FieldCheck(
        "R301",
        "expect_column_values_to_be_between",
        {name: _whole(value) for name, value in kwargs.items() if value is not None},
        _sentence(_capital(range_words(field)), field),
    )


def _type_checks(field: ContractField, catalogue: Catalogue) -> Iterator[FieldCheck]:
    match field.type:
        case FieldType.INTEGER:
            yield _regex("R304", _INTEGER, _sentence(_number_words(field), field))
        case FieldType.DECIMAL:
            yield _regex("R305", _DECIMAL, _sentence(_number_words(field), field))
        case FieldType.DATE:
            words = _sentence("A date as year-month-day", field)
            yield _regex("R306", _DATE, words)
            yield FieldCheck(
                "R306",
                "expect_column_values_to_match_strftime_format",
                {"strftime_format": "%Y-%m-%d"},
                words,
            )
        case FieldType.SCHOOL_YEAR:
            yield _in_set("R310", SCHOOL_YEARS, _sentence("Two years in a row", field))
        case FieldType.URI:
            yield _regex("R313", WEB_ADDRESS_PATTERN, _sentence("A web address", field))
        case FieldType.CODE | FieldType.CODES:
            yield from _code_checks(field, catalogue)


def _code_checks(field: ContractField, catalogue: Catalogue) -> Iterator[FieldCheck]:
    codes = catalogue.codes_of(field)
    if codes is None:
        # Separators alone would become a list of nothing.
        yield _regex("R308", _LISTED, _sentence("One id, or several with ;", field))
        return
    if field.type is FieldType.CODES:
        one = "(?:" + "|".join(re.escape(value) for value in codes.values) + ")"
        pattern = rf"^\s*{one}\s*(?:;\s*{one}\s*)*$"
        words = f"One or more of: {_listed(codes.values)}, with ; between them."
        yield _regex("R312", pattern, words)
        return
    # A version that nobody knows is a matter of the whole file, hence its own code.
    code = "C205" if field.name == "schema_version" else "R307"
    yield _in_set(code, codes.values, f"One of: {_listed(codes.values)}.")


def _shape_checks(field: ContractField) -> Iterator[FieldCheck]:
    if field.pattern:
        words = field.pattern_in_words or field.pattern
        yield _regex("R308", field.pattern, _sentence(_capital(words), field))
    if field.max_length is not None:
        yield FieldCheck(
            "R309",
            "expect_column_value_lengths_to_be_between",
            {"max_value": field.max_length},
            f"At most {field.max_length} characters, spaces included.",
        )


def _regex(code: str, regex: str, expected: str) -> FieldCheck:
    kwargs = {"regex": regex}
    return FieldCheck(code, "expect_column_values_to_match_regex", kwargs, expected)


def _in_set(code: str, values: tuple[str, ...], expected: str) -> FieldCheck:
    kwargs = {"value_set": list(values)}
    return FieldCheck(code, "expect_column_values_to_be_in_set", kwargs, expected)


def required_words(field: ContractField) -> str:
    """Say what belongs into a field that was left blank."""
    return _sentence("A value", field)


def _sentence(words: str, field: ContractField) -> str:
    return f"{words}, such as {field.example}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _number_words(field: ContractField) -> str:
    kind = "A whole number" if field.type is FieldType.INTEGER else "A number"
    limits = range_words(field)
    return f"{kind}, {limits}" if limits else kind


def _whole(value: float) -> float:
    """Write a whole bound as an integer: GX compares integers with integers."""
    return int(value) if value == int(value) and not isinstance(value, bool) else value


def _listed(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:_LONG_LIST])
    more = len(values) - _LONG_LIST
    return f"{shown} and {more} more (see the template)" if more > 0 else shown
