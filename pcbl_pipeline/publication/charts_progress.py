"""The charts of implementation progress: stages over time, and the site index.

What does not belong here: the finding that a chart shows, which the page says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from pcbl_pipeline.publication.drawing import (
    FONT_SIZE,
    NOTE,
    PLOT_WIDTH,
    ChartText,
    Frame,
    chart_of,
    draw,
    frame_of_rows,
    length_scale,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, INK, MUTED, PAPER, SOFT

_COLUMN = 58
_BAR = 34
_HEIGHT = 110
#: Colour and opacity of each stage, 0 to 4: darker is further, in light and in dark.
_SHADES = ((PAPER, 1), (SOFT, 1), (ACCENT, 0.3), (ACCENT, 0.62), (ACCENT, 1))
_NOTE_WIDTH = 190


@dataclass(frozen=True)
class WindowBar:
    """The shares of sites at stages 0 to 4 in one window; `lines` name the window."""

    lines: tuple[str, ...]
    shares: tuple[float, ...]
    #: How many sites have it in use, above the bar.
    note: str


@dataclass(frozen=True)
class IndexRange:
    """The middle half of a group's site index, if it is shown, and its median."""

    label: str
    q1: float | None
    median: float
    q3: float | None
    note: str


def stage_panel(bars: Sequence[WindowBar], *, text: ChartText) -> str:
    """Draw one bar per window, from full implementation at the foot to not started."""
    width = _COLUMN * len(bars)
    across = alt.Scale(domain=[0, width], nice=False, zero=False)
    up = alt.Scale(domain=[0, 1], nice=False, zero=True)
    segments = chart_of(
        segment for place, bar in enumerate(bars) for segment in _segments(place, bar)
    )
    boxes = segments.mark_rect(stroke=MUTED, strokeWidth=0.8).encode(
        x=alt.X("left:Q", scale=across, axis=None),
        x2="right:Q",
        y=alt.Y("low:Q", scale=up, axis=None),
        y2="high:Q",
        fill=alt.Fill("fill:N", scale=None),
        fillOpacity=alt.FillOpacity("opacity:Q", scale=None),
    )
    words = chart_of(
        {"at": _COLUMN * (place + 0.5), "lines": list(bar.lines), "note": bar.note}
        for place, bar in enumerate(bars)
    )
    at = alt.X("at:Q", scale=across, axis=None)
    names = words.mark_text(
        fontSize=FONT_SIZE, color=MUTED, baseline="top", lineHeight=16
    ).encode(x=at, y=alt.value(_HEIGHT + 8), text="lines:N")
    notes = words.mark_text(
        fontSize=FONT_SIZE, color=INK, fontWeight=600, baseline="bottom"
    ).encode(x=at, y=alt.value(-6), text="note:N")
    frame = Frame(width, _HEIGHT, top=24, right=2, bottom=42, left=2)
    return draw([boxes, names, notes], frame, text)


def index_ranges(ranges: Sequence[IndexRange], *, text: ChartText) -> str:
    """Draw, per group of sites, the middle half of the site index and its median."""
    points = alt.X("q1:Q", **length_scale(100, grid=True))
    # Where the ends are not shown the line has no length, so none is seen.
    rows = (
        {
            **vars(item),
            "q1": item.median if item.q1 is None else item.q1,
            "q3": item.median if item.q3 is None else item.q3,
        }
        for item in ranges
    )
    base = chart_of(rows).encode(
        y=alt.Y("label:N", **row_scale([item.label for item in ranges]))
    )
    lines = base.mark_rule(strokeWidth=10, color=ACCENT, opacity=0.35)
    medians = base.mark_point(
        shape="circle", size=170, fill=ACCENT, stroke=PAPER, strokeWidth=2, opacity=1
    )
    # In one column at the right, clear of every mark.
    notes = base.mark_text(**NOTE).encode(x=alt.value(PLOT_WIDTH), text="note:N")
    layers = [
        lines.encode(x=points, x2="q3:Q"),
        medians.encode(x=alt.X("median:Q")),
        notes,
    ]
    frame = frame_of_rows(len(ranges), right=_NOTE_WIDTH)
    return draw(layers, frame, text)


def _segments(place: int, bar: WindowBar) -> Iterator[dict[str, object]]:
    left = _COLUMN * place + (_COLUMN - _BAR) / 2
    foot = 0.0
    for stage in reversed(range(len(bar.shares))):
        share = bar.shares[stage]
        fill, opacity = _SHADES[stage]
        if share:
            yield {
                "left": left,
                "right": left + _BAR,
                "low": foot,
                "high": min(1.0, foot + share),
                "fill": fill,
                "opacity": opacity,
            }
        foot += share
