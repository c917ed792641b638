"""A template that is filled in as it says is read and judged without a finding."""

import polars as pl
import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.recognise import recognise_all
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
