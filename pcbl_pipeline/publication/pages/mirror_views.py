"""The mirror report in words: what page and PDF say of a site's own rows.

Every text is final here. What does not belong here: markup, and any computation
beyond choosing which rows are told.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.mirror_matches import (
    AlikeRow,
    LessonRow,
    MatchWords,
)
from pcbl_pipeline.publication.pages.mirror_rates import (
    SHOWN_ROWS,
    RatesView,
    RateWords,
)
from pcbl_pipeline.publication.pages.mirror_stages import StageView
from pcbl_pipeline.publication.site_edition import SiteContent
from pcbl_pipeline.publication.tables import Table
from pcbl_pipeline.publication.tables.mirror import (
    PUB7_BARRIERS,
    PUB7_EXPERIENCE,
    PUB7_INDEX,
    PUB7_LEARNING,
    PUB7_LESSONS,
    PUB7_NEAR_DUPLICATES,
    PUB7_OUTCOMES,
    PUB7_REQUESTS,
)

Row = Mapping[str, Any]


class MirrorView:
    """One site's mirror report in the words of a language."""

    def __init__(
        self, content: SiteContent, labels: Labels, messages: Messages
    ) -> None:
        self._content = content
        self._labels = labels
        self._t = messages

    @cached_property
    def stages(self) -> StageView:
        """The site's stages over time, and beside the network."""
        return StageView(self._content, self._labels, self._t)

    @cached_property
    def index_rows(self) -> list[tuple[str, str, str, str]]:
        """Window, own index, the network's quartiles, and where the site lies."""
        return [
            (
                self.stages.window_label((row["school_year"], row["window"])),
                self._points(row["site_index"]),
                self._quartiles(row),
                self._quarter(row),
            )
            for row in reversed(self._rows(PUB7_INDEX))
        ]

    @cached_property
    def outcomes(self) -> RatesView:
        """The newest year's outcomes for all students, then by group."""
        return RateWords(self._labels, self._t).outcomes(self._rows(PUB7_OUTCOMES))

    @cached_property
    def experience(self) -> RatesView:
        """The newest year's survey results for everybody asked, then by group."""
        return RateWords(self._labels, self._t).experience(self._rows(PUB7_EXPERIENCE))

    @cached_property
    def requests(self) -> list[tuple[str, ...]]:
        """Open requests: what, since when, how long, how urgent, with whom."""
        return [
            (
                self._labels.topic(row["topic"]),
                self._day(row["requested_on"]),
                self._t.plain("mirror.days", count=row["age_days"]),
                self._labels.label("urgency", row["urgency"]),
                self._needed(row),
                self._shared(row),
            )
            for row in self._rows(PUB7_REQUESTS)
        ]

    @cached_property
    def barriers(self) -> list[tuple[str, ...]]:
        """Open barriers: what, where it stands, since when, how long."""
        return [
            (
                self._labels.label("barrier_type", row["barrier_type"]),
                self._labels.label("policy_level", row["policy_level"]),
                self._labels.label("barrier_status", row["status"]),
                self._day(row["opened_on"]),
                self._t.plain("mirror.days", count=row["age_days"]),
            )
            for row in self._rows(PUB7_BARRIERS)
        ]

    @cached_property
    def lessons(self) -> list[tuple[str, list[LessonRow]]]:
        """Lessons by others under the kind of reason for which they are shown."""
        return MatchWords(self._labels, self._t).lessons(self._rows(PUB7_LESSONS))

    @cached_property
    def alike(self) -> list[AlikeRow]:
        """Own lessons that may say what another lesson says."""
        rows = self._rows(PUB7_NEAR_DUPLICATES)[:SHOWN_ROWS]
        return [MatchWords(self._labels, self._t).alike(row) for row in rows]

    @cached_property
    def learning(self) -> list[tuple[str, ...]]:
        """What educators learned: title, kind, element, year, hours, how many."""
        return [
            (
                row["award_title"],
                self._labels.label("award_type", row["award_type"]),
                self._element(row["element_code"]),
                row["school_year"],
                self._number(row["hours"]),
                self._number(row["n_started"]),
                self._number(row["n_completed"]),
            )
            for row in self._rows(PUB7_LEARNING)[:SHOWN_ROWS]
        ]

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """The numbers at a glance, as (number, what it counts)."""
        return list(self._figures())

    def _figures(self) -> Iterator[tuple[str, str]]:
        index = self._rows(PUB7_INDEX)
        if index and index[-1]["site_index"] is not None:
            yield (
                self._points(index[-1]["site_index"]),
                self._t.plain("mirror.figure_index"),
            )
        for name, rows in (("requests", self.requests), ("barriers", self.barriers)):
            key = f"mirror.figure_{name}"
            yield str(len(rows)), self._t.plain(key, count=len(rows))
        shown = sum(len(rows) for _, rows in self.lessons)
        yield str(shown), self._t.plain("mirror.figure_lessons", count=shown)

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        return self._content.table(table).to_dicts()

    def _element(self, code: str | None) -> str:
        if code is None:
            return self._t.plain("shell.none")
        return self._labels.label("element_code", code)

    def _quartiles(self, row: Row) -> str:
        if row["network_median"] is None:
            return self._t.plain("mirror.not_published")
        return self._t.plain(
            "mirror.quartiles",
            low=self._points(row["network_q1"]),
            median=self._points(row["network_median"]),
            high=self._points(row["network_q3"]),
            sites=row["network_sites"],
        )

    def _quarter(self, row: Row) -> str:
        if row["quarter"] is None:
            return self._t.plain("shell.none")
        return self._t.plain(f"mirror.quarter.q{row['quarter']}")

    def _needed(self, row: Row) -> str:
        if row["needed_by"] is None:
            return self._t.plain("shell.none")
        key = "mirror.needed_late" if row["is_late"] else "mirror.needed"
        return self._t.plain(key, day=self._day(row["needed_by"]))

    def _shared(self, row: Row) -> str:
        if row["session"] is None:
            return self._t.plain("shell.none")
        return self._t.plain(
            "mirror.shared_with", count=row["other_sites"], session=row["session"]
        )

    def _points(self, value: float | None) -> str:
        if value is None:
            return self._t.plain("shell.none")
        return self._t.number(value, digits=1)

    def _number(self, value: float | None) -> str:
        if value is None:
            return self._t.plain("shell.none")
        return self._t.number(value, digits=0 if value == int(value) else 1)

    def _day(self, day: date) -> str:
        return self._t.date(day)
