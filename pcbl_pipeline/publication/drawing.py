"""How our charts are drawn: sizes, axes, and from a specification to an image.

Every size is fixed here, so that a drawing does not depend on the fonts of the
machine that renders it. What a chart shows is in `charts`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert as vlc

from pcbl_pipeline.publication.svg import INK, LINE, MUTED, page_svg

LABEL_WIDTH = 200
ROW_HEIGHT = 46
PLOT_WIDTH = 330
FONT_SIZE = 13
#: A text beside a mark.
NOTE: dict[str, Any] = {
    "align": "left",
    "dx": 12,
    "baseline": "middle",
    "fontSize": FONT_SIZE,
    "color": INK,
}
_LABEL_CHARACTERS = 28
_COLUMN_CHARACTERS = 14
_AXIS: dict[str, Any] = {
    "title": None,
    "domain": False,
    "ticks": False,
    "gridColor": LINE,
    "labelAngle": 0,
    "labelLimit": 0,
    "labelFontSize": FONT_SIZE,
    "labelLineHeight": 16,
}


@dataclass(frozen=True)
class ChartText:
    """What a chart is called and what it shows, for readers who do not see it."""

    chart_id: str
    title: str
    description: str


@dataclass(frozen=True)
class Frame:
    """The plot's size and the room around it, in pixels."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int = LABEL_WIDTH


def frame_of_rows(count: int, *, right: int, top: int = 4) -> Frame:
    """Return the frame of a chart with one row per thing, and notes at the right."""
    return Frame(PLOT_WIDTH, ROW_HEIGHT * count, top=top, right=right, bottom=30)


def chart_of(rows: Iterable[Mapping[str, object]]) -> alt.Chart:
    """Begin a chart over some rows."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def row_scale(names: Sequence[str], *, grid: bool = False) -> dict[str, Any]:
    """Return scale and axis of rows in a given order, labels left as in a table."""
    axis = alt.Axis(
        **_AXIS,
        grid=grid,
        labelColor=INK,
        labelExpr=_in_lines(_LABEL_CHARACTERS),
        labelAlign="left",
        labelPadding=LABEL_WIDTH - 4,
    )
    return {**_in_order(names), "axis": axis}


def column_scale(names: Sequence[str]) -> dict[str, Any]:
    """Return scale and axis of columns in a given order, labels on top."""
    axis = alt.Axis(
        **_AXIS,
        grid=True,
        orient="top",
        labelColor=INK,
        labelExpr=_in_lines(_COLUMN_CHARACTERS),
        labelPadding=24,
    )
    return {**_in_order(names), "axis": axis}


def length_scale(longest: float, *, grid: bool) -> dict[str, Any]:
    """Return scale and axis of whole numbers from 0 on."""
    axis = alt.Axis(
        **_AXIS,
        grid=grid,
        labelColor=MUTED,
        labelFlush=False,
        labelPadding=8,
        tickMinStep=1,
        tickCount=5,
    )
    return {"scale": alt.Scale(domain=[0, longest], nice=True, zero=True), "axis": axis}


def draw(layers: Sequence[alt.Chart], frame: Frame, text: ChartText) -> str:
    """Draw layers over each other and return the image for a page."""
    whole = alt.LayerChart(
        layer=list(layers),
        width=frame.width,
        height=frame.height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={
            "left": frame.left,
            "top": frame.top,
            "right": frame.right,
            "bottom": frame.bottom,
        },
        background="transparent",
        config=alt.Config(view=alt.ViewConfig(stroke=None)),
    )
    # Tests hold every chart's specification against the schema; here that takes as
    # long as drawing it.
    specification = whole.to_dict(validate=False)
    drawing = vlc.vegalite_to_svg(json.dumps(specification, sort_keys=True))
    return page_svg(
        drawing, chart_id=text.chart_id, title=text.title, description=text.description
    )


def _in_order(names: Sequence[str]) -> dict[str, Any]:
    return {"sort": list(names), "scale": alt.Scale(domain=list(names))}


def _in_lines(characters: int) -> str:
    """Return the Vega expression that breaks a label between words."""
    # A run of at most so many characters that ends at a blank becomes one line.
    pattern = f"/(.{{1,{characters}}})(?: +|$)/g"
    return f"split(trim(replace(datum.label, {pattern}, '$1\\\\n')), '\\\\n')"
