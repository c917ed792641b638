"""Dropped files for tests: written as senders write them, and read back as rows.

All content is invented.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from pcbl_pipeline.reading.grid import Grid
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.tables import ReadResult, TextTable

SIZE_LIMIT_BYTES = 100 * 10**6
#: What may need quotation marks around a cell.
SPECIAL = set(',;\t|"\r\n')

Row = tuple[int, tuple[str | None, ...]]


def read_bytes(folder: Path, content: bytes, file_name: str = "a.csv") -> ReadResult:
    """Write a file and read it as if it had been dropped."""
    path = folder / "dropped"
    path.write_bytes(content)
    return read_file(path, file_name, size_limit_bytes=SIZE_LIMIT_BYTES)


def read_text(folder: Path, content: str, file_name: str = "a.csv") -> ReadResult:
    """Write a text as UTF-8, line ends untouched, and read it."""
    return read_bytes(folder, content.encode(), file_name)


def read_table(folder: Path, content: str, file_name: str = "a.csv") -> TextTable:
    """Read a text that holds one table and nothing to complain about."""
    result = read_text(folder, content, file_name)
    assert result.findings == ()
    (table,) = result.tables
    return table


def rows_of(table: TextTable | Grid) -> list[Row]:
    """Return row numbers and cells."""
    frame = table.rows.collect()
    assert frame.columns[0] == "row_number"
    assert table.row_count == frame.height
    return [(row[0], row[1:]) for row in frame.rows()]


def codes_of(result: ReadResult) -> list[str]:
    """Return the codes of what was found, in order."""
    return [finding.code for finding in result.findings]


def csv_line(cells: Iterable[str], delimiter: str, *, quote_all: bool = False) -> str:
    """Write one record by the rules of RFC 4180, without its line end."""
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"'
        if quote_all or SPECIAL & set(cell)
        else cell
        for cell in cells
    )


def write_workbook(
    path: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    *,
    first_cell: tuple[int, int] = (0, 0),
    hidden: Iterable[str] = (),
) -> None:
    """Write sheets of cells; texts stay texts, whatever they look like."""
    top, left = first_cell
    with xlsxwriter.Workbook(
        str(path), {"strings_to_numbers": False, "strings_to_formulas": False}
    ) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows, top):
                for column, value in enumerate(cells, left):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)


def read_workbook_of(
    folder: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    *,
    first_cell: tuple[int, int] = (0, 0),
    hidden: Iterable[str] = (),
) -> ReadResult:
    """Write a workbook and read it as if it had been dropped."""
    path = folder / "dropped.xlsx"
    write_workbook(path, sheets, first_cell=first_cell, hidden=hidden)
    return read_file(path, "lessons.xlsx", size_limit_bytes=SIZE_LIMIT_BYTES)
