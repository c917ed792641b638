"""The template workbook: what it offers is what the contract allows."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.contracts.template_guide import GUIDE_SHEETS
from pcbl_pipeline.model.network import Sender

SITE = Sender(
    sender_id="0499901", name="Saguaro Flats (fictional)", kind="site", state_fips="04"
)
LIMIT_ERROR_MESSAGE = 255


@pytest.fixture(scope="module")
def workbook(tmp_path_factory, catalogue):
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(tuple(catalogue.contracts.values()), catalogue, path)
    return load_workbook(path)


def test_one_sheet_per_dataset_between_the_guides(workbook, catalogue):
    first, *rest = workbook.sheetnames

    assert first == GUIDE_SHEETS[0]
    assert rest == [*catalogue.contracts, *GUIDE_SHEETS[1:]]


def test_data_sheets_hold_headers_and_a_marked_example(workbook, catalogue):
    for dataset, contract in catalogue.contracts.items():
        rows = list(workbook[dataset].values)
        shown = tuple(f"Example: {field.example}" for field in contract.fields)
        assert rows == [contract.field_names, shown]


def test_header_stays_in_view_and_explains_itself(workbook, catalogue):
    for dataset, contract in catalogue.contracts.items():
        sheet = workbook[dataset]
        assert sheet.freeze_panes == "A2"
        for cell, field in zip(sheet[1], contract.fields, strict=True):
            for part in (field.title, field.description, field.example):
                assert part in cell.comment.text
            assert not field.unit or field.unit in cell.comment.text


def test_ids_and_codes_are_text_so_that_zeros_in_front_survive(workbook, catalogue):
    numbers = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.DATE}
    for dataset, contract in catalogue.contracts.items():
        for position, field in enumerate(contract.fields, start=1):
            is_text = number_format(workbook[dataset], position) == "@"
            assert is_text == (field.type not in numbers)


def test_drop_downs_offer_exactly_the_codes_in_use_that_the_contract_takes(
    workbook, catalogue
):
    for dataset, contract in catalogue.contracts.items():
        offered = drop_downs(workbook, dataset)
        for position, field in enumerate(contract.fields, start=1):
            is_code = field.type in {FieldType.CODE, FieldType.CODES}
            codes = catalogue.codes_of(field) if is_code else None
            in_use = [c.code for c in codes.codes if not c.valid_to] if codes else None
            if field.name == "schema_version":
                in_use = [contract.version]
            if (dataset, field.name) == ("implementation_status", "element_code"):
                in_use = [code for code in in_use if not code.startswith("MT")]
            assert offered.get(position) == in_use, field.name


def test_a_theme_is_offered_where_it_may_be_named(workbook, catalogue):
    fields = catalogue.get("lesson_learned").field_names
    offered = drop_downs(workbook, "lesson_learned")

    assert "MT1" in offered[fields.index("element_code") + 1]


def test_school_years_that_are_open_and_collected_are_offered(tmp_path, catalogue):
    years = ("2018-2019", "2025-2026", "2026-2027")
    path = tmp_path / "years.xlsx"
    contract = catalogue.get("outcome_metric")

    write_template([contract], catalogue, path, years=years)

    offered = drop_downs(load_workbook(path), "outcome_metric")
    at = contract.field_names.index("school_year") + 1
    assert offered[at] == ["2025-2026", "2026-2027"]


def test_an_agency_is_offered_its_own_state(tmp_path, catalogue):
    agency = Sender(sender_id="sea-04", name="Agency", kind="agency", state_fips="04")
    path = tmp_path / "agency.xlsx"
    contract = catalogue.get("state_action")

    write_template([contract], catalogue, path, site=agency)

    offered = drop_downs(load_workbook(path), "state_action")
    assert offered[contract.field_names.index("state_fips") + 1] == ["04"]


def test_several_codes_may_be_typed_where_several_are_allowed(workbook, catalogue):
    for dataset, contract in catalogue.contracts.items():
        by_column = validations(workbook, dataset)
        for position, field in enumerate(contract.fields, start=1):
            if field.type is FieldType.CODES and field.code_list:
                assert not by_column[position].showErrorMessage


def test_what_is_said_about_a_wrong_value_fits_into_excel(workbook, catalogue):
    for dataset in catalogue.contracts:
        for item in validations(workbook, dataset).values():
            assert len(item.error or "") <= LIMIT_ERROR_MESSAGE
            assert len(item.errorTitle or "") <= 32


def test_columns_sheet_gives_an_example_of_every_column(workbook, catalogue):
    rows = list(workbook["Columns"].iter_rows(min_row=2, values_only=True))

    assert [(row[0], row[1], row[-1]) for row in rows] == [
        (dataset, field.name, field.example)
        for dataset, contract in catalogue.contracts.items()
        for field in contract.fields
    ]


def test_template_of_a_site_offers_its_own_ids_and_no_data(tmp_path, catalogue):
    path = tmp_path / "own.xlsx"
    contract = catalogue.get("site_profile")

    write_template([contract], catalogue, path, site=SITE)

    book = load_workbook(path)
    lists = {
        contract.fields[position - 1].name: item.formula1
        for position, item in validations(book, "site_profile").items()
    }
    assert lists["site_id"] == lists["leaid"] == '"0499901"'
    assert lists["state_fips"] == '"04"'
    assert book["site_profile"].max_row == 2
    assert "0499901" in str(book["Read me"]["B2"].value)


def test_agency_gets_no_ids_of_its_own(tmp_path, catalogue):
    agency = Sender(sender_id="sea-04", name="Agency", kind="agency", state_fips="04")
    path = tmp_path / "agency.xlsx"

    write_template([catalogue.get("ta_event")], catalogue, path, site=agency)

    assert "sea-04" not in sheet_xml(path, "sheet2")


def test_same_contracts_give_the_same_bytes(tmp_path, catalogue):
    contracts = tuple(catalogue.contracts.values())
    paths = [tmp_path / "one.xlsx", tmp_path / "another.xlsx"]

    for path in paths:
        write_template(contracts, catalogue, path, site=SITE)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_template_holds_no_formula_outside_its_drop_downs(tmp_path, catalogue):
    path = tmp_path / "plain.xlsx"
    write_template(tuple(catalogue.contracts.values()), catalogue, path)

    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)


def number_format(sheet, position):
    """Return a column's format; openpyxl keeps equal neighbours as one group."""
    groups = sheet.column_dimensions.values()
    return next(i.number_format for i in groups if i.min <= position <= i.max)


def validations(book, dataset):
    """Map a column's position to the rule that Excel holds against its cells."""
    found = {}
    for item in book[dataset].data_validations.dataValidation:
        for cells in item.sqref.ranges:
            assert cells.min_row == 2
            found[cells.min_col] = item
    return found


def drop_downs(book, dataset):
    offered = {}
    for position, item in validations(book, dataset).items():
        if item.type != "list":
            continue
        if item.formula1.startswith('"'):
            offered[position] = item.formula1.strip('"').split(",")
            continue
        column, first, last = re.fullmatch(
            r"Lists!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", item.formula1
        ).groups()
        cells = book["Lists"][f"{column}{first}:{column}{last}"]
        offered[position] = [cell.value for (cell,) in cells]
    return offered


def sheet_xml(path: Path, name: str) -> str:
    with ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/{name}.xml").decode()
