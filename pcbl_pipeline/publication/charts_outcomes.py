"""The charts of outcomes and experience: bands, drawn as the ranges that they are.

A band of 21 to 39 percent is a bar from 21 to 39, never a dot at 30. What does not
belong here: the finding that a chart shows and the table behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from pcbl_pipeline.publication.drawing import (
    FONT_SIZE,
    NOTE,
    PLOT_WIDTH,
    ChartText,
    Frame,
    chart_of,
    draw,
    row_scale,
)
from pcbl_pipeline.publication.svg import ACCENT, INK, LINE, MUTED

_ROW_HEIGHT = 42
_BAR_HEIGHT = 12
_NOTE_WIDTH = 170
#: A single percent would be a line without a width.
_HALF = 0.75
_COLUMN_WIDTH, _COLUMN_SPACE = 140, 44
_SMALL_ROW = 40
_TITLE_CHARACTERS = 22


@dataclass(frozen=True)
class BandRange:
    """What is known of one row: the ends of its percent band; None: hidden."""

    label: str
    span: tuple[int, int] | None
    note: str


@dataclass(frozen=True)
class SmallRange:
    """One row of one of several small charts side by side."""

    column: str
    row: str
    span: tuple[int, int]


def band_ranges(
    ranges: Sequence[BandRange], *, everyone: tuple[int, int] | None, text: ChartText
) -> str:
    """Draw one bar per row from 0 to 100 %, and behind them where everyone stands."""
    labels = alt.Y("label:N", **row_scale([item.label for item in ranges]))
    bars = chart_of(
        _ends(item.span) | {"label": item.label} for item in ranges if item.span
    )
    notes = chart_of({"label": item.label, "note": item.note} for item in ranges)
    height = _ROW_HEIGHT * len(ranges)
    layers = [
        *_everyone([everyone] if everyone else [], height, _percent_scale()),
        bars.mark_bar(height=_BAR_HEIGHT, fill=ACCENT).encode(
            x=alt.X("from:Q", **_percent_scale()), x2="to:Q", y=labels
        ),
        notes.mark_text(**NOTE).encode(
            x=alt.value(PLOT_WIDTH), y=labels, text="note:N"
        ),
    ]
    frame = Frame(PLOT_WIDTH, height, top=8, right=_NOTE_WIDTH, bottom=30)
    return draw(layers, frame, text)


def small_ranges(
    ranges: Sequence[SmallRange],
    *,
    columns: Sequence[str],
    rows: Sequence[str],
    everyone: Sequence[tuple[int, int] | None],
    text: ChartText,
) -> str:
    """Draw a small chart per column, all with the same rows and the same scale.

    Shape: `everyone` has one item per column.
    """
    place = {name: number for number, name in enumerate(columns)}
    width = len(columns) * (_COLUMN_WIDTH + _COLUMN_SPACE)
    height = _SMALL_ROW * len(rows)
    bars = chart_of(
        {
            "row": item.row,
            **{
                end: _across(place[item.column], value)
                for end, value in _ends(item.span).items()
            },
        }
        for item in ranges
    )
    across = alt.Scale(domain=[0, width], range=[0, width])
    behind = [
        (_across(number, ends[0]), _across(number, ends[1]))
        for number, ends in enumerate(everyone)
        if ends is not None
    ]
    layers = [
        *_everyone(behind, height, {"scale": across, "axis": None}),
        _lines(len(columns), height, across),
        bars.mark_bar(height=_BAR_HEIGHT - 2, fill=ACCENT).encode(
            x=alt.X("from:Q", scale=across, axis=None),
            x2="to:Q",
            y=alt.Y("row:N", **row_scale(rows, grid=True)),
        ),
        _titles(columns, across),
        _ticks(len(columns), height, across),
    ]
    frame = Frame(width, height, top=54, right=4, bottom=26)
    return draw(layers, frame, text)


def _ends(span: tuple[int, int]) -> dict[str, Any]:
    start, end = span
    if start == end:
        return {"from": max(0, start - _HALF), "to": min(100, end + _HALF)}
    return {"from": start, "to": end}


def _across(column: int, percent: float) -> float:
    return column * (_COLUMN_WIDTH + _COLUMN_SPACE) + percent * _COLUMN_WIDTH / 100


def _percent_scale() -> dict[str, Any]:
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        grid=True,
        gridColor=LINE,
        labelColor=MUTED,
        labelFontSize=FONT_SIZE,
        labelPadding=8,
        values=[0, 25, 50, 75, 100],
        labelExpr="datum.label + '%'",
    )
    return {"scale": alt.Scale(domain=[0, 100]), "axis": axis}


def _everyone(
    spans: Sequence[tuple[float, float]], height: int, scale: dict[str, Any]
) -> list[alt.Chart]:
    if not spans:
        return []
    rows = [{"a": max(0, low - _HALF), "b": high + _HALF} for low, high in spans]
    return [
        chart_of(rows)
        .mark_rect(fill=MUTED, opacity=0.35)
        .encode(
            x=alt.X("a:Q", **scale),
            x2="b:Q",
            y=alt.value(0),
            y2=alt.value(height),
        )
    ]


def _lines(columns: int, height: int, scale: alt.Scale) -> alt.Chart:
    rows = [{"at": _across(n, p)} for n in range(columns) for p in (0, 50, 100)]
    drawn: alt.Chart = (
        chart_of(rows)
        .mark_rule(color=LINE)
        .encode(
            x=alt.X("at:Q", scale=scale, axis=None),
            y=alt.value(0),
            y2=alt.value(height),
        )
    )
    return drawn


def _titles(columns: Sequence[str], scale: alt.Scale) -> alt.Chart:
    rows = [{"at": _across(n, 0), "name": name} for n, name in enumerate(columns)]
    pattern = f"/(.{{1,{_TITLE_CHARACTERS}}})(?: +|$)/g"
    in_lines = f"split(trim(replace(datum.name, {pattern}, '$1\\\\n')), '\\\\n')"
    drawn: alt.Chart = (
        chart_of(rows)
        .transform_calculate(lines=in_lines)
        .mark_text(
            align="left",
            baseline="top",
            fontSize=FONT_SIZE,
            fontWeight=600,
            lineHeight=15,
            color=INK,
            y=-48,
        )
        .encode(x=alt.X("at:Q", scale=scale, axis=None), text="lines:N")
    )
    return drawn


def _ticks(columns: int, height: int, scale: alt.Scale) -> alt.Chart:
    rows = [
        {"at": _across(n, percent), "name": f"{percent}%"}
        for n in range(columns)
        for percent in (0, 50, 100)
    ]
    drawn: alt.Chart = (
        chart_of(rows)
        .mark_text(baseline="top", fontSize=FONT_SIZE - 2, color=MUTED)
        .encode(
            x=alt.X("at:Q", scale=scale, axis=None),
            y=alt.value(height + 8),
            text="name:N",
        )
    )
    return drawn
