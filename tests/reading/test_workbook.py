import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.reading import package, sheets
from pcbl_pipeline.reading.header import known_words
from pcbl_pipeline.reading.number_format import (
    PERCENT,
    PLAIN,
    parse_format,
    shown_text,
)
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.tables import INVISIBLE, ReadResult, cell_address
from pcbl_pipeline.reading.texts import cell_text
from tests.support.files import (
    SIZE_LIMIT_BYTES,
    codes_of,
    read_bytes,
    read_workbook_of,
    rows_of,
    write_workbook,
)


def read(path):
    return read_file(path, "lessons.xlsx", size_limit_bytes=SIZE_LIMIT_BYTES)


def rewrite_part(path, part, change):
    """Write a workbook anew with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# ------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0499901", "0499901"),
        (2025.0, "2025"),
        (-0.0, "0"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (1e20, "100000000000000000000"),
        (401234567890.0, "401234567890"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 3, 9), "2026-03-09"),
        (datetime(2026, 3, 9), "2026-03-09"),  # noqa: DTZ001 - cells have no zone
        (datetime(2026, 3, 9, 14, 30), "2026-03-09T14:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"),
        (timedelta(hours=36, minutes=5), "36:05:00"),
    ],
)
def test_cell_becomes_the_text_one_would_type(value, text):
    assert cell_text(value) == text


def test_typed_cells_are_read_as_text(tmp_path):
    path = tmp_path / "typed.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["day", "moment", "flag", "number", "id", "result"])
        sheet.write_datetime(1, 0, datetime(2026, 3, 9), day)  # noqa: DTZ001
        sheet.write_datetime(1, 1, datetime(2026, 3, 9, 14, 30), day)  # noqa: DTZ001
        sheet.write_boolean(1, 2, True)  # noqa: FBT003
        sheet.write_number(1, 3, 2025)
        sheet.write_string(1, 4, " 0499901\u00a0")
        sheet.write_formula(1, 5, "=1+1", None, 2)

    (table,) = read(path).tables

    assert rows_of(table) == [
        (2, ("2026-03-09", "2026-03-09T14:30:00", "TRUE", "2025", "0499901", "2"))
    ]


@pytest.mark.parametrize("first_cell", [(0, 0), (3, 2)])
def test_error_values_are_read_as_their_text(tmp_path, first_cell):
    path = tmp_path / "errors.xlsx"
    top, left = first_cell
    errors = ["#REF!", "#DIV/0!", "#N/A", "#NAME?"]
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Notes").write_column(0, 0, ["a", "none here"])
        sheet = book.add_worksheet("Rows")
        sheet.write_row(top, left, ["a", "b", "c", "d", "e"])
        for column, error in enumerate(errors, left):
            sheet.write_formula(top + 1, column, "=X1", None, error)
        sheet.write(top + 1, left + 4, "kept")

    table = read(path).tables[1]

    assert rows_of(table) == [(top + 2, (*errors, "kept"))]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", PLAIN),
        ("0", PLAIN),
        ("0.00", PLAIN),
        ("#,##0", PLAIN),
        ("yyyy-mm-dd", PLAIN),
        ("0%", PERCENT),
        ("0.0%;[Red]-0.0%", PERCENT),
        ('0" % of all"', PLAIN),
        ("0\\%", PLAIN),
        ("0000000", 7),
        ("[Blue]000000000000;@", 12),
        ("00-0", PLAIN),
    ],
)
def test_number_format_shows_another_number_only_with_percent_or_zeros(code, kind):
    assert parse_format(code) == kind


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.45, PERCENT, "45"),
        (0.075, PERCENT, "7.5"),
        (0.07, PERCENT, "7"),
        (1, PERCENT, "100"),
        (45.0, PERCENT, "4500"),
        (499901.0, 7, "0499901"),
        (12345678, 7, "12345678"),
        (-5, 3, "-005"),
        (0.5, 7, "0.5"),
    ],
)
def test_number_is_read_as_it_is_shown(value, kind, text):
    assert shown_text(value, kind) == text


def written_by_openpyxl(path, change=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rows"
    for cells in (["id", "share", "total"], [1, 0.5, 10], [2, 0.25, 20]):
        sheet.append(cells)
    if change is not None:
        change(book, sheet)
    book.save(path)
    return path


def test_formula_without_a_saved_result_is_told_instead_of_read_as_blank(tmp_path):
    def change(book, sheet):
        sheet["C2"], sheet["C3"] = "=A2*2", "=A3*2"
        book.create_sheet("Other").append(["a", "b"])
        book["Other"].append([1, 2])

    result = read(written_by_openpyxl(tmp_path / "formulas.xlsx", change))

    assert [table.sheet for table in result.tables] == ["Other"]
    (finding,) = result.findings
    assert (finding.code, finding.place.sheet, finding.place.cell) == (
        "F130",
        "Rows",
        "C2",
    )
    assert finding.details["times"] == "2"


def test_formula_with_a_blank_text_as_its_result_is_blank(tmp_path):
    path = tmp_path / "blank.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rows")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["x"])
        sheet.write_formula(1, 1, '=IF(A2="x","","y")', None, "")
    # As Excel writes it; the library leaves the type of the result out.
    rewrite_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>'),
    )

    result = read(path)

    assert result.findings == ()
    assert rows_of(result.tables[0]) == [(2, ("x", None))]


@pytest.mark.parametrize(
    ("merged", "cells"),
    [
        (["A2:A3"], "A2:A3"),
        (["B2:C2", "A2:A3"], "A2:A3, B2:C2"),
        (["A1:B1"], "A1:B1"),
    ],
)
def test_merged_cells_of_the_table_are_told(tmp_path, merged, cells):
    def change(_book, sheet):
        for area in merged:
            sheet.merge_cells(area)

    result = read(written_by_openpyxl(tmp_path / "merged.xlsx", change))

    assert codes_of(result) == ["F131"]
    assert result.findings[0].details["cells"] == cells


def test_merged_title_above_the_table_is_no_matter(tmp_path):
    def change(_book, sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"] = "All of our lessons in this year"
        sheet.merge_cells("A1:C1")

    result = read(written_by_openpyxl(tmp_path / "title.xlsx", change))

    assert codes_of(result) == []
    assert result.tables[0].header_row == 3


def test_links_to_other_workbooks_are_not_followed_and_said(tmp_path):
    path = written_by_openpyxl(tmp_path / "linked.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")

    (table,) = read(path).tables

    assert any("not followed" in text for text in table.read_as)


def test_part_that_is_read_whole_is_measured_first(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "MAX_WHOLE_PART_BYTES", 100_000)
    path = written_by_openpyxl(tmp_path / "styles.xlsx")
    rewrite_part(
        path,
        "xl/styles.xml",
        lambda xml: xml.replace(b"<fonts", b" " * 99_999 + b"<fonts"),
    )

    (finding,) = read(path).findings

    assert path.stat().st_size < 20_000
    assert (finding.code, "styles.xml" in finding.details["reason"]) == ("F115", True)


def test_row_without_an_end_is_not_taken_into_memory(
    tmp_path, workbook_bytes, monkeypatch
):
    monkeypatch.setattr(package, "MAX_ROW_BYTES", 2_000_000)
    path = tmp_path / "row.xlsx"
    path.write_bytes(workbook_bytes)
    rewrite_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b" " * 5_000_000 + b"</sheetData>"),
    )

    (finding,) = read(path).findings

    assert path.stat().st_size < 50_000
    assert finding.details["reason"] == "a row of it has more than 2 MB"


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b'<c t="e" <f ' * 100_000, id="tags"),
        pytest.param(b'<c r="A2" t="e">' * 50_000, id="cells"),
        pytest.param(b'<c r="A2"><f>1</f>' + b" " * 900_000 + b"<", id="blanks"),
    ],
)
def test_unclosed_elements_are_not_searched_again_and_again(
    tmp_path, workbook_bytes, hostile
):
    path = tmp_path / "unclosed.xlsx"
    path.write_bytes(workbook_bytes)
    rewrite_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</row>", hostile + b"</row>", 1),
    )

    assert codes_of(read(path)) == ["F103"]


def test_shared_text_that_many_cells_point_to_is_counted_each_time(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sheets, "MAX_CHARACTERS", 1_000_000)

    result = read_workbook_of(tmp_path, {"S": [["a"], *[["x" * 30_000]] * 100]})

    assert codes_of(result) == ["F115"]


# ------------------------------------------------------------------------ sheets


def test_row_numbers_and_addresses_are_those_of_the_sheet(tmp_path):
    rows = [["a", "b"], [None, None], ["1", "2"]]

    (table,) = read_workbook_of(tmp_path, {"S": rows}, first_cell=(3, 2)).tables

    assert (table.header_row, table.headers) == (4, ("a", "b"))
    assert rows_of(table) == [(6, ("1", "2"))]
    assert [cell_address(table, column, 6) for column in table.columns] == ["C6", "D6"]
    assert table.read_as == ("Read as an Excel workbook.", "The header is in row 4.")


def test_every_sheet_is_a_table(tmp_path):
    sheets = {"Fall": [["a"], ["1"]], "Spring": [["b"], ["2"]]}

    result = read_workbook_of(tmp_path, sheets)

    assert [(t.sheet, t.headers, t.where) for t in result.tables] == [
        ("Fall", ("a",), "lessons.xlsx, sheet Fall"),
        ("Spring", ("b",), "lessons.xlsx, sheet Spring"),
    ]
    assert result.findings == ()


def test_rows_that_end_early_or_late_are_not_misshapen(tmp_path):
    rows = [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]

    (table,) = read_workbook_of(tmp_path, {"S": rows}).tables

    assert table.misshapen == {}
    assert table.headers == ("a", "b", "c", "")
    assert rows_of(table) == [(2, ("1", None, None, None)), (3, ("1", "2", "3", "4"))]


def test_empty_sheet_and_one_with_only_a_header_are_left_out_next_to_data(tmp_path):
    sheets = {"Rows": [["a"], ["1"]], "Nothing": [], "Header": [["a", "b"]]}

    result = read_workbook_of(tmp_path, sheets)

    assert [table.sheet for table in result.tables] == ["Rows"]
    assert codes_of(result) == ["F111", "F111"]
    assert [finding.place.sheet for finding in result.findings] == ["Nothing", "Header"]


def test_sheets_with_only_a_header_are_no_data(tmp_path):
    result = read_workbook_of(tmp_path, {"A": [["a"]], "B": [], "C": [["c"]]})

    assert codes_of(result) == ["F102", "F102"]
    assert result.findings[1].details["where"] == "lessons.xlsx, sheet C"


def test_workbook_of_empty_sheets_is_empty(tmp_path):
    assert codes_of(read_workbook_of(tmp_path, {"A": [], "B": [[" "]]})) == ["F101"]


def test_hidden_sheet_is_read_and_said_to_be_hidden(tmp_path):
    sheets = {"Rows": [["a"], ["1"]], "Old": [["a"], ["2"]], "Empty": []}

    result = read_workbook_of(tmp_path, sheets, hidden=["Old", "Empty"])

    assert [table.hidden for table in result.tables] == [False, True]
    assert "The sheet is hidden." in result.tables[1].read_as
    assert result.findings == ()


def test_chart_sheet_is_no_sheet_of_cells(tmp_path):
    path = tmp_path / "chart.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Rows").write_column(0, 0, ["a", 1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Rows!$A$2:$A$3"})
        book.add_chartsheet("Picture").set_chart(chart)

    result = read(path)

    assert [table.sheet for table in result.tables] == ["Rows"]
    assert result.findings == ()


def test_template_that_was_not_filled_in_has_no_data_on_any_sheet(tmp_path):
    catalogue = load_catalogue()
    path = tmp_path / "template.xlsx"
    write_template(list(catalogue.contracts.values()), catalogue, path)

    result = read(path)

    assert result.tables == ()
    assert codes_of(result) == ["F102"] * len(catalogue.contracts)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))
    | st.just("\n"),
    max_size=8,
    # The file format escapes control characters as _x000D_.
).filter(lambda text: "_x" not in text)
values = texts | st.integers(-(10**15), 10**15) | st.booleans()


@settings(deadline=None, max_examples=60)
@given(
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(values, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    first_cell=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_any_table_comes_back_cell_for_cell(tmp_path_factory, rows, first_cell):
    header = [f"h{i}" for i in range(len(rows[0]))]
    folder = tmp_path_factory.getbasetemp()
    if any(cell_text(cell).strip(INVISIBLE) for cells in rows for cell in cells):
        # A last row such as "NOTE" alone would be taken for one below the table.
        rows = [*rows, [f"x{i}" for i in range(len(header))]]

    result = read_workbook_of(folder, {"S": [header, *rows]}, first_cell=first_cell)

    expected = []
    for number, cells in enumerate(rows, first_cell[0] + 2):
        stripped = tuple(cell_text(cell).strip(INVISIBLE) or None for cell in cells)
        if any(stripped):
            expected.append((number, stripped))
    if not expected:
        assert codes_of(result) == ["F102"]
        return
    (table,) = result.tables
    assert table.header_row == first_cell[0] + 1
    assert table.headers == tuple(header)
    assert rows_of(table) == expected


@settings(deadline=None, max_examples=60)
@given(numbers=st.lists(st.floats(-1e300, 1e300), min_size=1))
def test_numbers_are_read_without_loss(tmp_path_factory, numbers):
    # The file holds 16 digits; what a program wrote is what we must read.
    written = [float(f"{number:.16G}") for number in numbers]
    folder = tmp_path_factory.getbasetemp()

    result = read_workbook_of(folder, {"S": [["n"], *[[n] for n in written]]})

    (table,) = result.tables
    assert [float(cells[0] or "") for _, cells in rows_of(table)] == written


# ------------------------------------------------------------------------ damage


@pytest.fixture(scope="module")
def workbook_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "whole.xlsx"
    rows = [["lesson_id", "revision"], ["0499901-2026-001", 1], ["x", 2.5]]
    write_workbook(path, {"Lessons": rows, "Empty": []})
    return path.read_bytes()


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_damaged_workbook_never_raises(tmp_path_factory, workbook_bytes, data):
    size = len(workbook_bytes)
    content = bytearray(workbook_bytes[: data.draw(st.integers(1, size))])
    for _ in range(data.draw(st.integers(0, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )

    result = read_bytes(tmp_path_factory.getbasetemp(), bytes(content), "lessons.xlsx")

    assert isinstance(result, ReadResult)
    assert result.tables or result.findings


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_workbook_with_a_damaged_part_never_raises(
    tmp_path_factory, workbook_bytes, data
):
    path = tmp_path_factory.getbasetemp() / "part.xlsx"
    path.write_bytes(workbook_bytes)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()

    def damage(content):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 20)))
        return content[:start] + data.draw(st.binary(max_size=6)) + content[end:]

    rewrite_part(path, data.draw(st.sampled_from(names)), damage)

    result = read(path)

    assert result.tables or result.findings


@pytest.mark.parametrize(
    ("part", "pattern", "replacement"),
    [
        pytest.param("xl/workbook.xml", b"</workbook>", b"", id="cut"),
        pytest.param(
            "xl/workbook.xml",
            b"<workbook ",
            b'<!DOCTYPE w [<!ENTITY a "aaa">]><workbook ',
            id="entities",
        ),
        pytest.param("xl/worksheets/sheet1.xml", b"</sheetData>", b"<", id="sheet"),
    ],
)
def test_damaged_part_is_said_to_be_damage(
    tmp_path, workbook_bytes, part, pattern, replacement
):
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(workbook_bytes)
    rewrite_part(path, part, lambda content: content.replace(pattern, replacement))

    result = read(path)

    assert codes_of(result) == ["F103"]
    assert result.findings[0].details["inside"] == "a damaged or unfinished workbook"


# ------------------------------------------------------------------- memory guards


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("MAX_PARTS", "parts"),
        ("MAX_EXPANDED_BYTES", "unpacks to"),
        ("MAX_AREA", "reaches as far as cell B3"),
    ],
)
def test_workbook_over_a_limit_is_not_opened(
    tmp_path, workbook_bytes, monkeypatch, limit, reason
):
    monkeypatch.setattr(package, limit, 3)

    result = read_bytes(tmp_path, workbook_bytes, "lessons.xlsx")

    assert codes_of(result) == ["F115"]
    assert reason in result.findings[0].details["reason"]


def test_stray_cell_far_away_is_named_instead_of_exhausting_the_memory(tmp_path):
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rows")
        sheet.write_column(0, 0, ["a", "1"])
        sheet.write(1_048_575, 16_383, "x")

    (finding,) = read(path).findings

    assert finding.code == "F115"
    assert (
        finding.details["reason"]
        == "its sheet `Rows` reaches as far as cell XFD1048576"
    )


@pytest.mark.parametrize(
    ("address", "attribute"),
    [("XFD1048576", b"r='XFD1048576'"), ("XFD1048576", b'r\n = "XFD1048576"')],
)
def test_stray_cell_is_found_however_its_address_is_written(
    tmp_path, workbook_bytes, address, attribute
):
    path = tmp_path / "odd.xlsx"
    path.write_bytes(workbook_bytes)
    rewrite_part(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B3"', attribute)
    )

    (finding,) = read(path).findings

    assert finding.code == "F115"
    assert address in finding.details["reason"]


def test_far_cell_that_is_only_formatted_does_no_harm(tmp_path):
    path = tmp_path / "formatted.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rows")
        sheet.write_column(0, 0, ["a", "1"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    (table,) = read(path).tables

    assert rows_of(table) == [(2, ("1",))]


def test_bomb_of_zeros_is_not_unpacked(tmp_path, workbook_bytes, monkeypatch):
    monkeypatch.setattr(package, "MAX_EXPANDED_BYTES", 10_000_000)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(workbook_bytes)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", bytes(10_000_000))

    result = read(path)

    assert path.stat().st_size < 100_000
    assert codes_of(result) == ["F115"]
    assert result.findings[0].details["reason"] == "it unpacks to 10 MB"


def test_header_that_was_sorted_among_the_rows_of_a_sheet_is_one_finding(tmp_path):
    header = ["lesson_id", "site_id", "school_year", "lesson_date"]
    rows = [
        [f"0499901-2026-00{n}", "0499901", "2025-2026", "2026-03-09"] for n in "123"
    ]

    path = tmp_path / "lessons.xlsx"
    write_workbook(path, {"Lessons": [*rows[:2], header, *rows[2:]]})

    known = known_words(load_catalogue())
    result = read_file(path, path.name, size_limit_bytes=10**8, known=known)

    [table] = result.tables
    assert [(f.code, f.place.row) for f in table.findings] == [("F113", 3)]
