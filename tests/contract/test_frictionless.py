"""Frictionless, given our Table Schemas, says of each cell what we say of it.

Both are given the values as we read them: what other forms we take is ours to decide,
and a Table Schema states the form of the template.
"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

import pytest
from frictionless import Resource, Schema

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.table_schema import table_schema
from pcbl_pipeline.reading.tables import clean_cell
from pcbl_pipeline.validation.normalise import normalise
from pcbl_pipeline.validation.verdict import judge
from pcbl_pipeline.validation.written import SPREADSHEET_ERRORS
from tests.support.rows import (
    ROW_ID,
    circumstances_of,
    drawn,
    right_row,
    seeded,
    text_frame,
)

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]
#: The rules about one cell that a Table Schema can state.
STATED = {
    *("C205", "R301", "R303", "R304", "R305", "R306", "R307", "R308", "R309"),
    *("R310", "R312", "R313", "R315", "R316", "R318", "R319"),
}
#: Frictionless's names for the same.
CELL_ERRORS = {"type-error", "constraint-error"}
ROWS = 150


def their_findings(contract, rows):
    """Return (row number, field) of every cell that Frictionless refuses."""
    names = list(contract.field_names)
    schema = table_schema(contract, CATALOGUE)
    data = [names, *[[row[name] or "" for name in names] for row in rows]]
    report = Resource(data=data, schema=Schema.from_descriptor(schema)).validate()
    cells, repeated = set(), set()
    for number, field, kind in report.flatten(["rowNumber", "fieldName", "type"]):
        if kind in CELL_ERRORS:
            cells.add((number, field))
        elif kind == "primary-key":
            repeated.add(number)
        else:
            assert kind == "blank-row", kind
    return cells, repeated


def our_findings(contract, rows):
    frame = text_frame(contract, rows)
    found = judge(frame.lazy(), contract, CATALOGUE, circumstances_of(contract))
    told = found.occurrences.select(ROW_ID, "field", "code").rows()
    cells = {(row, field) for row, field, code in told if code in STATED}
    repeated = {row for row, _, code in told if code == "K401"}
    return cells, repeated


def as_read(contract, rows):
    """Return the rows with the values that we read in what was written."""
    known = circumstances_of(contract)
    read = normalise(text_frame(contract, rows).lazy(), contract, CATALOGUE, known)
    return read.select(contract.field_names).collect().to_dicts()


def a_day(text):
    return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007


def a_whole_number(text):
    """Read as Frictionless does, which strips more than `int` alone."""
    return int(text.strip())


#: How Python reads a type, and the form in which the contract wants it written.
READ_BY = {
    FieldType.INTEGER: (a_whole_number, r"[+-]?[0-9]{1,15}"),
    FieldType.DECIMAL: (Decimal, r"[+-]?[0-9]{0,15}(\.[0-9]{0,15})?"),
    FieldType.DATE: (a_day, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


def looser_than_ours(field, text):
    """Tell whether Python reads a text that the contract's written form excludes.

    Frictionless takes what `int`, `Decimal` and `strptime` take. Version 1 of the Table
    Schema cannot say "above", nor that a list of ids must hold one, nor that a text is
    no error of a spreadsheet program.
    """
    if field.type not in READ_BY and text in SPREADSHEET_ERRORS:
        return field.type is not FieldType.CODE
    if field.type is FieldType.CODES:
        return not field.code_list and not text.strip("; \t\n\r\x1c\xa0")
    if field.type not in READ_BY:
        return False
    read, form = READ_BY[field.type]
    try:
        value = read(text)
    except (ValueError, InvalidOperation):
        return False
    at_the_limit = field.above_minimum and value == field.minimum
    return at_the_limit or not re.fullmatch(form, text)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_frictionless_refuses_the_cells_that_we_refuse(contract):
    draw = seeded(f"frictionless and {contract.dataset}")
    rows = [
        {name: clean_cell(text) if text else None for name, text in row.items()}
        for row in drawn(contract, CATALOGUE, draw, ROWS)
    ]

    rows = as_read(contract, rows)
    theirs, _ = their_findings(contract, rows)
    ours, _ = our_findings(contract, rows)

    def described(cells):
        return {(field, rows[row - 2][field]) for row, field in cells}

    assert described(theirs - ours) == set()
    missed = described(ours - theirs)
    explained = {
        (name, text)
        for name, text in missed
        if looser_than_ours(contract.field(name), text)
    }
    assert missed == explained
    assert len(theirs & ours) > ROWS / 5


@pytest.mark.parametrize("contract", CONTRACTS)
def test_frictionless_takes_right_rows_and_sees_a_key_that_stands_twice(contract):
    rows = [right_row(contract, number) for number in range(5)]
    twice = [*rows, rows[1]]

    assert their_findings(contract, rows) == (set(), set())
    assert our_findings(contract, rows) == (set(), set())
    # Frictionless names the later row, we name both.
    assert their_findings(contract, twice) == (set(), {7})
    assert our_findings(contract, twice) == (set(), {3, 7})
