"""OpenDocument: every sheet of an .ods file, read in a stream.

A sheet's XML is read twice: first to see how far it reaches, then for its cells. A
few bytes can say that a row or a cell is repeated a million times, so repeats are
counted before any is laid out. What does not belong here: the XML's own words
(`open_document_cells`), and what sheets become together (`sheets`).
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.open_document_cells import Cell, Content, Row, SheetStart
from pcbl_pipeline.reading.refusal import (
    Unreadable,
    check_extent,
    refusal_of,
    too_large,
)
from pcbl_pipeline.reading.sheets import Area, Sheet, is_data_sheet, to_result
from pcbl_pipeline.reading.tables import ReadResult

#: Bytes that the table's XML may unpack to.
MAX_CONTENT_BYTES = 500_000_000

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_CHUNK_BYTES = 1_000_000
_LONGEST_MANIFEST = 1_000_000
_READ_AS = "Read as an OpenDocument spreadsheet (.ods)."
_LINKED = "Links to other files were not followed; the values last saved were read."


def read_open_document(
    path: Path, file_name: str, known: HeaderWords = NO_WORDS
) -> ReadResult:
    """Read every sheet; what is wrong with the workbook is in the findings."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            survey = _survey(archive)
            sheets = list(_gather(archive, survey, known))
    except Unreadable as reason:
        return refusal_of(reason, file_name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        KeyError,  # the content is not there
        NotImplementedError,  # a compression that nobody uses in workbooks
        RuntimeError,  # an encrypted part
        ValueError,  # a number that is none
    ):
        return refusal_of(_damaged(), file_name)
    read_as = [_READ_AS, _LINKED] if survey.linked else [_READ_AS]
    return to_result(sheets, file_name, read_as)


def _check(archive: zipfile.ZipFile) -> None:
    """Let only a workbook pass that is open and not made to fill the memory."""
    size = archive.getinfo(_CONTENT).file_size
    if size > MAX_CONTENT_BYTES:
        raise too_large(f"it unpacks to {size // 10**6:,} MB")
    if _MANIFEST in archive.namelist():
        with archive.open(_MANIFEST) as stream:
            if b"encryption-data" in stream.read(_LONGEST_MANIFEST):
                raise Unreadable("F114")


class _Survey:
    """How far the sheets reach, before any row is laid out."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.widths: list[int] = []
        self.linked = False


def _survey(archive: zipfile.ZipFile) -> _Survey:
    survey = _Survey()
    first = last = 0
    content = Content()
    for item in _parse(archive, content):
        if isinstance(item, SheetStart):
            survey.names.append(item.name)
            survey.widths.append(0)
            first = last = 0
        elif item.cells:
            first = first or item.number
            last = item.number + item.times - 1
            width = max(survey.widths[-1], item.width)
            survey.widths[-1] = width
            check_extent(last - first + 1, width, f"its sheet `{survey.names[-1]}`")
    if not content.is_spreadsheet:
        raise Unreadable("F103", inside="an OpenDocument file without sheets")
    survey.linked = content.is_linked
    return survey


def _gather(
    archive: zipfile.ZipFile, survey: _Survey, known: HeaderWords
) -> Iterator[Sheet]:
    items = _Peekable(_parse(archive, Content()))
    for name, width in zip(survey.names, survey.widths, strict=True):
        start = items.take()
        if not isinstance(start, SheetStart):
            raise _damaged()
        sheet = Sheet(name=name, hidden=start.hidden, width=width)
        if is_data_sheet(name, survey.names):
            merged: list[Area] = []
            sheet.merged = merged
            sheet.records = _records(items, sheet, merged)
            sheet.gather(known)
            yield sheet
        items.skip_rows()


class _Peekable:
    """Items of which the next one can be looked at before it is taken."""

    def __init__(self, items: "Iterator[SheetStart | Row]") -> None:
        self._items = items
        self._next = next(items, None)

    def take(self) -> "SheetStart | Row | None":
        item, self._next = self._next, next(self._items, None)
        return item

    def rows(self) -> "Iterator[Row]":
        """Take rows up to the next sheet."""
        while isinstance(self._next, Row):
            row = self._next
            self.take()
            yield row

    def skip_rows(self) -> None:
        for _ in self.rows():
            pass


def _records(
    items: _Peekable, sheet: Sheet, merged: list[Area]
) -> Iterator[tuple[int, list[str]]]:
    for row in items.rows():
        texts: list[str] = []
        for cell in row.cells:
            _note(cell, row, len(texts), sheet, merged)
            texts.extend([cell.text] * cell.times)
        if texts:
            for number in range(row.number, row.number + row.times):
                yield number, texts


def _note(
    cell: Cell, row: Row, position: int, sheet: Sheet, merged: list[Area]
) -> None:
    if cell.is_percent:
        sheet.percents.note(row.number, position, rows=row.times, columns=cell.times)
    sheet.padded += cell.is_padded * cell.times * row.times
    if cell.is_unsaved:
        if not sheet.unsaved:
            sheet.first_unsaved = row.number, position
        sheet.unsaved += cell.times * row.times
    if cell.rows_spanned > 1 or cell.columns_spanned > 1:
        last = position + cell.columns_spanned - 1
        bottom = row.number + cell.rows_spanned - 1
        merged.append(Area(row.number, position, bottom, last))


def _parse(archive: zipfile.ZipFile, content: Content) -> "Iterator[SheetStart | Row]":
    with archive.open(_CONTENT) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield from content.feed(chunk)
        yield from content.feed(b"", last=True)


def _damaged() -> Unreadable:
    return Unreadable("F103", inside="a damaged or unfinished workbook")
