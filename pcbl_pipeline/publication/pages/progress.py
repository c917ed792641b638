"""The pages on implementation progress: stages over time, and where it stalls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import parts_of
from pcbl_pipeline.publication.pages.facets import facets_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.progress_index import IndexView
from pcbl_pipeline.publication.pages.progress_panels import (
    DRAWN,
    Panel,
    stage_panels,
    window_name,
    window_of,
)
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import PUB3_ELEMENTS, PUB3_SITES

_STAGES = range(5)
#: Named sites on one page of the list: keeps the page light.
SITES_PER_PAGE = 500

Row = Mapping[str, Any]


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
        return list(dict.fromkeys(map(window_of, self.rows)))

    @cached_property
    def newest(self) -> list[dict[str, Any]]:
        """The newest window's rows, in the order of the code list."""
        return [row for row in self.rows if window_of(row) == self.windows[-1]]

    @property
    def newest_name(self) -> str:
        """The newest window in words."""
        return self._window_name(*self.windows[-1])

    @cached_property
    def earlier_names(self) -> list[str]:
        """The drawn windows in words, the newest last."""
        return [self._window_name(*item) for item in self.windows[-DRAWN:]]

    @cached_property
    def trend(self) -> list[tuple[str, list[Row | None]]]:
        """Each element with its row in each drawn window, where it has one."""
        found = {(row["element_code"], window_of(row)): row for row in self.rows}
        return [
            (
                row["element"],
                [found.get((row["element_code"], w)) for w in self.windows[-DRAWN:]],
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
        if first["share_initial_plus"] == last["share_initial_plus"]:
            return self.messages.plain(
                "progress.finding_same",
                window=self.newest_name,
                sites=first["initial_plus"],
                of=first["sites"],
            )
        return self.messages.plain(
            "progress.finding",
            window=self.newest_name,
            first=self._tied(first),
            first_sites=first["initial_plus"],
            first_of=first["sites"],
            last=self._tied(last),
            last_sites=last["initial_plus"],
            last_of=last["sites"],
        )

    def _tied(self, row: Row) -> str:
        """Return the elements with the same share, as a list of names."""
        share = row["share_initial_plus"]
        tied = [r["element"] for r in self.newest if r["share_initial_plus"] == share]
        return self.messages.listed([f"“{name}”" for name in tied])

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

    @property
    def panels(self) -> list[Panel]:
        """One small chart per element of the newest window."""
        return stage_panels(self.rows, self.newest, self.labels, self.messages)

    @cached_property
    def index(self) -> IndexView:
        """The site index of the newest window that has one."""
        return IndexView(self.content, self.labels, self.messages)

    @cached_property
    def site_parts(self) -> list[list[tuple[str, list[dict[str, Any]]]]]:
        """Sites to ask, by element, in parts of the list.

        None in an edition that names nobody. An element that is cut stands in both.
        """
        frame = self.content.tables.get("pub3_sites", PUB3_SITES.empty())
        rows = [self._site(row) for row in PUB3_SITES.conform(frame).to_dicts()]
        return [
            [(name, list(own)) for name, own in groupby(part, itemgetter("element"))]
            for part in parts_of(rows, SITES_PER_PAGE)
        ]

    def _site(self, row: Row) -> dict[str, Any]:
        return self._named(row) | {
            "state": self.content.states.get(row["state_fips"], row["state_fips"]),
            "stage_label": self.labels.label("stage_code", row["stage"]),
        }

    def _named(self, row: Row) -> dict[str, Any]:
        return {
            **row,
            "element": self.labels.label("element_code", row["element_code"]),
        }

    def _window_name(self, school_year: str, window: str) -> str:
        return window_name(self.labels, self.messages, (school_year, window))


def progress_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the pages on implementation progress, if any window can be shown."""
    frame = content.tables.get("pub3_elements")
    if frame is None or frame.is_empty():
        return
    view = ProgressView(content, labels, messages)
    parts = view.site_parts
    paths = [_path(number) for number in range(1, len(parts) + 1)]
    yield Page(
        path=_path(1),
        template="progress.html",
        title=messages.plain("progress.title"),
        description=messages.plain("progress.description"),
        section="progress",
        finding=view.finding,
        answers=dict(_answers(view)),
        values={
            "view": view,
            "stages": [(stage, labels.label("stage_code", stage)) for stage in _STAGES],
            "swatches": ("start", "explore", "install", "initial", "full"),
            "sites": parts[0] if parts else [],
            "part": 1,
            "pages_of_list": paths,
        },
        facets=facets_of(content.tables["pub3_elements"], element="element_code"),
    )
    for number, sites in enumerate(parts[1:], start=2):
        yield Page(
            path=_path(number),
            template="progress_sites.html",
            title=messages.plain("progress.ask_part", part=number, parts=len(parts)),
            description=messages.plain("progress.ask_text"),
            section="progress",
            values={
                "view": view,
                "sites": sites,
                "part": number,
                "pages_of_list": paths,
            },
        )


def _path(number: int) -> str:
    """Return where a part of the list of sites is; the first is on the main page."""
    return "progress/index.html" if number == 1 else f"progress/sites-{number}.html"


def _answers(view: ProgressView) -> Iterator[tuple[str, str]]:
    """Yield what the page answers, by its anchors."""
    if view.stall:
        yield "now", view.stall
    if view.index.rows:
        yield "index", view.index.rise
