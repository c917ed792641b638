"""The first sheet of a marked workbook: what was found, in one row per finding.

What does not belong here: the other sheets, and where a sheet goes in a workbook
(`marked_workbook`).
"""

import re
from collections.abc import Sequence
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from pcbl_pipeline.model.finding import FindingGroup
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.receipt_words import SEVERITIES, status_words
from pcbl_pipeline.operations.workbook_parts import OFFICE

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

#: Of the columns, in characters; the heights of the rows follow from them, because not
#: every program finds the height of a wrapped text by itself.
_WIDTHS = (18, 7, 20, 8, 36, 32, 42, 16)
_LINE_POINTS = 14


def summary_parts(
    receipt: Receipt, names: Sequence[str], rule_pages: str | None, *, style: int
) -> tuple[str, str | None]:
    """Return the sheet and its relationships, if it has any; `names` are those of the other sheets.

    With `rule_pages`, each rule's code leads to its page there. `style` is the number of
    the style in which long texts are wrapped.
    """
    only = names[0] if len(names) == 1 else None
    rows, links, codes = _heading(receipt), [], []
    for group in receipt.all_findings:
        number = len(rows) + 1
        row = [*_group_cells(group), ""]
        place = next((place for place in group.places if place.cell), None)
        sheet = place.sheet if place and place.sheet in names else only
        if place is not None and sheet:
            row[-1] = f"{sheet}!{place.cell}"
            quoted = sheet.replace("'", "''")
            where = f"'{quoted}'!{place.cell}"
            links.append(f'<hyperlink ref="H{number}" location={quoteattr(where)}/>')
        if rule_pages is not None:
            links.append(f'<hyperlink ref="B{number}" r:id="rId{number}"/>')
            codes.append((number, f"{rule_pages}/{group.code}.html"))
        rows.append(row)
    return _sheet(rows, links, style), _relations(codes) if codes else None


def _relations(targets: Sequence[tuple[int, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/hyperlink" '
        f'Target={quoteattr(target)} TargetMode="External"/>'
        for number, target in targets
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'
    )


def _sheet(rows: Sequence[Sequence[str]], links: Sequence[str], style: int) -> str:
    # The sentences above the table have one cell each and run on over the next ones.
    data = "".join(
        _summary_row(number, row, style if len(row) > 1 else 0)
        for number, row in enumerate(rows, 1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    cols = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
        for i, width in enumerate(_WIDTHS, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{OFFICE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        f"<cols>{cols}</cols><sheetData>{data}</sheetData>{linked}"
        '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def _heading(receipt: Receipt) -> list[list[str]]:
    rows = receipt.rows
    return [
        [f"What we found in {receipt.file_name}"],
        [f"Answer: {status_words(receipt)}"],
        [f"{rows.received:,} rows received, {rows.accepted:,} accepted"],
        [f"{rows.quarantined:,} rows set aside, {rows.refused:,} refused"],
        [
            "Red cells must be corrected, yellow ones should be. Point at one to see why."
        ],
        [
            "Correct them here and send this workbook, or correct your own file and send it."
        ],
        [],
        ["Kind", "Rule", "Column", "Places", "What", "Expected", "What to do", "First"],
    ]


def _group_cells(group: FindingGroup) -> list[str]:
    texts = (group.message, group.expected, group.fix)
    return [
        SEVERITIES[group.severity],
        group.code,
        group.field or "",
        f"{group.count:,}",
        *(text.replace("`", '"') for text in texts),
    ]


def _summary_row(number: int, cells: Sequence[str], style: int) -> str:
    """Write texts as texts: none of them can run."""
    written = "".join(
        f'<c r="{chr(ord("A") + i)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(printable(cell))}</t></is></c>"
        for i, cell in enumerate(cells)
        if cell
    )
    height = _LINE_POINTS * _line_count(cells) if len(cells) > 1 else _LINE_POINTS
    return f'<row r="{number}" ht="{height}" customHeight="1">{written}</row>'


def _line_count(cells: Sequence[str]) -> int:
    """Estimate how many lines the longest cell takes; words do not fill each one."""
    widths = (width - 2 for width in _WIDTHS)
    return (
        max(ceil(len(cell) / width) for cell, width in zip(cells, widths, strict=False))
        or 1
    )


def printable(text: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
