"""The chart of the mirror report: a site's stages beside the network's.

What does not belong here: the finding that the chart shows, which the report says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pcbl_pipeline.publication.drawing import (
    NOTE,
    PLOT_WIDTH,
    ChartText,
    Frame,
    chart_of,
    draw,
    length_scale,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, INK, PAPER

#: Room for a label of two lines.
_ROW_HEIGHT = 36
_NOTE_WIDTH = 130
_HIGHEST_STAGE = 4
#: So much of a stage lies on either side of a range, that one stage can be seen too.
_ROOM = 0.14


@dataclass(frozen=True)
class StageLane:
    """One element: the site now and at first, and the middle half of the network.

    `first` is None where the site rated it once, `middle` where nothing is published.
    """

    label: str
    now: int
    first: int | None
    middle: tuple[int, int] | None
    note: str


def stage_lanes(lanes: Sequence[StageLane], *, text: ChartText) -> str:
    """Draw one lane per element, from stage 0 to 4, in the order given."""
    names = [lane.label for lane in lanes]
    rows = alt.Y("label:N", **row_scale(names, grid=True))
    stages = length_scale(_HIGHEST_STAGE, grid=True)
    bands = chart_of(
        {
            "label": lane.label,
            "low": max(0, lane.middle[0] - _ROOM),
            "high": min(_HIGHEST_STAGE, lane.middle[1] + _ROOM),
        }
        for lane in lanes
        if lane.middle is not None
    )
    moves = chart_of(
        {"label": lane.label, "first": lane.first, "now": lane.now}
        for lane in lanes
        if lane.first is not None and lane.first != lane.now
    )
    own = chart_of({"label": x.label, "now": x.now, "note": x.note} for x in lanes)
    layers = [
        bands.mark_rule(strokeWidth=14, color=ACCENT, opacity=0.28).encode(
            x=alt.X("low:Q", **stages), x2=alt.X2("high:Q"), y=rows
        ),
        moves.mark_rule(strokeWidth=2, color=INK).encode(
            x=alt.X("first:Q"), x2=alt.X2("now:Q"), y=rows
        ),
        moves.mark_point(
            shape="circle", size=90, fill=PAPER, stroke=INK, strokeWidth=2, opacity=1
        ).encode(x=alt.X("first:Q"), y=rows),
        own.mark_point(
            shape="circle", size=150, fill=INK, stroke=PAPER, strokeWidth=2, opacity=1
        ).encode(x=alt.X("now:Q", **stages), y=rows),
        own.mark_text(**NOTE).encode(
            x=alt.value(PLOT_WIDTH), y=rows, text=alt.Text("note:N")
        ),
    ]
    height = _ROW_HEIGHT * len(lanes)
    frame = Frame(PLOT_WIDTH, height, top=10, right=_NOTE_WIDTH, bottom=30)
    return draw(layers, frame, text)
