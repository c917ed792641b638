"""A template that was filled in and saved by LibreOffice is taken without a finding."""

import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.operations.examine import judge_dataset, read_submission
from tests.contract.test_filled_template import fill
from tests.support.example_rows import (
    AGENCY,
    SITE,
    example_circumstances,
    example_row,
    example_rows,
)
from tests.support.libreoffice import saved_by_libreoffice

SIZE_LIMIT_BYTES = 10**7
HOSTILE = ("=1+1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("https://example.org","x")')


SENDERS = {"site": SITE, "agency": AGENCY}


def sent_by(kind, catalogue):
    return [c for c in catalogue.contracts.values() if c.submitted_by == kind]


@pytest.fixture(scope="module")
def all_saved(tmp_path_factory, catalogue):
    """The templates of a site and of an agency, filled in and saved in two formats.

    A site's has prefilled lessons; all else is filled in as by a person.
    """
    folder = tmp_path_factory.mktemp("libreoffice")
    lesson = catalogue.get("lesson_learned")
    rows = [
        example_row(lesson, lesson_id=f"0499901-2026-9{number:02d}", situation=text)
        | {"stage_at_time": 2, "revision": 1}
        for number, text in enumerate(HOSTILE)
    ]
    prefilled = {"site": {"lesson_learned": rows}, "agency": {}}
    paths = [folder / f"{kind}.xlsx" for kind in SENDERS]
    for path, (kind, sender) in zip(paths, SENDERS.items(), strict=True):
        contracts = sent_by(kind, catalogue)
        write_template(contracts, catalogue, path, site=sender, rows=prefilled[kind])
        fill(path, catalogue, [item.dataset for item in contracts])
    return {
        (path.stem, ending): path
        for ending in ("xlsx", "ods")
        for path in saved_by_libreoffice(paths, folder, ending)
    }


@pytest.fixture(scope="module")
def saved(all_saved):
    """The template of a site as a workbook."""
    return all_saved["site", "xlsx"]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize("kind", SENDERS)
def test_filled_template_passes_unchanged(all_saved, catalogue, kind, ending):
    path = all_saved[kind, ending]

    reading = read_submission(
        path,
        path.name,
        catalogue,
        sender=SENDERS[kind],
        size_limit_bytes=SIZE_LIMIT_BYTES,
    )

    assert reading.findings == ()
    assert reading.refused == ()
    found = {item.contract.dataset: item for item in reading.datasets}
    assert set(found) == {item.dataset for item in sent_by(kind, catalogue)}
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
    for contract in sent_by("site", catalogue):
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
