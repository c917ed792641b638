"""One table is the same text in every kind of workbook, whichever program wrote it."""

import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pcbl_pipeline.reading import open_document, sheets
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.tables import INVISIBLE, ReadResult
from pcbl_pipeline.reading.texts import cell_text
from tests.support.files import SIZE_LIMIT_BYTES, codes_of, read_bytes, rows_of
from tests.support.odd_workbooks import HEADERS, ROWS, write_odd_workbook

DATA = Path(__file__).parents[1] / "data" / "workbooks"
KINDS = {
    ".xlsx": "Read as an Excel workbook.",
    ".xls": "Read as an old Excel workbook (.xls).",
    ".ods": "Read as an OpenDocument spreadsheet (.ods).",
}


def read(path: Path, name: str | None = None) -> ReadResult:
    return read_file(path, name or path.name, size_limit_bytes=SIZE_LIMIT_BYTES)


# ------------------------------------------------------------- as programs write


@pytest.mark.parametrize("date_1904", [False, True])
@pytest.mark.parametrize("suffix", KINDS)
def test_what_is_stored_otherwise_than_shown_is_read_as_shown(
    tmp_path, suffix, date_1904
):
    path = DATA / f"odd{'-1904' if date_1904 else ''}{suffix}"
    if suffix == ".xlsx":
        path = tmp_path / "odd.xlsx"
        write_odd_workbook(path, date_1904=date_1904)

    result = read(path)

    lessons, old = result.tables
    assert (lessons.sheet, lessons.headers) == ("Lessons", HEADERS)
    assert rows_of(lessons) == ROWS
    assert lessons.read_as == (
        KINDS[suffix],
        "Percent cells: 2, read as shown (45% as 45).",
        "Numbers with zeros in front: 2, read as shown.",
        "The header is in row 3.",
    )
    assert (old.sheet, old.hidden, rows_of(old)) == ("Old", True, [(2, ("1",))])


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_empty_sheets_and_merged_cells_are_told(suffix):
    empty, merged = read(DATA / f"odd{suffix}").findings

    assert (empty.code, empty.place.sheet) == ("F111", "Nothing")
    assert (merged.code, merged.place.sheet, merged.place.row) == ("F131", "Lessons", 6)
    assert merged.details["cells"] == "N6:N7"


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_another_reader_sees_the_same_texts(suffix):
    path = DATA / f"odd{suffix}"
    page = CalamineWorkbook.from_path(path).get_sheet_by_name("Lessons")
    theirs = {
        (row, column): cell_text(value)
        for row, cells in enumerate(page.to_python(skip_empty_area=False), 1)
        for column, value in enumerate(cells)
        if isinstance(value, str) and value.strip()
    }

    ours = {
        (row, int(column[1:]) - 1): text
        for row, cells in rows_of(read(path).tables[0])
        for column, text in zip(read(path).tables[0].columns, cells, strict=True)
    }

    # The other reader leaves lengths of time of an .ods file as they are stored.
    texts = {
        place: text
        for place, text in theirs.items()
        if place[0] > 3 and not text.startswith("PT")
    }
    assert len(texts) >= 4
    assert {place: ours[place] for place in texts} == texts


# -------------------------------------------------------------------- .xls by itself


values = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")),
        max_size=8,
    )
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e12, 1e12, allow_nan=False)
    | st.booleans()
)


def old_workbook(*pages: list[list[object]]) -> bytes:
    book, content = xlwt.Workbook(), BytesIO()
    for number, rows in enumerate(pages):
        page = book.add_sheet(f"S{number}")
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                page.write(row, column, value)
    book.save(content)
    return content.getvalue()


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_old_workbook_comes_back_as_another_reader_reads_it(tmp_path_factory, rows):
    folder = tmp_path_factory.getbasetemp()
    content = old_workbook([["h0", "h1", "h2"], *rows])

    result = read_bytes(folder, content, "a.xls")

    page = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    expected = []
    for number, cells in enumerate(page.to_python(skip_empty_area=False), 1):
        texts = tuple(cell_text(cell).strip(INVISIBLE) or None for cell in cells)
        if number > 1 and any(texts):
            expected.append((number, texts))
    read_back = [row for table in result.tables for row in rows_of(table)]
    assert read_back == expected


@settings(deadline=None, max_examples=80)
@given(data=st.data())
@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_damaged_workbook_never_raises(tmp_path_factory, suffix, data):
    whole = (DATA / f"odd{suffix}").read_bytes()
    content = bytearray(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )

    result = read_bytes(tmp_path_factory.getbasetemp(), bytes(content), f"a{suffix}")

    assert result.tables or result.findings


def test_old_workbook_with_a_password(tmp_path):
    content = old_workbook([["a"], ["1"]])
    start = content.index(b"\x09\x08\x10\x00")  # the record that begins the workbook
    after = start + 4 + 16
    locked = content[:after] + b"\x2f\x00" + content[after + 2 :]

    assert codes_of(read_bytes(tmp_path, locked, "a.xls")) == ["F114"]


def test_old_workbook_that_was_cut_off(tmp_path):
    content = (DATA / "odd.xls").read_bytes()[:5000]

    result = read_bytes(tmp_path, content, "a.xls")

    assert codes_of(result) == ["F103"]
    assert "damaged" in result.findings[0].details["inside"]


def test_far_cells_of_an_old_workbook_cost_no_memory(tmp_path):
    book, path = xlwt.Workbook(), tmp_path / "far.xls"
    for number in range(2):
        page = book.add_sheet(f"S{number}")
        page.write(0, 0, "a")
        page.write(65_535, 255, "x")
    book.save(str(path))

    tracemalloc.start()
    result = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [rows_of(table)[0][0] for table in result.tables] == [65_536] * 2
    assert peak < 60_000_000


def test_text_that_many_cells_point_to_is_counted_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_CHARACTERS", 1_000_000)
    content = old_workbook([["a"], *[["x" * 30_000]] * 100])

    (finding,) = read_bytes(tmp_path, content, "a.xls").findings

    assert len(content) < 100_000
    assert finding.code == "F115"
    assert finding.details["reason"] == "there is too much text in its sheet `S0`"


# -------------------------------------------------------------------- .ods by itself

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
    ]
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def document(
    *pages: str, before: str = "", prolog: str = "", manifest: str = ""
) -> bytes:
    """Write an OpenDocument workbook of sheets given as XML."""
    tables = "".join(
        f'<table:table table:name="S{number}">{page}</table:table>'
        for number, page in enumerate(pages)
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {_NAMES}>'
        f"{before}<office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", xml)
    return content.getvalue()


def cell(text: str, *, repeated: int = 1, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more} '
        f'table:number-columns-repeated="{repeated}"><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def row(*cells: str, repeated: int = 1) -> str:
    attributes = f'table:number-rows-repeated="{repeated}"'
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


BLANK = '<table:table-cell table:number-columns-repeated="16383"/>'


def test_repeated_rows_and_cells_count_as_often_as_they_say(tmp_path):
    page = (
        row(BLANK, repeated=2)
        + row(cell("a"), cell("b", repeated=2), BLANK)
        + row(cell("1", repeated=3), repeated=2)
        + row(BLANK, repeated=3)
        + row(cell("2", repeated=2), cell("x"))
        + row(BLANK, repeated=1_048_000)
    )

    (table,) = read_bytes(tmp_path, document(page), "a.ods").tables

    assert (table.header_row, table.headers) == (3, ("a", "b", "b"))
    assert rows_of(table) == [
        (4, ("1", "1", "1")),
        (5, ("1", "1", "1")),
        (9, ("2", "2", "x")),
    ]


def test_comments_pictures_and_tracked_changes_are_no_cells(tmp_path):
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    picture = (
        "<draw:frame><draw:text-box><text:p>in it</text:p></draw:text-box></draw:frame>"
    )
    filled = (
        f'<table:table-cell office:value-type="string">{note}'
        f"<text:p>one<text:s text:c='2'/>two</text:p><text:p>three</text:p>{picture}"
        "</table:table-cell>"
    )
    page = f"<table:shapes><draw:frame>{filled}</draw:frame></table:shapes>"
    page += row(cell("a")) + row(filled)

    (table,) = read_bytes(tmp_path, document(page), "a.ods").tables

    assert rows_of(table) == [(2, ("one  two\nthree",))]


def test_formula_that_was_never_worked_out_is_told_instead_of_read_as_blank(tmp_path):
    unsaved = '<table:table-cell table:formula="of:=1+1"/>'
    page = row(cell("a"), cell("b")) + row(cell("1"), unsaved)

    result = read_bytes(
        tmp_path, document(page, row(cell("c")) + row(cell("2"))), "a.ods"
    )

    assert [table.sheet for table in result.tables] == ["S1"]
    assert codes_of(result) == ["F130"]
    assert result.findings[0].place.cell == "B2"


def test_link_to_another_file_is_not_followed_and_said(tmp_path):
    link = '<table:table-source xlink:href="http://192.0.2.1/a.ods" xmlns:xlink="x"/>'

    result = read_bytes(
        tmp_path, document(link + row(cell("a")) + row(cell("1"))), "a.ods"
    )

    assert any("not followed" in text for text in result.tables[0].read_as)


def test_document_with_a_password(tmp_path):
    content = document(row(cell("a")), manifest="<manifest:encryption-data/>")

    assert codes_of(read_bytes(tmp_path, content, "a.ods")) == ["F114"]


def test_document_that_is_no_spreadsheet(tmp_path):
    content = document(row(cell("a")))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("content.xml").replace(b"office:spreadsheet", b"office:text")
    changed = BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr("content.xml", xml)

    (finding,) = read_bytes(tmp_path, changed.getvalue(), "a.ods").findings

    assert finding.code == "F103"
    assert finding.details["inside"] == "an OpenDocument file without sheets"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(
            row(cell("a", repeated=200), repeated=1_048_576),
            "its sheet `S0` has 1,048,576 rows with 200 columns",
            id="repeated rows",
        ),
        pytest.param(
            row(cell("a", repeated=2_000_000_000)),
            "a row has 16,777,216 columns",
            id="repeated cells",
        ),
        pytest.param(
            row(cell("a"))
            + row(BLANK, repeated=900_000_000_000)
            + row(BLANK, cell("x")),
            "its sheet `S0` has 16,777,218 rows with 16,384 columns",
            id="a far cell",
        ),
        pytest.param(
            row(cell('<text:s text:c="99999999"/>')),
            "a cell has more than 1,000,000 characters",
            id="repeated spaces",
        ),
    ],
)
def test_repeat_bomb_is_counted_and_not_laid_out(tmp_path, page, reason):
    content = document(page)
    assert len(content) < 2_000

    (finding,) = read_bytes(tmp_path, content, "a.ods").findings

    assert (finding.code, finding.details["reason"]) == ("F115", reason)


def test_long_text_repeated_over_rows_is_counted_each_time(tmp_path):
    content = document(row(cell("a")) + row(cell("x" * 100_000), repeated=1_000_000))

    (finding,) = read_bytes(tmp_path, content, "a.ods").findings

    assert len(content) < 2_000
    assert finding.details["reason"] == "there is too much text in its sheet `S0`"


def test_entity_bomb_is_refused_before_it_expands(tmp_path):
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9)
    )
    content = document(
        row(cell("a")) + row(cell("&e8;")),
        prolog=f"<!DOCTYPE office:document-content [{entities}]>",
    )

    assert codes_of(read_bytes(tmp_path, content, "a.ods")) == ["F103"]


def test_content_that_unpacks_without_end_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(open_document, "MAX_CONTENT_BYTES", 1_000_000)
    content = document(row(cell("a")) + " " * 1_000_000)

    (finding,) = read_bytes(tmp_path, content, "a.ods").findings

    assert len(content) < 5_000
    assert (finding.code, finding.details["reason"]) == ("F115", "it unpacks to 1 MB")
