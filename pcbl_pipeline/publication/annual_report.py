"""The annual pilot report as a report: the same parts for its page and its PDF.

It quotes the tables of the edition and computes nothing, so that it cannot say more
than they do. A part whose tables an edition does not have is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from pcbl_pipeline.publication.edition import AssistanceContent, EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import ALL_TOPICS, Labels
from pcbl_pipeline.publication.pages.measures import Measures
from pcbl_pipeline.publication.pdf.report import (
    Bullets,
    Fact,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Quote,
    Report,
    ReportTable,
    ReportWords,
    Section,
    TableColumn,
)

#: Lessons, barriers and recommendations of a policy area that the report names.
FIRST = 5
RECOMMENDED = 3
ALL = "ALL"
_HELP = ("requested", "met", "median_days", "met_60", "open", "site_hours", "cost_usd")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AnnualReport:
    """Writes the report of one edition."""

    content: EditionContent
    digest: Digest
    labels: Labels
    messages: Messages

    @cached_property
    def period(self) -> str | None:
        """The school year that is reported; None where nobody took part in any."""
        rows = self._rows("pub10_participation")
        return rows[0]["school_year"] if rows else None

    def report(self, *, release_id: str) -> Report:
        """Return the report."""
        edition = self._plain(f"shell.edition_{self.content.edition}")
        as_of = self.messages.date(self.content.as_of)
        return Report(
            title=self._say("title"),
            subtitle=self._say("subtitle", period=self.period),
            publisher=self.content.network_name,
            language=self.messages.texts["language.code"],
            day=self.content.as_of,
            facts=(
                Fact(self._say("fact_year"), self.period or ""),
                Fact(self._say("fact_day"), as_of),
                Fact(self._say("fact_edition"), edition),
                Fact(self._say("fact_release"), release_id),
            ),
            sections=self.sections,
            words=ReportWords(
                contents=self._say("contents"),
                page_of=self.messages.texts["annual.page_of"],
            ),
            banner=self._plain("shell.fictional") if self.content.fictional else "",
            footer=f"{self.content.network_name} · {release_id} · {as_of}",
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The parts in reading order."""
        return tuple(self._sections())

    def _sections(self) -> Iterator[Section]:
        yield from self._participation()
        yield from self._learned()
        yield from self._stages()
        yield from self._barriers()
        yield from self._help()
        yield from self._outcomes()
        yield from self._awards()
        yield from self._recommendations()
        yield from self._quality()

    def _participation(self) -> Iterator[Section]:
        rows = self._rows("pub10_participation")
        if not rows:
            return
        whole = rows[0]
        share = whole["students_share"]
        figures = [
            (self._number(whole["sites"]), "sites"),
            (self._number(whole["schools_in_pilot"]), "schools"),
            (self._number(whole["students_in_pilot"]), "students"),
            (self._number(whole["educators_in_pilot"]), "educators"),
        ]
        finding = self._say(
            "participation.finding",
            sites=whole["sites"],
            students=whole["students_in_pilot"],
            pct=self._number(100 * (share or 0)),
            period=self.period,
        )
        names = ("sites", "schools_in_pilot", "students_in_pilot", "educators_in_pilot")
        table = self._table(
            "participation",
            ("group", *names, "students_share"),
            [
                (
                    self._grouping(row),
                    *(self._number(row[name]) for name in names),
                    self._share(row["students_share"]),
                )
                for row in rows
            ],
        )
        blocks = (
            KeyFigures(
                tuple(
                    KeyFigure(value, self._say(f"participation.figure_{name}"))
                    for value, name in figures
                )
            ),
            Paragraph(finding, "finding"),
            table,
        )
        yield Section(self._say("participation.heading"), blocks)

    def _learned(self) -> Iterator[Section]:
        groups = self.digest.groups[:FIRST]
        if not groups:
            return
        blocks: list[Any] = [Paragraph(self._say("lessons.text"))]
        for group in groups:
            lesson = group.lessons[0]
            blocks.append(
                Quote(
                    lesson.row["title"],
                    self._say(
                        "lessons.source",
                        element=group.element,
                        kind=group.kind,
                        site=lesson.row["site_label"],
                        sites=group.sites,
                        id=lesson.row["public_id"],
                    ),
                    path=lesson.path,
                )
            )
        yield Section(self._say("lessons.heading"), tuple(blocks))

    def _stages(self) -> Iterator[Section]:
        rows = [r for r in self._rows("pub3_index") if r["group_kind"] == "all"]
        if not rows:
            return
        table = self._table(
            "progress",
            ("window", "sites", "q1", "median", "q3"),
            [
                (
                    f"{row['school_year']}, {self._label('window', row['window'])}",
                    self._number(row["sites"]),
                    *(self._number(row[name], 1) for name in ("q1", "median", "q3")),
                )
                for row in rows
            ],
        )
        yield Section(
            self._say("progress.heading"),
            (Paragraph(self._say("progress.text")), table),
        )

    def _barriers(self) -> Iterator[Section]:
        kinds = [r for r in self._rows("pub4_barriers") if r["barrier_type"] != ALL]
        if not kinds:
            return
        table = self._table(
            "barriers",
            ("barrier", "sites", "weighted", "requests", "granted"),
            [
                (
                    self._label("barrier_type", row["barrier_type"]),
                    *(
                        self._number(row[name])
                        for name in ("sites", "weighted", "requests", "granted")
                    ),
                )
                for row in kinds[:FIRST]
            ],
        )
        yield Section(
            self._say("barriers.heading"),
            (Paragraph(self._say("barriers.text")), table),
        )

    def _help(self) -> Iterator[Section]:
        year = self._assistance
        if year is None:
            return
        total = next(r for r in year.topics.to_dicts() if r["topic"] == ALL_TOPICS)
        cell = Measures(self.messages).cell
        told = [(name, cell(name, total)) for name in _HELP]
        rows = [
            (self._plain(f"assistance.measures.{name}"), value)
            for name, value in told
            if value is not None
        ]
        table = self._table("help", ("measure", "value"), rows)
        yield Section(self._say("help.heading"), (table,))

    @property
    def _assistance(self) -> AssistanceContent | None:
        years = [y for y in self.content.assistance if y.period == self.period]
        return years[0] if years else None

    def _outcomes(self) -> Iterator[Section]:
        rows = [
            row
            for row in self._rows("pub5_outcomes")
            if row["site_id"] == ALL
            and row["student_group"] == ALL
            and row["percent_band"] is not None
        ]
        if not rows:
            return
        table = self._table(
            "outcomes",
            ("metric", "students", "percent", "change"),
            [
                (
                    self._metric(row),
                    row["n_band"],
                    f"{row['percent_band']} %",
                    self._points(row["change"]),
                )
                for row in rows
            ],
        )
        yield Section(
            self._say("outcomes.heading"),
            (Paragraph(self._say("outcomes.text")), table),
        )

    def _metric(self, row: Row) -> str:
        names = (
            self._label("metric_code", row["metric_code"]),
            self._label("grade_band", row["grade_band"]),
            self._label("pilot_scope", row["pilot_scope"]),
        )
        return ", ".join(names)

    def _points(self, change: int | None) -> str:
        if change is None:
            return self._plain("shell.none")
        return f"{change:+d}"

    def _awards(self) -> Iterator[Section]:
        rows = self._rows("pub10_awards")
        if not rows:
            return
        few = self._say("awards.few")
        table = self._table(
            "awards",
            ("element", "awards", "sites", "completed", "hours"),
            [
                (
                    self._label("element_code", row["element_code"]),
                    self._number(row["awards"]),
                    self._number(row["sites"]),
                    few if row["is_few"] else self._number(row["completed"]),
                    self._plain("shell.none")
                    if row["is_few"]
                    else self._number(row["hours"]),
                )
                for row in rows
            ],
        )
        yield Section(self._say("awards.heading"), (table,))

    def _recommendations(self) -> Iterator[Section]:
        rows = self._rows("pub10_recommendations")
        if not rows:
            return
        yield Section(
            self._say("recommendations.heading"),
            (Paragraph(self._say("recommendations.text")),),
        )
        for audience, told in groupby(rows, key=lambda row: row["audience"]):
            title = self._say(
                "recommendations.for", audience=self._label("audience", audience)
            )
            blocks: list[Any] = []
            for area, texts in groupby(told, key=lambda row: row["policy_area"]):
                blocks += self._of_area(area, list(texts)[:RECOMMENDED])
            yield Section(title, tuple(blocks), level=2)

    def _of_area(self, area: str, rows: Sequence[Row]) -> Iterator[Any]:
        actors = [self._label("lead_actor", code) for code in rows[0]["lead_actors"]]
        heading = self._label("policy_area", area)
        if actors:
            heading = self._say(
                "recommendations.area_led", area=heading, actors=", ".join(actors[:3])
            )
        yield Paragraph(heading, "finding")
        for row in rows:
            lesson = self.digest.lessons[row["public_id"]]
            standing = "corroborated" if row["corroborated"] else "single"
            source = self._say(
                "recommendations.source",
                site=lesson.row["site_label"],
                standing=self._plain(f"lessons.{standing}"),
                id=row["public_id"],
            )
            yield Quote(row["recommendation"], source, path=lesson.path)

    def _quality(self) -> Iterator[Section]:
        rows = self._rows("pub10_quality")
        if not rows:
            return
        none = self._plain("shell.none")
        counts = ("expected", "delivered", "on_time", "accepted", "quarantined")
        table = self._table(
            "quality",
            ("dataset", *counts, "completeness"),
            [
                (
                    self._say(f"datasets.{row['dataset']}"),
                    *(
                        none if row[name] is None else self._number(row[name])
                        for name in counts
                    ),
                    self._share(row["completeness"]),
                )
                for row in rows
            ],
        )
        notes = tuple(
            self._say(f"quality.note_{n}") for n in ("owed", "rows", "hidden")
        )
        yield Section(self._say("quality.heading"), (table, Bullets(notes)))

    def _table(
        self, part: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
    ) -> ReportTable:
        first, *others = (self._say(f"{part}.columns.{name}") for name in columns)
        return ReportTable(
            caption=self._say(f"{part}.caption", period=self.period),
            columns=(
                TableColumn(first, weight=3),
                *(TableColumn(title, numeric=True) for title in others),
            ),
            rows=tuple(rows),
        )

    def _grouping(self, row: Row) -> str:
        if row["grouping"] == ALL:
            return self._say("participation.all")
        if row["grouping"] == "phase":
            return self._label("grant_phase", row["value"])
        return str(row["value"])

    def _rows(self, table: str) -> list[dict[str, Any]]:
        frame = self.content.tables.get(table)
        return [] if frame is None else frame.to_dicts()

    def _share(self, share: float | None) -> str:
        if share is None:
            return self._plain("shell.none")
        return self._plain("assistance.pct", pct=self._number(100 * share))

    def _number(self, value: float, digits: int = 0) -> str:
        return self.messages.number(value, digits=digits)

    def _label(self, code_list: str, code: object) -> str:
        return self.labels.label(code_list, code)

    def _say(self, key: str, **values: object) -> str:
        return self._plain(f"annual.{key}", **values)

    def _plain(self, key: str, **values: object) -> str:
        return self.messages.plain(key, **values)
