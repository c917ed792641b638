"""The template workbook: one sheet per dataset, ready to be filled in and sent.

The same contracts and rows give the same bytes. Row 2 of a data sheet is an example,
marked in each cell, so that no reader takes it for data. What does not belong here:
which codes a drop-down offers (`template_lists`), and a site's own rows.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.contracts.contract import (
    SCHEMA_VERSION,
    Contract,
    ContractField,
    FieldType,
    Presence,
)
from pcbl_pipeline.contracts.template_guide import (
    EXAMPLE_MARK,
    example_cell,
    list_range,
    write_columns,
    write_lists,
    write_read_me,
)
from pcbl_pipeline.contracts.template_lists import Lists, offered_years
from pcbl_pipeline.contracts.wording import (
    PRESENCE_WORDS,
    PRIVACY_WORDS,
    range_words,
    value_words,
)
from pcbl_pipeline.model.network import Sender

Cell = str | float | None
#: A site's own rows, by dataset.
Rows = Mapping[str, Sequence[Mapping[str, Cell]]]

#: A workbook carries its date of creation; a fixed one keeps the bytes the same.
_CREATED = datetime(2020, 7, 1, tzinfo=UTC)
_LAST_ROW = 1_048_575
#: A longer example is cut off by the cell beside it.
_WIDEST_EXAMPLE = 26
_FILLS = {
    Presence.REQUIRED: ("#1F3864", "#FFFFFF"),
    Presence.RECOMMENDED: ("#9DC3E6", "#000000"),
    Presence.OPTIONAL: ("#DEEBF7", "#000000"),
}


def write_template(
    contracts: Sequence[Contract],
    catalogue: Catalogue,
    path: Path,
    *,
    site: Sender | None = None,
    rows: Rows | None = None,
    years: Sequence[str] = (),
) -> None:
    """Write a workbook for some datasets, empty but for an example and own rows.

    With a site, the columns that must hold its own ids offer just these. `rows` are
    put below the example: by dataset, and each by field, a number or a text. A text
    stays a text, whatever it begins with. `years` are the school years that a
    drop-down offers; without them there is none, for a contract knows no day.
    """
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": "PCBL data template", "created": _CREATED})
        lists = Lists(contracts, catalogue)
        write_read_me(book, contracts, site)
        for contract in contracts:
            own = _own_values(contract, site) | {
                field.name: offered_years(contract, years)
                for field in contract.fields
                if field.type is FieldType.SCHOOL_YEAR
            }
            sheet = _write_data_sheet(book, contract, lists, own)
            _write_example(book, sheet, contract)
            _write_rows(sheet, contract, (rows or {}).get(contract.dataset, ()))
        write_columns(book, contracts, lists)
        write_lists(book, lists.to_write)


def _write_data_sheet(
    book: xlsxwriter.Workbook,
    contract: Contract,
    lists: Lists,
    own: Mapping[str, Sequence[str]],
) -> Worksheet:
    sheet = book.add_worksheet(contract.dataset)
    sheet.freeze_panes(1, 0)
    formats = {item: _cell_format(book, item) for item in FieldType}
    headers = {item: _header_format(book, *_FILLS[item]) for item in Presence}
    for column, field in enumerate(contract.fields):
        sheet.set_column(column, column, _width(field), formats[field.type])
        sheet.write_string(0, column, field.name, headers[field.presence])
        note = _note(field, lists.of(contract, field))
        size = {"width": 320, "height": 180, "author": ""}
        sheet.write_comment(0, column, note, size)
        allowed = _validation(contract, field, lists, own.get(field.name, ()))
        if allowed:
            sheet.data_validation(1, column, _LAST_ROW, column, allowed)
    return sheet


def _write_example(
    book: xlsxwriter.Workbook, sheet: Worksheet, contract: Contract
) -> None:
    """Write the example below the header, and have what is left of it look like one."""
    for column, field in enumerate(contract.fields):
        sheet.write_string(1, column, example_cell(field))
    look = book.add_format({"italic": True, "font_color": "#595959"})
    rule = {
        "type": "text",
        "criteria": "begins with",
        "value": EXAMPLE_MARK,
        "format": look,
    }
    sheet.conditional_format(1, 0, 1, len(contract.fields) - 1, rule)


def _write_rows(
    sheet: Worksheet, contract: Contract, rows: Sequence[Mapping[str, Cell]]
) -> None:
    for number, row in enumerate(rows, start=2):
        for column, name in enumerate(contract.field_names):
            value = row.get(name)
            if isinstance(value, str):
                # Not `write`, which would make a formula of a text that looks like one.
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)


def _own_values(contract: Contract, site: Sender | None) -> dict[str, Sequence[str]]:
    """Return the values that only the sender's own can be, by field."""
    if site is None:
        return {}
    own = {"state_fips": [site.state_fips]}
    if site.leaid is not None:
        own["leaid"] = [site.leaid]
        if contract.owner_field:
            own[contract.owner_field] = [site.sender_id]
    return {
        name: values for name, values in own.items() if name in contract.field_names
    }


def _validation(
    contract: Contract, field: ContractField, lists: Lists, own: Sequence[str]
) -> dict[str, Any]:
    """Say what Excel itself should hold against a value, as xlsxwriter wants it."""
    if own:
        # Advice only: a district may report for its schools, under their ids, and
        # rows of an earlier year may be corrected.
        return {"validate": "list", "source": list(own), "show_error": False}
    if field.name == SCHEMA_VERSION:
        return _advice(field, {"validate": "list", "source": [contract.version]})
    codes = lists.of(contract, field)
    if codes is not None:
        source = list_range(codes, lists.to_write)
        return _advice(field, {"validate": "list", "source": source})
    if field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
        limits = _limits(field)
        return _advice(field, limits) if limits else {}
    return {}


def _advice(field: ContractField, rule: dict[str, Any]) -> dict[str, Any]:
    """Stop a wrong code in a required column; elsewhere `NA` must stay possible."""
    if field.type is FieldType.CODES:
        # A list of codes is typed with semicolons: the drop-down only shows them.
        return rule | {"show_error": False}
    strict = field.presence is Presence.REQUIRED and rule["validate"] == "list"
    range_ = range_words(field)
    wanted = f"a number, {range_}" if range_ else "a value from the list"
    return rule | {
        "error_type": "stop" if strict else "warning",
        "error_title": field.title[:32],
        "error_message": f"This column takes {wanted}, such as {field.example}."[:255],
    }


def _limits(field: ContractField) -> dict[str, Any]:
    kind = "integer" if field.type is FieldType.INTEGER else "decimal"
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return {
            "validate": kind,
            "criteria": "between",
            "minimum": low,
            "maximum": high,
        }
    if low is not None:
        sign = ">" if field.above_minimum else ">="
        return {"validate": kind, "criteria": sign, "value": low}
    if high is not None:
        return {"validate": kind, "criteria": "<=", "value": high}
    return {}


def _note(field: ContractField, codes: CodeList | None) -> str:
    return "\n".join(
        (
            f"{field.title}. {PRESENCE_WORDS[field.presence]}.",
            field.description,
            f"Value: {value_words(field, codes)}",
            f"Example: {field.example}",
            f"Who sees it: {PRIVACY_WORDS[field.privacy]}",
        )
    )


def _cell_format(book: xlsxwriter.Workbook, kind: FieldType) -> Format:
    """Keep ids and codes as text: Excel drops zeros in front of what looks a number."""
    if kind in {FieldType.INTEGER, FieldType.DECIMAL}:
        return book.add_format({"num_format": "General"})
    if kind is FieldType.DATE:
        return book.add_format({"num_format": "yyyy-mm-dd"})
    wrapped = kind is FieldType.NARRATIVE
    return book.add_format({"num_format": "@", "text_wrap": wrapped, "valign": "top"})


def _header_format(book: xlsxwriter.Workbook, fill: str, ink: str) -> Format:
    look = {"bold": True, "bg_color": fill, "font_color": ink, "border": 1}
    return book.add_format(look)


def _width(field: ContractField) -> int:
    if field.type is FieldType.NARRATIVE:
        return 48
    shown = min(len(example_cell(field)), _WIDEST_EXAMPLE)
    return max(12, len(field.name) + 3, shown + 1)
