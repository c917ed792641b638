"""The page on the planning of help: what to share, who comes first, and did it help.

In the public edition it tells numbers alone, because the tables of single requests are
not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts_planning import MoveBar, move_bars
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import ALL_TOPICS, Labels
from pcbl_pipeline.publication.pages.measures import LEAST_FOR_PERCENT, whole
from pcbl_pipeline.publication.pages.planning_words import (
    REQUESTS,
    SESSIONS,
    PlanWords,
)
from pcbl_pipeline.publication.pages.render import Page
from pcbl_pipeline.publication.tables import (
    PUB2_FINDINGS,
    PUB2_MOVES,
    PUB2_PLAN,
    PUB2_REASONS,
)

_NO_HELP = "no_help"
MOVES = ("up", "same", "down", "full", "not_yet", "unknown")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PlanningView:
    """The plan in numbers, and what followed help, with labels and words."""

    content: EditionContent
    labels: Labels
    messages: Messages

    @cached_property
    def finding(self) -> str:
        """How much waits, and what could be shared."""
        rows = PUB2_PLAN.conform(self.content.tables["pub2_plan"]).to_dicts()
        if not rows or not rows[0]["requests"]:
            return self.messages.plain("planning.finding_none")
        return " ".join(self._found(rows[0]))

    def _found(self, plan: Row) -> Iterator[str]:
        t = self.messages.plain
        yield t(
            "planning.finding_requests", count=plan["requests"], sites=plan["sites"]
        )
        if plan["sessions"]:
            yield t(
                "planning.finding_sessions",
                count=plan["sessions"],
                sites=plan["session_sites"],
            )
        if plan["saving_usd"] is not None:
            yield t("planning.finding_saving", amount=plan["saving_usd"])

    @cached_property
    def reasons(self) -> list[tuple[str, int, int]]:
        """Each reason with the requests and sites for which it holds."""
        frame = PUB2_REASONS.conform(self.content.tables["pub2_reasons"])
        return [
            (self.messages.plain(f"planning.reasons.{reason}"), requests, sites)
            for reason, requests, sites in frame.iter_rows()
            if requests
        ]

    @cached_property
    def moves(self) -> list[dict[str, Any]]:
        """What followed help: all topics, no help, then by topic."""
        rows = PUB2_MOVES.conform(self.content.tables["pub2_moves"]).to_dicts()
        labelled = [{**row, "label": self._topic(row["topic"])} for row in rows]
        # The two that are compared stand together.
        return sorted(
            labelled,
            key=lambda row: (row["topic"] != ALL_TOPICS, row["topic"] != _NO_HELP),
        )

    @cached_property
    def moves_finding(self) -> str:
        """How many elements rose after help, and how many without."""
        by_topic = {row["topic"]: row for row in self.moves}
        helped, beside = by_topic.get(ALL_TOPICS), by_topic.get(_NO_HELP)
        if helped is None or not _could_rise(helped):
            return self.messages.plain("planning.moves_none")
        told: dict[str, object] = {"of": _could_rise(helped), "up": helped["up"]}
        if beside is None or beside["up_share"] is None:
            return self.messages.plain("planning.moves_alone", **told)
        told |= {"others": _could_rise(beside), "others_up": beside["up"]}
        told["pct"] = whole(100 * beside["up_share"])
        # A percent of a few says more than is known.
        if _could_rise(helped) < LEAST_FOR_PERCENT:
            return self.messages.plain("planning.moves_few", **told)
        told["own_pct"] = whole(100 * helped["up_share"])
        return self.messages.plain("planning.moves_finding", **told)

    @cached_property
    def chart(self) -> str | None:
        """Elements that rose, stayed or fell, by topic, where enough are known."""
        # A bar of one or two would look like much.
        rows = [row for row in self.moves if row["up_share"] is not None]
        if not rows:
            return None
        bars = [
            MoveBar(
                row["label"],
                *(row["up"], row["same"], row["down"]),
                self.messages.plain(
                    "planning.moves_of", up=row["up"], of=_could_rise(row)
                ),
            )
            for row in rows
        ]
        text = ChartText(
            "chart-moves",
            self.messages.plain("planning.moves_title"),
            self.messages.plain(
                "planning.moves_description", finding=self.moves_finding
            ),
        )
        return move_bars(bars, text=text)

    @property
    def findings(self) -> str:
        """What became of findings, with help on data systems and without."""
        rows = PUB2_FINDINGS.conform(self.content.tables["pub2_findings"]).to_dicts()
        by_kind = {row["kind"]: row for row in rows}
        if "helped" not in by_kind:
            return self.messages.plain("planning.findings_none")
        words = [self._cleared("planning.findings_told", by_kind["helped"])]
        if "not_helped" in by_kind:
            words.append(
                self._cleared("planning.findings_others", by_kind["not_helped"])
            )
        return " ".join(words)

    def _cleared(self, key: str, row: Row) -> str:
        told = {name: row[name] for name in ("fixed", "findings", "sites")}
        return self.messages.plain(key, **told)

    def _topic(self, code: str) -> str:
        names = {ALL_TOPICS: "planning.all", _NO_HELP: "planning.no_help"}
        if code in names:
            return self.messages.plain(names[code])
        return self.labels.topic(code)


def _could_rise(row: Row) -> int:
    return int(row["up"] + row["same"] + row["down"])


def planning_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the page on the planning of help, if there is anything to say."""
    names = ("pub2_plan", "pub2_reasons", "pub2_moves", "pub2_findings")
    if any(name not in content.tables for name in names):
        return
    if (
        content.tables["pub2_plan"].is_empty()
        and content.tables["pub2_moves"].is_empty()
    ):
        return
    view = PlanningView(content, labels, messages)
    tells_all = {"pub8_first", "pub8_sessions"} <= content.tables.keys()
    yield Page(
        path="planning/index.html",
        template="planning.html",
        title=messages.plain("planning.title"),
        description=messages.plain("planning.description"),
        section="planning",
        finding=view.finding,
        values={
            "view": view,
            "plan": PlanWords(content, labels, messages) if tells_all else None,
            "most_sessions": SESSIONS,
            "most_requests": REQUESTS,
            "moves": MOVES,
        },
    )
