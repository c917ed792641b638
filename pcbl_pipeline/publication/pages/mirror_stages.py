"""A site's stages in words: over time, the steps it took, and beside the network.

Every text is final here. What does not belong here: markup, and any computation beyond
choosing which rows are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_mirror import StageLane, stage_lanes
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.mirror_rates import SHOWN_ROWS, window_words
from pcbl_pipeline.publication.site_edition import SiteContent
from pcbl_pipeline.publication.tables.mirror import PUB7_STAGES

#: Windows that stand side by side on the page; the data files have all.
SHOWN_WINDOWS = 8
_IN_USE = 3

Row = Mapping[str, Any]
Window = tuple[str, str]


@dataclass(frozen=True)
class ElementRow:
    """One element's stages in the windows that are shown; None: not rated then."""

    label: str
    stages: tuple[int | None, ...]
    is_priority: bool
    #: Where the network's sites stand in the newest window.
    network: str


class StageView:
    """One site's stages in the words of a language."""

    def __init__(
        self, content: SiteContent, labels: Labels, messages: Messages
    ) -> None:
        self._labels = labels
        self._t = messages
        self._rows: list[dict[str, Any]] = content.table(PUB7_STAGES).to_dicts()

    @cached_property
    def windows(self) -> list[Window]:
        """The windows that are shown, oldest first, as (school year, window)."""
        seen = {_window(row): row["window_end"] for row in self._rows}
        return sorted(seen, key=lambda name: seen[name])[-SHOWN_WINDOWS:]

    def window_label(self, window: Window) -> str:
        """Return what a window is called."""
        return window_words(self._labels, self._t, *window)

    @cached_property
    def elements(self) -> list[ElementRow]:
        """The rated elements in the order of their list."""
        return [
            ElementRow(
                self._element(code),
                tuple(_stage(rows.get(window)) for window in self.windows),
                bool(rows.get(self._newest, {}).get("is_priority_next")),
                self._network(rows.get(self._newest)),
            )
            for code, rows in self._by_element.items()
        ]

    @cached_property
    def moves(self) -> list[str]:
        """The steps taken, the newest first: which element went where, and when."""
        moved = [row for row in self._rows if row["change"]]
        moved.sort(key=lambda row: row["element_code"])
        moved.sort(key=lambda row: row["window_end"], reverse=True)
        return [self._move(row) for row in moved[:SHOWN_ROWS]]

    @cached_property
    def finding(self) -> str:
        """Say in a sentence where the elements stand in the newest window."""
        if not self.windows:
            return self._t.plain("mirror.stages_none")
        return self._t.plain(
            "mirror.stages_finding",
            window=self.window_label(self._newest),
            in_use=sum(row["stage"] >= _IN_USE for row in self._now),
            rated=len(self._now),
            up=sum((row["change"] or 0) > 0 for row in self._now),
            down=sum((row["change"] or 0) < 0 for row in self._now),
        )

    @cached_property
    def chart_finding(self) -> str:
        """Say how many elements lie below and above the middle of the network."""
        compared = [row for row in self._now if row["network_q1"] is not None]
        if not compared:
            return self._t.plain("mirror.lanes_alone", rated=len(self._now))
        return self._t.plain(
            "mirror.lanes_finding",
            compared=len(compared),
            below=sum(row["stage"] < row["network_q1"] for row in compared),
            above=sum(row["stage"] > row["network_q3"] for row in compared),
        )

    @property
    def chart_title(self) -> str:
        """What the chart is called."""
        return self._t.plain("mirror.lanes_title")

    @property
    def chart_description(self) -> str:
        """What the chart shows, for readers who do not see it."""
        return self._t.plain("mirror.lanes_description", finding=self.chart_finding)

    @cached_property
    def chart(self) -> str:
        """Each element now and at first, beside the middle half of the network."""
        lanes = [
            self._lane(code, rows)
            for code, rows in self._by_element.items()
            if self._newest in rows
        ]
        text = ChartText("chart-lanes", self.chart_title, self.chart_description)
        return stage_lanes(lanes, text=text)

    @property
    def _newest(self) -> Window:
        return self.windows[-1] if self.windows else ("", "")

    @cached_property
    def _now(self) -> list[dict[str, Any]]:
        return [row for row in self._rows if _window(row) == self._newest]

    @cached_property
    def _by_element(self) -> dict[str, dict[Window, Row]]:
        found: dict[str, dict[Window, Row]] = {}
        for row in self._rows:
            found.setdefault(row["element_code"], {})[_window(row)] = row
        codes = self._labels.in_order("element_code", found)
        return {code: found[code] for code in codes}

    def _lane(self, code: str, rows: Mapping[Window, Row]) -> StageLane:
        now = rows[self._newest]
        first = next(rows[window] for window in self.windows if window in rows)
        has_moved = first["stage"] != now["stage"]
        words = {"now": str(now["stage"]), "first": str(first["stage"])}
        note = "mirror.lane_moved" if has_moved else "mirror.lane"
        return StageLane(
            label=self._element(code),
            now=now["stage"],
            first=first["stage"] if has_moved else None,
            middle=_middle(now),
            note=self._t.plain(note, **words),
        )

    def _network(self, row: Row | None) -> str:
        if row is None or row["network_q1"] is None:
            return self._t.plain("mirror.not_published")
        low, high = row["network_q1"], row["network_q3"]
        key = "mirror.middle_one" if low == high else "mirror.middle"
        return self._t.plain(
            key, low=str(low), high=str(high), sites=row["network_sites"]
        )

    def _element(self, code: str) -> str:
        return self._labels.label("element_code", code)

    def _move(self, row: Row) -> str:
        values = {
            "element": self._element(row["element_code"]),
            "before": str(row["stage"] - row["change"]),
            "after": str(row["stage"]),
            "window": self.window_label(_window(row)),
        }
        if row["stage_since"] is None:
            return self._t.plain("mirror.move", **values)
        day = self._t.date(row["stage_since"])
        return self._t.plain("mirror.move_since", **values, day=day)


def _window(row: Row) -> Window:
    return row["school_year"], row["window"]


def _stage(row: Row | None) -> int | None:
    return None if row is None else row["stage"]


def _middle(row: Row) -> tuple[int, int] | None:
    if row["network_q1"] is None:
        return None
    return row["network_q1"], row["network_q3"]
