"""The package: an XLSX workbook's ZIP archive, looked through before it is opened.

The workbook reader lays every sheet out as one full rectangle and knows nothing of
error values, formats of numbers and formulas. Here a workbook that would exhaust the
memory is found out, and what the reader leaves out is fetched. What does not belong
here: the values of cells.
"""

import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from pcbl_pipeline.reading.number_format import BUILT_IN, parse_format
from pcbl_pipeline.reading.tables import column_letters

#: Limits of what we open. An honest workbook of 100 MB stays far below them.
MAX_PARTS = 10_000
MAX_EXPANDED_BYTES = 1_000_000_000
#: Cells of the smallest rectangle around all of a sheet's cells.
MAX_AREA = 20_000_000
#: Of a part that is read as a whole; an honest one has a tenth of that.
MAX_WHOLE_PART_BYTES = 20_000_000
#: Of one row, or of what follows the last one.
MAX_ROW_BYTES = 50_000_000

_CHUNK_BYTES = 1_000_000
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_EXTERNAL_LINKS = "xl/externalLinks/"

# Written without blanks around `=`, as `_row_blocks` yields the XML: patterns that
# begin with plain letters are searched five times faster. They stop at the next `<`,
# which no attribute holds, so that hostile XML is not searched again and again.
#: Column and row of every address, also of cells that are only formatted.
_COLUMN = re.compile(rb"""r=["']([A-Za-z]{1,3})\d""")
_ROW = re.compile(rb"""r=["'][A-Za-z]{1,3}(\d{1,7})["']""")
#: Column and row of a cell with something in it.
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>/]*\br=["']([A-Za-z]{1,3})(\d{1,7})["'])[^<>/]*>(?!</)"""
)
#: Column, row and text of an error value.
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>/]*\bt=["']e["'])"""
    rb"""(?=[^<>/]*\br=["']([A-Za-z]{1,3})(\d{1,7})["'])[^<>/]*>"""
    rb"""(?:(?!</?(?:\w+:)?c[\s>]).)*?<(?:\w+:)?v[^<>]*>([^<]*)<""",
    re.DOTALL,
)
_ERROR_TYPES = (b'="e"', b"='e'")
#: Attributes of a cell whose formula has no saved result.
_UNSAVED = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*)>\s*+"""
    rb"""<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*+"""
    rb"""(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v>\s*+</(?:\w+:)?v>)?\s*+</(?:\w+:)?c>"""
)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
#: A formula whose result is a blank text, which programs do save.
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")
_ADDRESS = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,7})["']""")


class DamagedWorkbook(Exception):
    """The archive or a part of it cannot be read. Caught within this room."""


class OversizedWorkbook(Exception):
    """Opening the workbook would take too much memory; the message says why."""


@dataclass
class SheetFacts:
    """What the reader of workbooks does not tell about a sheet."""

    #: Row → position of the column → text of the error value.
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    #: Cells that show another number than they hold, in the order of the sheet. Each is
    #: one number: its row, the position of its column and its kind of format.
    formats: "array[int]" = field(default_factory=lambda: array("Q"))
    #: Formulas without a saved result, and the first one's row and column.
    unsaved: int = 0
    first_unsaved: tuple[int, int] = (0, 0)


@dataclass
class PackageFacts:
    """What the reader of workbooks does not tell about a workbook."""

    sheets: Mapping[str, SheetFacts]
    #: Whether cells take values from other workbooks, which we never open.
    has_external_links: bool


@dataclass
class _Extent:
    """The rows and columns in which a sheet has cells."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    @property
    def area(self) -> int:
        """Cells of the smallest rectangle around all cells."""
        return _span(self.rows) * _span(self.columns)

    @property
    def last_cell(self) -> str:
        """Address of the rectangle's last cell."""
        return f"{column_letters(max(self.columns))}{max(self.rows)}"


def inspect_package(path: Path) -> PackageFacts:
    """Look through a workbook; return what is known of it and of each sheet.

    Raises:
        DamagedWorkbook: If it cannot be read to its end.
        OversizedWorkbook: If it must not be opened.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            linked = any(n.startswith(_EXTERNAL_LINKS) for n in archive.namelist())
            return PackageFacts(_inspect_sheets(archive), linked)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ET.ParseError,
        EOFError,
        KeyError,  # a part that is named and not there
        NotImplementedError,  # a compression that nobody uses in workbooks
        RuntimeError,  # an encrypted part
        ValueError,
    ) as error:
        raise DamagedWorkbook(str(error)) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise OversizedWorkbook(f"it has {len(parts):,} parts")
    expanded = sum(part.file_size for part in parts)
    if expanded > MAX_EXPANDED_BYTES:
        raise OversizedWorkbook(f"it unpacks to {expanded // 10**6:,} MB")


def _inspect_sheets(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    targets = _targets(archive)
    known = set(archive.namelist())
    styles = _special_styles(archive) if _STYLES in known else {}
    facts = {}
    for sheet in _elements(archive, _WORKBOOK, "sheet"):
        relation = next(v for k, v in sheet.items() if k.rpartition("}")[2] == "id")
        part = targets.get(relation, "")
        if "worksheets/" in part and part in known:
            facts[sheet["name"]] = _inspect_sheet(archive, part, sheet["name"], styles)
    return facts


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that each relation of the workbook points to."""
    return {
        item["Id"]: posixpath.normpath(posixpath.join("/xl", item["Target"]))[1:]
        for item in _elements(archive, _RELATIONS, "Relationship")
    }


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name, whatever its namespace."""
    return [
        dict(item.attrib)
        for item in _parse(archive, part).iter()
        if _local_name(item) == name
    ]


def _parse(archive: zipfile.ZipFile, part: str) -> ET.Element:
    size = archive.getinfo(part).file_size
    if size > MAX_WHOLE_PART_BYTES:
        raise OversizedWorkbook(f"its part `{part}` unpacks to {size // 10**6:,} MB")
    content = archive.read(part)
    if b"<!DOCTYPE" in content:
        # Never in an honest workbook: entities can be made to expand without end.
        raise DamagedWorkbook("a part declares a document type")
    return ET.fromstring(content)  # noqa: S314 - no document type, so no entities


def _local_name(item: ET.Element) -> str:
    return item.tag.rpartition("}")[2]


def _special_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Return the styles that show another number: number of the style → its kind."""
    root = _parse(archive, _STYLES)
    codes = dict(BUILT_IN)
    for item in root.iter():
        if _local_name(item) == "numFmt" and "formatCode" in item.attrib:
            codes[item.attrib.get("numFmtId", "")] = item.attrib["formatCode"]
    used = [style for item in root if _local_name(item) == "cellXfs" for style in item]
    kinds = {
        number: parse_format(codes.get(style.attrib.get("numFmtId", ""), ""))
        for number, style in enumerate(used)
    }
    return {number: kind for number, kind in kinds.items() if kind}


def _inspect_sheet(
    archive: zipfile.ZipFile, part: str, name: str, styles: Mapping[int, int]
) -> SheetFacts:
    facts, addresses = SheetFacts(), _Extent()
    styled = _cells_of_styles(styles)
    for rows in _row_blocks(archive, part):
        addresses.columns.update(map(_position, set(_COLUMN.findall(rows))))
        addresses.rows.update(map(int, set(_ROW.findall(rows))))
        if any(mark in rows for mark in _ERROR_TYPES):
            for letters, row, text in _ERROR.findall(rows):
                cells = facts.errors.setdefault(int(row), {})
                cells[_position(letters)] = text.decode()
        if styled is not None:
            for letters, row, style in styled.findall(rows):
                kind = styles[int(style)]
                facts.formats.append(pack(int(row), _position(letters), kind))
        if _FORMULA.search(rows):
            _note_unsaved(rows, facts)
    if addresses.area > MAX_AREA:
        _check_filled_cells(archive, part, name)
    return facts


def pack(row: int, position: int, kind: int) -> int:
    """Put a cell and its kind of format into one number; numbers sort as cells do."""
    return row << 24 | position << 8 | kind


def _cells_of_styles(styles: Mapping[int, int]) -> "re.Pattern[bytes] | None":
    """Return a pattern for column, row and style of cells that have one of some styles."""
    if not styles:
        return None
    numbers = "|".join(map(str, styles)).encode()
    return re.compile(
        rb"""<(?:\w+:)?c\s(?=[^<>/]*\br=["']([A-Za-z]{1,3})(\d{1,7})["'])"""
        rb"""(?=[^<>/]*\bs=["'](""" + numbers + rb""")["'])[^<>/]*>"""
    )


def _note_unsaved(rows: bytes, facts: SheetFacts) -> None:
    for attributes in _UNSAVED.findall(rows):
        address = _ADDRESS.search(attributes)
        if address is not None and not _TEXT_RESULT.search(attributes):
            if not facts.unsaved:
                facts.first_unsaved = int(address[2]), _position(address[1])
            facts.unsaved += 1


def _check_filled_cells(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """Measure a sheet without the cells that are only formatted, which is slow."""
    filled = _Extent()
    for rows in _row_blocks(archive, part):
        for letters, row in _FILLED.findall(rows):
            filled.columns.add(_position(letters))
            filled.rows.add(int(row))
    if filled.area > MAX_AREA:
        raise OversizedWorkbook(
            f"its sheet `{name}` reaches as far as cell {filled.last_cell}"
        )


def _row_blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a sheet's XML in pieces that end with a row."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            head, separator, rest = (rest + chunk).rpartition(b"row>")
            if len(rest) > MAX_ROW_BYTES:
                megabytes = MAX_ROW_BYTES // 10**6
                raise OversizedWorkbook(f"a row of it has more than {megabytes} MB")
            yield _without_blanks(head + separator)
    yield _without_blanks(rest)


def _without_blanks(xml: bytes) -> bytes:
    """Take the blanks around `=` out, which XML allows and hardly anybody writes."""
    signs = np.frombuffer(xml, dtype=np.uint8)
    equals = np.flatnonzero(signs == ord("="))
    around = signs.take([equals - 1, equals + 1], mode="clip")
    return re.sub(rb"\s*=\s*", b"=", xml) if (around <= ord(" ")).any() else xml


def _position(letters: bytes) -> int:
    position = 0
    for letter in letters.upper():
        position = position * 26 + letter - ord("A") + 1
    return position - 1


def _span(numbers: set[int]) -> int:
    return max(numbers) - min(numbers) + 1 if numbers else 0
