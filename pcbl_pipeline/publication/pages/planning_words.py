"""The plan of help in words: proposed sessions, and requests with their reasons.

Every text is final here. What does not belong here: which requests share a session and
in which order they come, which the summary has decided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.measures import whole
from pcbl_pipeline.publication.tables import PUB8_FIRST, PUB8_SESSIONS

#: Shown on the page; the data files have all.
SESSIONS = 20
REQUESTS = 40

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PlanWords:
    """What the page says of sessions and requests."""

    content: EditionContent
    labels: Labels
    messages: Messages

    @cached_property
    def requests(self) -> list[dict[str, Any]]:
        """The requests that wait, in order, each with who, what and why."""
        rows = PUB8_FIRST.conform(self.content.tables["pub8_first"]).to_dicts()
        return [
            {
                **row,
                "who": self._who(row["site_name"], row["state_fips"]),
                "topic_label": self.labels.topic(row["topic"]),
                "element": self.labels.label("element_code", row["element_code"]),
                "why": self._why(row),
            }
            for row in rows
        ]

    @cached_property
    def sessions(self) -> list[dict[str, Any]]:
        """The proposed sessions, by number."""
        rows = PUB8_SESSIONS.conform(self.content.tables["pub8_sessions"]).to_dicts()
        return [
            {
                **row,
                "topic_label": self.labels.topic(row["topic"]),
                "element": self.labels.label("element_code", row["element_code"]),
                "mode_label": self.labels.label("ta_mode", row["mode"]),
                "who": self._members(row["session"]),
                "way": self._way(row),
                "mentor": self._mentor(row),
                "saving": self._saving(row),
                "hours_words": self._decimal(row["hours"]),
                "usd": self._usd(row["saving_usd"]),
            }
            for row in rows
        ]

    def _why(self, row: Row) -> str:
        reasons = list(self._reasons(row))
        return " ".join(reasons) or self.messages.plain("planning.why_none")

    def _reasons(self, row: Row) -> Iterator[str]:
        t = self.messages.plain
        if row["is_late"]:
            yield t("planning.why_late", day=self.messages.date(row["needed_by"]))
        if row["is_urgent"]:
            yield t("planning.why_urgent")
        if row["is_old"]:
            yield t("planning.why_old", days=row["days_waiting"])
        if row["is_unhelped"]:
            yield t("planning.why_unhelped")
        if row["is_stuck"]:
            yield self._stuck(row["stage_before"], row["stage"])
        if row["is_blocked"]:
            yield t("planning.why_blocked", count=row["open_barriers"])
        if row["session"] is not None:
            yield t("planning.joins", number=row["session"])

    def _stuck(self, before: int | None, stage: int | None) -> str:
        if before is None or stage is None:
            return self.messages.plain("planning.why_not_risen")
        key = "planning.why_fell" if stage < before else "planning.why_stuck"
        return self.messages.plain(key, before=before, stage=stage)

    def _members(self, session: int) -> list[str]:
        own = [row for row in self.requests if row["session"] == session]
        told = [row["who"] for row in own if row["state_fips"]]
        unnamed = len({row["rank"] for row in own if not row["state_fips"]})
        names = list(dict.fromkeys(told))
        if unnamed:
            names.append(self.messages.plain("planning.unnamed", count=unnamed))
        return names

    def _who(self, name: str | None, state: str | None) -> str:
        if state is None:
            return self.messages.plain("planning.unnamed", count=1)
        place = self.content.states.get(state, state)
        if name is None:
            return self.messages.plain("planning.unnamed_in", state=place)
        return self.messages.plain("planning.site", site=name, state=place)

    def _way(self, row: Row) -> str:
        mode = self.labels.label("ta_mode", row["mode"])
        return self.messages.plain(
            f"planning.way_{row['mode_basis']}", mode=mode, states=row["states"]
        )

    def _mentor(self, row: Row) -> str:
        if not row["has_mentor"]:
            return self.messages.plain("planning.mentor_none")
        first, stage = row["mentor_stage_first"], row["mentor_stage"]
        has_moved = first is not None and first < stage
        return self.messages.plain(
            f"planning.mentor_{'moved' if has_moved else 'stayed'}",
            who=self._who(row["mentor_name"], row["mentor_state_fips"]),
            element=self.labels.label("element_code", row["element_code"]),
            first=first,
            year=row["mentor_year_first"],
            stage=stage,
            fits=row["mentor_fits"],
            sites=row["sites"],
        )

    def _saving(self, row: Row) -> str:
        t = self.messages.plain
        if row["saving_usd"] is None:
            return t(f"planning.no_saving.{row['no_saving']}")
        coverage = whole(100 * row["cost_coverage"])
        parts = (
            t(
                "planning.saves_sum",
                amount=row["saving_usd"],
                hours=self._decimal(row["hours"]),
                spared=row["sites"] - 1,
                sites=row["sites"],
                cost=self.messages.number(row["cost_per_site_hour"], digits=2),
            ),
            t(f"planning.hours_{row['hours_basis']}", events=row["hours_events"]),
            t(
                f"planning.cost_{row['cost_basis']}",
                events=row["cost_events"],
                pct=coverage,
            ),
        )
        return " ".join(parts)

    def _decimal(self, value: float | None) -> str | None:
        if value is None:
            return None
        digits = next(n for n in (0, 1, 2) if n == 2 or value == round(value, n))
        return self.messages.number(value, digits=digits)

    def _usd(self, value: int | None) -> str | None:
        if value is None:
            return None
        return self.messages.plain("planning.usd", amount=value)
