"""The report's part on what resulted: outcomes of all students, as bands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pcbl_pipeline.publication.annual.source import ALL, ReportSource
from pcbl_pipeline.publication.charts_outcomes import BandRange, band_ranges
from pcbl_pipeline.publication.pages.bands import BandWords, ends, is_better
from pcbl_pipeline.publication.pdf.report import Block, Paragraph, Section

Row = Mapping[str, Any]


def outcomes(source: ReportSource) -> Iterator[Section]:
    """Yield what resulted, for all students over all sites."""
    rows = _rows(source)
    if not rows:
        return
    words, names = BandWords(source.messages), _names(source, rows)
    table = source.table(
        "outcomes",
        ("metric", "students", "percent", "change"),
        [
            (
                name,
                words.size(row),
                words.percent(row),
                words.change(row) or source.none,
            )
            for name, row in zip(names, rows, strict=True)
        ],
        note=_of_whom(source, rows),
    )
    yield Section(
        source.say("outcomes.heading"),
        (
            _outcome_chart(source, rows, words),
            Paragraph(source.say("outcomes.text")),
            table,
        ),
    )


def outcomes_finding(source: ReportSource) -> str | None:
    """Return how many outcomes got better; None where none is shown."""
    rows = _rows(source)
    return _improved(source, rows) if rows else None


def _rows(source: ReportSource) -> list[dict[str, Any]]:
    return [
        row
        for row in source.rows("pub5_outcomes")
        if row["site_id"] == ALL
        and row["student_group"] == ALL
        and row["percent_band"] is not None
    ]


def _outcome_chart(
    source: ReportSource, rows: list[dict[str, Any]], words: BandWords
) -> Block:
    finding = _improved(source, rows)
    text = source.chart_text("outcomes", finding)
    drawn = [
        BandRange(name, ends(row), words.percent(row))
        for name, row in zip(_names(source, rows), rows, strict=True)
    ]
    return source.chart(band_ranges(drawn, everyone=None, text=text), finding, text)


def _improved(source: ReportSource, rows: list[dict[str, Any]]) -> str:
    changed = [row for row in rows if row["change"] is not None]
    same = [row for row in rows if row["change_note"] == "not_clear"]
    compared = [*changed, *same]
    if not compared:
        return source.say("outcomes.finding_none", all=len(rows))
    better = [row for row in changed if is_better(row)]
    return source.say(
        "outcomes.finding",
        all=len(rows),
        compared=len(compared),
        better=len(better),
        worse=len(changed) - len(better),
        same=len(same),
    )


def _of_whom(source: ReportSource, rows: Sequence[Row]) -> str:
    scopes = sorted({row["pilot_scope"] for row in rows})
    names = ", ".join(source.label("pilot_scope", scope) for scope in scopes)
    return source.say("outcomes.note", scope=names)


def _names(source: ReportSource, rows: Sequence[Row]) -> list[str]:
    """Return what each outcome is called; what is the same for all is left out."""
    several = len({row["pilot_scope"] for row in rows}) > 1
    return [", ".join(_words(source, row, several)) for row in rows]


def _words(source: ReportSource, row: Row, with_scope: bool) -> Iterator[str]:  # noqa: FBT001
    yield source.label("metric_code", row["metric_code"])
    if row["grade_band"] != ALL:
        yield source.label("grade_band", row["grade_band"])
    if with_scope:
        yield source.label("pilot_scope", row["pilot_scope"])
