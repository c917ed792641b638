"""The chart of what followed help: which elements rose, stayed or fell.

What does not belong here: the finding that the chart shows, which the page says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pcbl_pipeline.publication.drawing import (
    NOTE,
    PLOT_WIDTH,
    ChartText,
    chart_of,
    draw,
    frame_of_rows,
    length_scale,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, PAPER, WARM

_NOTE_WIDTH = 190
_FILLS = alt.Scale(domain=["up", "same", "down"], range=[ACCENT, PAPER, WARM])


@dataclass(frozen=True)
class MoveBar:
    """How many elements rose, stayed and fell; `note` says it in words."""

    label: str
    up: int
    same: int
    down: int
    note: str


def move_bars(bars: Sequence[MoveBar], *, text: ChartText) -> str:
    """Draw each bar as shares of 100, so that few and many can be compared."""
    segments = [segment for bar in bars for segment in _segments(bar)]
    rows = alt.Y("label:N", **row_scale([bar.label for bar in bars]))
    fell = alt.datum.kind == "down"
    drawn = (
        chart_of(segments)
        .mark_bar(height=18, strokeWidth=1.5)
        .encode(
            x=alt.X("from:Q", **length_scale(100, grid=False)),
            x2="to:Q",
            y=rows,
            fill=alt.Fill("kind:N", scale=_FILLS, legend=None),
            stroke=alt.condition(fell, alt.value(WARM), alt.value(ACCENT)),
        )
    )
    notes = chart_of({"label": bar.label, "note": bar.note} for bar in bars)
    named = notes.mark_text(**NOTE).encode(
        x=alt.value(PLOT_WIDTH), y=rows, text="note:N"
    )
    frame = frame_of_rows(len(bars), right=_NOTE_WIDTH)
    return draw([drawn, named], frame, text)


def _segments(bar: MoveBar) -> list[dict[str, object]]:
    counts = {"up": bar.up, "same": bar.same, "down": bar.down}
    whole, start = sum(counts.values()), 0
    segments: list[dict[str, object]] = []
    for kind, count in counts.items():
        if count:
            ends = {"from": 100 * start / whole, "to": 100 * (start + count) / whole}
            segments.append({"label": bar.label, "kind": kind, **ends})
        start += count
    return segments
