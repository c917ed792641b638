"""How cells are separated and quoted, beyond what `test_delimited` asks of a text."""

import pytest

from pcbl_pipeline.reading import grid as grid_module
from pcbl_pipeline.reading import records as records_module
from pcbl_pipeline.reading.dialect import Dialect, find_dialect
from tests.support.files import codes_of, read_bytes, read_table, read_text, rows_of

PLAIN = Dialect()


def dialect_of(text):
    return find_dialect(text, complete=True)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        pytest.param("'a','b'\n'1, 2','3'\n", Dialect(quote="'"), id="single quotes"),
        pytest.param(
            "'it''s';'b'\n'1';'3'\n", Dialect(";", quote="'"), id="and semicolons"
        ),
        pytest.param(
            'a, "b, c", d\n1, "2, 3", 4\n',
            Dialect(is_spaced=True),
            id="blanks before quotation marks",
        ),
        pytest.param(
            'a,b\n"she said \\"hi, you\\"",2\n',
            Dialect(has_backslashes=True),
            id="backslashes",
        ),
        pytest.param(
            "sep=|\na|b\n1|2\n", Dialect("|", has_separator_line=True), id="sep line"
        ),
        pytest.param(
            '"sep=;"\r\na;b\r\n1;2\r\n',
            Dialect(";", has_separator_line=True),
            id="sep line in quotation marks",
        ),
        pytest.param("a:b:c\n1:2:3\n4:5:6\n", Dialect(":"), id="colons alone"),
        pytest.param(
            '"a,b,""c"""\n"1,2,""3, 4"""\n"5,6,7"\n',
            Dialect(is_wrapped=True),
            id="rows in quotation marks",
        ),
    ],
)
def test_unusual_dialects_are_found(text, dialect):
    assert dialect_of(text) == dialect


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a,b\n'twas,it's\nrock 'n',x\n", id="apostrophes"),
        pytest.param("a,b\n'0012,'0013\n'0014,'0015\n", id="apostrophes of Excel"),
        pytest.param("a,b\nC:\\x\\,D:\\y\n", id="paths with backslashes"),
        pytest.param("time\n10:30:00\n11:30:00\n", id="times of day"),
        pytest.param("note\nso it is\nthat was it\n", id="prose in one column"),
        pytest.param('note\n"well, yes"\n"no, not"\n', id="prose in quotation marks"),
    ],
)
def test_ordinary_text_is_not_taken_for_an_unusual_dialect(text):
    assert dialect_of(text) == PLAIN


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("'a','b'\n'it''s, so',2\n'x','y'\n", [("it's, so", "2"), ("x", "y")]),
        ('a,b\n"so \\"it\\" is, yes",C:\\new\n', [('so "it" is, yes', "C:\\new")]),
        ('a, b\n"x, y", "z ""w"""\n', [("x, y", 'z "w"')]),
    ],
)
def test_cells_of_unusual_dialects_are_read_whole(tmp_path, content, rows):
    table = read_table(tmp_path, content)

    assert [cells for _, cells in rows_of(table)] == rows


def test_everything_that_was_assumed_is_said(tmp_path):
    content = "Our pilot\r\n\r\n'a';'b';'c'\r\n'José';'2';'3'\r\n'x';'y';'z'\r\n"

    (table,) = read_bytes(tmp_path, content.encode("cp1252")).tables

    assert table.read_as == (
        "Read as Windows-1252 text.",
        "Cells are separated by semicolons.",
        "Single quotation marks stand around cells.",
        "The header is in row 3.",
        "Row 1 above it was left out.",
    )


def test_separator_line_is_a_row_and_is_said(tmp_path):
    table = read_table(tmp_path, "sep=;\na;b\n1;2\n")

    assert (table.header_row, table.headers) == (2, ("a", "b"))
    assert rows_of(table) == [(3, ("1", "2"))]
    assert "Row 1 only says so, and was left out." in table.read_as


# ------------------------------------------------------------------- large files


def test_rows_that_are_kept_on_disk_come_back_alike(tmp_path, monkeypatch):
    content = 'a,b\n"x"y,1\n' + "".join(f'{i},"w\nv"\n' for i in range(50)) + "z\n"
    at_once = read_table(tmp_path, content)
    monkeypatch.setattr(grid_module, "_BLOCK_ROWS", 7)
    monkeypatch.setattr(grid_module, "_MEMORY_BYTES", 100)

    on_disk = read_table(tmp_path, content)

    assert at_once.scratch is None
    assert on_disk.scratch is not None
    assert rows_of(on_disk) == rows_of(at_once)
    assert on_disk.misshapen == at_once.misshapen == {53: 1}


def test_what_was_written_is_gone_with_its_table(tmp_path):
    (table,) = read_bytes(tmp_path, "a,b\nJosé,1\n".encode("utf-16")).tables
    folder = table.scratch.folder
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0

    del table

    assert not folder.exists()


def test_line_that_is_no_row_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(records_module, "_LONGEST_LINE", 1_000)

    result = read_text(tmp_path, "a,b\n1,2,3\n" + "x" * 1_001 + "\n")

    assert codes_of(result) == ["F126"]
    assert result.findings[0].details["row"] == "3"


# ------------------------------------------------------- a header that does not fit


def test_header_that_fits_hardly_any_row_is_one_finding(tmp_path):
    table = read_table(tmp_path, "a,b\n" + "1,2,3\n" * 9 + "1,2\n")

    assert [item.code for item in table.findings] == ["C210"]
    assert table.findings[0].details["filled"] == "3"
    assert table.misshapen == {}


def test_rows_that_are_blank_beyond_the_header_speak_against_it_too(tmp_path):
    table = read_table(tmp_path, "a,b\n" + "1,2,\n1,2,3\n" * 4)

    assert [item.code for item in table.findings] == ["C210"]


def test_reading_stops_when_no_row_fits(tmp_path, monkeypatch):
    monkeypatch.setattr(grid_module, "_BLOCK_ROWS", 5)
    monkeypatch.setattr(grid_module, "_MANY_MISSHAPEN", 10)

    table = read_table(tmp_path, "a,b\n" + "1,2,3\n" * 100)

    assert [item.code for item in table.findings] == ["C210"]
    assert table.row_count == 15
