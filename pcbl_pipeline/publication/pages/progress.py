"""The page on implementation progress: stages over time, and where it stalls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_progress import (
    IndexRange,
    WindowBar,
    index_ranges,
    stage_panel,
)
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.facets import facets_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import PUB3_ELEMENTS, PUB3_INDEX, PUB3_SITES

#: Windows that a panel draws; the data files have all.
_DRAWN = 4
_STAGES = range(5)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """One element's stages over time: a chart, and what it shows in a sentence."""

    element: str
    chart: str
    finding: str


@dataclass(frozen=True)
class ProgressView:
    """Implementation progress with labels and words."""

    content: EditionContent
    labels: Labels
    messages: Messages

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per window and element, in the order of time."""
        rows = PUB3_ELEMENTS.conform(self.content.tables["pub3_elements"]).to_dicts()
        return [self._named(row) for row in rows]

    @cached_property
    def windows(self) -> list[tuple[str, str]]:
        """The windows in the order of time, as (school year, window)."""
        return list(dict.fromkeys(map(_window, self.rows)))

    @cached_property
    def newest(self) -> list[dict[str, Any]]:
        """The newest window's rows, in the order of the code list."""
        return [row for row in self.rows if _window(row) == self.windows[-1]]

    @property
    def newest_name(self) -> str:
        """The newest window in words."""
        return self._window_name(*self.windows[-1])

    @cached_property
    def earlier_names(self) -> list[str]:
        """The drawn windows in words, the newest last."""
        return [self._window_name(*item) for item in self.windows[-_DRAWN:]]

    @cached_property
    def trend(self) -> list[tuple[str, list[Row | None]]]:
        """Each element with its row in each drawn window, where it has one."""
        found = {(row["element_code"], _window(row)): row for row in self.rows}
        return [
            (
                row["element"],
                [found.get((row["element_code"], w)) for w in self.windows[-_DRAWN:]],
            )
            for row in self.newest
        ]

    @cached_property
    def finding(self) -> str:
        """How far the pilot is, in two sentences."""
        ranked = sorted(
            self.newest,
            key=lambda row: (-row["share_initial_plus"], row["element_code"]),
        )
        first, last = ranked[0], ranked[-1]
        return self.messages.plain(
            "progress.finding",
            window=self.newest_name,
            first=first["element"],
            first_sites=first["initial_plus"],
            first_of=first["sites"],
            last=last["element"],
            last_sites=last["initial_plus"],
            last_of=last["sites"],
        )

    @cached_property
    def stall(self) -> str | None:
        """Where the fewest sites moved up; None where nothing can be compared."""
        compared = [
            row
            for row in self.newest
            if row["moved_up"] is not None and row["stage_4"] < row["sites"]
        ]
        if not compared:
            return None
        row = min(
            compared,
            key=lambda item: (
                item["moved_up"],
                -(item["median_months"] or 0),
                item["element_code"],
            ),
        )
        words = {
            "element": row["element"],
            "sites": row["moved_up_sites"],
            "of": row["rated_in_both"],
            "before": self._window_name(
                row["previous_school_year"], row["previous_window"]
            ),
        }
        if row["median_months"] is None:
            return self.messages.plain("progress.stall", **words)
        return self.messages.plain(
            "progress.stall_months", **words, months=row["median_months"]
        )

    @cached_property
    def panels(self) -> list[Panel]:
        """One small chart per element of the newest window."""
        return [self._panel(row) for row in self.newest]

    @cached_property
    def index(self) -> list[dict[str, Any]]:
        """The site index of the newest window that has one, by group."""
        rows = PUB3_INDEX.conform(self.content.tables["pub3_index"]).to_dicts()
        newest = [row for row in rows if _window(row) == _window(rows[-1])]
        return [{**row, "label": self._group(row)} for row in newest]

    @property
    def index_window(self) -> str:
        """The window of the site index in words."""
        return self._window_name(*_window(self.index[0]))

    @property
    def index_finding(self) -> str:
        """The middle of the site index, in a sentence."""
        total = self.index[0]
        return self.messages.plain(
            "progress.index_finding",
            sites=total["sites"],
            q1=self.messages.number(total["q1"], digits=1),
            q3=self.messages.number(total["q3"], digits=1),
            median=self.messages.number(total["median"], digits=1),
        )

    @cached_property
    def index_chart(self) -> str:
        """The middle half of the site index by group of sites."""
        return index_ranges(
            [
                IndexRange(
                    label=row["label"],
                    q1=row["q1"],
                    median=row["median"],
                    q3=row["q3"],
                    note=self.messages.plain(
                        "progress.index_note",
                        median=self.messages.number(row["median"], digits=1),
                        sites=row["sites"],
                    ),
                )
                for row in self.index
            ],
            text=self._text("index", "index", finding=self.index_finding),
        )

    @cached_property
    def sites(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Sites to ask, by element; none in an edition that names nobody."""
        frame = self.content.tables.get("pub3_sites", PUB3_SITES.empty())
        by_element: dict[str, list[dict[str, Any]]] = {}
        for row in PUB3_SITES.conform(frame).to_dicts():
            named = self._named(row) | {
                "state": self.content.states.get(row["state_fips"], row["state_fips"]),
                "stage_label": self.labels.label("stage_code", row["stage"]),
            }
            by_element.setdefault(named["element"], []).append(named)
        return list(by_element.items())

    def _panel(self, newest: Row) -> Panel:
        code = newest["element_code"]
        rows = [row for row in self.rows if row["element_code"] == code][-_DRAWN:]
        finding = self._panel_finding(rows)
        bars = [self._bar(row) for row in rows]
        text = self._text(
            f"stages-{code}", "panel", element=newest["element"], finding=finding
        )
        return Panel(newest["element"], stage_panel(bars, text=text), finding)

    def _panel_finding(self, rows: Sequence[Row]) -> str:
        now, first = rows[-1], rows[0]
        words = {"sites": now["initial_plus"], "of": now["sites"]}
        if len(rows) == 1:
            return self.messages.plain("progress.panel_finding_one", **words)
        return self.messages.plain(
            "progress.panel_finding",
            **words,
            before_sites=first["initial_plus"],
            before_of=first["sites"],
            before=self._window_name(*_window(first)),
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

    def _named(self, row: Row) -> dict[str, Any]:
        return {
            **row,
            "element": self.labels.label("element_code", row["element_code"]),
        }

    def _window_name(self, school_year: str, window: str) -> str:
        name = self.labels.label("window", window).lower()
        return self.messages.plain("progress.window", window=name, year=school_year)

    def _group(self, row: Row) -> str:
        if (kind := row["group_kind"]) == "all":
            return self.messages.plain("progress.group_all")
        key = f"progress.group_{kind}_{row['group']}"
        if key in self.messages.texts:
            return self.messages.plain(key)
        # A cohort is called as the sites call it.
        return str(row["group"])

    def _text(self, chart_id: str, words: str, **values: object) -> ChartText:
        return ChartText(
            f"chart-{chart_id}",
            self.messages.plain(f"progress.{words}_chart_title", **values),
            self.messages.plain(f"progress.{words}_chart_description", **values),
        )


def progress_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the page on implementation progress, if any window can be shown."""
    frame = content.tables.get("pub3_elements")
    if frame is None or frame.is_empty():
        return
    view = ProgressView(content, labels, messages)
    yield Page(
        path="progress/index.html",
        template="progress.html",
        title=messages.plain("progress.title"),
        description=messages.plain("progress.description"),
        section="progress",
        finding=view.finding,
        values={
            "view": view,
            "has_index": not content.tables["pub3_index"].is_empty(),
            "stages": [(stage, labels.label("stage_code", stage)) for stage in _STAGES],
            "swatches": ("start", "explore", "install", "initial", "full"),
        },
        facets=facets_of(content.tables["pub3_elements"], element="element_code"),
    )


def _window(row: Row) -> tuple[str, str]:
    return row["school_year"], row["window"]
