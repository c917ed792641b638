"""Pairs for the rules about files that are no plain text of rows. All is invented."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import openpyxl

from tests.support.example_rows import example_row
from tests.support.rule_files import (
    Example,
    Pair,
    as_csv,
    lesson,
    lessons,
    lines_of,
    own_catalogue,
    sheet,
)

_MANY = tuple(range(1, 13))


def _three() -> Example:
    return lesson(*lessons(1, 2, 3))


def _lines(change: Callable[[list[list[str]]], Sequence[Sequence[str]]]) -> Pair:
    """Pair three lessons with the same file after a change of its lines."""
    right = _three()
    return Pair(right, Example(right.name, as_csv(change(lines_of(right)))))


def _second_table(lines: list[list[str]]) -> list[list[str]]:
    other = ["request_id", "site_id", "school_year", "requested_on", "urgency"]
    return [*lines, [], other, ["0499901-TA-1", "0499901", "2025-2026", "x", "2"]]


def _short_header(lines: list[list[str]]) -> list[list[str]]:
    return [lines[0][:-1], *lines[1:]]


def _saved_in_two_ways() -> Pair:
    right = lesson(*lessons(*_MANY, title="Résumé"))
    *lines, last = right.content.splitlines(keepends=True)
    last = last.decode().encode("cp1252")
    return Pair(right, Example(right.name, b"".join(lines) + last))


def _turned() -> Pair:
    """Pair an event with the same, with a column for each kind of help."""
    contract = own_catalogue().get("ta_event")
    kinds = dict.fromkeys(("coaching", "workshop", "fellowship"), "x")
    return Pair(sheet(contract), sheet(contract, without=["mode"], more=kinds))


def _book(change: Callable[[Any], None]) -> Pair:
    """Pair a workbook of three lessons with the same after a change of its sheet."""

    def written(edit: Callable[[Any], None]) -> Example:
        book = openpyxl.Workbook()
        page = book.active
        page.title = "lesson_learned"
        for line in lines_of(_three()):
            page.append(line)
        edit(page)
        out = io.BytesIO()
        book.save(out)
        return Example("lessons.xlsx", out.getvalue())

    return Pair(written(lambda _: None), written(change))


def _formula(page: Any) -> None:
    page.cell(2, _position("title")).value = '="Goal"&" check"'


def _merged(page: Any) -> None:
    column = _position("recommendation")
    page.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)


def _table_beside(page: Any) -> None:
    start = len(own_catalogue().get("lesson_learned").field_names) + 2
    for row, texts in enumerate((("route", "stop"), ("12", "Elm Street")), 1):
        for column, text in enumerate(texts, start):
            page.cell(row, column).value = text


def _position(name: str) -> int:
    return own_catalogue().get("lesson_learned").field_names.index(name) + 1


def _json(content: str) -> Pair:
    return Pair(_records(), Example("lessons.json", content.encode()))


def _records(**changes: object) -> Example:
    """Write two lessons, the second with some values changed."""
    right = example_row(own_catalogue().get("lesson_learned"))
    records = [right, {**right, "lesson_id": "0499901-2026-002", **changes}]
    return Example("lessons.json", json.dumps(records).encode())


def _zip(*members: tuple[str, bytes], with_data: bool = True) -> Pair:
    data = ("lesson_learned.csv", lesson().content)
    return Pair(_zipped(data), _zipped(*([data] if with_data else []), *members))


def _zipped(*members: tuple[str, bytes]) -> Example:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return Example("lessons.zip", out.getvalue())


def _locked() -> Pair:
    right = _zipped(("lesson_learned.csv", lesson().content))
    content = bytearray(right.content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return Pair(right, Example(right.name, bytes(content)))


#: Code → what makes its pair.
OF_FILES: dict[str, Callable[[], Pair]] = {
    "F120": lambda: _lines(lambda lines: [*lines, ["Total", "3"]]),
    "F121": lambda: _lines(lambda lines: [*lines[:3], lines[0], *lines[3:]]),
    "F122": lambda: _lines(
        lambda lines: [lines[0], ["text"] * len(lines[0]), *lines[1:]]
    ),
    "F123": lambda: _lines(_second_table),
    "F124": _saved_in_two_ways,
    "F125": lambda: Pair(lesson(), lesson({"title": "Mu\N{REPLACEMENT CHARACTER}oz"})),
    "F127": _turned,
    "F130": lambda: _book(_formula),
    "F131": lambda: _book(_merged),
    "F132": lambda: _json('[{"lesson_id": "0499901-2026-001"'),
    "F133": lambda: _json('"see below"'),
    "F134": lambda: _json('{"lesson_id": ["a", "b"], "site_id": ["0499901"]}'),
    "F135": lambda: Pair(_records(), _records(recommendation=[{"en": "Begin early."}])),
    "F138": lambda: _zip(("notes.pdf", b"%PDF-1.7")),
    "F139": lambda: _zip(("notes.pdf", b"%PDF-1.7"), with_data=False),
    "F140": _locked,
    "F141": lambda: _zip(("more.zip", _zipped(("a.csv", b"a,b\n1,2\n")).content)),
    "F142": lambda: replace(_book(_table_beside), also=frozenset({"C202"})),
    "C210": lambda: _lines(_short_header),
}
