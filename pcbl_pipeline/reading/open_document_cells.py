"""OpenDocument's XML: from its elements to rows of cells, repeats still counted.

What does not belong here: archives, and laying rows out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from xml.parsers import expat

from pcbl_pipeline.reading.refusal import (
    LONGEST_CELL,
    MAX_COLUMNS,
    Unreadable,
    too_large,
)
from pcbl_pipeline.reading.texts import decimal_text

#: The namespace of an element and its usual short name.
_SHORT = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_CELLS = {"table:table-cell", "table:covered-table-cell"}
#: Texts in these stand above a sheet or beside it, not in a cell.
_ASIDE = (
    "draw:",
    "office:annotation",
    "table:shapes",
    "table:tracked-changes",
    "table:dde-links",
)
_TABLE = "table:table"
_NUMBERS = {"float", "currency"}
_ZEROS_SHOWN = re.compile(r"0\d+")
_MIDNIGHT = re.compile(r"T00:00:00(?:[.,]0+)?$")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_TIMES = 1 << 24

Attributes = Mapping[str, str]


@dataclass(frozen=True)
class SheetStart:
    """A sheet begins."""

    name: str
    hidden: bool


@dataclass(frozen=True)
class Cell:
    """One cell, or several alike side by side."""

    text: str
    times: int
    is_percent: bool = False
    is_padded: bool = False
    is_unsaved: bool = False
    rows_spanned: int = 1
    columns_spanned: int = 1


@dataclass
class Row:
    """One row, or several alike; blank cells at its end are left out."""

    number: int
    times: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns up to the last cell with anything in it."""
        return sum(cell.times for cell in self.cells)


class Content:
    """The content of a document, fed in pieces."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.is_spreadsheet = False
        #: Whether a sheet takes its cells from another file.
        self.is_linked = False
        self._found: list[SheetStart | Row] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        #: Open elements that are left out.
        self._aside = 0
        self._row = Row(0, 1)
        self._width = 0
        self._blank_cells = 0
        self._cell: Attributes | None = None
        self._shown = Shown()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, *, last: bool = False) -> list[SheetStart | Row]:
        """Read on; return the sheets and rows that began or ended.

        Raises:
            ExpatError: If it is not XML.
            Unreadable: If it is made to fill the memory.
        """
        self._found = []
        self._parser.Parse(chunk, last)
        return self._found

    def _start(self, name: str, attributes: Attributes) -> None:
        short = _shorten(name)
        in_cell = self._cell is not None
        if self._aside or short.startswith(_ASIDE) or (in_cell and short == _TABLE):
            self._aside += 1
        elif short in _CELLS:
            self._cell = _named(attributes)
            self._shown = Shown()
        elif in_cell:
            self._shown.start(short, attributes)
        else:
            self._start_outside(short, _named(attributes))

    def _start_outside(self, short: str, named: Attributes) -> None:
        if short == "table:table-row":
            times = _count(named, "table:number-rows-repeated")
            self._row = Row(self._row.number + self._row.times, times)
            self._width = self._blank_cells = 0
        elif short == _TABLE:
            hidden = named.get("table:style-name") in self._hidden_styles
            self._found.append(SheetStart(named.get("table:name", ""), hidden))
            self._row = Row(0, 1)
        elif short == "style:style":
            self._style = named.get("style:name", "")
        elif short == "style:table-properties":
            if named.get("table:display") == "false":
                self._hidden_styles.add(self._style)
        elif short == "office:spreadsheet":
            self.is_spreadsheet = True
        elif short == "table:table-source":
            self.is_linked = True

    def _text(self, text: str) -> None:
        if self._cell is not None and not self._aside:
            self._shown.add(text)

    def _end(self, name: str) -> None:
        short = _shorten(name)
        if self._aside:
            self._aside -= 1
        elif short in _CELLS and self._cell is not None:
            self._add_cell(make_cell(self._cell, self._shown.text))
            self._cell = None
        elif short == "table:table-row" and self._row.cells:
            self._found.append(self._row)

    def _add_cell(self, cell: Cell) -> None:
        if not cell.text and not cell.is_unsaved:
            self._blank_cells += cell.times
            return
        if self._blank_cells:
            self._row.cells.append(Cell("", self._blank_cells))
        self._row.cells.append(cell)
        self._width += self._blank_cells + cell.times
        self._blank_cells = 0
        if self._width > MAX_COLUMNS:
            raise too_large(f"a row has {self._width:,} columns")


class Shown:
    """The text that a cell shows, paragraph by paragraph."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[str] = []
        self._characters = 0
        self._paragraphs = 0

    @property
    def text(self) -> str:
        """The whole text; paragraphs are lines."""
        return "".join(self._parts)

    def start(self, short: str, attributes: Attributes) -> None:
        """Take in an element that stands for text."""
        if short == "text:p":
            self._paragraphs += 1
            if self._paragraphs > 1:
                self.add("\n")
        elif short == "text:s":
            self.add(" " * min(_count(_named(attributes), "text:c"), LONGEST_CELL + 1))
        elif short == "text:tab":
            self.add("\t")
        elif short == "text:line-break":
            self.add("\n")

    def add(self, text: str) -> None:
        """Take in text; what stands between paragraphs only lays the XML out."""
        if self._paragraphs:
            self._characters += len(text)
            if self._characters > LONGEST_CELL:
                raise too_large(f"a cell has more than {LONGEST_CELL:,} characters")
            self._parts.append(text)


def make_cell(named: Attributes, shown: str) -> Cell:
    """Return a cell by its attributes and the text that it shows."""
    kind = named.get("office:value-type", "")
    text = _value_text(named, kind, shown)
    padded = kind in _NUMBERS and _is_padded(text, shown)
    return Cell(
        text=shown if padded else text,
        times=_count(named, "table:number-columns-repeated"),
        is_percent=kind == "percentage",
        is_padded=padded,
        is_unsaved="table:formula" in named and not kind and not shown,
        rows_spanned=_count(named, "table:number-rows-spanned"),
        columns_spanned=_count(named, "table:number-columns-spanned"),
    )


def _value_text(named: Attributes, kind: str, shown: str) -> str:
    """Return a value as the text that one would type."""
    if named.get("calcext:value-type") == "error":
        return shown
    if kind in _NUMBERS or kind == "percentage":
        return _number_text(named.get("office:value", ""), shown, kind)
    if kind == "date":
        return _MIDNIGHT.sub("", named.get("office:date-value", shown))
    if kind == "time":
        parts = _TIME.fullmatch(named.get("office:time-value", ""))
        return f"{parts[1]:0>2}:{parts[2]:0>2}:{parts[3]:0>2}" if parts else shown
    if kind == "boolean":
        return named.get("office:boolean-value", shown).upper()
    return named.get("office:string-value", shown)


def _number_text(value: str, shown: str, kind: str) -> str:
    try:
        number = Decimal(value)
        return decimal_text(number * 100 if kind == "percentage" else number)
    except ArithmeticError:
        return shown


def _is_padded(text: str, shown: str) -> bool:
    """Tell whether a number is shown with zeros in front, as an id is."""
    return bool(_ZEROS_SHOWN.fullmatch(shown)) and shown.lstrip("0") == text.lstrip("0")


def _count(named: Attributes, name: str) -> int:
    """Return how often, or how far; an honest number is no larger than a sheet."""
    text = named.get(name, "1")
    digits = text if text.isascii() and text.isdigit() and len(text) < 9 else ""
    return max(1, int(digits or _MOST_TIMES))


@lru_cache(maxsize=4096)
def _shorten(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"{_SHORT[namespace]}:{local}" if namespace in _SHORT else local


def _named(attributes: Attributes) -> Attributes:
    return {_shorten(name): text for name, text in attributes.items()}


def _refuse_doctype(*_: object) -> None:
    """Take no document type: its entities can be made to expand without end."""
    raise Unreadable("F103", inside="a damaged or unfinished workbook")
