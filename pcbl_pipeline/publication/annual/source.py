"""What the parts of the annual report are written from: tables, labels and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.roadmap import RoadmapView
from pcbl_pipeline.publication.pdf.report import ReportChart, ReportTable, TableColumn

ALL = "ALL"
#: Lessons and barriers that the report names.
FIRST = 5


@dataclass(frozen=True)
class ReportSource:
    """One edition as the report's parts read it."""

    content: EditionContent
    digest: Digest
    labels: Labels
    messages: Messages

    @cached_property
    def period(self) -> str | None:
        """The school year that is reported; None where nobody took part in any."""
        rows = self.rows("pub10_participation")
        return rows[0]["school_year"] if rows else None

    @cached_property
    def roadmap(self) -> RoadmapView | None:
        """What the states decided; None where no decision is known."""
        if not self.rows("pub9_decisions"):
            return None
        return RoadmapView(self.content, self.labels, self.messages)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table's rows in their order; none where the edition lacks it."""
        frame = self.content.tables.get(table)
        return [] if frame is None else frame.to_dicts()

    def table(
        self,
        part: str,
        columns: tuple[str, ...],
        rows: Sequence[tuple[str, ...]],
        note: str = "",
    ) -> ReportTable:
        """Return a table of a part; its first column names the rows."""
        first, *others = (self.say(f"{part}.columns.{name}") for name in columns)
        return ReportTable(
            caption=self.say(f"{part}.caption", period=self.period),
            columns=(
                TableColumn(first, weight=3),
                *(TableColumn(title, numeric=True) for title in others),
            ),
            rows=tuple(rows),
            note=note,
        )

    def chart_text(self, part: str, finding: str) -> ChartText:
        """Return what a part's chart is called, and what it shows."""
        return ChartText(
            f"chart-annual-{part}",
            self.say(f"{part}.chart_title"),
            self.say(f"{part}.chart_description", finding=finding),
        )

    def chart(self, svg: str, finding: str, text: ChartText) -> ReportChart:
        """Return a chart with its finding."""
        return ReportChart(svg, finding, text.description, text.title)

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number."""
        return self.messages.number(value, digits=digits)

    def share(self, share: float | None) -> str:
        """Write a share of 0 to 1 as a percent."""
        if share is None:
            return self.none
        return self.plain("assistance.pct", pct=self.number(100 * share))

    @property
    def none(self) -> str:
        """What stands where there is no number."""
        return self.plain("shell.none")

    def label(self, code_list: str, code: object) -> str:
        """Return a code's label."""
        return self.labels.label(code_list, code)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the report."""
        return self.plain(f"annual.{key}", **values)

    def plain(self, key: str, **values: object) -> str:
        """Return any text."""
        return self.messages.plain(key, **values)
