"""Workbooks: every sheet of an XLSX file, each cell as the text one would type.

What does not belong here: what the sheets become together (`sheets`), what the reader
does not tell (`package`), other kinds of workbooks.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pcbl_pipeline.reading.guard import GaveUp, guarded
from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.number_format import PERCENT, PLAIN, shown_text
from pcbl_pipeline.reading.package import (
    DamagedWorkbook,
    OversizedWorkbook,
    PackageFacts,
    SheetFacts,
    inspect_package,
    pack,
)
from pcbl_pipeline.reading.refusal import (
    TOO_LARGE_INSIDE,
    Unreadable,
    refusal_of,
    refused,
)
from pcbl_pipeline.reading.sheets import Area, Sheet, is_data_sheet, to_result
from pcbl_pipeline.reading.tables import ReadResult
from pcbl_pipeline.reading.texts import Cell, cell_text

T = TypeVar("T")

_READ_AS = "Read as an Excel workbook."
_LINKED = "Links to other workbooks were not followed; the values last saved were read."


def read_workbook(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read every sheet; what is wrong with the workbook is in the findings."""
    try:
        facts = inspect_package(path)
        workbook = _guarded(lambda: CalamineWorkbook.from_path(path))
        sheets = [
            _gather_sheet(workbook, item, facts, known)
            for item in _data_sheets(workbook)
        ]
    except OversizedWorkbook as reason:
        return refused(TOO_LARGE_INSIDE, file_name, reason=str(reason))
    except (DamagedWorkbook, GaveUp):
        return refused("F103", file_name, inside="a damaged or unfinished workbook")
    except Unreadable as reason:
        return refusal_of(reason, file_name)
    read_as = [_READ_AS, _LINKED] if facts.has_external_links else [_READ_AS]
    return to_result(sheets, file_name, read_as)


def _data_sheets(workbook: CalamineWorkbook) -> list[SheetMetadata]:
    """Return the sheets of cells, in a filled template those that are to be filled."""
    return [
        item
        for item in workbook.sheets_metadata
        if item.typ == SheetTypeEnum.WorkSheet
        and is_data_sheet(item.name, workbook.sheet_names)
    ]


def _gather_sheet(
    workbook: CalamineWorkbook,
    metadata: SheetMetadata,
    package: PackageFacts,
    known: HeaderWords,
) -> Sheet:
    name = metadata.name
    page = _guarded(lambda: workbook.get_sheet_by_name(name))
    facts = package.sheets.get(name, SheetFacts())
    sheet = Sheet(
        name=name,
        hidden=metadata.visible != SheetVisibleEnum.Visible,
        width=page.end[1] + 1 if page.end else 0,
        merged=[
            Area(first[0] + 1, first[1], last[0] + 1, last[1])
            for first, last in page.merged_cell_ranges or []
        ],
        unsaved=facts.unsaved,
        first_unsaved=facts.first_unsaved,
    )
    if page.start is not None:
        sheet.records = _records(page, page.start[1], facts, sheet)
    sheet.gather(known)
    return sheet


def _records(
    page: CalamineSheet, left: int, facts: SheetFacts, sheet: Sheet
) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells, from the sheet's first row and column on."""
    # The reader's rows count from the sheet's first row, but its cells from the
    # first column that has any.
    rows = iter(page.iter_rows())
    formats = _Formats(facts, sheet)
    number = 0
    while (row := _guarded(lambda: next(rows, None))) is not None:
        number += 1
        cells = [""] * left + [
            value if isinstance(value, str) else cell_text(value) for value in row
        ]
        formats.apply(number, [*[""] * left, *row], cells)
        for position, text in facts.errors.get(number, {}).items():
            if position < len(cells):
                cells[position] = text
        yield number, cells


class _Formats:
    """The cells of a sheet that show another number than they hold, row by row."""

    def __init__(self, facts: SheetFacts, sheet: Sheet) -> None:
        self._cells = np.sort(np.frombuffer(facts.formats, dtype=np.uint64))
        self._next = 0
        self._sheet = sheet

    def apply(self, row: int, values: Sequence[Cell], cells: list[str]) -> None:
        """Put what a row's cells show in the place of what they hold."""
        end = pack(row + 1, 0, PLAIN)
        while self._next < len(self._cells) and self._cells[self._next] < end:
            packed = int(self._cells[self._next])
            self._next += 1
            position, kind = packed >> 8 & 0xFFFF, packed & 0xFF
            if position < len(values):
                self._show(values[position], (row, position), kind, cells)

    def _show(
        self, value: Cell, place: tuple[int, int], kind: int, cells: list[str]
    ) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        row, position = place
        shown = shown_text(value, kind)
        if kind == PERCENT:
            self._sheet.percents.note(row, position)
        elif shown != cells[position]:
            self._sheet.padded += 1
        cells[position] = shown


def _guarded(call: Callable[[], T]) -> T:
    return guarded(call, CalamineError, OSError, ValueError, OverflowError)
