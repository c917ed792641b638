"""A table beside the table is told as one, not only column by column."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.reading.recognise import recognise
from tests.support.files import read_workbook_of

CATALOGUE = load_catalogue()
NAMES = CATALOGUE.get("lesson_learned").field_names


def findings_of(folder, header, *, first_cell=(0, 0)):
    rows = [header, ["x" if name else None for name in header]]
    result = read_workbook_of(folder, {"Lessons": rows}, first_cell=first_cell)
    return recognise(result.tables[0], CATALOGUE).findings


def beside(findings):
    return [
        (item.details["first"], item.details["last"])
        for item in findings
        if item.code == "F142"
    ]


def test_second_table_to_the_right_or_left_is_named_by_its_columns(tmp_path):
    header = ["route", "stop", None, *NAMES, None, None, "bus", "driver", "seats"]

    found = beside(findings_of(tmp_path, header, first_cell=(2, 1)))

    right = 1 + 3 + len(NAMES) + 2
    assert found[0] == ("B", "C")
    assert len(found) == 2
    assert right > 25  # two letters
    assert found[1][0].startswith("A")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param([*NAMES], id="one table"),
        pytest.param([*NAMES[:4], None, *NAMES[4:]], id="a blank column within it"),
        pytest.param([*NAMES, None, "my notes"], id="one column of remarks"),
        pytest.param([*NAMES, "bus", "driver"], id="columns of one's own"),
    ],
)
def test_what_belongs_to_the_table_is_no_second_one(tmp_path, header):
    assert beside(findings_of(tmp_path, header)) == []
