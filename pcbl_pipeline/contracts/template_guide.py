"""The sheets of the template that explain: how to fill it in, columns, code lists.

What is written here is never data; readers of a filled template skip these sheets.
"""

from collections.abc import Iterable, Sequence

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import Contract, ContractField
from pcbl_pipeline.contracts.template_lists import Lists
from pcbl_pipeline.contracts.wording import (
    PRESENCE_WORDS,
    PRIVACY_WORDS,
    SENDER_WORDS,
    value_words,
)
from pcbl_pipeline.model.network import Sender

READ_ME, COLUMNS, LISTS = "Read me", "Columns", "Lists"
#: Sheets of the template that hold no data, whatever they look like.
GUIDE_SHEETS = (READ_ME, COLUMNS, LISTS)
#: Every cell of the example row begins so. A CSV keeps it, as it would keep no colour;
#: and no id, code, number or date begins so, whoever else reads the file.
EXAMPLE_MARK = "Example:"

_HOW_TO = (
    "Fill in the sheets that you want to send. Leave the others as they are.",
    "Keep the headers in row 1. Point at a header to read what belongs below it.",
    "Row 2 shows an example. Write over it or leave it: it is never taken as data.",
    "Dark headers must be filled in, mid-blue ones should be, light ones may stay blank.",
    "Leave a cell blank if you do not know the value. Write NA if it does not apply.",
    "Write dates as YYYY-MM-DD, such as 2026-03-09.",
    "Where several codes are allowed, put a semicolon between them.",
    "Never write the name of a student, a parent or a member of staff.",
    "Save the file as an Excel workbook (.xlsx) and put it into your inbox.",
)
#: Code, label, meaning, and an empty column between two lists.
_LIST_WIDTH = 4


def example_cell(field: ContractField) -> str:
    """Return what the example row shows of a field."""
    return f"{EXAMPLE_MARK} {field.example}"


def write_read_me(
    book: xlsxwriter.Workbook, contracts: Sequence[Contract], site: Sender | None
) -> None:
    """Write the first sheet: how to fill the others in, and what they hold."""
    sheet = book.add_worksheet(READ_ME)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 60, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "Template for your data", book.add_format({"bold": True}))
    if site is not None:
        sheet.write_string(1, 0, "Made for")
        sheet.write_string(1, 1, f"{site.name}, {site.sender_id}")
    rows = [("", line, "") for line in _HOW_TO]
    rows.append(("Sheet", "What it holds", "Who sends it"))
    rows += [
        (
            item.dataset,
            f"{item.title}: {item.grain}. Version {item.version}",
            SENDER_WORDS[item.submitted_by],
        )
        for item in contracts
    ]
    _write_rows(sheet, rows, first_row=3)


def write_columns(
    book: xlsxwriter.Workbook, contracts: Sequence[Contract], lists: Lists
) -> None:
    """Write one row per column of every dataset, with an example of its values."""
    sheet = book.add_worksheet(COLUMNS)
    titles = ("Sheet", "Column", "Meaning", "Value", "Need", "Who sees it", "Example")
    rows: list[tuple[str, ...]] = [titles]
    rows += [
        (
            contract.dataset,
            field.name,
            f"{field.title}. {field.description}",
            value_words(field, lists.of(contract, field)),
            PRESENCE_WORDS[field.presence],
            PRIVACY_WORDS[field.privacy],
            field.example,
        )
        for contract in contracts
        for field in contract.fields
    ]
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, width in enumerate((16, 22, 60, 44, 20, 30, 36)):
        sheet.set_column(column, column, width, wrapped)
    sheet.freeze_panes(1, 2)
    _write_rows(sheet, rows)


def write_lists(book: xlsxwriter.Workbook, lists: Iterable[CodeList]) -> None:
    """Write the codes that are offered, list beside list."""
    sheet = book.add_worksheet(LISTS)
    sheet.freeze_panes(2, 0)
    for position, codes in enumerate(lists):
        first = position * _LIST_WIDTH
        sheet.set_column(first, first, 24, book.add_format({"num_format": "@"}))
        sheet.set_column(first + 1, first + 2, 36)
        sheet.write_string(0, first, codes.title, book.add_format({"bold": True}))
        for row, texts in enumerate([("code", "label", "meaning"), *_told(codes)]):
            for offset, text in enumerate(texts):
                sheet.write_string(1 + row, first + offset, text)


def list_range(codes: CodeList, lists: Sequence[CodeList]) -> str:
    """Return the cells that hold a list's codes, as a formula for a drop-down."""
    column = xl_col_to_name(lists.index(codes) * _LIST_WIDTH)
    last = 2 + len(codes.codes)
    return f"={LISTS}!${column}$3:${column}${last}"


def _write_rows(
    sheet: Worksheet, rows: Iterable[tuple[str, ...]], first_row: int = 0
) -> None:
    for row, texts in enumerate(rows, start=first_row):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)


def _told(codes: CodeList) -> list[tuple[str, str, str]]:
    return [(item.code, item.label, item.meaning) for item in codes.codes]
