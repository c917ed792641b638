import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.tables import (
    INVISIBLE,
    cell_address,
    clean_cell,
    column_letters,
)
from tests.support.files import (
    codes_of,
    read_bytes,
    read_table,
    read_text,
    rows_of,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive_of(*names):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def a_workbook():
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_column(0, 0, ["a", "1"])
    return content.getvalue()


CONTENTS = {
    "text": (b"a,b\n1,2\n", "plain text"),
    "workbook": (a_workbook(), "an Excel workbook"),
    "zip": (archive_of("a.csv"), "a ZIP archive"),
    "docx": (archive_of("word/document.xml"), "a Word document"),
    "pptx": (archive_of("ppt/slides.xml"), "a PowerPoint presentation"),
    "xlsb": (archive_of("xl/workbook.bin"), "a binary Excel workbook (.xlsb)"),
    "ods": (archive_of("content.xml"), "an OpenDocument file (such as .ods)"),
    "cut zip": (archive_of("a.csv")[:30], "a damaged or unfinished file"),
    "xls": (OLE + bytes(600), "a damaged file, or one of an old Office version"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    "parquet": (b"PAR1\x15\x04PAR1", "a Parquet file"),
    "gzip": (b"\x1f\x8b\x08\x00", "a compressed file (GZIP)"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "rtf": (b"{\\rtf1 a}", "a text document (RTF)"),
    "html": (b"\n<!DOCTYPE html><table>", "a web page"),
    "html with mark": (b"\xef\xbb\xbf<html>", "a web page"),
    "xml": (b'<?xml version="1.0"?><a/>', "an XML file"),
    "json": (b'[\n {"a": 1}]', "a JSON file"),
    "json lines": (b'{"a": 1}\n', "a JSON file"),
    "binary": (bytes(range(256)) * 4 + bytes(64), "not text"),
}
WORKBOOK_LIKE, TEXT_LIKE = {"workbook", "ods"}, {"text"}


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [("lessons.xlsx", kind) for kind in CONTENTS if kind not in WORKBOOK_LIKE]
    + [("lessons.xls", "html"), ("lessons.ods", "text"), ("lessons.json", "workbook")]
    + [("lessons.csv", kind) for kind in CONTENTS if kind not in TEXT_LIKE],
)
def test_name_that_does_not_fit_the_content_is_told_what_is_inside(
    tmp_path, file_name, kind
):
    content, words = CONTENTS[kind]

    result = read_bytes(tmp_path, content, file_name)

    assert codes_of(result) == ["F103"]
    assert result.tables == ()
    assert result.findings[0].details == {
        "file": file_name,
        "suffix": Path(file_name).suffix,
        "inside": words,
    }


@pytest.mark.parametrize(
    "file_name", ["a.csv", "A.CSV", "a.tsv", "a.txt", "my a.b.csv"]
)
def test_text_files_are_read_by_any_of_their_names(tmp_path, file_name):
    (table,) = read_text(tmp_path, "a,b\n1,2\n", file_name).tables

    assert table.file_name == table.where == file_name


@pytest.mark.parametrize("name", ["a[1].csv", "a*.csv", "a?.csv", "{a}.csv"])
def test_name_on_disk_is_no_pattern(tmp_path, name):
    path = tmp_path / name
    path.write_text("a,b\n1,2\n")

    (table,) = read_file(path, name, size_limit_bytes=1000).tables

    assert rows_of(table) == [(2, ("1", "2"))]


@pytest.mark.parametrize("suffix", [".xlsb", ".pdf", ".docx", ".gz"])
def test_file_of_a_type_that_we_do_not_read(tmp_path, suffix):
    result = read_text(tmp_path, "a,b\n1,2\n", f"lessons{suffix}")

    assert codes_of(result) == ["F106"]
    assert result.findings[0].details["suffix"] == suffix


def test_file_without_an_ending_is_named_whole(tmp_path):
    result = read_text(tmp_path, "a,b\n1,2\n", "lessons")

    assert codes_of(result) == ["F106"]
    assert result.findings[0].details["suffix"] == "lessons"


def test_workbook_under_the_name_of_another_kind_is_read_and_said_to_be_so(tmp_path):
    result = read_bytes(tmp_path, a_workbook(), "lessons.xls")

    (table,) = result.tables
    assert result.findings == ()
    assert table.read_as == (
        "Read as an Excel workbook.",
        "The header is in row 1.",
        "Its name ends in .xls, but inside it is an Excel workbook.",
    )


def test_locked_workbook(tmp_path):
    content = OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le")

    assert codes_of(read_bytes(tmp_path, content, "a.xlsx")) == ["F114"]
    assert codes_of(read_bytes(tmp_path, content, "a.csv")) == ["F103"]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b" \r\n\t", b",,,\n,,,\n", b"\xef\xbb\xbf", b'""\n']
)
def test_file_without_any_content_is_empty(tmp_path, content):
    result = read_bytes(tmp_path, content)

    assert codes_of(result) == ["F101"]
    assert result.findings[0].details["file"] == "a.csv"


@pytest.mark.parametrize(
    "content", ["a,b", "a,b\n", "a,b\n\n,\n", '"a","b"\n"",""\n', "\ufeffa;b\r\n"]
)
def test_header_without_rows_is_no_data(tmp_path, content):
    result = read_text(tmp_path, content)

    assert codes_of(result) == ["F102"]
    assert result.findings[0].details["where"] == "a.csv"


@pytest.mark.parametrize(
    ("size", "limit", "codes", "size_mb"),
    [
        (2_500_000, 2_500_001, [], None),
        (2_500_000, 2_500_000, ["F105"], "2.5"),
        (3_000_000, 2_000_000, ["F105"], "3"),
    ],
)
def test_file_of_the_limit_or_more_is_refused_unread(
    tmp_path, size, limit, codes, size_mb
):
    path = tmp_path / "large"
    path.write_bytes(b"a\n" + b"x" * (size - 2))

    result = read_file(path, "a.csv", size_limit_bytes=limit)

    assert codes_of(result) == codes
    for finding in result.findings:
        assert finding.details["size_mb"] == size_mb
        assert finding.details["limit_mb"] == f"{limit / 10**6:g}"


@settings(deadline=None, max_examples=300)
@given(
    content=st.binary(max_size=60)
    | st.text(st.sampled_from([*'a1,;\t"\n\r\0 é']), max_size=60).map(str.encode),
    file_name=st.sampled_from(["a.csv", "a.xlsx", "a", "a.ods", "a.json", "a.jsonl"]),
)
def test_any_bytes_get_an_answer(tmp_path_factory, content, file_name):
    result = read_bytes(tmp_path_factory.getbasetemp(), content, file_name)

    assert bool(result.tables) != bool(result.findings)
    for table in result.tables:
        assert table.row_count == table.rows.collect().height > 0
        assert len(table.headers) == len(table.columns) > 0


@pytest.mark.parametrize(
    ("position", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")],
)
def test_columns_are_named_as_in_a_spreadsheet(position, letters):
    assert column_letters(position) == letters


def test_cell_address_needs_a_column_of_the_table(tmp_path):
    table = read_table(tmp_path, "a,,b\n1,,2\n")

    assert cell_address(table, "c3", 2) == "C2"
    with pytest.raises(KeyError):
        cell_address(table, "c2", 2)


def test_all_white_space_is_invisible():
    spaces = [chr(i) for i in range(0x3001) if chr(i).isspace()]

    # The four information separators are white space to Python and to nobody else.
    assert {s for s in spaces if s not in INVISIBLE} == set("\x1c\x1d\x1e\x1f")
    assert clean_cell(INVISIBLE) is None
