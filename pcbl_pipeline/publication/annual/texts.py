"""The report's parts of texts: what was learned, what hinders, what should change."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from pcbl_pipeline.publication.annual.source import ALL, FIRST, ReportSource
from pcbl_pipeline.publication.edition import AssistanceContent
from pcbl_pipeline.publication.pages.labels import ALL_TOPICS
from pcbl_pipeline.publication.pages.measures import Measures
from pcbl_pipeline.publication.pdf.report import Block, Paragraph, Quote, Section

#: Recommendations of a policy area that the report names.
RECOMMENDED = 3
#: Lead actors that are named with an area.
_LEADS = 3
_OTHER = "other"
_HELP = ("requested", "met", "median_days", "met_60", "open", "site_hours", "cost_usd")

Row = Mapping[str, Any]


def lessons(source: ReportSource) -> Iterator[Section]:
    """Yield the first lesson of each of the groups with the most sites."""
    groups = source.digest.groups[:FIRST]
    if not groups:
        return
    quotes = [
        Quote(
            group.lessons[0].row["title"],
            source.say(
                "lessons.source",
                element=group.element,
                kind=group.kind,
                site=group.lessons[0].row["site_label"],
                sites=source.plain("lessons.counts.sites", count=group.sites),
            ),
            path=group.lessons[0].path,
            mark=source.say("mark", id=group.lessons[0].row["public_id"]),
        )
        for group in groups
    ]
    yield Section(
        source.say("lessons.heading"),
        (Paragraph(source.say("lessons.text")), *quotes),
    )


def barriers(source: ReportSource) -> Iterator[Section]:
    """Yield the barriers that weigh most; those counted together come in a note.

    PUB4 orders all kinds by weight. The kinds that too few sites reported, taken
    together, would often come first and say nothing to a reader.
    """
    kinds = [row for row in source.rows("pub4_barriers") if row["barrier_type"] != ALL]
    if not kinds:
        return
    named = [row for row in kinds if row["barrier_type"] != _OTHER]
    told = [
        source.say("barriers.others", sites=row["sites"], weighted=row["weighted"])
        for row in kinds
        if row["barrier_type"] == _OTHER
    ]
    yield Section(source.say("barriers.heading"), tuple(_barriers(source, named, told)))


def _barriers(
    source: ReportSource, named: Sequence[Row], told: Sequence[str]
) -> Iterator[Block]:
    yield Paragraph(_heaviest(source, named), "finding")
    yield Paragraph(source.say("barriers.text"))
    counts = ("sites", "weighted", "requests", "granted")
    if named:
        yield source.table(
            "barriers",
            ("barrier", *counts),
            [
                (
                    source.label("barrier_type", row["barrier_type"]),
                    *(source.number(row[name]) for name in counts),
                )
                for row in named[:FIRST]
            ],
            note=" ".join(told),
        )
    else:
        yield from (Paragraph(text, "note") for text in told)


def _heaviest(source: ReportSource, named: Sequence[Row]) -> str:
    if not named:
        return source.say("barriers.finding_none")
    first = named[0]
    as_heavy = [row for row in named if row["weighted"] == first["weighted"]]
    kinds = source.messages.listed(
        [source.label("barrier_type", row["barrier_type"]) for row in as_heavy]
    )
    key = "finding" if len(as_heavy) > 1 else "finding_one"
    return source.say(f"barriers.{key}", kinds=kinds, weighted=first["weighted"])


def barriers_finding(source: ReportSource) -> str | None:
    """Return which barriers weigh most; None where no kind of them stands alone."""
    counted = (ALL, _OTHER)
    rows = source.rows("pub4_barriers")
    named = [row for row in rows if row["barrier_type"] not in counted]
    return _heaviest(source, named) if named else None


def assistance(source: ReportSource) -> Iterator[Section]:
    """Yield the help that was asked for and given in the year."""
    year = _year_of_help(source)
    if year is None:
        return
    total = next(r for r in year.topics.to_dicts() if r["topic"] == ALL_TOPICS)
    cell = Measures(source.messages).cell
    told = [(name, cell(name, total)) for name in _HELP]
    rows = [
        (source.plain(f"assistance.measures.{name}"), value)
        for name, value in told
        if value is not None
    ]
    table = source.table("help", ("measure", "value"), rows)
    yield Section(source.say("help.heading"), (table,))


def _year_of_help(source: ReportSource) -> AssistanceContent | None:
    years = [year for year in source.content.assistance if year.period == source.period]
    return years[0] if years else None


def recommendations(source: ReportSource) -> Iterator[Section]:
    """Yield what sites recommend to leaders, by audience and area of policy."""
    rows = source.rows("pub10_recommendations")
    if not rows:
        return
    yield Section(
        source.say("recommendations.heading"),
        (Paragraph(source.say("recommendations.text")),),
    )
    for audience, told in groupby(rows, key=lambda row: row["audience"]):
        title = source.say(
            "recommendations.for", audience=source.label("audience", audience)
        )
        blocks: list[Block] = []
        for area, texts in groupby(told, key=lambda row: row["policy_area"]):
            blocks += _of_area(source, area, list(texts)[:RECOMMENDED])
        yield Section(title, tuple(blocks), level=2)


def _of_area(source: ReportSource, area: str, rows: Sequence[Row]) -> Iterator[Block]:
    actors = [source.label("lead_actor", code) for code in rows[0]["lead_actors"]]
    heading = source.label("policy_area", area)
    if actors:
        heading = source.say(
            "recommendations.area_led", area=heading, actors=", ".join(actors[:_LEADS])
        )
    yield Paragraph(heading, "finding")
    for row in rows:
        lesson = source.digest.lessons[row["public_id"]]
        standing = "corroborated" if row["corroborated"] else "single"
        told = source.say(
            "recommendations.source",
            site=lesson.row["site_label"],
            standing=source.plain(f"lessons.{standing}"),
        )
        mark = source.say("mark", id=row["public_id"])
        yield Quote(row["recommendation"], told, path=lesson.path, mark=mark)
