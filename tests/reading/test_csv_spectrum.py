"""The files of csv-spectrum (tests/data/csv_spectrum/ORIGIN.md) parse to their JSON."""

import json
from pathlib import Path

import pytest

from tests.support.files import read_table

FOLDER = Path(__file__).parents[1] / "data" / "csv_spectrum"
NAMES = sorted(path.stem for path in FOLDER.glob("csvs/*.csv"))


def parse(tmp_path, name):
    content = (FOLDER / "csvs" / f"{name}.csv").read_bytes().decode()
    if name.endswith("_crlf"):
        content = content.replace("\n", "\r\n")
    table = read_table(tmp_path, content)
    return [
        {
            header: row[column]
            for header, column in zip(table.headers, table.columns, strict=True)
        }
        for row in table.rows.collect().rows(named=True)
    ]


def expect(name):
    """Read the JSON; our cells are stripped and a blank one is None."""
    parsed = json.loads((FOLDER / "json" / f"{name}.json").read_text("utf-8"))
    records = parsed if isinstance(parsed, list) else [parsed]
    return [
        {header: value.strip() or None for header, value in record.items()}
        for record in records
    ]


def test_every_csv_has_its_json():
    assert len(NAMES) == 12
    assert [path.stem for path in sorted(FOLDER.glob("json/*.json"))] == NAMES


@pytest.mark.parametrize("name", [n for n in NAMES if n != "location_coordinates"])
def test_parses_to_its_json(tmp_path, name):
    assert parse(tmp_path, name) == expect(name)


def test_unquoted_cell_with_quotation_marks_parses_to_its_json(tmp_path):
    (row,), (expected,) = (
        parse(tmp_path, "location_coordinates"),
        expect("location_coordinates"),
    )

    number = "Contact Phone Number"  # differs between the two files at their origin
    assert row.pop(number) == "2095257564"
    assert expected.pop(number) == "1234567890"
    assert row == expected
