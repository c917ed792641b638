"""Old workbooks: every sheet of an .xls file, with the formats and errors of its cells.

One sheet is in memory at a time, and only as far as its cells go. What does not belong
here: what the sheets become together (`sheets`).
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDocError

from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.number_format import PERCENT, parse_format, shown_text
from pcbl_pipeline.reading.refusal import Unreadable, refusal_of
from pcbl_pipeline.reading.sheets import Area, Sheet, is_data_sheet, to_result
from pcbl_pipeline.reading.tables import ReadResult
from pcbl_pipeline.reading.texts import cell_text

_READ_AS = ("Read as an old Excel workbook (.xls).",)


def read_old_workbook(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read every sheet; what is wrong with the workbook is in the findings."""
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as silence:
            with _faults():
                book = xlrd.open_workbook(
                    str(path),
                    logfile=silence,
                    on_demand=True,
                    ragged_rows=True,
                    formatting_info=True,
                )
            sheets = list(_gather_sheets(book, known))
    except Unreadable as reason:
        return refusal_of(reason, file_name)
    return to_result(sheets, file_name, _READ_AS)


def _gather_sheets(book: xlrd.Book, known: HeaderWords) -> Iterator[Sheet]:
    formats = [
        parse_format(book.format_map[style.format_key].format_str)
        if style.format_key in book.format_map
        else 0
        for style in book.xf_list
    ]
    names = book.sheet_names()
    for number, name in enumerate(names):
        if is_data_sheet(name, names):
            with _faults():
                page = book.sheet_by_index(number)
            sheet = Sheet(
                name=name,
                hidden=page.visibility != 0,
                width=max((page.row_len(i) for i in range(page.nrows)), default=0),
                merged=[Area(a + 1, c, b, d - 1) for a, b, c, d in page.merged_cells],
            )
            sheet.records = _records(book, page, formats, sheet)
            sheet.gather(known)
            book.unload_sheet(number)
            yield sheet


def _records(
    book: xlrd.Book, page: xlrd.sheet.Sheet, formats: list[int], sheet: Sheet
) -> Iterator[tuple[int, list[str]]]:
    for number in range(page.nrows):
        if page.row_len(number):
            cells = [
                _text(book, cell, formats[cell.xf_index or 0], (number + 1, at, sheet))
                for at, cell in enumerate(page.row(number))
            ]
            yield number + 1, cells


def _text(
    book: xlrd.Book, cell: xlrd.sheet.Cell, kind: int, place: tuple[int, int, Sheet]
) -> str:
    """Return a cell as the text that one would type, and note how it was read."""
    row, position, sheet = place
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        if kind == PERCENT:
            sheet.percents.note(row, position)
        elif kind and len(cell_text(cell.value)) < kind:
            sheet.padded += 1
        return shown_text(cell.value, kind)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date_text(book, cell)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(error_text_from_code.get(cell.value, "#N/A"))
    return str(cell.value)


def _date_text(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    """Return a date, a moment, a time of day or a length of time."""
    style = book.xf_list[cell.xf_index]
    code = book.format_map[style.format_key].format_str
    if "[h" in code.lower() or "[m" in code.lower():
        return cell_text(timedelta(days=cell.value))
    try:
        moment: datetime = xlrd.xldate_as_datetime(cell.value, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError):
        return cell_text(cell.value)
    if 0 <= cell.value < 1:
        moment_of_day: time = moment.time()
        return cell_text(moment_of_day)
    return cell_text(moment)


@contextmanager
def _faults() -> Iterator[None]:
    """Take what the reader cannot bear for damage in the file.

    It trusts the file, and meets damage as wrong types, missing parts and bad lengths.
    """
    try:
        yield
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Unreadable("F114") from None
        raise _damaged() from error
    except (
        CompDocError,
        struct.error,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        MemoryError,
        NotImplementedError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable("F103", inside="a damaged or unfinished workbook")
