"""One small chart per element: the stages of all sites over time, with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcbl_pipeline.publication.charts_progress import WindowBar, stage_panel
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels

#: Windows that a panel draws; the data files have all.
DRAWN = 4
_STAGES = range(5)

Row = Mapping[str, Any]
Window = tuple[str, str]


@dataclass(frozen=True)
class Panel:
    """One element's stages over time: a chart, and what it shows in a sentence."""

    element: str
    chart: str
    finding: str


def window_of(row: Row) -> Window:
    """Return a row's window as (school year, window)."""
    return row["school_year"], row["window"]


def window_name(labels: Labels, messages: Messages, window: Window) -> str:
    """Return what a window is called within a sentence."""
    year, code = window
    name = labels.label("window", code).lower()
    return messages.plain("progress.window", window=name, year=year)


def stage_panels(
    rows: Sequence[Row], newest: Sequence[Row], labels: Labels, messages: Messages
) -> list[Panel]:
    """Return a panel for each element of the newest window, in their order.

    Shape: `rows` and `newest` are rows of PUB3 with `element`, in the order of time.
    """
    words = _PanelWords(labels, messages)
    return [
        words.panel(row, [r for r in rows if r["element_code"] == row["element_code"]])
        for row in newest
    ]


@dataclass(frozen=True)
class _PanelWords:
    labels: Labels
    messages: Messages

    def panel(self, newest: Row, over_time: Sequence[Row]) -> Panel:
        rows = over_time[-DRAWN:]
        finding = self._finding(rows)
        words = {"element": newest["element"], "finding": finding}
        text = ChartText(
            f"chart-stages-{newest['element_code']}",
            self.messages.plain("progress.panel_chart_title", **words),
            self.messages.plain("progress.panel_chart_description", **words),
        )
        chart = stage_panel([self._bar(row) for row in rows], text=text)
        return Panel(newest["element"], chart, finding)

    def _finding(self, rows: Sequence[Row]) -> str:
        now, first = rows[-1], rows[0]
        words = {"sites": now["initial_plus"], "of": now["sites"]}
        if len(rows) == 1:
            return self.messages.plain("progress.panel_finding_one", **words)
        return self.messages.plain(
            "progress.panel_finding",
            **words,
            before_sites=first["initial_plus"],
            before_of=first["sites"],
            before=window_name(self.labels, self.messages, window_of(first)),
        )

    def _bar(self, row: Row) -> WindowBar:
        year = row["school_year"]
        return WindowBar(
            lines=(
                self.messages.plain(f"progress.windows_short.{row['window']}"),
                f"{year[2:4]}–{year[7:]}",  # noqa: RUF001 - a span of years
            ),
            shares=tuple(row[f"share_{stage}"] for stage in _STAGES),
            note=self.messages.plain(
                "progress.bar_note", sites=row["initial_plus"], of=row["sites"]
            ),
        )
