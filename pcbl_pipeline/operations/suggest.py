"""Suggestions: what a value that broke a rule was probably meant to be. Never applied here.

A suggestion is offered where one right value is clearly nearest, or where a form has few
readings. What does not belong here: how a site accepts one (`patch`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import islice

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import ContractField, FieldType
from pcbl_pipeline.model.finding import Suggestion
from pcbl_pipeline.validation.checks import form_checks
from pcbl_pipeline.validation.prepare import well_formed
from pcbl_pipeline.validation.written import NONE_WORDS
from pcbl_pipeline.validation.written_codes import folded

#: Different values of one finding that are looked at.
MAX_VALUES = 500
_SHOWN = 10
#: How alike a value and a code must be, and by how much the next one is less so.
_LIKENESS, _MARGIN = 0.8, 0.1
#: Day 1 of a spreadsheet's calendar is 1900-01-01, and it knows a 1900-02-29.
_EPOCH = date(1899, 12, 30)
#: 2000-01-01 to 2099-12-31.
_SERIALS = range(36_526, 73_051)
_NUMERIC = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")
_WORDED = re.compile(r"([0-9]{1,2})[ \-]?([A-Za-z]{3})[a-z]*[ \-]?([0-9]{2})")
_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]


def suggest_for(
    field: ContractField, catalogue: Catalogue, values: Iterable[str | None]
) -> dict[str, tuple[str, ...]]:
    """Return value → what it may have been meant to be, for those with an idea.

    Beyond `MAX_VALUES` different values there are no ideas: a column with so many has
    another trouble.
    """
    distinct = list(islice(dict.fromkeys(v for v in values if v), MAX_VALUES))
    found = {value: suggestions(field, catalogue, value) for value in distinct}
    return {value: meant for value, meant in found.items() if meant}


def suggestions(
    field: ContractField, catalogue: Catalogue, value: str | None
) -> tuple[str, ...]:
    """Return the right values that one may have meant, most likely first.

    Nothing for a column whose values may not be quoted.
    """
    if not value or not field.may_quote:
        return ()
    codes = catalogue.codes_of(field)
    found = [*_by_code(field, codes, value), *_by_form(field, value)]
    distinct = [item for item in dict.fromkeys(found) if item != value]
    return tuple(item for item in distinct if _is_right(field, catalogue, item))


def _by_code(field: ContractField, codes: CodeList | None, value: str) -> Iterator[str]:
    if codes is None:
        return
    if field.type is not FieldType.CODES:
        near = nearest_code(codes, value)
        if near is not None:
            yield near
        return
    items = [item.strip() for item in re.split(r"[;,|\n]", value) if item.strip()]
    meant = [
        item if item in codes.values else nearest_code(codes, item) for item in items
    ]
    if items and all(meant):
        yield ";".join(dict.fromkeys(item for item in meant if item))


def shown_ideas(ideas: Mapping[str, tuple[str, ...]]) -> tuple[Suggestion, ...]:
    """Return the first few ideas, for a receipt; the list of findings has them all."""
    few = islice(ideas.items(), _SHOWN)
    return tuple(Suggestion(value=value, meant=meant) for value, meant in few)


def nearest_code(codes: CodeList, value: str) -> str | None:
    """Return the code that is clearly nearest by its spelling or label, or None."""
    written = folded(value)
    if written in NONE_WORDS and codes.for_none is not None:
        return codes.for_none
    scores: dict[str, float] = {}
    for item in codes.codes:
        names = {folded(item.code), folded(item.label)}
        scores[item.code] = max(_likeness(written, name) for name in names)
    ranked = sorted(scores.values(), reverse=True)
    best = max(scores, key=lambda code: scores[code], default=None)
    if best is None or ranked[0] < _LIKENESS:
        return None
    return best if len(ranked) < 2 or ranked[0] - ranked[1] >= _MARGIN else None


def _likeness(one: str, other: str) -> float:
    # Of two or three letters, one wrong letter is another word.
    if min(len(one), len(other)) < 4:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _by_form(field: ContractField, value: str) -> Iterator[str]:
    read = _READERS.get(field.type)
    if read is not None:
        yield from read(value)
    elif field.type is FieldType.TEXT and field.pattern:
        yield f"0{value}"


def _dates(value: str) -> Iterator[str]:
    if value.isdecimal() and value.isascii() and int(value) in _SERIALS:
        yield (_EPOCH + timedelta(days=int(value))).isoformat()
    if found := _NUMERIC.fullmatch(value):
        first, second, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
        yield f"{year}-{first:02}-{second:02}"
        yield f"{year}-{second:02}-{first:02}"
    if (found := _WORDED.fullmatch(value)) and found[2].lower() in _MONTHS:
        month = _MONTHS.index(found[2].lower()) + 1
        yield f"{2000 + int(found[3])}-{month:02}-{int(found[1]):02}"


def _school_years(value: str) -> Iterator[str]:
    if found := re.fullmatch(
        r"(?:SY ?)?([0-9]{2})[-/]([0-9]{2})", value, re.IGNORECASE
    ):
        first, second = (2000 + int(part) for part in found.groups())
        if second == first + 1:
            yield f"{first}-{second}"
    if re.fullmatch(r"(?:19|20)[0-9]{2}", value):
        yield f"{int(value) - 1}-{value}"
        yield f"{value}-{int(value) + 1}"


def _numbers(value: str) -> Iterator[str]:
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{3})+", value):
        yield re.sub(r"[.,]", "", value)
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", value):
        yield value.replace(",", ".")


def _addresses(value: str) -> Iterator[str]:
    if "." in value and "@" not in value:
        yield f"https://{value.removeprefix('//')}"


_READERS: Mapping[FieldType, Callable[[str], Iterator[str]]] = {
    FieldType.DATE: _dates,
    FieldType.SCHOOL_YEAR: _school_years,
    FieldType.INTEGER: _numbers,
    FieldType.DECIMAL: _numbers,
    FieldType.URI: _addresses,
}


def _is_right(field: ContractField, catalogue: Catalogue, value: str) -> bool:
    checks = form_checks(field, catalogue)
    frame = pl.DataFrame({"value": [value]})
    return bool(frame.select(well_formed(checks, "value")).item())
