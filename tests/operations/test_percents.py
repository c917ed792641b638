"""A share in the place of a count is never taken for the count."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.check import check_file
from tests.support.builders import csv_bytes
from tests.support.example_rows import example_row

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]


def counts_of(contract: Contract) -> set[str]:
    return {item.name for item in contract.fields if item.is_count}


def percent_workbook(contract: Contract, names: set[str], path: Path) -> None:
    """Save one right row, but for cells that Excel shows as 93%."""
    book = Workbook()
    sheet = book.active
    row = example_row(contract)
    sheet.append(list(contract.field_names))
    sheet.append([row[field] for field in contract.field_names])
    for position, name in enumerate(contract.field_names, 1):
        if name in names:
            sheet.cell(2, position).value = 0.93
            sheet.cell(2, position).number_format = "0%"
    book.save(path)


def errors(receipt: Receipt) -> list[tuple[str, str | None]]:
    return [
        (group.code, group.field)
        for group in receipt.all_findings
        if group.severity == "error"
    ]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_percent_cell_of_a_workbook_is_no_count(contract, tmp_path):
    percent_workbook(contract, counts_of(contract), tmp_path / "file.xlsx")

    receipt = check_file(tmp_path / "file.xlsx", catalogue=CATALOGUE)

    assert sorted(errors(receipt)) == [
        ("R318", name) for name in sorted(counts_of(contract))
    ]


def test_a_percent_cell_is_the_number_where_percents_are_asked_for(tmp_path):
    contract = CATALOGUE.get("implementation_status")
    [name] = [item.name for item in contract.fields if item.is_percent]
    percent_workbook(contract, {name}, tmp_path / "file.xlsx")

    receipt = check_file(tmp_path / "file.xlsx", catalogue=CATALOGUE)

    assert receipt.rows.accepted == 1
    assert errors(receipt) == []


def test_a_column_of_percents_gets_no_advice_to_take_the_signs_away(tmp_path):
    contract = CATALOGUE.get("outcome_metric")
    groups = ("ALL", "F", "M", "LEP")
    changes = [{"student_group": group, "numerator": "93.1%"} for group in groups]
    (tmp_path / "file.csv").write_bytes(csv_bytes(contract, *changes))

    receipt = check_file(tmp_path / "file.csv", catalogue=CATALOGUE)

    [wrong] = [g for g in receipt.all_findings if g.severity == "error"]
    assert (wrong.code, wrong.count) == ("R318", 4)
    assert "Send how many" in wrong.fix
