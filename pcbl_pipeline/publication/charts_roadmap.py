"""The chart of the state roadmap: decisions by state, told apart by shape.

What does not belong here: the finding that the chart shows, which the page says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from pcbl_pipeline.publication.drawing import (
    FONT_SIZE,
    ChartText,
    Frame,
    chart_of,
    column_scale,
    draw,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, INK, MUTED, PAPER, WARM

_COLUMN_WIDTH = 110
_ROW_HEIGHT = 48
#: Where a decision stands: yes and in effect, yes but not (or no longer), and so on.
Standing = Literal["in_effect", "yes", "considering", "deferred", "no"]
#: Standing → shape, filling and outline, so that no colour is needed to read it.
_MARKS: Mapping[Standing, tuple[str, str, str]] = {
    "in_effect": ("circle", ACCENT, ACCENT),
    "yes": ("circle", PAPER, ACCENT),
    "considering": ("diamond", PAPER, MUTED),
    "deferred": ("square", PAPER, MUTED),
    "no": ("cross", WARM, WARM),
}


@dataclass(frozen=True)
class DecisionCell:
    """Where one state stands on one decision; `year` is that of the decision."""

    row: str
    column: str
    standing: Standing
    year: str


def decision_matrix(
    cells: Sequence[DecisionCell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    text: ChartText,
) -> str:
    """Draw decisions by state: one mark where a state has an action, and its year."""
    drawn = [
        {
            **vars(cell),
            **dict(
                zip(("shape", "fill", "stroke"), _MARKS[cell.standing], strict=True)
            ),
        }
        for cell in cells
    ]
    base = chart_of(drawn).encode(
        x=alt.X("column:N", **column_scale(columns)),
        y=alt.Y("row:N", **row_scale(rows, grid=True)),
    )
    marks = base.mark_point(size=210, strokeWidth=2, opacity=1, yOffset=-7).encode(
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("stroke:N", scale=None),
    )
    years = base.mark_text(
        fontSize=FONT_SIZE - 1, color=INK, baseline="top", dy=6
    ).encode(text="year:N")
    width, height = _COLUMN_WIDTH * len(columns), _ROW_HEIGHT * len(rows)
    return draw([marks, years], Frame(width, height, top=44, right=8, bottom=4), text)
