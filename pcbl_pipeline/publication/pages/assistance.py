"""The page on technical assistance: the newest school year, the one before beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.charts import (
    DaysRange,
    RequestBar,
    days_ranges,
    request_bars,
)
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import AssistanceContent, EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.labels import ALL_TOPICS, OTHER_TOPICS, Labels
from pcbl_pipeline.publication.pages.measures import Measures, whole
from pcbl_pipeline.publication.pages.render import Page

#: Met requests that a topic needs for its days to be drawn as a range.
LEAST_FOR_RANGE = 5
#: The days within which a request should be met; the measure `met_60` counts them.
GOAL_DAYS = 60

TOTALS = (
    *("requested", "met", "open", "median_days", "p90_days", "met_60"),
    *("median_age_days", "events", "reach", "site_hours", "cost_usd"),
    *("cost_per_site_hour", "self_served", "usefulness"),
)
DEMAND = (
    *("requested", "met", "open", "median_days", "p90_days", "met_60"),
    "median_age_days",
)
GIVEN = (
    *("events", "reach", "site_hours", "cost_usd", "cost_per_site_hour"),
    *("self_served", "usefulness"),
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class YearView:
    """One school year of technical assistance, with labels and words."""

    content: AssistanceContent
    as_of: str
    labels: Labels
    messages: Messages

    @property
    def period(self) -> str:
        """The school year."""
        return self.content.period

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The topics' rows in their order, all topics together first."""
        rows = self.content.topics.to_dicts()
        return [{**row, "label": self.labels.topic(row["topic"])} for row in rows]

    @cached_property
    def total(self) -> Row:
        """All topics together."""
        return next(row for row in self.rows if row["topic"] == ALL_TOPICS)

    @cached_property
    def topics(self) -> list[dict[str, Any]]:
        """The single topics, the most asked first, other topics last."""
        single = [row for row in self.rows if row["topic"] != ALL_TOPICS]
        return sorted(
            single,
            key=lambda row: (
                row["topic"] == OTHER_TOPICS,
                -row["requested"],
                row["label"],
            ),
        )

    @cached_property
    def asked(self) -> list[dict[str, Any]]:
        """The topics on which a request was made."""
        return [row for row in self.topics if row["requested"]]

    @cached_property
    def given(self) -> list[dict[str, Any]]:
        """The topics on which an event took place."""
        return [row for row in self.topics if row["events"]]

    @cached_property
    def ranged(self) -> list[dict[str, Any]]:
        """The topics with enough met requests for a range of days."""
        return [
            row
            for row in self.asked
            if row["met"] >= LEAST_FOR_RANGE and row["median_days"] is not None
        ]

    def told(self, rows: Sequence[Row], names: Sequence[str]) -> list[str]:
        """Return those measures of which any row has a number to show."""
        cell = Measures(self.messages).cell
        return [
            name for name in names if any(cell(name, row) is not None for row in rows)
        ]

    @cached_property
    def unmet(self) -> list[dict[str, Any]]:
        """Topics with open requests, by rank."""
        rows = self.content.unmet.sort("rank").to_dicts()
        return [{**row, "label": self.labels.topic(row["topic"])} for row in rows]

    @cached_property
    def modes(self) -> list[dict[str, Any]]:
        """Ways of giving help, the most used first."""
        rows = [
            {**row, "label": self.labels.label("ta_mode", row["mode"])}
            for row in self.content.modes.to_dicts()
        ]
        return sorted(rows, key=lambda row: (-row["events"], row["label"]))

    @cached_property
    def finding(self) -> str:
        """What the requests show, in one or two sentences."""
        words = [
            self.messages.plain(
                "assistance.finding_requests",
                requested=self._count("requests", self.total["requested"]),
                period=self.period,
                met=self.total["met"],
                open=self.total["open"],
                date=self.as_of,
            )
        ]
        # Topics that are counted together are no topic to help with.
        named = [row for row in self.unmet if row["topic"] != OTHER_TOPICS]
        if named:
            words.append(
                self.messages.plain(
                    "assistance.finding_waiting",
                    topic=named[0]["label"],
                    open=named[0]["open"],
                )
            )
        return " ".join(words)

    @cached_property
    def unanswered(self) -> str:
        """On which topics no request of the year has been met yet."""
        topics = [
            row["label"]
            for row in self.unmet
            if row["topic"] != OTHER_TOPICS
            and not any(
                told["topic"] == row["topic"] and told["met"] for told in self.rows
            )
        ]
        if not topics:
            return self.messages.plain("assistance.unanswered_none", period=self.period)
        return self.messages.plain(
            "assistance.unanswered",
            period=self.period,
            topics=self.messages.listed(topics),
        )

    @cached_property
    def cost(self) -> str | None:
        """What an hour of help for one site cost; None where no cost is known."""
        cell = Measures(self.messages).cell
        cost, hour = (
            cell(name, self.total) for name in ("cost_usd", "cost_per_site_hour")
        )
        if cost is None or hour is None:
            return None
        return self.messages.plain(
            "assistance.finding_cost", period=self.period, cost=cost, hour=hour
        )

    @cached_property
    def finding_days(self) -> str:
        """How soon help came, in one sentence."""
        if self.total["median_days"] is None:
            return self.messages.plain("assistance.finding_no_days")
        return self.messages.plain(
            "assistance.finding_days",
            median=self._count("days", self.total["median_days"]),
            p90=self._count("days", self.total["p90_days"]),
        )

    @cached_property
    def demand_chart(self) -> str | None:
        """Requests by topic and what became of them."""
        if not self.asked:
            return None
        return request_bars(
            [_bar(row, self.messages) for row in self.asked],
            text=self._text("demand", self.finding),
        )

    @cached_property
    def speed_chart(self) -> str | None:
        """Days until help came by topic, where enough is known."""
        if not self.ranged:
            return None
        return days_ranges(
            [_range(row, self.messages) for row in self.ranged],
            goal_days=GOAL_DAYS,
            goal_label=self.messages.plain("assistance.speed_goal"),
            text=self._text("speed", self.finding_days),
        )

    def _count(self, what: str, number: float) -> str:
        return self.messages.plain(f"assistance.{what}", count=whole(number))

    def _text(self, chart: str, finding: str) -> ChartText:
        keys = f"assistance.{chart}_chart"
        return ChartText(
            f"chart-{chart}-{self.period}",
            self.messages.plain(f"{keys}_title", period=self.period),
            self.messages.plain(f"{keys}_description", finding=finding),
        )


def year_views(
    content: EditionContent, labels: Labels, messages: Messages
) -> list[YearView]:
    """Return the school years with requests or events, the newest first."""
    as_of = messages.date(content.as_of)
    years = [YearView(year, as_of, labels, messages) for year in content.assistance]
    # A school year that has just begun would stand there empty, before all others.
    return [year for year in years if year.asked or year.given]


def assistance_page(years: Sequence[YearView], messages: Messages) -> Page:
    """Return the page on technical assistance."""
    return Page(
        path="assistance/index.html",
        template="assistance.html",
        title=messages.plain("assistance.title"),
        description=messages.plain("assistance.description"),
        section="assistance",
        finding=years[0].finding if years else "",
        answers=dict(_answers(years)),
        values={
            "years": years[:2],
            "cell": Measures(messages).cell,
            "totals": TOTALS,
            "demand": DEMAND,
            "given": GIVEN,
            "least": LEAST_FOR_RANGE,
            "other_topics": OTHER_TOPICS,
        },
    )


def _answers(years: Sequence[YearView]) -> Iterator[tuple[str, str]]:
    """Yield what the page answers, by its anchors."""
    if not years:
        return
    newest = years[0]
    yield "demand", f"{newest.finding} {newest.finding_days}"
    yield "unmet", newest.unanswered
    # A year that has just begun may know of no cost yet.
    told = [year for year in years[:2] if year.cost is not None]
    if told:
        yield "totals", f"{told[-1].cost} {told[-1].finding_days}"


def _bar(row: Row, messages: Messages) -> RequestBar:
    return RequestBar(
        row["label"],
        met=row["met"],
        waiting=row["open"],
        note=messages.plain("assistance.bar_note", met=row["met"], open=row["open"]),
    )


def _range(row: Row, messages: Messages) -> DaysRange:
    median, p90 = whole(row["median_days"]), whole(row["p90_days"])
    note = (
        messages.plain("assistance.speed_note_same", count=median)
        if median == p90
        else messages.plain("assistance.speed_note", median=median, p90=p90)
    )
    return DaysRange(row["label"], row["median_days"], row["p90_days"], note)
