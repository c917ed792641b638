"""The page on peer exchange: each open request with the sites that could help, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import parts_of
from pcbl_pipeline.publication.pages.facets import facets_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import PUB8_MATCHES, PUB8_REQUESTS

#: Requests on one page of the list: keeps the page light.
REQUESTS_PER_PAGE = 100
#: Signs that speak for a host, besides its stage.
_SIGNS = ("same_locale", "shared_grades", "has_lesson")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ExchangeView:
    """Requests and hosts with labels and reasons."""

    content: EditionContent
    labels: Labels
    messages: Messages

    @cached_property
    def requests(self) -> list[dict[str, Any]]:
        """The open requests in the order of matching, each with its hosts."""
        frame = PUB8_REQUESTS.conform(self.content.tables["pub8_requests"])
        return [
            {
                **row,
                "who": self._who(row["site_name"], row["state_fips"]),
                "topic_label": self.labels.topic(row["topic"]),
                "element": self.labels.label("element_code", row["element_code"]),
                "urgency_label": self.labels.label("urgency", row["urgency"]),
                "matches": self._hosts.get(row["request"], []),
            }
            for row in frame.to_dicts()
        ]

    @property
    def matched(self) -> list[dict[str, Any]]:
        """The requests for which there is a host."""
        return [row for row in self.requests if row["matches"]]

    @property
    def unmatched(self) -> list[dict[str, Any]]:
        """The requests for which nobody offered to host."""
        return [row for row in self.requests if not row["matches"]]

    @property
    def finding(self) -> str:
        """For how many requests there is a host."""
        return self.messages.plain(
            "exchange.finding", matched=len(self.matched), requests=len(self.requests)
        )

    @cached_property
    def _hosts(self) -> dict[int, list[dict[str, Any]]]:
        frame = PUB8_MATCHES.conform(self.content.tables["pub8_matches"])
        hosts: dict[int, list[dict[str, Any]]] = {}
        for row in frame.sort("request", "rank").to_dicts():
            who = self._who(row["host_name"], row["host_state_fips"])
            host = {**row, "who": who, "why": self._reason(row)}
            hosts.setdefault(row["request"], []).append(host)
        return hosts

    def _who(self, name: str | None, state: str | None) -> str:
        if name is None:
            return self.messages.plain("exchange.unnamed")
        place = self.content.states.get(state or "", state or "")
        return self.messages.plain("exchange.site", site=name, state=place)

    def _reason(self, row: Row) -> str:
        stages = self.messages.plain(
            "exchange.reason_stage",
            element=self.labels.label("element_code", row["element_code"]),
            stage=row["stage"],
            host_stage=row["host_stage"],
        )
        signs = (
            self.messages.plain(f"exchange.reason_{name}")
            for name in _SIGNS
            if row[name]
        )
        return " ".join((stages, *signs))


def exchange_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the pages on peer exchange, if peers may answer any open request."""
    frame = content.tables.get("pub8_requests")
    if frame is None or frame.is_empty():
        return
    view = ExchangeView(content, labels, messages)
    parts = parts_of([*view.matched, *view.unmatched], REQUESTS_PER_PAGE)
    paths = [_path(number) for number in range(1, len(parts) + 1)]
    for number, requests in enumerate(parts, start=1):
        words = {"part": number, "parts": len(parts)}
        yield Page(
            path=_path(number),
            template="exchange.html",
            title=messages.plain(
                "exchange.title" if number == 1 else "exchange.title_part", **words
            ),
            description=messages.plain("exchange.description"),
            section="exchange",
            # The start pages tell it once.
            finding=view.finding if number == 1 else "",
            values={
                "view": view,
                "matched": [row for row in requests if row["matches"]],
                "unmatched": [row for row in requests if not row["matches"]],
                "part": number,
                "pages_of_list": paths,
            },
            facets=facets_of(
                frame.filter(
                    frame["request"].is_in([row["request"] for row in requests])
                ),
                element="element_code",
                state="state_fips",
            ),
        )


def _path(number: int) -> str:
    return "exchange/index.html" if number == 1 else f"exchange/part-{number}.html"
