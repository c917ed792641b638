"""A template that was filled in and saved by LibreOffice is taken without a finding."""

import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.operations.examine import judge_dataset, read_submission
from tests.contract.test_filled_template import fill
from tests.support.example_rows import (
    SITE,
    example_circumstances,
    example_row,
    example_rows,
)
from tests.support.libreoffice import saved_by_libreoffice

SIZE_LIMIT_BYTES = 10**7
HOSTILE = ("=1+1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("https://example.org","x")')


def of_a_site(catalogue):
    return [c for c in catalogue.contracts.values() if c.submitted_by == "site"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory, catalogue):
    """The template of a site: prefilled lessons, all else filled in as by a person."""
    folder = tmp_path_factory.mktemp("libreoffice")
    path = folder / "template.xlsx"
    contracts = of_a_site(catalogue)
    lesson = catalogue.get("lesson_learned")
    rows = [
        example_row(lesson, lesson_id=f"0499901-2026-9{number:02d}", situation=text)
        | {"stage_at_time": 2, "revision": 1}
        for number, text in enumerate(HOSTILE)
    ]
    write_template(contracts, catalogue, path, site=SITE, rows={"lesson_learned": rows})
    fill(path, catalogue, [item.dataset for item in contracts])
    return saved_by_libreoffice(path, folder)


def test_filled_template_passes_unchanged(saved, catalogue):
    reading = read_submission(
        saved, saved.name, catalogue, sender=SITE, size_limit_bytes=SIZE_LIMIT_BYTES
    )

    assert reading.findings == ()
    assert reading.refused == ()
    found = {item.contract.dataset: item for item in reading.datasets}
    assert set(found) == {item.dataset for item in of_a_site(catalogue)}
    for dataset, tables in found.items():
        known = example_circumstances(tables.contract)
        judged = judge_dataset(tables, catalogue, known)
        assert [t.findings for t in tables.recognitions] == [()], dataset
        assert judged.occurrences.is_empty(), (dataset, judged.occurrences["code"])
        filled_in = len(example_rows(tables.contract))
        prefilled = len(HOSTILE) * (dataset == "lesson_learned")
        assert judged.rows.accepted == filled_in + prefilled


def test_drop_downs_and_text_columns_survive(saved, catalogue):
    book = load_workbook(saved)
    for contract in of_a_site(catalogue):
        rules = book[contract.dataset].data_validations.dataValidation
        lists = {
            cells.min_col
            for rule in rules
            if rule.type == "list"
            for cells in rule.sqref.ranges
        }
        for position, field in enumerate(contract.fields, start=1):
            is_code = field.type in {FieldType.CODE, FieldType.CODES}
            has_list = is_code and field.code_list is not None
            assert not has_list or position in lists, field.name
            if field.type is FieldType.CODE:
                cell = book[contract.dataset].cell(2, position)
                assert cell.number_format == "@"


def test_prefilled_texts_are_no_formulas(saved):
    sheet = load_workbook(saved)["lesson_learned"]
    cells = [
        cell for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]

    assert {cell.value for cell in cells} >= set(HOSTILE)
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
