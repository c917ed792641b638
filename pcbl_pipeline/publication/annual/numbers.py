"""The report's parts of numbers: who takes part, how far sites are, how good data are."""

from collections.abc import Iterator, Mapping
from typing import Any

from pcbl_pipeline.publication.annual.source import ALL, ReportSource
from pcbl_pipeline.publication.charts_progress import IndexRange, index_ranges
from pcbl_pipeline.publication.pages.progress_panels import window_name, window_of
from pcbl_pipeline.publication.pdf.report import (
    Block,
    Bullets,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
)

#: Windows that the chart draws, the newest last; the table has all.
_DRAWN = 6
_COUNTS = ("sites", "schools_in_pilot", "students_in_pilot", "educators_in_pilot")
_FIGURES = ("sites", "schools", "students", "educators")

Row = Mapping[str, Any]


def participation_finding(source: ReportSource) -> str | None:
    """Return how many sites and students took part; None where nobody did."""
    rows = source.rows("pub10_participation")
    return _took_part(source, rows[0]) if rows else None


def _took_part(source: ReportSource, whole: Row) -> str:
    return source.say(
        "participation.finding",
        sites=whole["sites"],
        students=whole["students_in_pilot"],
        pct=source.number(100 * (whole["students_share"] or 0)),
        period=source.period,
    )


def participation(source: ReportSource) -> Iterator[Section]:
    """Yield who takes part: all, by cohort and by phase."""
    rows = source.rows("pub10_participation")
    if not rows:
        return
    whole = rows[0]
    table = source.table(
        "participation",
        ("group", *_COUNTS, "students_share"),
        [
            (
                _grouping(source, row),
                *(source.number(row[name]) for name in _COUNTS),
                source.share(row["students_share"]),
            )
            for row in rows
        ],
    )
    figures = KeyFigures(
        tuple(
            KeyFigure(source.number(whole[name]), source.say(f"participation.{key}"))
            for name, key in zip(
                _COUNTS, (f"figure_{name}" for name in _FIGURES), strict=True
            )
        )
    )
    yield Section(
        source.say("participation.heading"),
        (figures, Paragraph(_took_part(source, whole), "finding"), table),
    )


def _grouping(source: ReportSource, row: Row) -> str:
    if row["grouping"] == ALL:
        return source.say("participation.all")
    if row["grouping"] == "phase":
        return source.label("grant_phase", row["value"])
    return str(row["value"])


def progress(source: ReportSource) -> Iterator[Section]:
    """Yield how far the sites are, over time."""
    rows = _index_rows(source)
    if not rows:
        return
    table = source.table(
        "progress",
        ("window", "sites", "q1", "median", "q3"),
        [
            (
                _window(source, row),
                source.number(row["sites"]),
                *(
                    source.none if row[name] is None else source.number(row[name], 1)
                    for name in ("q1", "median", "q3")
                ),
            )
            for row in rows
        ],
    )
    yield Section(
        source.say("progress.heading"),
        (_index_chart(source, rows), Paragraph(source.say("progress.text")), table),
    )


def progress_finding(source: ReportSource) -> str | None:
    """Return where the middle site stands and stood; None without an index."""
    rows = _index_rows(source)
    return _moved(source, rows[0], rows[-1]) if rows else None


def _index_rows(source: ReportSource) -> list[dict[str, Any]]:
    return [row for row in source.rows("pub3_index") if row["group_kind"] == "all"]


def _index_chart(source: ReportSource, rows: list[dict[str, Any]]) -> Block:
    finding = _moved(source, rows[0], rows[-1])
    text = source.chart_text("progress", finding)
    drawn = [
        IndexRange(
            label=_window(source, row),
            q1=row["q1"],
            median=row["median"],
            q3=row["q3"],
            note=source.plain(
                "progress.index_note",
                median=source.number(row["median"], 1),
                sites=row["sites"],
            ),
        )
        for row in rows[-_DRAWN:]
    ]
    return source.chart(index_ranges(drawn, text=text), finding, text)


def _moved(source: ReportSource, first: Row, last: Row) -> str:
    now = {
        "window": _window(source, last),
        "median": source.number(last["median"], 1),
    }
    if first is last:
        return source.say("progress.finding_one", **now)
    return source.say(
        "progress.finding",
        **now,
        before=source.number(first["median"], 1),
        first=_window(source, first),
    )


def _window(source: ReportSource, row: Row) -> str:
    return window_name(source.labels, source.messages, window_of(row))


def awards(source: ReportSource) -> Iterator[Section]:
    """Yield what educators learned, by element."""
    rows = source.rows("pub10_awards")
    if not rows:
        return
    few = source.say("awards.few")
    table = source.table(
        "awards",
        ("element", "awards", "sites", "completed", "hours"),
        [
            (
                source.label("element_code", row["element_code"]),
                source.number(row["awards"]),
                source.number(row["sites"]),
                few if row["is_few"] else source.number(row["completed"]),
                source.none if row["is_few"] else source.number(row["hours"]),
            )
            for row in rows
        ],
    )
    yield Section(source.say("awards.heading"), (table,))


def quality(source: ReportSource) -> Iterator[Section]:
    """Yield how good the data are, by dataset."""
    rows = source.rows("pub10_quality")
    if not rows:
        return
    counts = ("expected", "delivered", "on_time", "accepted", "quarantined")
    table = source.table(
        "quality",
        ("dataset", *counts, "completeness"),
        [
            (
                source.say(f"datasets.{row['dataset']}"),
                *(
                    source.none if row[name] is None else source.number(row[name])
                    for name in counts
                ),
                source.share(row["completeness"]),
            )
            for row in rows
        ],
    )
    notes = tuple(source.say(f"quality.note_{n}") for n in ("owed", "rows", "hidden"))
    yield Section(source.say("quality.heading"), (table, Bullets(notes)))
