"""The pages of the state roadmap: the comparison, and one page for each decision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_roadmap import (
    DecisionCell,
    Standing,
    decision_matrix,
)
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.facets import facets_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.pages.roadmap_decision import DecisionView
from pcbl_pipeline.publication.pages.roadmap_logic import LogicView, logic_page
from pcbl_pipeline.publication.tables import (
    PUB9_ACTIONS,
    PUB9_DECISIONS,
    PUB9_LEADS,
    PUB9_SUPPORTS,
    Table,
)

#: Code list → columns of `pub9_actions` and others that are shown by its labels.
_LABELLED = {
    "decision_point": "decision_point",
    "decision": "decision",
    "status": "action_status",
    "lead_actor": "lead_actor",
    "support_category": "support_category",
    "mechanism": "mechanism",
}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class RoadmapView:
    """The comparison of states with labels and words."""

    content: EditionContent
    labels: Labels
    messages: Messages

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table's rows with the labels of their codes beside them."""
        frame = table.conform(self.content.tables[table.name])
        return [self._labelled(row) for row in frame.to_dicts()]

    @cached_property
    def decisions(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Each state's latest decision, by decision point and state."""
        return {
            (row["decision_point"], row["state_fips"]): row
            for row in self.rows(PUB9_DECISIONS)
        }

    @cached_property
    def states(self) -> list[tuple[str, str]]:
        """The states with an action, by name: code and name."""
        codes = {fips for _, fips in self.decisions}
        return sorted(
            ((code, self._state(code)) for code in codes), key=lambda item: item[1]
        )

    @cached_property
    def points(self) -> list[tuple[str, str]]:
        """All decision points in the order of their list: code and label."""
        known = [code.code for code in self.labels.codes("decision_point")]
        more = (point for point, _ in self.decisions if point not in known)
        codes = dict.fromkeys([*known, *more])
        return [(code, self.labels.label("decision_point", code)) for code in codes]

    @cached_property
    def finding(self) -> str:
        """The decision that most states have taken."""
        yes = [r for r in self.decisions.values() if r["decision"] == "decided_yes"]
        if not yes:
            return self.messages.plain("roadmap.finding_none", states=len(self.states))
        counts = {
            label: sum(row["decision_point"] == code for row in yes)
            for code, label in self.points
        }
        most = max(counts.values())
        first = [f"“{label}”" for label, count in counts.items() if count == most]
        return self.messages.plain(
            "roadmap.finding",
            states=len(self.states),
            all=len(counts),
            decided=sum(count > 0 for count in counts.values()),
            first=self.messages.listed(first),
            first_states=self.messages.plain("lessons.counts.states", count=most),
        )

    @cached_property
    def money(self) -> str | None:
        """What the states' supports cost, as far as that is known."""
        if not self.supports:
            return None
        actions = sum(row["actions"] for row in self.supports)
        # The coverage is a rounded share of whole actions.
        paid = sum(round(r["amount_coverage"] * r["actions"]) for r in self.supports)
        usd = sum(row["amount_usd"] or 0 for row in self.supports)
        if not paid:
            return self.messages.plain("roadmap.finding_money_none", actions=actions)
        key = "finding_money_all" if paid == actions else "finding_money"
        return self.messages.plain(
            f"roadmap.{key}", usd=self.messages.number(usd), paid=paid, actions=actions
        )

    @cached_property
    def chart(self) -> str:
        """Decisions by state."""
        names = dict(self.states)
        cells = [
            DecisionCell(
                row["decision_point_label"],
                names[row["state_fips"]],
                _standing(row),
                str(row["decided_on"].year) if row["decided_on"] else "",
            )
            for row in self.decisions.values()
        ]
        text = ChartText(
            "chart-roadmap",
            self.messages.plain("roadmap.chart_title"),
            self.messages.plain("roadmap.chart_description", finding=self.finding),
        )
        return decision_matrix(
            cells,
            rows=[label for _, label in self.points],
            columns=list(names.values()),
            text=text,
        )

    @cached_property
    def timeline(self) -> list[tuple[int, list[dict[str, Any]]]]:
        """What was decided, by year, in the order of days."""
        dated = [row for row in self.rows(PUB9_ACTIONS) if row["decided_on"]]
        dated.sort(key=lambda row: (row["decided_on"], row["state_fips"]))
        years: dict[int, list[dict[str, Any]]] = {}
        for row in dated:
            day: date = row["decided_on"]
            years.setdefault(day.year, []).append(row)
        return list(years.items())

    @cached_property
    def leads(self) -> list[dict[str, Any]]:
        """Who led, by decision."""
        return self.rows(PUB9_LEADS)

    @cached_property
    def supports(self) -> list[dict[str, Any]]:
        """Supports in effect, those in most states first."""
        return self.rows(PUB9_SUPPORTS)

    def amount(self, row: Row) -> str | None:
        """Return what supports cost, and for what part of the actions that is known."""
        if row["amount_usd"] is None:
            return None
        return self.messages.plain(
            "roadmap.amount",
            usd=self.messages.number(row["amount_usd"]),
            pct=self.messages.number(100 * row["amount_coverage"]),
        )

    @cached_property
    def logic(self) -> LogicView:
        """The logic model, and what the network has on each part of it."""
        actions = self.rows(PUB9_ACTIONS)
        return LogicView(self.content, self.labels, self.messages, actions)

    def _state(self, code: str) -> str:
        return self.content.states.get(code, code)

    def _labelled(self, row: Row) -> dict[str, Any]:
        labels = {
            f"{column}_label": self.labels.label(code_list, row[column])
            for column, code_list in _LABELLED.items()
            if column in row
        }
        state = self._state(row["state_fips"]) if "state_fips" in row else None
        if "title" in row and row["title"] is None:
            row = {**row, "title": self.messages.plain("roadmap.title_held")}
        return {**row, **labels, "state": state}


def roadmap_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the comparison and a page for each decision, if a state sent any action."""
    frame = content.tables.get("pub9_decisions")
    if frame is None or frame.is_empty():
        return
    view = RoadmapView(content, labels, messages)
    yield Page(
        path="roadmap/index.html",
        template="roadmap.html",
        title=messages.plain("roadmap.title"),
        description=messages.plain("roadmap.description"),
        section="roadmap",
        finding=view.finding,
        answers={"supports": view.money} if view.money else {},
        values={"view": view, "path_of": _path},
        facets=facets_of(
            content.tables["pub9_actions"], policy="policy_area", state="state_fips"
        ),
    )
    yield logic_page(view.logic, messages)
    actions = view.rows(PUB9_ACTIONS)
    for code, label in view.points:
        own = [row for row in actions if row["decision_point"] == code]
        decision = DecisionView(code, own, content, labels, messages)
        yield Page(
            path=f"roadmap/{_path(code)}",
            template="decision.html",
            title=label,
            description=messages.plain("roadmap.decision_description", decision=label),
            section="roadmap",
            values={"view": decision},
            facets={
                "policy": (decision.area,) if decision.area else (),
                "state": tuple(sorted({row["state_fips"] for row in own})),
            },
        )


def _path(code: str) -> str:
    return f"{code.lower()}.html"


def _standing(row: Row) -> Standing:
    if row["decision"] == "decided_yes":
        return "in_effect" if row["status"] == "in_effect" else "yes"
    if row["decision"] == "decided_no":
        return "no"
    return "deferred" if row["decision"] == "deferred" else "considering"
