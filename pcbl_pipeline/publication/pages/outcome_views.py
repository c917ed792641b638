"""What the pages on outcomes (PUB5) say: measures, their lines, groups and sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pcbl_pipeline.publication.charts_outcomes import BandRange, band_ranges
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import ALL, BandWords, Row, ends, is_better
from pcbl_pipeline.publication.pages.labels import Labels

FROM_RECORDS = ("M07", "M08", "M09")


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
    def partly(self) -> list[str]:
        """The groups in which not all sites of the line count, in words."""
        counted = [row for row in self.groups if row["sites"] is not None]
        most = max((row["sites"] for row in counted), default=0)
        labels: dict[int, list[str]] = {}
        for row in counted:
            labels.setdefault(row["sites"], []).append(row["label"])
        return [
            self.messages.plain(
                "outcomes.partly", groups=", ".join(names), sites=sites, most=most
            )
            for sites, names in sorted(labels.items(), reverse=True)
            if sites < most
        ]

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
    def by_site(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The groups of each named site: site → group → row."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for row in self.rows:
            if row["site_id"] != ALL:
                own = found.setdefault(row["site_id"], {})
                own[row["student_group"]] = self._told(row)
        return found

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

    @property
    def since_before(self) -> str | None:
        """Which way all students moved; None where nothing can be compared."""
        row = self.everyone
        if row is None or row["percent_band"] is None:
            return None
        if row["change"] is None:
            return "not_clear" if row["change_note"] == "not_clear" else None
        return "better" if is_better(row) else "worse"

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
    def is_from_records(self) -> bool:
        """Whether it is counted from records of learners where sites send them."""
        return self.code in FROM_RECORDS

    @property
    def slug(self) -> str:
        """Its place among the pages."""
        return self.code.lower()

    @property
    def main(self) -> LineView:
        """The line that stands for it at a glance."""
        return self.lines[0]

    def line_of(self, site_id: str) -> LineView | None:
        """Return the first line in which a site has rows."""
        return next((line for line in self.lines if site_id in line.by_site), None)

    @property
    def sites(self) -> list[tuple[LineView, Row]]:
        """Every named site in every line."""
        return [(line, row) for line in self.lines for row in line.sites]


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
