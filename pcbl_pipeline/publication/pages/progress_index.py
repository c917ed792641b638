"""The site index by group of sites: its middle half, as a chart and in a sentence."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_progress import IndexRange, index_ranges
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.progress_panels import window_name, window_of
from pcbl_pipeline.publication.tables import PUB3_INDEX

Row = Mapping[str, Any]


class IndexView:
    """The site index of the newest window that has one."""

    def __init__(
        self, content: EditionContent, labels: Labels, messages: Messages
    ) -> None:
        self._frame = PUB3_INDEX.conform(content.tables["pub3_index"])
        self._labels = labels
        self._t = messages

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """All sites first, then the groups; none where there is no index yet."""
        rows = self._frame.to_dicts()
        newest = [row for row in rows if window_of(row) == window_of(rows[-1])]
        return [{**row, "label": self._group(row)} for row in newest]

    @property
    def window(self) -> str:
        """The window in words."""
        return window_name(self._labels, self._t, window_of(self.rows[0]))

    @property
    def finding(self) -> str:
        """Between which points half of the sites lie, in a sentence."""
        total = self.rows[0]
        names = ["median"] if total["q1"] is None else ["q1", "q3"]
        key = "index_finding_few" if total["q1"] is None else "index_finding"
        return self._t.plain(
            f"progress.{key}",
            sites=total["sites"],
            **{name: self._number(total[name]) for name in names},
        )

    @cached_property
    def rise(self) -> str:
        """Where the middle site stands, and where it stood in the first window."""
        totals = [r for r in self._frame.to_dicts() if r["group_kind"] == "all"]
        first, last = totals[0], totals[-1]
        words = {"last": self.window, "now": self._number(last["median"])}
        if window_of(first) == window_of(last):
            return self._t.plain("progress.index_now", **words)
        return self._t.plain(
            "progress.index_rise",
            first=window_name(self._labels, self._t, window_of(first)),
            before=self._number(first["median"]),
            **words,
        )

    @property
    def has_few(self) -> bool:
        """Whether any group is so small that only its median is shown."""
        return any(row["q1"] is None for row in self.rows)

    @cached_property
    def chart(self) -> str:
        """The middle half of the site index by group of sites."""
        ranges = [
            IndexRange(
                label=row["label"],
                q1=row["q1"],
                median=row["median"],
                q3=row["q3"],
                note=self._t.plain(
                    "progress.index_note",
                    median=self._number(row["median"]),
                    sites=row["sites"],
                ),
            )
            for row in self.rows
        ]
        words = {"finding": f"{self.rise} {self.finding}"}
        text = ChartText(
            "chart-index",
            self._t.plain("progress.index_chart_title"),
            self._t.plain("progress.index_chart_description", **words),
        )
        return index_ranges(ranges, text=text)

    def _group(self, row: Row) -> str:
        if (kind := row["group_kind"]) == "all":
            return self._t.plain("progress.group_all")
        key = f"progress.group_{kind}_{row['group']}"
        if key in self._t.texts:
            return self._t.plain(key)
        # A cohort is called as the sites call it.
        return str(row["group"])

    def _number(self, value: float) -> str:
        return self._t.number(value, digits=1)
