"""The site's own workbook back: faulty cells coloured, each with a note, and a summary.

Values and formats are as they were sent, a site's own formulas too: they run nowhere but
in the site's own program, as before. A file that is no workbook, or one that is built in a
way that we do not edit, becomes a workbook of text cells. What does not belong here: the
parts of a workbook (`workbook_parts`).
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import polars as pl
import xlsxwriter

from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.marked_summary import printable, summary_parts
from pcbl_pipeline.operations.workbook_parts import (
    OFFICE,
    Mark,
    Marks,
    NotEditable,
    Styles,
    address,
    attribute,
    comments_part,
    drawing_part,
    mark_cells,
    noted_cells,
    with_child,
    with_notes,
    with_relation,
    without_selection,
)
from pcbl_pipeline.reading.recognise import SUMMARY_SHEET
from pcbl_pipeline.reading.tables import ROW_NUMBER, TextTable

MARKED_WORKBOOK = "marked.xlsx"
#: Above either, only the list of findings is delivered.
MAX_ROWS, MAX_BYTES = 50_000, 10_000_000
#: A workbook with more notes opens slowly; further cells are coloured only.
MAX_NOTES = 2_000
#: Every workbook has a date of creation; a fixed one keeps the bytes the same.
_CREATED = datetime(2020, 7, 1, tzinfo=UTC)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LEVELS = {Severity.ERROR.value: 0, Severity.WARNING.value: 1}
_SHEET_KIND = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
)
_NOTES_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str


def is_too_large(size_bytes: int, row_count: int) -> bool:
    """Tell whether a file is beyond what we mark."""
    return size_bytes > MAX_BYTES or row_count > MAX_ROWS


def mark_workbook(
    path: Path | None,
    receipt: Receipt,
    listing: pl.LazyFrame,
    tables: Sequence[TextTable],
    rule_pages: str | None = None,
) -> bytes:
    """Return a workbook with the findings of a receipt marked in it.

    Without a `path`, the tables stand in no workbook and become one of text cells. With
    `rule_pages`, each rule's code leads to its page there.

    Shape: `listing` is the complete list of findings; `tables` are the file's tables.
    """
    if path is not None and _is_workbook(path):
        try:
            package = _Package(path.read_bytes())
            return package.marked(receipt, _marks(listing, None), rule_pages)
        except (NotEditable, UnicodeDecodeError, ValueError, KeyError):
            # Built unlike any that we know: the values at least can be shown.
            pass
    content, names = _as_text(tables)
    return _Package(content).marked(receipt, _marks(listing, names), rule_pages)


def _is_workbook(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _marks(
    listing: pl.LazyFrame, names: dict[str | None, str] | None
) -> dict[str, dict[tuple[int, int], Mark]]:
    """Return the marks by sheet; one cell's findings are one note."""
    marks: dict[str, dict[tuple[int, int], Mark]] = {}
    placed = listing.filter(
        pl.col("cell").is_not_null() & pl.col("severity").is_in(list(_LEVELS))
    ).collect()
    for item in placed.iter_rows(named=True):
        sheet = item["sheet"] if names is None else names.get(item["sheet"])
        here = marks.setdefault(sheet or "", {})
        at = _at(item["cell"])
        note = printable(
            f"{item['message']}\n{item['expected']}\n{item['fix']}"
        ).replace("`", '"')
        level, before = _LEVELS[item["severity"]], here.get(at)
        if before is not None:
            level, note = min(level, before.level), f"{before.note}\n\n{note}"
        here[at] = Mark(level, note)
    return marks


def _at(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]) - 1, column - 1


def _as_text(tables: Sequence[TextTable]) -> tuple[bytes, dict[str | None, str]]:
    """Write tables as text cells, each where its sender sees it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"constant_memory": False, "in_memory": True, "strings_to_formulas": False},
    )
    book.set_properties({"created": _CREATED})
    as_text = book.add_format({"num_format": "@"})
    names: dict[str | None, str] = {}
    for number, table in enumerate(tables, 1):
        names[table.sheet] = f"Data {number}" if len(tables) > 1 else "Data"
        sheet = book.add_worksheet(names[table.sheet])
        positions = [int(column[1:]) - 1 for column in table.columns]
        for position, header in zip(positions, table.headers, strict=True):
            sheet.write_string((table.header_row or 1) - 1, position, header, as_text)
        rows = table.rows.select(ROW_NUMBER, *table.columns).collect()
        for row, *cells in rows.iter_rows():
            for position, cell in zip(positions, cells, strict=True):
                if cell is not None:
                    sheet.write_string(row - 1, position, cell[:32_767], as_text)
    book.close()
    return content.getvalue(), names


class _Package:
    """A workbook's archive as texts by name of their part."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._parts = {
                item.filename: archive.read(item)
                for item in archive.infolist()
                if not item.is_dir()
            }
        if "purl.oclc.org" in self._text("xl/workbook.xml"):
            raise NotEditable("strict")
        self._styles_part = self._target_of("styles")
        self._sheets = list(self._find_sheets())

    def marked(
        self,
        receipt: Receipt,
        marks: dict[str, dict[tuple[int, int], Mark]],
        rule_pages: str | None,
    ) -> bytes:
        """Return the archive with marks and summary."""
        styles = Styles(self._text(self._styles_part))
        left = MAX_NOTES
        for number, sheet in enumerate(self._sheets, 1):
            xml = without_selection(self._text(sheet.part))
            mine = marks.get(sheet.name, {})
            if mine:
                xml = mark_cells(xml, mine, styles)
                noted = dict(sorted(mine.items())[:left])
                left -= len(noted)
                xml = self._note(sheet, number, noted, xml)
            self._parts[sheet.part] = xml.encode()
        self._add_summary(receipt, rule_pages, styles)
        self._parts[self._styles_part] = styles.written().encode()
        return self._zipped()

    def _note(self, sheet: _Sheet, number: int, marks: Marks, xml: str) -> str:
        if not marks:
            return xml
        folder, name = sheet.part.rsplit("/", 1)
        relations = f"{folder}/_rels/{name}.rels"
        known = self._relations(relations, folder)
        comments, drawing = known.get("comments"), known.get("vmlDrawing")
        before = self._text(comments) if comments else None
        taken = noted_cells(before or "")
        marks = {at: m for at, m in marks.items() if address(*at) not in taken}
        text = self._text(relations) if relations in self._parts else None
        if comments is None:
            comments = f"xl/comments_pcbl{number}.xml"
            text = with_relation(text, "rIdPcbl1", "comments", f"/{comments}")
            self._declare(f"/{comments}", _NOTES_KIND)
        has_drawing = drawing is not None and "legacyDrawing" in xml
        if drawing is None or not has_drawing:
            drawing = f"xl/drawings/vmlDrawing_pcbl{number}.vml"
            text = with_relation(text, "rIdPcbl2", "vmlDrawing", f"/{drawing}")
            self._declare_notes()
            xml = with_notes(xml, "rIdPcbl2")
        old = self._text(drawing) if has_drawing else None
        self._parts[comments] = comments_part(before, marks).encode()
        self._parts[drawing] = drawing_part(old, marks).encode()
        if text is not None:
            self._parts[relations] = text.encode()
        return xml

    def _add_summary(
        self, receipt: Receipt, rule_pages: str | None, styles: Styles
    ) -> None:
        names = [sheet.name for sheet in self._sheets]
        xml, relations = summary_parts(
            receipt, names, rule_pages, style=styles.wrapped()
        )
        earlier = [item.part for item in self._sheets if item.name == SUMMARY_SHEET]
        # A marked workbook that was corrected and sent: its summary is outdated.
        part = earlier[0] if earlier else "xl/worksheets/pcbl_summary.xml"
        self._parts[part] = xml.encode()
        folder, name = part.rsplit("/", 1)
        if relations is not None:
            self._parts[f"{folder}/_rels/{name}.rels"] = relations.encode()
        if earlier:
            return
        self._declare(f"/{part}", _SHEET_KIND)
        of_book = "xl/_rels/workbook.xml.rels"
        self._parts[of_book] = with_relation(
            self._text(of_book), "rIdPcblSummary", "worksheet", f"/{part}"
        ).encode()
        book = self._text("xl/workbook.xml")
        self._parts["xl/workbook.xml"] = _with_first_sheet(book, SUMMARY_SHEET).encode()

    def _find_sheets(self) -> list[_Sheet]:
        relations = self._text("xl/_rels/workbook.xml.rels")
        targets = {
            attribute(item, "Id"): attribute(item, "Target") or ""
            for item in re.findall(r"<Relationship\b([^>]*)>", relations)
        }
        found = []
        for item in re.findall(r"<sheet\b([^>]*)>", self._text("xl/workbook.xml")):
            part = _resolved("xl", targets.get(attribute(item, r"[\w]+:id")) or "")
            if part in self._parts and "worksheets/" in part:
                found.append(_Sheet(unescape(attribute(item, "name") or ""), part))
        if not found:
            raise NotEditable("sheets")
        return found

    def _target_of(self, kind: str) -> str:
        target = self._relations("xl/_rels/workbook.xml.rels", "xl").get(kind)
        if target is None or target not in self._parts:
            raise NotEditable(kind)
        return target

    def _relations(self, part: str, folder: str) -> dict[str, str]:
        """Return kind → part of a part's relationships."""
        if part not in self._parts:
            return {}
        return {
            (attribute(item, "Type") or "").rsplit("/", 1)[-1]: _resolved(
                folder, attribute(item, "Target") or ""
            )
            for item in re.findall(r"<Relationship\b([^>]*)>", self._text(part))
        }

    def _declare(self, part: str, kind: str) -> None:
        name = "[Content_Types].xml"
        entry = f'<Override PartName="{part}" ContentType="{kind}"/>'
        self._parts[name] = with_child(self._text(name), "Types", entry).encode()

    def _declare_notes(self) -> None:
        name = "[Content_Types].xml"
        types = self._text(name)
        if 'Extension="vml"' not in types:
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            entry = f'<Default Extension="vml" ContentType="{kind}"/>'
            start = re.search(r"<Types\b[^>]*>", types)
            end = start.end() if start else 0
            self._parts[name] = (types[:end] + entry + types[end:]).encode()

    def _text(self, part: str) -> str:
        return self._parts[part].decode("utf-8-sig")

    def _zipped(self) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts.items():
                info = zipfile.ZipInfo(name, _ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, part)
        return content.getvalue()


def _with_first_sheet(book: str, title: str) -> str:
    """Put a sheet before all others; what counts sheets by their place moves on."""
    if "<sheets>" not in book:
        raise NotEditable("prefix")
    ids = [int(number) for number in re.findall(r'\bsheetId="(\d+)"', book)]
    entry = (
        f'<sheets><sheet xmlns:r="{OFFICE}" name={quoteattr(title)} '
        f'sheetId="{max(ids) + 1}" r:id="rIdPcblSummary"/>'
    )
    book = book.replace("<sheets>", entry, 1)
    book = re.sub(
        r'\blocalSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) + 1}"', book
    )
    return re.sub(r' (?:activeTab|firstSheet)="\d+"', "", book)


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)
