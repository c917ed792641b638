"""The page on barriers and waivers: what weighs most, what was asked and decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_barriers import WeightBar, weight_bars
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.facets import facets_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import (
    PUB4_BARRIERS,
    PUB4_REQUESTS,
    PUB4_WAIVERS,
)

_ALL = "ALL"
_OTHER = "other"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class BarriersView:
    """The brief with labels and words."""

    content: EditionContent
    labels: Labels
    messages: Messages

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """All kinds together, then the kinds by weight."""
        rows = PUB4_BARRIERS.conform(self.content.tables["pub4_barriers"]).to_dicts()
        return [
            {
                **row,
                "label": self._kind(row["barrier_type"]),
                "severity": self.labels.label("barrier_severity", row["max_severity"]),
            }
            for row in rows
        ]

    @property
    def total(self) -> Row:
        """All kinds together."""
        return self.rows[0]

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The single kinds by weight; those that are counted together come last."""
        return sorted(self.rows[1:], key=lambda row: row["barrier_type"] == _OTHER)

    @cached_property
    def finding(self) -> str:
        """What weighs most, and how often the states said yes."""
        total = self.total
        words = [
            self.messages.plain(
                "barriers.finding", sites=total["sites"], reports=total["reports"]
            )
        ]
        named = [row for row in self.kinds if row["barrier_type"] != _OTHER]
        if named:
            heaviest = [
                self.messages.plain(
                    "barriers.finding_kind", kind=row["label"], count=row["sites"]
                )
                for row in named
                if row["weighted"] == named[0]["weighted"]
            ]
            words.append(
                self.messages.plain(
                    "barriers.finding_first", kinds=self.messages.listed(heaviest)
                )
            )
        return " ".join(words)

    @property
    def decisions(self) -> str:
        """What became of the requests, in a sentence."""
        total = self.total
        return self.messages.plain(
            "barriers.finding_decided",
            requests=total["requests"],
            decided=total["decided"],
            granted=total["granted"],
            answered=total["answered_by_action"],
        )

    @cached_property
    def chart(self) -> str | None:
        """The weight of each kind of barrier."""
        if not self.kinds:
            return None
        bars = [
            WeightBar(
                row["label"],
                row["weighted"],
                self.messages.plain("barriers.bar_note", count=row["sites"]),
            )
            for row in self.kinds
        ]
        text = ChartText(
            "chart-weights",
            self.messages.plain("barriers.chart_title"),
            self.messages.plain("barriers.chart_description", finding=self.finding),
        )
        return weight_bars(bars, text=text)

    @cached_property
    def requests(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """What was asked, for all kinds and by kind, each with its reports."""
        found: dict[str, dict[str, int]] = {}
        frame = PUB4_REQUESTS.conform(self.content.tables["pub4_requests"])
        for kind, request, reports in frame.iter_rows():
            found.setdefault(kind, {})[request] = reports
        order = [_ALL, *(row["barrier_type"] for row in self.kinds)]
        return [
            (
                self._kind(kind),
                [
                    (self.labels.label("request_type", code), found[kind][code])
                    for code in self.labels.in_order("request_type", found[kind])
                ],
            )
            for kind in order
            if kind in found
        ]

    @cached_property
    def waivers(self) -> list[dict[str, Any]]:
        """The register, line by line."""
        frame = PUB4_WAIVERS.conform(self.content.tables["pub4_waivers"])
        return [
            {
                **row,
                "area": self.labels.label("policy_area", row["policy_area"]),
                "state": self.content.states.get(row["state_fips"] or ""),
            }
            for row in frame.to_dicts()
        ]

    @property
    def names_sites(self) -> bool:
        """Whether any line of the register names a site."""
        return any(row["site_name"] for row in self.waivers)

    def _kind(self, code: str) -> str:
        if code == _ALL:
            return self.messages.plain("barriers.all")
        if code == _OTHER and self.content.edition != "agency":
            return self.messages.plain("barriers.other")
        return self.labels.label("barrier_type", code)


def barriers_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the page on barriers and waivers, if there is anything to say."""
    frame = content.tables.get("pub4_barriers")
    if frame is None or (
        frame.is_empty() and content.tables["pub4_waivers"].is_empty()
    ):
        return
    view = BarriersView(content, labels, messages)
    yield Page(
        path="barriers/index.html",
        template="barriers.html",
        title=messages.plain("barriers.title"),
        description=messages.plain("barriers.description"),
        section="barriers",
        finding="" if frame.is_empty() else view.finding,
        answers={} if frame.is_empty() else {"asked": view.decisions},
        values={
            "view": view,
            "has_kinds": not frame.is_empty(),
        },
        facets=facets_of(
            content.tables["pub4_waivers"], policy="policy_area", state="state_fips"
        ),
    )
