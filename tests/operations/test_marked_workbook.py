"""The site's own workbook back: marked, explained, and otherwise as it was sent."""

import io
import shutil
import subprocess
import zipfile

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations import deliver_workbook as delivery
from pcbl_pipeline.operations import marked_workbook
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.listing import LISTING_SCHEMA
from pcbl_pipeline.operations.marked_workbook import MARKED_WORKBOOK
from pcbl_pipeline.operations.workbook_parts import (
    Mark,
    comments_part,
    mark_cells,
    noted_cells,
)
from tests.support.example_rows import example_row
from tests.support.workspaces import SITE, drop, lessons_csv, make_workspace

CATALOGUE = load_catalogue()
LESSON = CATALOGUE.get("lesson_learned")
NAMES = LESSON.field_names
#: Cells of the workbook below that are wrong, by field; its rows 2 to 5 hold data.
WRONG = {"lesson_type": "soon", "stage_at_time": None}
ERROR, WARNING = "FFF8CBAD", "FFFFE699"


def cell_of(name, row):
    return openpyxl.utils.get_column_letter(NAMES.index(name) + 1) + str(row)


def fill_in(sheet, row, **changes):
    for name, text in example_row(LESSON, **changes).items():
        sheet.cell(row, NAMES.index(name) + 1, text)


@pytest.fixture
def rich_workbook() -> bytes:
    """A workbook with much that a careless copy would lose."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("Lessons & more")
    bold, date = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "d mmm yy"}),
    )
    for column, name in enumerate(NAMES):
        sheet.write_string(0, column, name, bold)
    for row in range(1, 5):
        changes = {"lesson_id": f"{SITE}-2026-00{row}"} | (WRONG if row == 3 else {})
        for column, text in enumerate(example_row(LESSON, **changes).values()):
            if text is not None:
                sheet.write_string(row, column, text)
    at = NAMES.index("lesson_date")
    sheet.write_number(1, at, 46090, date)
    sheet.write_formula(2, at, "=DATE(2026,3,10)", date, 46091)
    sheet.write_comment(0, 0, "a note of ours")
    sheet.conditional_format("A2:A9", {"type": "duplicate", "format": bold})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Lessons & more'!$H$2:$H$5"})
    notes = book.add_worksheet("Notes")
    notes.insert_chart("B2", chart)
    notes.write_string(0, 0, "call the office")
    notes.activate()
    book.define_name("Notes!Area", "=Notes!$A$1")
    book.close()
    return content.getvalue()


def sent_back(workspace, name, content):
    """Ingest a file; return its receipt and the marked workbook."""
    receipt = ingest_arrival(workspace, drop(workspace, name, content))
    key = layout.answer(SITE, receipt.submission_id, MARKED_WORKBOOK)
    return receipt, workspace.store.get(key)


def outbox(workspace):
    return {item.key for item in workspace.store.list(layout.outbox(SITE))}


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_faulty_cells_are_coloured_and_say_what_and_how(workspace, rich_workbook):
    _, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)

    sheet = openpyxl.load_workbook(io.BytesIO(marked))["Lessons & more"]
    coloured = {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type
    }
    assert coloured == {cell_of(name, 4): ERROR for name in WRONG}
    note = sheet[cell_of("lesson_type", 4)].comment.text
    assert "not in the list" in note
    assert "Pick one of the allowed codes" in note
    assert sheet["A1"].comment.text == "a note of ours"


def test_values_formats_and_formulas_stay_as_they_were_sent(workspace, rich_workbook):
    _, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)

    for results in (True, False):
        before = openpyxl.load_workbook(io.BytesIO(rich_workbook), data_only=results)
        after = openpyxl.load_workbook(io.BytesIO(marked), data_only=results)
        assert after.sheetnames == ["What we found", *before.sheetnames]
        for name in before.sheetnames:
            for row in before[name].iter_rows():
                for cell in row:
                    new = after[name][cell.coordinate]
                    assert new.value == cell.value
                    assert new.number_format == cell.number_format
                    assert new.font.b == cell.font.b


def test_charts_and_all_other_parts_are_the_very_same_bytes(workspace, rich_workbook):
    _, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)

    before, after = parts(rich_workbook), parts(marked)

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert "xl/charts/chart1.xml" in after
    assert set(after) - set(before) == {"xl/worksheets/pcbl_summary.xml"}
    # A name that belongs to the second sheet now belongs to the third.
    assert b'localSheetId="2"' in after["xl/workbook.xml"]


def test_the_first_sheet_sums_up_and_leads_to_the_cells(workspace, rich_workbook):
    receipt, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)

    sheet = openpyxl.load_workbook(io.BytesIO(marked))["What we found"]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    links = {
        cell.value: cell.hyperlink.location for cell in sheet["H"] if cell.hyperlink
    }

    assert texts[1][0] == "Answer: Accepted in part"
    assert [row[1] for row in texts[8:]] == [f.code for f in receipt.all_findings]
    where = cell_of("lesson_type", 4)
    assert links[f"Lessons & more!{where}"] == f"'Lessons & more'!{where}"


def test_the_same_file_gives_the_same_bytes(tmp_path, rich_workbook):
    one = sent_back(make_workspace(tmp_path / "one"), "a.xlsx", rich_workbook)[1]
    two = sent_back(make_workspace(tmp_path / "two"), "a.xlsx", rich_workbook)[1]

    assert one == two


def test_a_marked_workbook_that_comes_back_is_read_like_the_first(
    workspace, rich_workbook
):
    first, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)

    again, marked_again = sent_back(workspace, "lessons again.xlsx", marked)

    told = [(f.code, f.field, f.places) for f in first.all_findings]
    assert [(f.code, f.field, f.places) for f in again.all_findings] == told
    names = openpyxl.load_workbook(io.BytesIO(marked_again)).sheetnames
    assert names == ["What we found", "Lessons & more", "Notes"]


def test_a_filled_template_is_marked_and_keeps_its_notes(workspace, tmp_path):
    path = tmp_path / "template.xlsx"
    write_template([LESSON], CATALOGUE, path)
    book = openpyxl.load_workbook(path)
    fill_in(book[LESSON.dataset], 3, lesson_type="soon", title=None)
    book.save(path)

    _, marked = sent_back(workspace, "template.xlsx", path.read_bytes())

    sheet = openpyxl.load_workbook(io.BytesIO(marked))[LESSON.dataset]
    assert sheet["A1"].comment is not None
    blank = sheet[cell_of("title", 3)]
    assert (blank.value, blank.fill.fgColor.rgb) == (None, ERROR)
    assert "blank" in blank.comment.text


def test_a_text_file_becomes_a_workbook_of_texts(workspace):
    content = lessons_csv(
        workspace, 1, 2, lesson_type="soon", title="=1+1", result="-5"
    )

    _, marked = sent_back(workspace, "lessons.csv", content)

    sheet = openpyxl.load_workbook(io.BytesIO(marked))["Data"]
    assert sheet["A1"].value == "schema_version"
    titles = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(titles) == 2
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert b"<f>" not in parts(marked)["xl/worksheets/sheet1.xml"]


def test_a_right_file_has_no_marked_copy(workspace):
    receipt = ingest_arrival(
        workspace, drop(workspace, "lessons.csv", lessons_csv(workspace, 1))
    )

    key = layout.answer(SITE, receipt.submission_id, MARKED_WORKBOOK)
    assert receipt.rows.quarantined == 0
    assert key not in outbox(workspace)


def test_of_a_large_file_the_receipt_says_that_only_the_list_comes(
    workspace, monkeypatch, tmp_path
):
    monkeypatch.setattr(marked_workbook, "MAX_ROWS", 1)
    content = lessons_csv(workspace, 1, 2, lesson_type="soon")
    (tmp_path / "lessons.csv").write_bytes(content)

    receipt = ingest_arrival(workspace, drop(workspace, "lessons.csv", content))
    checked = check_file(tmp_path / "lessons.csv", catalogue=CATALOGUE)

    key = layout.answer(SITE, receipt.submission_id, MARKED_WORKBOOK)
    assert key not in outbox(workspace)
    assert "F170" in [finding.code for finding in receipt.findings]
    assert "F170" in [finding.code for finding in checked.findings]


def test_the_receipt_leads_to_the_marked_workbook_and_the_suggestions(workspace):
    content = lessons_csv(workspace, 1, lesson_type="workd")

    receipt = ingest_arrival(workspace, drop(workspace, "lessons.csv", content))

    key = layout.answer(SITE, receipt.submission_id, "receipt.html")
    page = workspace.store.get(key).decode()
    assert f'<a href="{MARKED_WORKBOOK}">' in page
    assert '<a href="suggestions.csv">' in page


def test_a_workbook_that_we_cannot_edit_comes_back_as_texts(workspace, rich_workbook):
    odd = parts(rich_workbook)
    strict = b"<!-- purl.oclc.org --><sheets>"
    odd["xl/workbook.xml"] = odd["xl/workbook.xml"].replace(b"<sheets>", strict)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in odd.items():
            archive.writestr(name, part)

    _, marked = sent_back(workspace, "odd.xlsx", content.getvalue())

    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert book.sheetnames == ["What we found", "Data"]
    assert book["Data"][cell_of("lesson_type", 4)].fill.fgColor.rgb == ERROR


def test_a_cell_that_was_not_written_gets_its_columns_format():
    class Same:
        def coloured(self, style, level):
            return 100 * (level + 1) + style

    xml = (
        '<worksheet><cols><col min="2" max="3" style="7"/></cols><sheetData>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="D2" s="4"/></row>'
        "</sheetData></worksheet>"
    )

    got = mark_cells(
        xml, {(1, 1): Mark(0, "x"), (1, 3): Mark(1, "y"), (1, 0): Mark(0, "z")}, Same()
    )

    assert got == xml.replace(
        '<c r="A2" t="s"><v>0</v></c><c r="D2" s="4"/>',
        '<c r="A2" t="s" s="100"><v>0</v></c><c r="B2" s="107"/><c r="D2" s="204"/>',
    )


def test_notes_are_added_to_those_that_are_there():
    first = comments_part(None, {(1, 1): Mark(0, "a < b & c")})

    both = comments_part(first, {(0, 0): Mark(0, "more")})

    assert "a &lt; b &amp; c" in first
    assert noted_cells(both) == {"B2", "A1"}
    assert 'authorId="0"' in both
    assert 'authorId="1"' in both


def test_findings_of_one_cell_are_one_note():
    rows = [
        {"severity": "warning", "sheet": "S", "cell": "B3", "message": "One."},
        {"severity": "error", "sheet": "S", "cell": "B3", "message": "Two."},
        {"severity": "info", "sheet": "S", "cell": "B4", "message": "Three."},
    ]
    whole = [{**dict.fromkeys(LISTING_SCHEMA, None), **row} for row in rows]

    marks = marked_workbook._marks(pl.LazyFrame(whole, schema=LISTING_SCHEMA), None)

    (mark,) = marks["S"].values()
    assert mark.level == 0
    assert "One." in mark.note
    assert "Two." in mark.note


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_marked_workbook(workspace, rich_workbook, tmp_path):
    _, marked = sent_back(workspace, "lessons.xlsx", rich_workbook)
    (tmp_path / "marked.xlsx").write_bytes(marked)

    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--headless", "--convert-to", "ods", "--outdir", str(tmp_path / "out")),
            str(tmp_path / "marked.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )

    with zipfile.ZipFile(tmp_path / "out" / "marked.ods") as archive:
        opened = archive.read("content.xml").decode()
    assert 'table:name="What we found"' in opened
    assert "not in the list" in opened
    assert "a note of ours" in opened
    assert "call the office" in opened


def test_both_limits_are_limits():
    assert not delivery.is_too_large(10_000_000, 50_000)
    assert delivery.is_too_large(10_000_001, 1)
    assert delivery.is_too_large(1, 50_001)
