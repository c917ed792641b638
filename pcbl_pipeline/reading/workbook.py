"""Workbooks: every sheet of an XLSX file, each cell as the text one would type.

What does not belong here: formats of cells, formulas, other kinds of workbooks.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pcbl_pipeline.contracts.template_guide import GUIDE_SHEETS
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.grid import Grid, Origin, gather, to_table
from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.package import (
    DamagedWorkbook,
    OversizedWorkbook,
    SheetFacts,
    inspect_package,
)
from pcbl_pipeline.reading.tables import ReadResult, describe_place

T = TypeVar("T")
Cell = str | int | float | bool | date | datetime | time | timedelta


def read_workbook(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read every sheet; what is wrong with the workbook is in the findings."""
    try:
        facts = inspect_package(path)
        workbook = _guarded(lambda: CalamineWorkbook.from_path(path))
        sheets = [
            (sheet, _gather_sheet(workbook, sheet.name, facts, known))
            for sheet in _data_sheets(workbook)
        ]
    except OversizedWorkbook as reason:
        return _refused("F115", file_name, reason=str(reason))
    except DamagedWorkbook:
        return _refused("F103", file_name, inside="a damaged or unfinished workbook")
    return _to_result(sheets, file_name)


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


def _to_result(
    sheets: list[tuple[SheetMetadata, Grid | None]], file_name: str
) -> ReadResult:
    """Make tables of the sheets with data, and findings for the others."""
    tables = tuple(
        to_table(grid, _origin(sheet, file_name))
        for sheet, grid in sheets
        if grid is not None and grid.row_count
    )
    if tables:
        # Next to data, a sheet with nothing but a header is an unused one of the
        # template, not a mistake; a hidden one its sender cannot even see.
        empty = [
            sheet
            for sheet, grid in sheets
            if not (grid and grid.row_count) and not _is_hidden(sheet)
        ]
        return ReadResult(tables, tuple(_finding("F111", file_name, s) for s in empty))
    headed = [sheet for sheet, grid in sheets if grid is not None]
    if headed:
        return ReadResult((), tuple(_finding("F102", file_name, s) for s in headed))
    return _refused("F101", file_name)


def _data_sheets(workbook: CalamineWorkbook) -> list[SheetMetadata]:
    """Return the sheets of cells, in a filled template those that are to be filled."""
    guides = set(GUIDE_SHEETS)
    is_template = guides <= set(workbook.sheet_names)
    return [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and not (is_template and sheet.name in guides)
    ]


def _gather_sheet(
    workbook: CalamineWorkbook,
    name: str,
    facts: Mapping[str, SheetFacts],
    known: HeaderWords,
) -> Grid | None:
    sheet = _guarded(lambda: workbook.get_sheet_by_name(name))
    if sheet.start is None or sheet.end is None:
        return None
    errors = facts[name].errors if name in facts else {}
    # The reader's rows count from the sheet's first row, but its cells from the
    # first column that has any.
    records = _records(sheet, sheet.start[1], errors)
    return gather(records, sheet_width=sheet.end[1] + 1, known=known)


def _records(
    sheet: CalamineSheet, left: int, errors: Mapping[int, Mapping[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells, from the sheet's first row and column on."""
    rows = iter(sheet.iter_rows())
    blank = [""] * left
    number = 0
    while (row := _guarded(lambda: next(rows, None))) is not None:
        number += 1
        cells = blank + [
            value if isinstance(value, str) else cell_text(value) for value in row
        ]
        for position, text in errors.get(number, {}).items():
            if position < len(cells):
                cells[position] = text
        yield number, cells


def _guarded(call: Callable[[], T]) -> T:
    """Call the reader of workbooks; what it cannot bear is damage in the file.

    Raises:
        DamagedWorkbook: Instead of its errors and panics.
    """
    try:
        return call()
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise DamagedWorkbook(str(error)) from error
    except BaseException as error:
        # A panic in its Rust code arrives as a type that cannot be imported and
        # that is no Exception, so that nobody catches it by accident.
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedWorkbook(str(error)) from error


def _origin(sheet: SheetMetadata, file_name: str) -> Origin:
    hidden = _is_hidden(sheet)
    read_as = ["Read as an Excel workbook."]
    if hidden:
        read_as.append("The sheet is hidden.")
    return Origin(file_name, tuple(read_as), sheet.name, hidden)


def _is_hidden(sheet: SheetMetadata) -> bool:
    return sheet.visible != SheetVisibleEnum.Visible


def _finding(code: str, file_name: str, sheet: SheetMetadata) -> FileFinding:
    details = {
        "file": file_name,
        "sheet": sheet.name,
        "where": describe_place(file_name, sheet.name),
    }
    return FileFinding(code=code, place=Place(sheet=sheet.name), details=details)


def _refused(code: str, file_name: str, **details: str) -> ReadResult:
    named = {"file": file_name, "suffix": Path(file_name).suffix.lower(), **details}
    return ReadResult((), (FileFinding(code=code, details=named),))
