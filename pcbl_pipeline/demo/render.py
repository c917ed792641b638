"""Render: from drafts to the very bytes that a sender's program would save.

The same draft gives the same bytes, workbooks included. What does not belong here:
what is right or wrong about them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.demo.draft import DraftRow, DraftTable

_BOM = b"\xef\xbb\xbf"
#: Fixed, because a workbook carries the time at which it was made.
_CREATED = datetime(2026, 11, 1, 8, 0, 0)  # noqa: DTZ001 - a workbook knows no zone
_CELLS_CUT = 3


@dataclass(frozen=True)
class Delimited:
    """A way of saving a table as text."""

    delimiter: str = ","
    has_bom: bool = False
    line_end: str = "\n"
    quotes_all: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Workbook:
    """A way of saving tables as a workbook."""

    #: Dates and numbers are kept as such, as a spreadsheet does; otherwise as text.
    is_typed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds no dataset, such as notes."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def render_delimited(table: DraftTable, form: Delimited) -> bytes:
    """Render one table as delimited text."""
    records = [_header(table), *(_record(row, table) for row in table.rows)]
    return render_records(records, form)


def render_records(records: Iterable[Sequence[str]], form: Delimited) -> bytes:
    """Render any records as delimited text."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=form.delimiter,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL if form.quotes_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows(records)
    return (_BOM if form.has_bom else b"") + text.getvalue().encode(form.encoding)


def render_workbook(
    tables: Sequence[DraftTable], form: Workbook, *, others: Sequence[Sheet] = ()
) -> bytes:
    """Render tables, one a sheet, and other sheets after them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for table in tables:
        sheet = book.add_worksheet(table.sheet or "Sheet1")
        sheet.write_row(0, 0, _header(table))
        for number, row in enumerate(table.rows, 1):
            for column, value in enumerate(_typed_cells(row, table, form)):
                _write(sheet, (number, column), value, as_date)
    for other in others:
        sheet = book.add_worksheet(other.name)
        for number, cells in enumerate(other.rows):
            sheet.write_row(number, 0, cells)
    book.close()
    return content.getvalue()


def _header(table: DraftTable) -> list[str]:
    return [*table.headers.values(), *table.foreign_columns]


def _record(row: DraftRow, table: DraftTable) -> list[str]:
    cells = [row.text(name) for name in table.headers]
    cells += table.foreign_columns.values()
    if row.shape == "short":
        return cells[:-_CELLS_CUT]
    if row.shape == "long":
        return _split_at_comma(cells)
    return cells


def _split_at_comma(cells: list[str]) -> list[str]:
    """Split the first cell that has a comma, as it is read when nobody quoted it.

    Raises:
        StopIteration: If no cell has one; the plan picked another row than it meant.
    """
    position = next(i for i, cell in enumerate(cells) if ", " in cell)
    left, right = cells[position].split(",", 1)
    return [*cells[:position], left, right, *cells[position + 1 :]]


def _typed_cells(
    row: DraftRow, table: DraftTable, form: Workbook
) -> list[str | float | date]:
    typed = [
        _typed(row.text(name), table.contract.field(name).type, form)
        for name in table.headers
    ]
    return [*typed, *table.foreign_columns.values()]


def _typed(text: str, kind: FieldType, form: Workbook) -> str | float | date:
    """Return what a spreadsheet makes of a text that was typed into it."""
    if not form.is_typed:
        return text
    try:
        if kind is FieldType.DATE:
            return date.fromisoformat(text)
        if kind in {FieldType.INTEGER, FieldType.DECIMAL}:
            return float(text)
    except ValueError:
        return text
    return text


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    cell: tuple[int, int],
    value: str | float | date,
    as_date: xlsxwriter.format.Format,
) -> None:
    match value:
        case str():
            if value:
                sheet.write_string(*cell, value)
        case date():
            sheet.write_datetime(*cell, value, as_date)
        case _:
            sheet.write_number(*cell, value)
