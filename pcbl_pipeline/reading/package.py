"""The package: an XLSX workbook's ZIP archive, looked through before it is opened.

The workbook reader lays every sheet out as one full rectangle and knows nothing of
error values. Here a workbook that would exhaust the memory is found out, and the
error values are fetched. What does not belong here: any other cell.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from pcbl_pipeline.reading.tables import column_letters

#: Limits of what we open. An honest workbook of 100 MB stays far below them.
MAX_PARTS = 10_000
MAX_EXPANDED_BYTES = 1_000_000_000
#: Cells of the smallest rectangle around all of a sheet's cells.
MAX_AREA = 20_000_000

_CHUNK_BYTES = 1_000_000
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"

# Written without blanks around `=`, as `_row_blocks` yields the XML: patterns that
# begin with plain letters are searched five times faster.
#: Column and row of every address, also of cells that are only formatted.
_COLUMN = re.compile(rb"""r=["']([A-Za-z]{1,3})\d""")
_ROW = re.compile(rb"""r=["'][A-Za-z]{1,3}(\d{1,7})["']""")
#: Column and row of a cell with something in it.
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>/]*\br=["']([A-Za-z]{1,3})(\d{1,7})["'])[^>/]*>(?!</)"""
)
#: Column, row and text of an error value.
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>/]*\bt=["']e["'])"""
    rb"""(?=[^>/]*\br=["']([A-Za-z]{1,3})(\d{1,7})["'])[^>/]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>([^<]*)<""",
    re.DOTALL,
)
_ERROR_TYPES = (b'="e"', b"='e'")


class DamagedWorkbook(Exception):
    """The archive or a part of it cannot be read. Caught within this room."""


class OversizedWorkbook(Exception):
    """Opening the workbook would take too much memory; the message says why."""


@dataclass
class SheetFacts:
    """What the reader of workbooks does not tell about a sheet."""

    #: Row → position of the column → text of the error value.
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


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


def inspect_package(path: Path) -> Mapping[str, SheetFacts]:
    """Look through a workbook; return what is known of each sheet by its name.

    Raises:
        DamagedWorkbook: If it cannot be read to its end.
        OversizedWorkbook: If it must not be opened.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            return _inspect_sheets(archive)
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
    facts = {}
    for sheet in _elements(archive, _WORKBOOK, "sheet"):
        relation = next(v for k, v in sheet.items() if k.rpartition("}")[2] == "id")
        part = targets.get(relation, "")
        if "worksheets/" in part and part in known:
            facts[sheet["name"]] = _inspect_sheet(archive, part, sheet["name"])
    return facts


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that each relation of the workbook points to."""
    return {
        item["Id"]: posixpath.normpath(posixpath.join("/xl", item["Target"]))[1:]
        for item in _elements(archive, _RELATIONS, "Relationship")
    }


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name, whatever its namespace."""
    content = archive.read(part)
    if b"<!DOCTYPE" in content:
        # Never in an honest workbook: entities can be made to expand without end.
        raise DamagedWorkbook("a part declares a document type")
    root = ET.fromstring(content)  # noqa: S314 - no document type, so no entities
    return [
        dict(item.attrib) for item in root.iter() if item.tag.rpartition("}")[2] == name
    ]


def _inspect_sheet(archive: zipfile.ZipFile, part: str, name: str) -> SheetFacts:
    facts, addresses = SheetFacts(), _Extent()
    for rows in _row_blocks(archive, part):
        addresses.columns.update(map(_position, set(_COLUMN.findall(rows))))
        addresses.rows.update(map(int, set(_ROW.findall(rows))))
        if any(mark in rows for mark in _ERROR_TYPES):
            for letters, row, text in _ERROR.findall(rows):
                cells = facts.errors.setdefault(int(row), {})
                cells[_position(letters)] = text.decode()
    if addresses.area > MAX_AREA:
        _check_filled_cells(archive, part, name)
    return facts


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
