"""The logic model: inputs, activities and outcomes, and what the network has on each.

States say which part an action is about; the other tables of the edition say what else
there is. What does not belong here: any claim that one part has led to the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import PUB9_LOGIC

PARTS = ("inputs", "activities", "outcomes")
_ALL = "ALL"

Row = Mapping[str, Any]
#: What there is, in words, and where it stands.
Found = tuple[str, str]


@dataclass(frozen=True)
class LogicPart:
    """One part of the logic model."""

    code: str
    label: str
    description: str
    #: The part's row of PUB9: states, actions, in_effect.
    counts: Row
    #: What the network has on it.
    has: tuple[Found, ...]
    #: What states did about it, with labels.
    actions: tuple[Row, ...]


@dataclass(frozen=True)
class LogicView:
    """The parts of the logic model in their order, in the words of a language."""

    content: EditionContent
    labels: Labels
    messages: Messages
    #: All actions with labels, by state and day.
    actions: Sequence[Row]

    @cached_property
    def parts(self) -> list[LogicPart]:
        """The parts in their order."""
        rows = {row["logic_component"]: row for row in self._table(PUB9_LOGIC.name)}
        has = {
            "inputs": self._inputs(),
            "activities": self._activities(),
            "outcomes": self._outcomes(),
        }
        return [
            LogicPart(
                code=code,
                label=self.labels.label("logic_component", code),
                description=self.labels.description("logic_component", code) or "",
                counts=rows.get(code, {"states": 0, "actions": 0, "in_effect": 0}),
                has=tuple(has[code]),
                actions=tuple(
                    row for row in self.actions if row["logic_component"] == code
                ),
            )
            for code in PARTS
        ]

    @property
    def finding(self) -> str:
        """How many actions are about which part."""
        counts = {part.code: part.counts["actions"] for part in self.parts}
        return self.messages.plain(
            "roadmap.logic.finding", all=sum(counts.values()), **counts
        )

    def _inputs(self) -> Iterator[Found]:
        supports = self._table("pub9_supports")
        if supports:
            yield self._count("supports", len(supports), "roadmap/index.html#supports")
        waivers = self._table("pub4_waivers")
        if waivers:
            in_force = sum(not row["has_ended"] for row in waivers)
            yield self._count("waivers", in_force, "barriers/index.html#waivers")
        for row in self._table("pub4_barriers")[:1]:
            yield self._count("barriers", row["reports"], "barriers/index.html")
        events = sum(
            int(year.topics.filter(pl.col("topic") == _ALL)["events"].sum())
            for year in self.content.assistance
        )
        yield self._count("events", events, "assistance/index.html")

    def _activities(self) -> Iterator[Found]:
        for row in self._table("pub10_participation")[:1]:
            yield self._count("sites", row["sites"], "annual/index.html")
        elements = self._table("pub3_elements")
        if elements:
            rated = len({row["element_code"] for row in elements})
            yield self._count("elements", rated, "progress/index.html")
        yield self._count(
            "lessons", self.content.lessons.lessons.height, "lessons/index.html"
        )
        awards = self._table("pub10_awards")
        if awards:
            number = sum(row["awards"] for row in awards)
            yield self._count("awards", number, "annual/index.html")
        matches = self._table("pub8_matches")
        if matches:
            matched = len({row["request"] for row in matches})
            yield self._count("matches", matched, "exchange/index.html")

    def _outcomes(self) -> Iterator[Found]:
        outcomes = self._table("pub5_outcomes")
        if outcomes:
            metrics = len({row["metric_code"] for row in outcomes})
            yield self._count("metrics", metrics, "outcomes/index.html")
        surveys = self._table("pub6_experience")
        if surveys:
            asked = len({row["construct_code"] for row in surveys})
            yield self._count("constructs", asked, "experience/index.html")

    def _count(self, key: str, count: int, path: str) -> Found:
        return self.messages.plain(f"roadmap.logic.has_{key}", count=count), path

    def _table(self, name: str) -> list[dict[str, Any]]:
        frame = self.content.tables.get(name)
        return [] if frame is None else frame.to_dicts()


def logic_page(view: LogicView, messages: Messages) -> Page:
    """Return the page of the logic model."""
    return Page(
        path="roadmap/logic.html",
        template="logic.html",
        title=messages.plain("roadmap.logic.heading"),
        description=messages.plain("roadmap.logic.text"),
        section="roadmap",
        values={"view": view},
    )
