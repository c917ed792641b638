"""Rows that hold only what a template begins with are left out; all others stay."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.reading.header import known_words
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.recognise import recognise_all

CATALOGUE = load_catalogue()
CONTRACT = CATALOGUE.get("implementation_status")
BEGUN = {
    "schema_version": "1.0",
    "site_id": "0499901",
    "school_year": "2025-2026",
    "window": "fall",
    "element_code": "CBE1",
}


@pytest.fixture
def recognised(tmp_path):
    def of(*rows, names=CONTRACT.field_names):
        lines = [names, *[[row.get(name, "") for name in names] for row in rows]]
        path = tmp_path / "implementation_status.csv"
        path.write_text("\n".join(",".join(line) for line in lines) + "\n", "utf-8")
        known = known_words(CATALOGUE)
        read = read_file(path, path.name, size_limit_bytes=10**6, known=known)
        return recognise_all(read, CATALOGUE)

    return of


def kept(recognised):
    [item] = recognised.recognitions
    rows = item.field_rows.collect()["row_number"].to_list()
    assert item.table.row_count == len(rows)
    return rows, [text for text in item.table.read_as if "filled in" in text]


def test_rows_in_which_nothing_was_filled_in_are_left_out_and_told(recognised):
    found = recognised(BEGUN, BEGUN | {"stage": "2"}, BEGUN)

    rows, [told] = kept(found)
    assert rows == [3]
    assert told.startswith("Rows 2 and 4 were left out: nothing was filled in but ")
    assert told.endswith(" `site_id`, `school_year`, `window`, `element_code`.")


@pytest.mark.parametrize("name", [n for n in CONTRACT.field_names if n not in BEGUN])
def test_one_cell_more_makes_a_row_that_is_judged(recognised, name):
    assert kept(recognised(BEGUN | {name: "0"})) == ([2], [])


def test_a_cell_under_a_header_that_nobody_knows_counts_too(recognised):
    names = (*CONTRACT.field_names, "our_own_remark")

    rows, _ = kept(recognised(BEGUN | {"our_own_remark": "x"}, names=names))

    assert rows == [2]


def test_a_file_without_those_columns_is_no_template(recognised):
    names = tuple(n for n in CONTRACT.field_names if n != "window")

    rows, told = kept(recognised(BEGUN, names=names))

    assert (rows, told) == ([2], [])


def test_a_file_in_which_nothing_was_filled_in_has_no_rows(recognised):
    found = recognised(BEGUN, BEGUN)

    assert found.recognitions == ()
    assert [finding.code for finding in found.findings] == ["F102"]
