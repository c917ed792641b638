"""A template that is filled in as it says is read and judged without a finding."""

import polars as pl
import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.contract import FieldType, Presence
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.contracts.template_guide import example_cell
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.recognise import recognise_all
from pcbl_pipeline.validation.prepare import has_right_form
from pcbl_pipeline.validation.verdict import judge
from tests.support.example_rows import SITE, example_circumstances, example_rows

SIZE_LIMIT_BYTES = 10**6


@pytest.fixture
def template(tmp_path, catalogue):
    path = tmp_path / "template.xlsx"
    write_template(tuple(catalogue.contracts.values()), catalogue, path, site=SITE)
    return path


def fill(path, catalogue, datasets):
    book = load_workbook(path)
    for dataset in datasets:
        contract = catalogue.get(dataset)
        for row in example_rows(contract):
            book[dataset].append(
                [typed(item, row[item.name]) for item in contract.fields]
            )
    book.save(path)


def typed(field, text):
    """Type a value as a person would: numbers as numbers, all else as it stands."""
    if text is not None and field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
        return float(text) if field.type is FieldType.DECIMAL else int(text)
    return text


def test_filled_template_passes_unchanged(template, catalogue):
    fill(template, catalogue, catalogue.contracts)

    read = read_file(template, template.name, size_limit_bytes=SIZE_LIMIT_BYTES)
    recognised = recognise_all(read, catalogue)

    assert recognised.findings == ()
    found = {item.contract.dataset: item for item in recognised.recognitions}
    assert list(found) == list(catalogue.contracts)
    for dataset, item in found.items():
        assert item.findings == ()
        assert dict(item.headers) == {name: name for name in item.contract.field_names}
        rows = item.table.rows.select(
            "row_number", *[pl.col(c).alias(name) for name, c in item.columns.items()]
        )
        circumstances = example_circumstances(item.contract)
        judgement = judge(rows, item.contract, catalogue, circumstances)
        assert judgement.occurrences.is_empty(), dataset
        assert judgement.accepted.collect().height == len(example_rows(item.contract))


def test_sheets_left_empty_are_no_mistake(template, catalogue):
    fill(template, catalogue, ["ta_request"])

    read = read_file(template, template.name, size_limit_bytes=SIZE_LIMIT_BYTES)
    recognised = recognise_all(read, catalogue)

    assert [item.contract.dataset for item in recognised.recognitions] == ["ta_request"]
    assert {
        catalogue.rules[finding.code].severity for finding in recognised.findings
    } <= {"info"}


@pytest.mark.parametrize("first_row", [2, 3])
def test_rows_may_begin_over_the_example_or_below_it(template, catalogue, first_row):
    contract = catalogue.get("ta_request")
    book = load_workbook(template)
    row = example_rows(contract)[0]
    for column, field in enumerate(contract.fields, start=1):
        value = typed(field, row[field.name])
        book["ta_request"].cell(first_row, column).value = value
    book.save(template)

    [table] = read_file(
        template, template.name, size_limit_bytes=SIZE_LIMIT_BYTES
    ).tables

    [read] = table.rows.collect().drop("row_number").rows()
    assert list(read) == [row[name] for name in contract.field_names]
    assert table.findings == ()


def test_the_example_may_be_deleted(template, catalogue):
    book = load_workbook(template)
    book["ta_request"].delete_rows(2)
    book.save(template)
    fill(template, catalogue, ["ta_request"])

    [table] = read_file(
        template, template.name, size_limit_bytes=SIZE_LIMIT_BYTES
    ).tables

    assert table.row_count == 1


def test_no_example_would_be_taken_by_a_reader_that_does_not_know_it(catalogue):
    for contract in catalogue.contracts.values():
        row = {field.name: example_cell(field) for field in contract.fields}
        checked = [
            has_right_form(field, catalogue, field.name)
            for field in contract.fields
            if field.presence is Presence.REQUIRED
        ]
        right = pl.DataFrame([row]).select(pl.all_horizontal(checked)).item()
        assert not right, contract.dataset
