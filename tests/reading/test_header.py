"""Which records of a table are its header, and which rows around it are no data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.reading.grid import gather
from pcbl_pipeline.reading.header import find_header, known_words
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.remarks import row_words, sentences_about
from tests.support.files import read_workbook_of, rows_of

KNOWN = known_words(load_catalogue())
NAMES = ["lesson_id", "revision", "site_id", "title", "lesson_date"]
LESSON = ["0499901-2026-001", "1", "0499901", "Small groups", "2026-03-09"]
OTHER = ["0499901-2026-002", "1", "0499901", "Long blocks", "2026-03-10"]


def grid_of(*rows, known=KNOWN):
    """Gather rows, a blank one given as an empty list."""
    grid = gather(enumerate(rows, 1), known=known)
    assert grid is not None
    return grid


def header_of(*rows, known=KNOWN):
    records = [(n, [c or None for c in row]) for n, row in enumerate(rows, 1) if row]
    return find_header(records, known)


# ------------------------------------------------------------- what stands above


@pytest.mark.parametrize("known", [KNOWN, None], ids=["known words", "shape alone"])
@pytest.mark.parametrize(
    "above",
    [
        pytest.param([["Lessons of our district"], []], id="title"),
        pytest.param([["Lessons", "", "", "", ""]], id="title with commas"),
        pytest.param([["District", "0499901"], ["Printed", "2026-03-09"]], id="facts"),
        pytest.param([[], ["Lessons"], [], ["as of March 9, 2026"], []], id="several"),
    ],
)
def test_what_stands_above_the_header_is_left_out(above, known):
    words = {"known": known} if known else {}

    header = header_of(*above, NAMES, LESSON, OTHER, **words)

    assert header.cells == tuple(NAMES)
    assert header.row == len(above) + 1
    assert [row for row, _ in header.above] == [
        row for row, cells in enumerate(above, 1) if cells
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["a", "b"], ["1", "2"]], id="ordinary"),
        pytest.param([["a", "a"], ["x", "y"], ["z", "w"]], id="twice the same name"),
        pytest.param([["a", "", "b"], ["1", "", "2"]], id="a blank name"),
        pytest.param([["a", "", "", "", "b"], ["1"] * 5, ["2"] * 5], id="many blank"),
        pytest.param([["note"], ["well, yes"]], id="one column"),
        pytest.param([["1", "2", "3"], ["4", "5", "6"]], id="no names at all"),
        pytest.param([["Name", "2024", "2025"], ["x", "1", "2"]], id="years as names"),
    ],
)
def test_first_record_is_the_header_where_nothing_speaks_against_it(rows):
    header = header_of(*rows, known=KNOWN)

    assert (header.row, header.above, header.remarks) == (1, (), ())
    assert header.cells == tuple(rows[0])


def test_known_words_find_the_header_below_a_record_that_is_as_wide():
    facts = ["District", "0499901", "Year", "2026", "Lessons"]

    header = header_of(facts, NAMES, LESSON)

    assert header.cells == tuple(NAMES)


def test_title_above_two_columns_needs_a_blank_row_below_it():
    rows = [["name", "age"], ["Ann", "5"], ["Bob", "6"]]

    assert header_of(["Our list"], [], *rows).row == 3
    assert header_of(["Our list"], *rows).row == 1


# ------------------------------------------------------------ in more than one row


def test_names_that_are_broken_over_two_lines_are_put_together():
    upper = ["Lesson", "Revision", "Site", "Title", "Date of"]
    lower = ["id", "", "id", "", "the lesson"]

    header = header_of(["Our lessons"], upper, lower, LESSON)

    assert header.cells == (
        "Lesson id",
        "Revision",
        "Site id",
        "Title",
        "Date of the lesson",
    )
    assert header.rows == (2, 3)


def test_groups_above_names_that_are_unique_are_left_out():
    header = header_of(["Lesson", "", "", "Text", ""], NAMES, LESSON)

    assert header.cells == tuple(NAMES)
    assert [row for row, _ in header.above] == [1]


@pytest.mark.parametrize(
    "groups", [["", "Fall", "", "Spring", ""], ["", "Fall", "Fall", "Spring", "Spring"]]
)
def test_groups_are_put_before_names_that_repeat(groups):
    rows = [["Elm", "1", "2", "3", "4"], ["Oak", "5", "6", "7", "8"]]

    header = header_of(groups, ["School", "n", "%", "n", "%"], *rows)

    assert header.cells == ("School", "Fall n", "Fall %", "Spring n", "Spring %")


# ------------------------------------------------------------- what stands below


@pytest.mark.parametrize(
    "remarks",
    [
        pytest.param(["text", "integer", "text", "text", "YYYY-MM-DD"], id="types"),
        pytest.param(["Required", "Required", "Required", "", "Optional"], id="needs"),
        pytest.param(["(id)", "(number)", "(NCES id)", "(words)", "(day)"], id="units"),
        pytest.param(
            ["Lesson id", "Revision", "Site id", "Title", "Date of the lesson"],
            id="titles",
        ),
        pytest.param(NAMES, id="the header again"),
    ],
)
def test_remarks_below_the_header_are_left_out(remarks):
    grid = grid_of(NAMES, remarks, LESSON)

    assert grid.header.remarks == (2,)
    assert [row for row, _ in rows_of(grid)] == [3]


def test_descriptions_of_the_contract_below_the_header_are_left_out():
    contract = load_catalogue().get("lesson_learned")
    remarks = [contract.field(name).description for name in NAMES]

    assert header_of(NAMES, remarks, LESSON).remarks == (2,)


@pytest.mark.parametrize(
    "row",
    [LESSON, ["x", "y", "z", "", ""], ["(5)", "(6)", "(7)", "(8)", "(9)"], ["-"] * 5],
)
def test_row_that_may_be_data_is_no_remark(row):
    assert header_of(NAMES, row, OTHER).remarks == ()


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        pytest.param([["Total", "", "2", "", ""]], 2, id="total"),
        pytest.param([["Grand total:", "", "", "", ""]], 2, id="total without numbers"),
        pytest.param([[], ["Exported by the office"]], 2, id="signature"),
        pytest.param([["Source: our own survey"]], 2, id="note right below"),
        pytest.param([[], ["Thank you", ""], ["and bye"]], 2, id="words after a gap"),
        pytest.param(
            [["Total", "", "2"], [], ["so it was"]], 2, id="total, then words"
        ),
        pytest.param([[], ["0499901-2026-003", "1"]], 3, id="a short row of data"),
        pytest.param([["Small steps"]], 3, id="no gap and no word for it"),
        pytest.param([[], OTHER], 3, id="data after a gap"),
        pytest.param(
            [["Total", "1", "0499901", "x", "y"]], 3, id="title in a full row"
        ),
    ],
)
def test_totals_and_notes_below_the_table_are_left_out(below, kept):
    grid = grid_of(NAMES, LESSON, OTHER, *below)

    assert grid.row_count == len(rows_of(grid)) == kept
    if kept == 2:
        rows = [row for row, cells in enumerate(below, 4) if cells]
        assert list(grid.margins.below) == rows
        assert not set(grid.misshapen) & set(rows)


def test_only_row_of_a_table_stays_though_it_is_sparse():
    grid = grid_of(NAMES, [], ["once", "", "", "", ""])

    assert grid.row_count == 1


# ----------------------------------------------------------------- in between


def test_header_that_is_repeated_is_left_out_with_its_page():
    grid = grid_of(
        ["Lessons"], NAMES, LESSON, ["Page 2 of 2"], ["Lessons"], NAMES, OTHER
    )

    assert grid.margins.repeated == (4, 5, 6)
    assert [row for row, _ in rows_of(grid)] == [3, 7]
    assert grid.misshapen == {}


def test_second_table_below_is_noticed():
    second = ["request_id", "site_id", "school_year", "requested_on"]

    grid = grid_of(NAMES, LESSON, [], second, ["x", "0499901", "2025-2026", ""])

    assert grid.margins.second == 4


cells = st.sampled_from(
    ["", "a", "Total", "Page 2", "7", "2026-03-09", "site_id", "title", "text", "note"]
)


@settings(deadline=None, max_examples=200)
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=9))
def test_every_row_that_is_not_blank_is_kept_or_named(rows):
    filled = {number for number, row in enumerate(rows, 1) if any(row)}
    grid = gather(enumerate(rows, 1), known=KNOWN)

    if grid is None:
        assert not filled
        return
    kept = [row for row, _ in rows_of(grid)]
    above = [row for row, _ in grid.header.above]
    left_out = [*above, *grid.header.remarks, *grid.margins.rows]
    assert sorted([*kept, *grid.header.rows, *left_out]) == sorted(filled)
    told = sentences_about(grid.header, grid.margins)
    assert len(told) == 1 + sum(
        map(
            bool,
            (above, grid.header.remarks, grid.margins.repeated, grid.margins.below),
        )
    )


def test_sheet_with_titles_and_totals_is_read_like_a_text(tmp_path):
    rows = [["Our lessons"], [], NAMES, ["text"] * 5, LESSON, OTHER, ["Total", None, 2]]

    result = read_workbook_of(tmp_path, {"Lessons": rows}, first_cell=(1, 1))

    (table,) = result.tables
    assert table.headers == tuple(NAMES)
    assert [row for row, _ in rows_of(table)] == [6, 7]
    assert [(f.code, f.place.row, f.place.sheet) for f in table.findings] == [
        ("F120", 8, "Lessons"),
        ("F122", 5, "Lessons"),
    ]
    assert table.read_as[1:] == (
        "The header is in row 4.",
        "Row 2 above it was left out.",
        "Row 5 below it was left out.",
        "Row 8 below the table was left out.",
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([4], "row 4"),
        ([1, 2], "rows 1 and 2"),
        ([1, 2, 3], "rows 1 to 3"),
        ([2, 5, 9], "rows 2, 5 and 9"),
        (range(2, 40, 2), "19 rows, from row 2 to row 38"),
    ],
)
def test_rows_are_named_as_one_would_say_it(rows, words):
    assert row_words(rows) == words


def test_sparse_rows_of_a_table_that_is_none_of_ours_are_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("p,q,r,s,t,u\n1,2,3,4,5,6\nx,,,,,\nTotal,,,,,9\n1,2,3,4,5,6\n")

    [table] = read_file(path, "a.csv", size_limit_bytes=10**6, known=KNOWN).tables

    assert table.row_count == 4
    assert not table.misshapen
