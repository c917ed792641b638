"""The pages on outcomes (PUB5): all measures at a glance, a page for each, its sites."""

from collections.abc import Iterator, Sequence
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
from pcbl_pipeline.publication.pages.bands import ALL, BandWords, Row, ends, parts_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import Page

TABLE = "pub5_outcomes"
#: Sites on one page; a page stays below 200 kB.
SITES_PER_PAGE = 200
#: Measures drawn side by side.
COLUMNS = 4


@dataclass(frozen=True)
class LineView:
    """One measure in one grade band, of students in the pilot or of all."""

    rows: Sequence[dict[str, Any]]
    labels: Labels
    words: BandWords
    messages: Messages

    @property
    def first(self) -> Row:
        """Any row; all have the same measure, year, band and scope."""
        return self.rows[0]

    @property
    def slug(self) -> str:
        """What tells it apart on its page."""
        return f"{self.first['grade_band']}-{self.first['pilot_scope']}".lower()

    @property
    def heading(self) -> str:
        """Which students it is about."""
        return self.messages.plain(
            "outcomes.line",
            band=self.labels.label("grade_band", self.first["grade_band"]),
            scope=self.labels.label("pilot_scope", self.first["pilot_scope"]),
        )

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The groups of all sites together, in the list's order."""
        of_network = {
            row["student_group"]: row for row in self.rows if row["site_id"] == ALL
        }
        codes = self.labels.in_order("student_group", of_network)
        return [self._told(of_network[code]) for code in codes]

    @cached_property
    def everyone(self) -> Row | None:
        """All students of all sites, where a row says something of them."""
        return next((r for r in self.groups if r["student_group"] == ALL), None)

    @cached_property
    def sites(self) -> list[dict[str, Any]]:
        """All students of each named site, by name."""
        own = [
            self._told(row)
            for row in self.rows
            if row["site_id"] != ALL and row["student_group"] == ALL
        ]
        return sorted(own, key=lambda row: (row["site_label"], row["site_id"]))

    @cached_property
    def finding(self) -> str:
        """What all students show, and the widest gap to be closed."""
        words = []
        if self.everyone and self.everyone["percent_band"]:
            words.append(
                self.messages.plain(
                    "outcomes.finding",
                    year=self.first["school_year"],
                    percent=self.everyone["percent"],
                )
            )
            if self.everyone["change_words"]:
                words.append(
                    self.messages.plain(
                        "outcomes.finding_change", change=self.everyone["change_words"]
                    )
                )
        else:
            words.append(self.messages.plain("outcomes.finding_hidden"))
        if self.widest:
            words.append(
                self.messages.plain(
                    "outcomes.finding_gap",
                    group=self.widest["label"],
                    gap=self.widest["gap_words"],
                )
            )
        return " ".join(words)

    @cached_property
    def widest(self) -> Row | None:
        """The group that is furthest on the wrong side of all others."""
        sign = -1 if self.first["lower_is_better"] else 1
        behind = [
            r for r in self.groups if r["gap"] is not None and sign * r["gap"] < 0
        ]
        return min(behind, key=lambda row: sign * row["gap"], default=None)

    @cached_property
    def chart(self) -> str:
        """The groups as ranges, beside all students."""
        measure = self.labels.label("metric_code", self.first["metric_code"])
        title = self.messages.plain(
            "outcomes.chart_title", measure=measure, line=self.heading
        )
        return band_ranges(
            [BandRange(r["label"], ends(r), r["percent"]) for r in self.groups],
            everyone=ends(self.everyone) if self.everyone else None,
            text=ChartText(
                f"chart-{self.slug}",
                title,
                self.messages.plain("outcomes.chart_description", finding=self.finding),
            ),
        )

    def _told(self, row: Row) -> dict[str, Any]:
        return {
            **row,
            "label": self.labels.label("student_group", row["student_group"]),
            "percent": self.words.percent(row),
            "size": self.words.size(row),
            "change_words": self.words.change(row),
            "gap_words": self.words.gap(row),
        }


@dataclass(frozen=True)
class MeasureView:
    """One measure with all its lines, all grades first."""

    code: str
    lines: Sequence[LineView]
    labels: Labels

    @property
    def name(self) -> str:
        """The measure's label."""
        return self.labels.label("metric_code", self.code)

    @property
    def description(self) -> str:
        """What its percent is of, as the code list says."""
        return self.labels.description("metric_code", self.code) or ""

    @property
    def slug(self) -> str:
        """Its place among the pages."""
        return self.code.lower()

    @property
    def main(self) -> LineView:
        """The line that stands for it at a glance."""
        return self.lines[0]

    @property
    def sites(self) -> list[tuple[LineView, Row]]:
        """Every named site in every line."""
        return [(line, row) for line in self.lines for row in line.sites]


def outcome_pages(
    content: EditionContent, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the overview, a page per measure, and the pages of its sites."""
    frame = content.tables.get(TABLE)
    if frame is None or frame.is_empty():
        return
    measures = measure_views(frame, labels, messages)
    year = frame["school_year"][0]
    values = {"year": year, "reasons": _reasons(frame)}
    yield Page(
        path="outcomes/index.html",
        template="outcomes.html",
        title=messages.plain("outcomes.title"),
        description=messages.plain("outcomes.description"),
        section="outcomes",
        values={
            **values,
            "measures": measures,
            "figures": list(_figures(measures, messages)),
        },
    )
    for measure in measures:
        parts = list(parts_of(measure.sites, SITES_PER_PAGE))
        paths = [_sites_path(measure, number) for number in range(1, len(parts) + 1)]
        page = {**values, "measure": measure, "parts": paths}
        yield _page(f"outcomes/{measure.slug}.html", "outcome.html", page, messages)
        for path, part in zip(paths, parts, strict=True):
            part_values = {**page, "part": part}
            yield _page(path, "outcome_sites.html", part_values, messages)


def measure_views(
    frame: pl.DataFrame, labels: Labels, messages: Messages
) -> list[MeasureView]:
    """Return the measures in the list's order, each with its lines."""
    words = BandWords(messages)
    by_line = frame.partition_by(
        "metric_code", "pilot_scope", "grade_band", as_dict=True
    )
    lines = {
        (str(code), str(scope), str(band)): LineView(
            rows.to_dicts(), labels, words, messages
        )
        for (code, scope, band), rows in by_line.items()
    }
    scopes = labels.in_order("pilot_scope", {key[1] for key in lines})
    bands = labels.in_order("grade_band", {key[2] for key in lines})
    codes = labels.in_order("metric_code", {key[0] for key in lines})
    return [
        MeasureView(
            code,
            [
                lines[key]
                for scope in scopes
                for band in bands
                if (key := (code, scope, band)) in lines
            ],
            labels,
        )
        for code in codes
    ]


def _figures(
    measures: Sequence[MeasureView], messages: Messages
) -> Iterator[tuple[str, str]]:
    """Yield (finding, chart) of a few measures side by side."""
    for number, few in enumerate(parts_of(measures, COLUMNS), 1):
        shown = [
            SmallRange(measure.name, row["label"], span)
            for measure in few
            for row in measure.main.groups
            if (span := ends(row)) is not None
        ]
        if not shown:
            continue
        labels = few[0].labels
        codes = {r["student_group"] for m in few for r in m.main.groups}
        finding = " ".join(
            messages.plain(
                "outcomes.glance_gap",
                measure=measure.name,
                group=widest["label"],
                gap=widest["gap_words"],
            )
            for measure in few
            if (widest := measure.main.widest) is not None
        ) or messages.plain("outcomes.glance_no_gap")
        yield (
            finding,
            small_ranges(
                shown,
                columns=[measure.name for measure in few],
                rows=[
                    labels.label("student_group", code)
                    for code in labels.in_order("student_group", codes)
                ],
                everyone=[
                    ends(m.main.everyone) if m.main.everyone else None for m in few
                ],
                text=ChartText(
                    f"chart-glance-{number}",
                    messages.plain("outcomes.glance_title"),
                    messages.plain("outcomes.glance_description", finding=finding),
                ),
            ),
        )


def _sites_path(measure: MeasureView, number: int) -> str:
    ending = f"-{number}" if number > 1 else ""
    return f"outcomes/{measure.slug}-sites{ending}.html"


def _reasons(frame: pl.DataFrame) -> list[str]:
    return sorted(frame["reason"].drop_nulls().unique())


def _page(path: str, template: str, values: dict[str, Any], messages: Messages) -> Page:
    measure: MeasureView = values["measure"]
    key = "outcomes.sites_title" if "part" in values else "outcomes.measure_title"
    return Page(
        path=path,
        template=template,
        title=messages.plain(key, measure=measure.name),
        description=measure.description,
        section="outcomes",
        values=values,
    )
