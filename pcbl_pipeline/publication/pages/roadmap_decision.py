"""One decision of the roadmap: the states side by side, and evidence from the ground.

Evidence is linked by codes alone: reports on barriers that an action names or that are
about the same area of policy, and the edition's own lessons on that area.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import is_web_address
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.recommendation_views import AUDIENCES, area_slug
from pcbl_pipeline.publication.tables import PUB9_EVIDENCE, PUB10_RECOMMENDATIONS

_LESSONS = 5

Row = Mapping[str, Any]


@dataclass(frozen=True)
class DecisionView:
    """What states did about one decision, and what sites say that bears on it."""

    code: str
    #: Actions on this decision with labels, by state and day.
    actions: Sequence[Row]
    content: EditionContent
    labels: Labels
    messages: Messages

    @property
    def label(self) -> str:
        """The decision in words."""
        return self.labels.label("decision_point", self.code)

    @cached_property
    def area(self) -> str | None:
        """The area of policy that the decision belongs to, as its list says."""
        return self.labels.area_of_decision(self.code)

    @property
    def area_label(self) -> str:
        """The area of policy in words."""
        return self.labels.label("policy_area", self.area) if self.area else ""

    @property
    def equity(self) -> list[dict[str, Any]]:
        """The equity statements side by side, as the states gave them."""
        return [
            {**row, "groups": self._groups(row)}
            for row in self.actions
            if row["equity_statement"]
        ]

    def helpers(self, row: Row) -> str:
        """Return who supports the lead actor, in words."""
        codes = row["supporting_actors"] or ()
        return ", ".join(self.labels.label("lead_actor", code) for code in codes)

    def link(self, row: Row) -> str | None:
        """Return the address of an action's source, if it is one to link to."""
        address = row["citation_url"] or ""
        return address if is_web_address(address) else None

    def evidence(self, link: str) -> list[dict[str, Any]]:
        """Return the kinds of barriers that bear on the decision by a link."""
        frame = PUB9_EVIDENCE.conform(self.content.tables["pub9_evidence"])
        return [
            {**row, "kind": self._kind(row["barrier_type"])}
            for row in frame.to_dicts()
            if (row["decision_point"], row["link"]) == (self.code, link)
        ]

    @cached_property
    def lessons(self) -> list[dict[str, Any]]:
        """The area's lessons: corroborated first, then by evidence, then the newest."""
        lessons = self.content.lessons.lessons.to_dicts()
        own = [row for row in lessons if self.area and row["policy_area"] == self.area]
        return sorted(
            own,
            key=lambda row: (
                not row["corroborated"],
                row["evidence_tier"] or 9,
                -row["lesson_date"].toordinal(),
                row["public_id"],
            ),
        )

    @property
    def first_lessons(self) -> list[dict[str, Any]]:
        """The first few of them."""
        return self.lessons[:_LESSONS]

    @cached_property
    def recommended(self) -> list[tuple[str, str]]:
        """The audiences that sites recommend something to on the area, with where."""
        rows = self.content.tables.get(PUB10_RECOMMENDATIONS.name)
        if rows is None or self.area is None:
            return []
        told = set(rows.filter(rows["policy_area"] == self.area)["audience"])
        return [
            (audience, f"recommendations/index.html#{area_slug(audience, self.area)}")
            for audience in AUDIENCES
            if audience in told
        ]

    def _groups(self, row: Row) -> str:
        codes = row["equity_groups"] or ()
        return ", ".join(self.labels.label("student_group", code) for code in codes)

    def _kind(self, code: str) -> str:
        if code == "other":
            return self.messages.plain("roadmap.other_kinds")
        return self.labels.label("barrier_type", code)
