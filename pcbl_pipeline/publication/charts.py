"""The charts, each made for one question; words come in from the page.

What does not belong here: the finding that a chart shows and the table behind it,
which the page says, and any rounding of a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pcbl_pipeline.publication.drawing import (
    FONT_SIZE,
    NOTE,
    PLOT_WIDTH,
    ChartText,
    Frame,
    chart_of,
    column_scale,
    draw,
    frame_of_rows,
    length_scale,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, INK, ON_ACCENT, PAPER, WARM

_COLUMN_WIDTH = 96
_DOT_HEIGHT = 40
#: Room at the right of a plot for the words beside its marks.
_NOTE_WIDTH = 190


@dataclass(frozen=True)
class MatrixCell:
    """How many sites say something about one row and column."""

    row: str
    column: str
    sites: int
    corroborated: bool


@dataclass(frozen=True)
class RequestBar:
    """What became of the requests on one topic; `note` says it in words."""

    label: str
    met: int
    waiting: int
    note: str


@dataclass(frozen=True)
class DaysRange:
    """Days until help came: for half of the requests, and for nine in ten."""

    label: str
    median: float
    p90: float
    note: str


def corroboration_matrix(
    cells: Sequence[MatrixCell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    text: ChartText,
) -> str:
    """Draw sites by row and column: filled where corroborated, hollow where not."""
    base = chart_of(vars(cell) for cell in cells).encode(
        x=alt.X("column:N", **column_scale(columns)),
        y=alt.Y("row:N", **row_scale(rows, grid=True)),
    )
    most = max(2, *(cell.sites for cell in cells))
    area = alt.Scale(domain=[1, most], range=[380, 1100])
    filled = alt.datum.corroborated
    dots = base.mark_point(opacity=1, strokeWidth=2).encode(
        size=alt.Size("sites:Q", scale=area, legend=None),
        fill=alt.condition(filled, alt.value(ACCENT), alt.value(PAPER)),
        stroke=alt.value(ACCENT),
    )
    numbers = base.mark_text(
        fontSize=FONT_SIZE, fontWeight=600, baseline="middle"
    ).encode(
        text="sites:Q",
        color=alt.condition(filled, alt.value(ON_ACCENT), alt.value(INK)),
    )
    frame = Frame(
        _COLUMN_WIDTH * len(columns), _DOT_HEIGHT * len(rows), top=44, right=8, bottom=4
    )
    return draw([dots, numbers], frame, text)


def request_bars(bars: Sequence[RequestBar], *, text: ChartText) -> str:
    """Draw, per topic, the requests met and the requests waiting, end to end."""
    segments = [
        {"label": bar.label, "kind": kind, "from": start, "to": start + count}
        for bar in bars
        for kind, start, count in (
            ("met", 0, bar.met),
            ("waiting", bar.met, bar.waiting),
        )
        if count
    ]
    topics = alt.Y("label:N", **row_scale([bar.label for bar in bars]))
    longest = max(1, *(bar.met + bar.waiting for bar in bars))
    is_met = alt.datum.kind == "met"
    drawn = (
        chart_of(segments)
        .mark_bar(height=18, strokeWidth=1.5)
        .encode(
            x=alt.X("from:Q", **length_scale(longest, grid=False)),
            x2="to:Q",
            y=topics,
            fill=alt.condition(is_met, alt.value(ACCENT), alt.value(PAPER)),
            stroke=alt.condition(is_met, alt.value(ACCENT), alt.value(WARM)),
        )
    )
    notes = chart_of(
        {"label": bar.label, "at": bar.met + bar.waiting, "note": bar.note}
        for bar in bars
    )
    named = notes.mark_text(**NOTE).encode(x="at:Q", y=topics, text="note:N")
    return draw(
        [drawn, named], frame_of_rows(len(bars), right=_NOTE_WIDTH, top=4), text
    )


def days_ranges(
    ranges: Sequence[DaysRange], *, goal_days: int, goal_label: str, text: ChartText
) -> str:
    """Draw, per topic, the days from the median to the ninth request in ten."""
    longest = max(goal_days, *(item.p90 for item in ranges))
    days = alt.X("median:Q", **length_scale(longest, grid=True))
    base = chart_of(vars(item) for item in ranges).encode(
        y=alt.Y("label:N", **row_scale([item.label for item in ranges]))
    )
    lines = base.mark_rule(strokeWidth=4, color=ACCENT).encode(x=days, x2="p90:Q")
    ends = base.mark_tick(color=ACCENT, thickness=4, height=16, opacity=1)
    medians = base.mark_point(
        shape="circle", size=170, fill=ACCENT, stroke=PAPER, strokeWidth=2, opacity=1
    )
    # In one column at the right, clear of the goal's line.
    notes = base.mark_text(**NOTE).encode(x=alt.value(PLOT_WIDTH), text="note:N")
    goal = chart_of([{"at": goal_days, "note": goal_label}])
    goal_line = goal.mark_rule(color=WARM, strokeDash=[5, 4], strokeWidth=1.5)
    goal_name = goal.mark_text(y=-10, color=INK, fontSize=FONT_SIZE, baseline="bottom")
    layers = [
        goal_line.encode(x="at:Q"),
        goal_name.encode(x="at:Q", text="note:N"),
        lines,
        ends.encode(x="p90:Q"),
        medians.encode(x=days),
        notes,
    ]
    return draw(layers, frame_of_rows(len(ranges), right=_NOTE_WIDTH, top=28), text)
