"""An invented report for the tests of printing."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from pcbl_pipeline.publication.charts import RequestBar, request_bars
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.pdf.report import (
    Bullets,
    Fact,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Quote,
    Report,
    ReportChart,
    ReportTable,
    ReportWords,
    Section,
    TableColumn,
)

FINDING = "Sites made 37 requests in 2026-2027; 15 are waiting."


@cache
def chart() -> ReportChart:
    """Return a chart as the pages have it."""
    bars = [
        RequestBar("Grading and reporting", 7, 2, "7 met, 2 waiting"),
        RequestBar("Assessment of performance", 5, 3, "5 met, 3 waiting"),
    ]
    text = ChartText("chart-demand", "Requests by topic", FINDING)
    return ReportChart(request_bars(bars, text=text), FINDING, f"Bars. {FINDING}")


def stages(rows: int) -> ReportTable:
    """Return a table of stages with some number of rows."""
    return ReportTable(
        "Stages of implementation, by element and window",
        (
            TableColumn("Element", weight=3),
            TableColumn("Window", weight=2),
            TableColumn("Stage", numeric=True),
        ),
        tuple((f"Element {n}", "spring 2026", str(n % 5)) for n in range(1, rows + 1)),
        note="Stage 0 is not started, 4 is full implementation.",
    )


def report(*blocks: Any, **changes: Any) -> Report:
    """Return a report with every kind of block, or with one section of these."""
    section = Section("What was asked", blocks or _every_block())
    usual = Report(
        title="Prairie Rose Unified: where we stand",
        subtitle="Mirror report for the site's own team",
        publisher="Prairie & Desert Learning Network",
        language="en",
        day=date(2026, 11, 20),
        facts=(Fact("School year", "2026-2027"), Fact("Data up to", "Nov 20, 2026")),
        sections=(section, Section("By element", (stages(4),), level=2)),
        words=ReportWords("Contents", "Page {page} of {pages}"),
        banner="This network is invented.",
        footer="Release 2026.11.1 · Site edition",
    )
    return replace(usual, **changes)


def _every_block() -> tuple[Any, ...]:
    return (
        KeyFigures(
            (
                KeyFigure("37", "requests for help"),
                KeyFigure("59%", "met within 60 days"),
                KeyFigure("21", "days until half of them had help"),
            )
        ),
        Paragraph("Most requests are about grading.", "finding"),
        Paragraph("A request is met by the first event that answers it. " * 4),
        chart(),
        Bullets(("Ask early.", "Name the element."), numbered=True),
        Bullets(("One day each.",)),
        Quote("Put the goal check on the timetable first.", "a district in Nevada"),
        Paragraph("Counts below 10 are not shown.", "note"),
    )
