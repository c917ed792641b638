"""The chart of barriers: how heavily each kind weighs on the sites.

What does not belong here: the finding that the chart shows, which the page says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pcbl_pipeline.publication.drawing import (
    NOTE,
    ChartText,
    chart_of,
    draw,
    frame_of_rows,
    length_scale,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT

_NOTE_WIDTH = 190


@dataclass(frozen=True)
class WeightBar:
    """The weight of one kind of barrier; `note` says what stands behind it."""

    label: str
    weighted: int
    note: str


def weight_bars(bars: Sequence[WeightBar], *, text: ChartText) -> str:
    """Draw one bar per kind of barrier, in the order given."""
    longest = max(1, *(bar.weighted for bar in bars))
    base = chart_of(vars(bar) for bar in bars).encode(
        x=alt.X("weighted:Q", **length_scale(longest, grid=True)),
        y=alt.Y("label:N", **row_scale([bar.label for bar in bars])),
    )
    drawn = base.mark_bar(height=18, fill=ACCENT)
    notes = base.mark_text(**NOTE).encode(text="note:N")
    frame = frame_of_rows(len(bars), right=_NOTE_WIDTH)
    return draw([drawn, notes], frame, text)
