"""The pages on experience (PUB6): topics by who answered, groups of students, sites."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pcbl_pipeline.publication.charts_outcomes import (
    BandRange,
    SmallRange,
    band_ranges,
    small_ranges,
)
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import (
    ALL,
    BandWords,
    Row,
    ends,
    furthest,
    parts_of,
)
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.outcomes import COLUMNS, SITES_PER_PAGE
from pcbl_pipeline.publication.pages.render import Page

TABLE = "pub6_experience"


@dataclass(frozen=True)
class RespondentView:
    """What one kind of people said, all sites together."""

    code: str
    rows: Sequence[dict[str, Any]]
    labels: Labels
    messages: Messages

    @property
    def name(self) -> str:
        """Who answered."""
        return self.labels.label("respondent", self.code)

    @property
    def topics(self) -> list[dict[str, Any]]:
        """Everyone's answers, topic by topic."""
        return [row for row in self.rows if row["student_group"] == ALL]

    @property
    def by_group(self) -> list[dict[str, Any]]:
        """The groups' answers; none where only everyone was asked."""
        has_groups = len(self.rows) > len(self.topics)
        return list(self.rows) if has_groups else []

    @cached_property
    def finding(self) -> str:
        """The topic with the most favorable answers, and what has changed."""
        told = [(span, row) for row in self.topics if (span := ends(row)) is not None]
        if not told:
            return self.messages.plain("experience.finding_hidden")
        best = max(told, key=lambda item: item[0])[1]
        words = [
            self.messages.plain(
                "experience.finding", topic=best["topic"], percent=best["percent"]
            )
        ]
        changed = [
            self.messages.plain(
                "experience.finding_change_item",
                topic=row["topic"],
                change=row["change_words"],
            )
            for row in self.topics
            if row["change"] is not None
        ]
        if changed:
            changes = self.messages.listed(changed)
            words.append(
                self.messages.plain("experience.finding_change", changes=changes)
            )
        return " ".join(words)

    @cached_property
    def chart(self) -> str:
        """The topics as ranges."""
        return band_ranges(
            [BandRange(r["topic"], ends(r), r["percent"]) for r in self.topics],
            everyone=None,
            text=ChartText(
                f"chart-{self.code}",
                self.chart_title,
                self.messages.plain(
                    "experience.chart_description", finding=self.finding
                ),
            ),
        )

    @property
    def chart_title(self) -> str:
        """What the chart of the topics is called."""
        return self.messages.plain("experience.chart_title", respondent=self.name)

    @cached_property
    def figures(self) -> list[tuple[str, str, str]]:
        """The groups as ranges, a few topics side by side: title, finding, chart."""
        if not self.by_group:
            return []
        return [
            self._figure(number, few)
            for number, few in enumerate(parts_of(self.topics, COLUMNS), 1)
        ]

    def _figure(self, number: int, topics: Sequence[Row]) -> tuple[str, str, str]:
        names = [row["topic"] for row in topics]
        title = self.messages.plain(
            "experience.groups_title", respondent=self.name, topics=", ".join(names)
        )
        own = [row for row in self.rows if row["topic"] in names]
        finding = furthest(
            [(row["group"], row["topic"]) for row in map(_widest(own), names) if row],
            self.messages,
        )
        codes = {row["student_group"] for row in self.rows}
        chart = small_ranges(
            [
                SmallRange(row["topic"], row["group"], span)
                for row in own
                if (span := ends(row)) is not None
            ],
            columns=names,
            rows=[
                self.labels.label("student_group", code)
                for code in self.labels.in_order("student_group", codes)
            ],
            everyone=[ends(row) for row in topics],
            text=ChartText(
                f"chart-{self.code}-groups-{number}",
                title,
                self.messages.plain("experience.groups_description", finding=finding),
            ),
        )
        return title, finding, chart


def _widest(rows: Sequence[Row]) -> Callable[[str], Row | None]:
    """Return the function from a topic to the group furthest below all others."""
    behind = [row for row in rows if row["gap"] is not None and row["gap"] < 0]

    def of(topic: str) -> Row | None:
        own = [row for row in behind if row["topic"] == topic]
        return min(own, key=lambda row: int(row["gap"]), default=None)

    return of


def experience_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the overview and the pages of the sites."""
    frame = content.tables.get(TABLE)
    if frame is None or frame.is_empty():
        return
    rows = _told(frame, labels, messages)
    of_network = [row for row in rows if row["site_id"] == ALL]
    codes = labels.in_order("respondent", {row["respondent"] for row in of_network})
    views = [
        RespondentView(
            code, [r for r in of_network if r["respondent"] == code], labels, messages
        )
        for code in codes
    ]
    own = [r for r in rows if r["site_id"] != ALL and r["student_group"] == ALL]
    own.sort(key=lambda row: (row["site_label"], row["site_id"]))
    parts = parts_of(own, SITES_PER_PAGE)
    paths = [_sites_path(number) for number in range(1, len(parts) + 1)]
    values = {
        "year": frame["school_year"][0],
        "reasons": sorted(frame["reason"].drop_nulls().unique()),
        "parts": paths,
    }
    yield _page(
        "experience/index.html",
        "experience.html",
        "title",
        messages,
        {**values, "respondents": views},
        finding=_finding(views, messages),
    )
    for path, part in zip(paths, parts, strict=True):
        yield _page(
            path,
            "experience_sites.html",
            "sites_title",
            messages,
            {**values, "part": part},
        )


def _told(
    frame: pl.DataFrame, labels: Labels, messages: Messages
) -> list[dict[str, Any]]:
    """Return all rows with words, in the order of the code lists."""
    words = BandWords(messages)
    has_rules = _has_rules(frame)
    order = {
        name: {item.code: place for place, item in enumerate(labels.codes(name))}
        for name in ("construct_code", "student_group", "respondent")
    }

    def place(row: Row) -> tuple[object, ...]:
        codes = [order[name].get(row[name], 0) for name in order]
        return (*codes, row["instrument"], row["rule_number"])

    return [
        {
            **row,
            "topic": _topic(row, has_rules, labels, messages),
            "group": labels.label("student_group", row["student_group"]),
            "respondent_name": labels.label("respondent", row["respondent"]),
            "percent": words.percent(row),
            "response": words.percent(row, "response_band"),
            "size": words.size(row),
            "change_words": words.change(row),
            "gap_words": words.gap(row),
        }
        for row in sorted(frame.to_dicts(), key=place)
    ]


def _has_rules(frame: pl.DataFrame) -> set[str]:
    several = frame.filter(pl.col("rule_number") > 1)
    return set(several["instrument"])


def _topic(row: Row, has_rules: set[str], labels: Labels, messages: Messages) -> str:
    topic = labels.label("construct_code", row["construct_code"])
    if row["instrument"] == ALL:
        return topic
    key = "topic_of_rule" if row["instrument"] in has_rules else "topic_of_survey"
    return messages.plain(
        f"experience.{key}",
        topic=topic,
        survey=labels.label("instrument", row["instrument"]),
        number=row["rule_number"],
    )


def _sites_path(number: int) -> str:
    return f"experience/sites{f'-{number}' if number > 1 else ''}.html"


def _finding(views: Sequence[RespondentView], messages: Messages) -> str:
    """Say what the first found of whom anything can be told, else of the first."""
    if not views:
        return ""
    told = (view for view in views if any(ends(row) for row in view.topics))
    first = next(told, views[0])
    return messages.plain(
        "experience.finding_of", respondent=first.name, finding=first.finding
    )


def _page(
    path: str,
    template: str,
    title: str,
    messages: Messages,
    values: dict[str, Any],
    *,
    finding: str = "",
) -> Page:
    return Page(
        path=path,
        template=template,
        title=messages.plain(f"experience.{title}"),
        description=messages.plain("experience.description"),
        section="experience",
        finding=finding,
        values=values,
    )
