"""The pages on outcomes (PUB5): all measures at a glance, a page for each, its sites."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from pcbl_pipeline.publication.charts_outcomes import SmallRange, small_ranges
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import Row, ends, furthest, parts_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.outcome_views import MeasureView, measure_views
from pcbl_pipeline.publication.pages.render import Page

TABLE = "pub5_outcomes"
#: Sites on one page; a page stays below 200 kB.
SITES_PER_PAGE = 200
#: Measures drawn side by side.
COLUMNS = 4


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
        finding=_since_before(measures, year, messages),
        answers={"groups": _widest_gaps(measures, messages)},
        values={
            **values,
            "measures": measures,
            "figures": list(_figures(measures, messages)),
            "groups": _by_group(measures, labels),
        },
    )
    yield from _site_pages(measures, values, labels, messages)
    for measure in measures:
        parts = parts_of(measure.sites, SITES_PER_PAGE)
        paths = [_sites_path(measure, number) for number in range(1, len(parts) + 1)]
        page = {**values, "measure": measure, "parts": paths}
        yield _page(f"outcomes/{measure.slug}.html", "outcome.html", page, messages)
        for path, part in zip(paths, parts, strict=True):
            part_values = {**page, "part": part}
            yield _page(path, "outcome_sites.html", part_values, messages)


def _by_group(
    measures: Sequence[MeasureView], labels: Labels
) -> list[tuple[str, list[Row | None]]]:
    """Return each group with its row of every measure, where it has one."""
    found = [
        {row["student_group"]: row for row in measure.main.groups}
        for measure in measures
    ]
    codes = labels.in_order("student_group", {code for rows in found for code in rows})
    return [
        (labels.label("student_group", code), [rows.get(code) for rows in found])
        for code in codes
    ]


def _site_pages(
    measures: Sequence[MeasureView],
    values: dict[str, Any],
    labels: Labels,
    messages: Messages,
) -> Iterator[Page]:
    """Yield a page per named site: its groups by measure."""
    names = {row["site_id"]: row["site_label"] for m in measures for _, row in m.sites}
    for site_id, name in sorted(names.items()):
        # The first line in which the site has rows stands for the measure.
        told = [
            (measure, line, line.by_site[site_id])
            for measure in measures
            if (line := measure.line_of(site_id)) is not None
        ]
        codes = labels.in_order("student_group", {c for *_, own in told for c in own})
        groups = [(labels.label("student_group", code), code) for code in codes]
        yield Page(
            path=f"outcomes/by-site/{site_id}.html",
            template="outcome_site.html",
            title=messages.plain("outcomes.site_title", site=name),
            description=messages.plain("outcomes.description"),
            section="outcomes",
            values={**values, "site": name, "told": told, "groups": groups},
        )


def _figures(
    measures: Sequence[MeasureView], messages: Messages
) -> Iterator[tuple[str, str, str]]:
    """Yield (title, finding, chart) of a few measures side by side."""
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
        finding = _widest_gaps(few, messages)
        names = ", ".join(measure.name for measure in few)
        title = messages.plain("outcomes.glance_title", measures=names)
        yield (
            title,
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
                    title,
                    messages.plain("outcomes.glance_description", finding=finding),
                ),
            ),
        )


def _since_before(
    measures: Sequence[MeasureView], year: str, messages: Messages
) -> str:
    """Say which measures moved which way since before the pilot."""
    moved: dict[str, list[str]] = {"better": [], "worse": [], "not_clear": []}
    for measure in measures:
        if (way := measure.main.since_before) is not None:
            moved[way].append(measure.name)
    sentences = [
        messages.plain(f"outcomes.moved_{way}", measures=messages.listed(names))
        for way, names in moved.items()
        if names
    ]
    if not sentences:
        return messages.plain("outcomes.moved_none", year=year)
    return " ".join((messages.plain("outcomes.moved", year=year), *sentences))


def _widest_gaps(measures: Sequence[MeasureView], messages: Messages) -> str:
    return furthest(
        [
            (widest["label"], measure.name)
            for measure in measures
            if (widest := measure.main.widest) is not None
        ],
        messages,
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
