"""The parts of a workbook, edited as text: cells coloured and explained, all else as sent.

A library that reads and writes workbooks would lose what it does not know: charts,
pictures, the results of formulas. So only the marked cells' style and the parts for notes
are touched; every other byte of every part stays. What does not belong here: which cells
are marked, and the words (`marked_workbook`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pcbl_pipeline.reading.tables import column_letters

#: Error and warning, as the receipt's page shows them.
FILLS = ("FFF8CBAD", "FFFFE699")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
#: What must stand behind the notes in a sheet.
_AFTER_NOTES = re.compile(
    r"<(?:\w+:)?(?:legacyDrawing|legacyDrawingHF|drawingHF|picture|oleObjects|controls|"
    r"webPublishItems|tableParts|extLst)\b"
)
_ROW = re.compile(
    r"<(?P<p>(?:\w+:)?)row\b(?P<attributes>[^>]*?)(?:/>|>(?P<body>.*?)</(?P=p)row>)",
    re.DOTALL,
)
_CELL = re.compile(
    r"<(?P<p>(?:\w+:)?)c\b(?P<attributes>[^>]*?)(?P<rest>/>|>.*?</(?P=p)c>)", re.DOTALL
)
_XF = re.compile(r"<xf\b[^>]*?(?:/>|>.*?</xf>)", re.DOTALL)


class NotEditable(Exception):
    """The workbook is built in a way that we do not edit. Caught within this room."""


@dataclass(frozen=True)
class Mark:
    """What one cell is told: 0 for an error, 1 for a warning, and the note's text."""

    level: int
    note: str


#: Row and column (first: 0) → mark.
Marks = Mapping[tuple[int, int], Mark]


class Styles:
    """The workbook's styles, with coloured copies of those that are asked for."""

    def __init__(self, xml: str) -> None:
        """Take the styles part.

        Raises:
            NotEditable: If it has no list of formats or fills.
        """
        self._xml = xml
        formats = re.search(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", xml, re.DOTALL)
        fills = re.search(r"<fills\b[^>]*>(.*?)</fills>", xml, re.DOTALL)
        if formats is None or fills is None:
            raise NotEditable("styles")
        self._formats = _XF.findall(formats.group(1))
        self._first_fill = len(re.findall(r"<fill\b", fills.group(1)))
        self._known: dict[tuple[int, int], int] = {}

    def coloured(self, style: int, level: int) -> int:
        """Return the number of a style that is the same but for its fill."""
        key = (style, level)
        if key not in self._known:
            if style >= len(self._formats):
                raise NotEditable("style")
            copy = _with_attribute(
                self._formats[style], "fillId", str(self._first_fill + level)
            )
            self._known[key] = len(self._formats)
            self._formats.append(_with_attribute(copy, "applyFill", "1"))
        return self._known[key]

    def wrapped(self) -> int:
        """Return the number of a plain style whose texts go on in the next line."""
        self._formats.append(
            '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" '
            'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        )
        return len(self._formats) - 1

    def written(self) -> str:
        """Return the styles part with what was added."""
        formats = (
            f'<cellXfs count="{len(self._formats)}">{"".join(self._formats)}</cellXfs>'
        )
        xml = _replaced(r"<cellXfs\b[^>]*>.*?</cellXfs>", formats, self._xml)
        added = "".join(
            f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
            '<bgColor indexed="64"/></patternFill></fill>'
            for colour in FILLS
        )
        count = self._first_fill + len(FILLS)
        xml = _replaced(r"<fills\b[^>]*>", f'<fills count="{count}">', xml)
        return _replaced("</fills>", f"{added}</fills>", xml)


def mark_cells(xml: str, marks: Marks, styles: Styles) -> str:
    """Colour cells of a sheet; one that is blank and was not there is added."""
    columns = _column_styles(xml)
    by_row: dict[int, dict[int, Mark]] = {}
    for (row, column), mark in marks.items():
        by_row.setdefault(row, {})[column] = mark
    start = 0
    pieces = []
    for row, found in _rows(xml):
        if row in by_row:
            new = _marked_row(found, row, by_row[row], (columns, styles))
            pieces += [xml[start : found.start()], new]
            start = found.end()
    return "".join([*pieces, xml[start:]])


def without_selection(xml: str) -> str:
    """Let no sheet be selected but the one that is opened."""
    head, mark, tail = xml.partition("sheetData")
    return re.sub(r' tabSelected="(?:1|true)"', "", head) + mark + tail


def with_notes(xml: str, relation: str) -> str:
    """Let a sheet point to the drawing of its notes."""
    prefix = "x:" if re.search(r"<x:worksheet\b", xml) else ""
    tag = f'<{prefix}legacyDrawing xmlns:r="{OFFICE}" r:id="{relation}"/>'
    after = _AFTER_NOTES.search(xml, xml.rfind("sheetData"))
    end = after.start() if after else xml.rfind(f"</{prefix}worksheet>")
    if end < 0:
        raise NotEditable("sheet")
    return xml[:end] + tag + xml[end:]


def comments_part(xml: str | None, marks: Marks) -> str:
    """Return the notes of a sheet, those that it had first."""
    whole = xml or (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList>'
        "</comments>"
    )
    author = len(re.findall(r"<author\b[^s]", whole))
    notes = "".join(
        f'<comment ref="{address(*at)}" authorId="{author}"><text><r><t '
        f'xml:space="preserve">{escape(mark.note)}</t></r></text></comment>'
        for at, mark in sorted(marks.items())
    )
    whole = re.sub(r"<authors\s*/>", "<authors></authors>", whole)
    whole = re.sub(r"<commentList\s*/>", "<commentList></commentList>", whole)
    if "</authors>" not in whole or "</commentList>" not in whole:
        raise NotEditable("comments")
    whole = whole.replace("</authors>", "<author>PCBL</author></authors>", 1)
    return whole.replace("</commentList>", f"{notes}</commentList>", 1)


def drawing_part(xml: str | None, marks: Marks) -> str:
    """Return the drawing of a sheet's notes, each hidden until it is pointed at."""
    whole = xml or (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
    )
    shapes = "".join(
        _shape(number, row, column)
        for number, (row, column) in enumerate(sorted(marks))
    )
    kind = (
        '<v:shapetype id="_x0000_t9202" coordsize="21600,21600" o:spt="202" '
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )
    end = whole.rfind("</xml>")
    if end < 0:
        raise NotEditable("drawing")
    return whole[:end] + kind + shapes + whole[end:]


def noted_cells(comments: str) -> set[str]:
    """Return the addresses of the cells that have a note already."""
    return set(re.findall(r'<comment\b[^>]*\bref="([A-Z]+[0-9]+)"', comments))


def address(row: int, column: int) -> str:
    """Return a cell's address; rows and columns count from 0."""
    return f"{column_letters(column)}{row + 1}"


def with_relation(xml: str | None, name: str, kind: str, target: str) -> str:
    """Add a relationship to a part of relationships."""
    whole = xml or (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_PACKAGE}"></Relationships>'
    )
    entry = (
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}/>'
    )
    whole = re.sub(r"(<Relationships\b[^>]*?)/>", r"\1></Relationships>", whole)
    return with_child(whole, "Relationships", entry)


def with_child(xml: str, parent: str, child: str) -> str:
    """Add a child at the end of the last element of a name.

    Raises:
        NotEditable: If there is no such element.
    """
    end = xml.rfind(f"</{parent}>")
    if end < 0:
        raise NotEditable(parent)
    return xml[:end] + child + xml[end:]


def attribute(attributes: str, name: str) -> str | None:
    """Return an attribute of an element's start."""
    found = re.search(rf"""(?:^|\s){name}\s*=\s*["']([^"']*)["']""", attributes)
    return found.group(1) if found else None


def _rows(xml: str) -> Iterator[tuple[int, re.Match[str]]]:
    row = -1
    for found in _ROW.finditer(xml):
        number = attribute(found.group("attributes"), "r")
        row = int(number) - 1 if number else row + 1
        yield row, found


def _marked_row(
    found: re.Match[str],
    row: int,
    marks: dict[int, Mark],
    context: tuple[Callable[[int], int], Styles],
) -> str:
    columns, styles = context
    prefix = found.group("p")
    cells: dict[int, str] = {}
    column = -1
    for cell in _CELL.finditer(found.group("body") or ""):
        at = attribute(cell.group("attributes"), "r")
        column = _position(at) if at else column + 1
        text = cell.group()
        if column in marks:
            style = int(attribute(cell.group("attributes"), "s") or 0)
            new = str(styles.coloured(style, marks[column].level))
            text = _with_attribute(text, "s", new)
        cells[column] = text
    for column in sorted(set(marks) - set(cells)):
        style = styles.coloured(columns(column), marks[column].level)
        cells[column] = f'<{prefix}c r="{address(row, column)}" s="{style}"/>'
    body = "".join(text for _, text in sorted(cells.items()))
    return f"<{prefix}row{found.group('attributes').rstrip('/')}>{body}</{prefix}row>"


def _column_styles(xml: str) -> Callable[[int], int]:
    """Return what tells the style of a column, for cells that are not written."""
    spans = []
    for found in re.finditer(r"<(?:\w+:)?col\b([^>]*)>", xml):
        low, high, style = (
            int(attribute(found.group(1), name) or 0)
            for name in ("min", "max", "style")
        )
        spans.append((low - 1, high - 1, style))

    def style_of(column: int) -> int:
        return next((s for low, high, s in spans if low <= column <= high), 0)

    return style_of


def _position(cell: str) -> int:
    position = 0
    for letter in cell.rstrip("0123456789").upper():
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _with_attribute(element: str, name: str, value: str) -> str:
    start, mark, rest = element.partition(">")
    if attribute(start.partition(" ")[2], name) is not None:
        start = re.sub(
            rf"""(\s{name}\s*=\s*)["'][^"']*["']""", rf'\g<1>"{value}"', start
        )
        return start + mark + rest
    is_closed = start.endswith("/")
    return (
        f'{start.removesuffix("/")} {name}="{value}"{"/" if is_closed else ""}>{rest}'
    )


def _replaced(pattern: str, new: str, xml: str) -> str:
    return re.sub(pattern, lambda _: new, xml, count=1, flags=re.DOTALL)


def _shape(number: int, row: int, column: int) -> str:
    anchor = f"{column + 1}, 15, {row}, 2, {column + 5}, 31, {row + 6}, 1"
    return (
        f'<v:shape id="_x0000_s{91000 + number}" type="#_x0000_t9202" '
        'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/>'
        f'<v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
