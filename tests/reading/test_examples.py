"""The example of a template is never data, and what is written over it is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.template_guide import example_cell
from pcbl_pipeline.reading.header import known_words
from pcbl_pipeline.reading.read import read_file

CATALOGUE = load_catalogue()
CONTRACT = CATALOGUE.get("ta_request")
NAMES = CONTRACT.field_names
EXAMPLE = [example_cell(field) for field in CONTRACT.fields]
ROW = [field.example for field in CONTRACT.fields]
LEFT_OUT = "Row 2 with the example of the template was left out."


@pytest.fixture
def read(tmp_path):
    """Read rows below the header of a CSV; return the table, or None and the codes."""

    def of(*rows, separator=","):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        writer.writerows([NAMES, *rows])
        path = tmp_path / "requests.csv"
        path.write_text(text.getvalue(), "utf-8")
        known = known_words(CATALOGUE)
        result = read_file(path, path.name, size_limit_bytes=10**6, known=known)
        codes = [finding.code for finding in result.findings]
        return (result.tables[0] if result.tables else None), codes

    return of


def cells(table):
    rows = table.rows.collect().drop("row_number").rows()
    return [list(row) for row in rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_example_is_left_out_and_told(read, separator):
    table, _ = read(EXAMPLE, ROW, separator=separator)

    assert cells(table) == [ROW]
    assert table.row_count == 1
    assert LEFT_OUT in table.read_as
    assert table.findings == ()


def test_an_example_further_down_is_left_out_too(read):
    table, _ = read(EXAMPLE, ROW, EXAMPLE, ROW, EXAMPLE)

    assert cells(table) == [ROW, ROW]
    assert "Rows 2, 4 and 6 with the example of the template were left out." in (
        table.read_as
    )


def test_nothing_but_the_example_is_no_row(read):
    table, codes = read(EXAMPLE)

    assert (table, codes) == (None, ["F102"])


def test_an_example_of_a_template_of_long_ago_is_left_out(read):
    table, _ = read([f"Example: old {name}" for name in NAMES], ROW)

    assert cells(table) == [ROW]


@given(written=st.sets(st.integers(0, len(NAMES) - 1)))
def test_what_is_written_over_the_example_is_data_and_the_rest_is_blank(
    tmp_path_factory, written
):
    mixed = [ROW[i] if i in written else EXAMPLE[i] for i in range(len(NAMES))]
    path = tmp_path_factory.mktemp("mixed") / "requests.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([NAMES, mixed, ROW])

    known = known_words(CATALOGUE)
    [table] = read_file(path, path.name, size_limit_bytes=10**6, known=known).tables

    own = [ROW[i] if i in written else None for i in range(len(NAMES))]
    assert cells(table) == ([own, ROW] if written else [ROW])
    told = [text for text in table.read_as if "example" in text]
    assert len(told) == (len(written) < len(NAMES))


def test_cells_that_still_show_the_example_are_named(read):
    mixed = [*ROW[:-2], *EXAMPLE[-2:]]

    table, _ = read(mixed, ROW)

    told = (
        "In row 2, what still showed the template's example was read as blank: "
        f"`{NAMES[-2]}`, `{NAMES[-1]}`."
    )
    assert told in table.read_as


def test_own_words_that_begin_like_an_example_stay(read):
    position = NAMES.index("need")
    own = [*ROW[:position], "Example: our ninth grade", *ROW[position + 1 :]]

    table, _ = read(own)

    assert cells(table) == [own]
    assert not any("example" in text for text in table.read_as)
