"""Recommendations with labels and words: by audience, by area, and by who leads.

What sites recommend stands whole, with the lesson that it is from. Who leads in an
area, and which barriers sites report there, are quoted from other tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import Digest, GroupView, LessonView
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.tables import (
    PUB9_DECISIONS,
    PUB9_EVIDENCE,
    PUB10_LEADS,
    PUB10_RECOMMENDATIONS,
    Table,
)

#: Readers in the order in which they are addressed.
AUDIENCES = ("state_agency", "district_leader")
_OTHER = "other"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Recommendation:
    """One recommendation: its text, its lesson, and the group that bears it out."""

    text: str
    lesson: LessonView
    group: GroupView


@dataclass(frozen=True)
class Lead:
    """Who led states' actions, and in how many actions of each area."""

    actor: str
    branch: str
    areas: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AreaAdvice:
    """What sites recommend to one audience on one area of policy."""

    audience: str
    area: str
    name: str
    items: tuple[Recommendation, ...]

    @property
    def slug(self) -> str:
        """Its name in addresses and anchors."""
        return area_slug(self.audience, self.area)

    def path(self, part: int = 1) -> str:
        """Return where a page with all of them is, from the edition's root."""
        number = "" if part == 1 else f"-{part}"
        return f"recommendations/{self.slug}{number}.html"


def area_slug(audience: str, area: str) -> str:
    """Return what an area is called in addresses and anchors, for one audience."""
    return f"{audience}-{area}".lower().replace("_", "-")


class RecommendationsView:
    """All recommendations of an edition with labels and words."""

    def __init__(
        self,
        content: EditionContent,
        digest: Digest,
        labels: Labels,
        messages: Messages,
    ) -> None:
        self._content = content
        self._digest = digest
        self._labels = labels
        self._t = messages

    @cached_property
    def advice(self) -> list[AreaAdvice]:
        """By audience, then by area in the order of its list."""
        found = [
            AreaAdvice(audience, area, self._area(area), tuple(map(self._told, rows)))
            for (audience, area), rows in groupby(
                self._rows(PUB10_RECOMMENDATIONS), key=_place
            )
        ]
        areas = self._labels.in_order("policy_area", (item.area for item in found))
        return sorted(
            found,
            key=lambda item: (
                AUDIENCES.index(item.audience),
                areas.index(item.area),
            ),
        )

    @property
    def by_audience(self) -> list[tuple[str, list[AreaAdvice]]]:
        """The areas of each audience that anything is recommended to."""
        return [
            (audience, list(areas))
            for audience, areas in groupby(self.advice, key=lambda item: item.audience)
        ]

    def on_area(self, area: str) -> list[AreaAdvice]:
        """Return what is recommended on an area, for each audience."""
        return [item for item in self.advice if item.area == area]

    def first(self, areas: Sequence[AreaAdvice]) -> str:
        """Return how much is recommended, and the text with the most sites behind it."""
        items = [item for area in areas for item in area.items]
        best = max(items, key=lambda item: item.group.sites)
        return self._t.plain(
            "recommendations.answer",
            count=len(items),
            text=best.text,
            site=best.lesson.row["site_label"],
        )

    @property
    def finding(self) -> str:
        """How much is recommended to whom, and how much of it is borne out."""
        items = {
            audience: [item for area in areas for item in area.items]
            for audience, areas in self.by_audience
        }
        state, district = (items.get(audience, []) for audience in AUDIENCES)
        return self._t.plain(
            "recommendations.finding",
            state=len(state),
            district=len(district),
            corroborated=sum(item.group.corroborated for item in (*state, *district)),
        )

    @cached_property
    def leads(self) -> list[Lead]:
        """Lead actors in the order of their list, where sites recommend something."""
        areas = {item.area for item in self.advice}
        by_actor: dict[str, list[Row]] = {}
        for row in self._rows(PUB10_LEADS):
            if row["policy_area"] in areas:
                by_actor.setdefault(row["lead_actor"], []).append(row)
        return [
            Lead(
                self._labels.label("lead_actor", code),
                self._t.plain(f"recommendations.branch.{by_actor[code][0]['branch']}"),
                tuple((row["policy_area"], row["actions"]) for row in by_actor[code]),
            )
            for code in self._labels.in_order("lead_actor", by_actor)
        ]

    def led_by(self, area: str) -> str:
        """Say who led the states' actions in an area, the most frequent first."""
        actors = [
            self._t.plain(
                "recommendations.led_item",
                actor=self._labels.label("lead_actor", row["lead_actor"]),
                actions=row["actions"],
            )
            for row in self._rows(PUB10_LEADS)
            if row["policy_area"] == area
        ]
        if not actors:
            return self._t.plain("recommendations.led_none")
        return self._t.plain("recommendations.led", actors=", ".join(actors))

    def barriers(self, area: str) -> list[tuple[str, int]]:
        """Return the kinds of barriers that sites report in an area, and how many."""
        # Each decision of the area has the same reports.
        of_area = [
            row
            for row in self._rows(PUB9_EVIDENCE)
            if row["link"] == "area"
            and self._labels.area_of_decision(row["decision_point"]) == area
        ]
        first = of_area[0]["decision_point"] if of_area else None
        return [
            (self._kind(row["barrier_type"]), row["sites"])
            for row in of_area
            if row["decision_point"] == first
        ]

    def decisions(self, area: str) -> list[tuple[str, str]]:
        """Return the decisions of an area as (label, path of its page)."""
        if not self._rows(PUB9_DECISIONS):
            return []
        return [
            (code.label, f"roadmap/{code.code.lower()}.html")
            for code in self._labels.codes("decision_point")
            if self._labels.area_of_decision(code.code) == area
        ]

    def _told(self, row: Row) -> Recommendation:
        lesson = self._digest.lessons[row["public_id"]]
        return Recommendation(
            row["recommendation"], lesson, self._digest.by_key[lesson.group_key]
        )

    def _rows(self, table: Table) -> Sequence[dict[str, Any]]:
        frame = self._content.tables.get(table.name, table.empty())
        return table.conform(frame).to_dicts()

    def _area(self, code: str) -> str:
        return self._labels.label("policy_area", code)

    def _kind(self, code: str) -> str:
        if code == _OTHER:
            return self._t.plain("roadmap.other_kinds")
        return self._labels.label("barrier_type", code)


def _place(row: Row) -> tuple[str, str]:
    return row["audience"], row["policy_area"]
