"""The tile map: one square per state, where it roughly lies; the network's stand out.

A tile map gives small states the room of large ones. What does not belong here: the
numbers, which come in written, and the table behind the map, which the page has.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.svg import (
    ACCENT,
    LINE,
    MUTED,
    ON_ACCENT,
    PAPER,
    page_svg,
)

_SIDE = 48
_GAP = 4
_STEP = _SIDE + _GAP
_SVG = "http://www.w3.org/2000/svg"
#: Rows from north to south; a state is its postal code and its FIPS code.
_ROWS = """
AK02 .... .... .... .... .... .... .... .... .... ME23
.... .... .... .... .... .... .... .... .... VT50 NH33
WA53 ID16 MT30 ND38 MN27 IL17 WI55 MI26 NY36 RI44 MA25
OR41 NV32 WY56 SD46 IA19 IN18 OH39 PA42 NJ34 CT09 ....
CA06 UT49 CO08 NE31 MO29 KY21 WV54 VA51 MD24 DE10 ....
.... AZ04 NM35 KS20 AR05 TN47 NC37 SC45 DC11 .... ....
.... .... .... OK40 LA22 MS28 AL01 GA13 .... .... ....
HI15 .... .... TX48 .... .... .... .... FL12 .... PR72
"""
#: Territories that the map has no place for stand in a row of their own below it.
_FURTHER = {"60": "AS", "66": "GU", "69": "MP", "78": "VI"}


@dataclass(frozen=True)
class StateTile:
    """What stands on a state's tile, for instance its number of sites."""

    fips: str
    figure: str


def state_places() -> Mapping[str, tuple[int, int, str]]:
    """Return FIPS code → row, column and postal code of every tile."""
    rows = [row.split() for row in _ROWS.strip().splitlines()]
    places = {
        cell[2:]: (row, column, cell[:2])
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell != "...."
    }
    for column, (fips, postal) in enumerate(_FURTHER.items()):
        places[fips] = (len(rows), column, postal)
    return places


def tile_map(tiles: Sequence[StateTile], *, text: ChartText) -> str:
    """Draw all states, those of the network filled and with their figure."""
    own = {tile.fips: tile.figure for tile in tiles}
    # The row of further territories is drawn only where the network has one.
    shown = {
        fips: place
        for fips, place in state_places().items()
        if fips not in _FURTHER or fips in own
    }
    width = _STEP * (1 + max(column for _, column, _ in shown.values())) + _GAP
    height = _STEP * (1 + max(row for row, _, _ in shown.values())) + _GAP
    root = ET.Element(
        f"{{{_SVG}}}svg",
        {
            "width": str(width),
            "height": str(height),
            "viewBox": f"0 0 {width} {height}",
        },
    )
    for fips, (row, column, postal) in sorted(shown.items()):
        _tile(root, (_GAP + column * _STEP, _GAP + row * _STEP), postal, own.get(fips))
    return page_svg(
        ET.tostring(root, encoding="unicode"),
        chart_id=text.chart_id,
        title=text.title,
        description=text.description,
    )


def _tile(
    root: ET.Element, corner: tuple[int, int], postal: str, figure: str | None
) -> None:
    left, top = corner
    mine = figure is not None
    box = {"x": left, "y": top, "width": _SIDE, "height": _SIDE, "rx": 3}
    look = {"fill": ACCENT if mine else PAPER, "stroke": ACCENT if mine else LINE}
    ET.SubElement(
        root,
        f"{{{_SVG}}}rect",
        {**{name: str(value) for name, value in box.items()}, **look},
    )
    middle = left + _SIDE // 2
    if figure is None:
        _words(root, (middle, top + _SIDE // 2 + 4), postal, 12, MUTED)
        return
    _words(root, (middle, top + 17), postal, 12, ON_ACCENT)
    _words(root, (middle, top + 38), figure, 18, ON_ACCENT)


def _words(
    root: ET.Element, at: tuple[int, int], words: str, size: int, colour: str
) -> None:
    place = {"x": str(at[0]), "y": str(at[1]), "text-anchor": "middle"}
    look = {"font-size": str(size), "font-weight": "600", "fill": colour}
    element = ET.SubElement(root, f"{{{_SVG}}}text", {**place, **look})
    element.text = words
