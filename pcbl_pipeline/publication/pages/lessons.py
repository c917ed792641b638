"""The pages of the lessons digest: the overview, one per group, one per lesson."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pcbl_pipeline.publication.charts import (
    MatrixCell,
    corroboration_matrix,
)
from pcbl_pipeline.publication.drawing import ChartText
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.digest import Digest, GroupView, LessonView
from pcbl_pipeline.publication.pages.labels import PLACES, Labels
from pcbl_pipeline.publication.pages.render import Page

#: Lessons that the overview links to, over all groups: keeps the page light.
_LINKS_ON_OVERVIEW = 250
#: Lessons that the digest names first in each group.
_FIRST = 5
#: Lessons of each side where sites saw opposite things.
_CONTEXTS = 5
#: Pairs of lessons that stand side by side with their texts: keeps the page light.
_PAIRS = 20
#: The texts of a lesson besides its title, in the order in which they are read.
STORY = ("situation", "action", "result", "recommendation")
#: Lessons on one page of a group.
PART_LENGTH = 150


def lesson_pages(
    content: EditionContent, digest: Digest, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield every page about lessons, the overview first."""
    yield _overview(content, digest, labels, messages)
    if digest.contradictions:
        yield _contradictions(digest, messages)
    if digest.near_duplicates:
        yield _near_duplicates(digest, messages)
    for group in digest.groups:
        yield from _group_pages(content, digest, labels, messages, group)
    for lesson in digest.lessons.values():
        yield _lesson_page(content, digest, messages, lesson)


def finding(digest: Digest, messages: Messages) -> str:
    """Say in a sentence how far the lessons are corroborated."""
    corroborated = [group for group in digest.groups if group.corroborated]
    if not corroborated:
        return messages.plain("lessons.finding_none", groups=len(digest.groups))
    first = digest.groups[0]
    return messages.plain(
        "lessons.finding",
        corroborated=len(corroborated),
        groups=len(digest.groups),
        element=first.element,
        kind=first.kind,
        sites=first.sites,
    )


def _overview(
    content: EditionContent, digest: Digest, labels: Labels, messages: Messages
) -> Page:
    shown = min(_FIRST, max(1, _LINKS_ON_OVERVIEW // max(1, len(digest.groups))))
    values: dict[str, Any] = {
        "digest": digest,
        "labels": labels,
        "shown": shown,
        "filters": _filters(content, digest.groups, labels),
        "finding": None,
        "chart": None,
        "places": _places(digest),
    }
    answers = {}
    if digest.groups:
        values["finding"] = finding(digest, messages)
        values["chart"] = _matrix(digest, labels, messages)
        answers["digest"] = values["finding"]
    if values["places"]:
        answers["places"] = _places_finding(digest, messages)
    return Page(
        path="lessons/index.html",
        template="lessons.html",
        title=messages.plain("lessons.title"),
        description=messages.plain("lessons.description"),
        section="lessons",
        values=values,
        filtered=bool(digest.groups),
        finding=values["finding"] or "",
        answers=answers,
    )


def _places(digest: Digest) -> dict[str, int]:
    """Count the lessons by kind of place, where it may be told."""
    places = Counter(lesson.row["locale"] for lesson in digest.lessons.values())
    return {place: places[place] for place in PLACES if places[place]}


def _places_finding(digest: Digest, messages: Messages) -> str:
    told = [
        messages.plain(
            "lessons.places_count",
            count=count,
            place=messages.plain(f"lessons.places_names.{place}"),
        )
        for place, count in _places(digest).items()
    ]
    return messages.plain("lessons.places_finding", told=messages.listed(told))


def _contradictions(digest: Digest, messages: Messages) -> Page:
    return Page(
        path="lessons/contradictions.html",
        template="contradictions.html",
        title=messages.plain("standing.contradictions_heading"),
        description=messages.plain("standing.contradictions_text"),
        section="lessons",
        values={"digest": digest, "contexts": _CONTEXTS},
    )


def _near_duplicates(digest: Digest, messages: Messages) -> Page:
    return Page(
        path="lessons/near-duplicates.html",
        template="near_duplicates.html",
        title=messages.plain("alike.heading"),
        description=messages.plain("alike.lede"),
        section="lessons",
        values={
            # Those that wait for somebody to read them come first.
            "pairs": sorted(digest.near_duplicates, key=lambda pair: pair.is_same)[
                :_PAIRS
            ],
            "total": len(digest.near_duplicates),
            "texts": STORY,
        },
    )


def _matrix(digest: Digest, labels: Labels, messages: Messages) -> str:
    elements = labels.in_order(
        "element_code", (group.element_code for group in digest.groups)
    )
    kinds = labels.in_order(
        "lesson_type", (group.lesson_type for group in digest.groups)
    )
    return corroboration_matrix(
        [
            MatrixCell(group.element, group.kind, group.sites, group.corroborated)
            for group in digest.groups
        ],
        rows=[labels.label("element_code", code) for code in elements],
        columns=[labels.label("lesson_type", code) for code in kinds],
        text=ChartText(
            "chart-corroboration",
            messages.plain("lessons.chart_title"),
            messages.plain(
                "lessons.chart_description", finding=finding(digest, messages)
            ),
        ),
    )


def _group_pages(
    content: EditionContent,
    digest: Digest,
    labels: Labels,
    messages: Messages,
    group: GroupView,
) -> Iterator[Page]:
    parts = [
        group.lessons[start : start + PART_LENGTH]
        for start in range(0, len(group.lessons), PART_LENGTH)
    ]
    siblings = dict(digest.elements)[group.element_code]
    for number, lessons in enumerate(parts, start=1):
        names: dict[str, object] = {"element": group.element, "kind": group.kind}
        title = "group.title" if len(parts) == 1 else "group.title_part"
        yield Page(
            path=_part_path(group, number),
            template="group.html",
            title=messages.plain(title, **names, part=number, parts=len(parts)),
            description=messages.plain("group.description", **names),
            section="lessons",
            values={
                "group": group,
                "lessons": lessons,
                "part": number,
                "first_number": (number - 1) * PART_LENGTH + 1,
                "pages_of_list": [_part_path(group, n + 1) for n in range(len(parts))],
                "element_text": labels.description("element_code", group.element_code),
                "others": [other for other in siblings if other is not group],
                "filters": _filters(content, [group], labels),
            },
            filtered=len(lessons) > _FIRST,
            facets={
                "element": (group.element_code,),
                "state": tuple(group.state_codes),
                "audience": tuple(group.audiences),
            },
        )


def _part_path(group: GroupView, number: int) -> str:
    if number == 1:
        return group.path
    return group.path.replace(".html", f"-{number}.html")


def _lesson_page(
    content: EditionContent, digest: Digest, messages: Messages, lesson: LessonView
) -> Page:
    group = digest.by_key[lesson.group_key]
    siblings = dict(digest.elements)[group.element_code]
    more = [item for item in group.lessons if item is not lesson]
    return Page(
        path=lesson.path,
        template="lesson.html",
        title=lesson.row["title"],
        description=messages.plain(
            "lesson.description",
            element=group.element,
            site=lesson.row["site_label"],
            year=lesson.row["school_year"],
        ),
        section="lessons",
        values={
            "lesson": lesson,
            "row": lesson.row,
            "group": group,
            "terms": _terms(content),
            "more": more[:_FIRST],
            "others": [other for other in siblings if other is not group],
        },
        facets=_facets(lesson),
        about=f"{group.element}: {group.kind} · {lesson.row['site_label']}",
        extract=lesson.row["result"] or "",
        searched=_searched(lesson),
    )


#: Filter of the search → column.
_FACET_COLUMNS = {
    "element": "element_code",
    "policy": "policy_area",
    "stage": "stage_at_time",
    "state": "state_fips",
    "locale": "locale",
}


def _facets(lesson: LessonView) -> dict[str, tuple[str, ...]]:
    single = {
        name: (str(lesson.row[column]),)
        for name, column in _FACET_COLUMNS.items()
        if lesson.row[column] is not None
    }
    return {**single, "audience": tuple(lesson.audiences)}


def _searched(lesson: LessonView) -> str:
    """Return what of a lesson can be found: its texts, and its labels."""
    texts = ("situation", "action", "result", "recommendation")
    parts = [
        *(lesson.row[name] for name in texts),
        *lesson.audience_labels,
        lesson.label("policy_area", "policy_area"),
        lesson.label("term_code", "term_code"),
        lesson.state,
        lesson.place,
        lesson.row["school_year"],
    ]
    return " ".join(part for part in parts if part)


def _terms(content: EditionContent) -> list[str]:
    """Return what each state of the network calls the model, for its own readers."""
    return [
        f"{content.states[fips]}: {' / '.join(words)}"
        for fips, words in sorted(content.state_terms.items())
        if fips in content.states
    ]


def _filters(
    content: EditionContent, groups: Sequence[GroupView], labels: Labels
) -> dict[str, list[tuple[str, str]]]:
    """Return the choices per filter as (code, label); one choice is no choice."""
    codes = {
        "element": ("element_code", {group.element_code for group in groups}),
        "kind": ("lesson_type", {group.lesson_type for group in groups}),
        "audience": ("audience", {code for g in groups for code in g.audiences}),
    }
    choices = {
        name: [
            (code, labels.label(code_list, code))
            for code in labels.in_order(code_list, found)
        ]
        for name, (code_list, found) in codes.items()
    }
    states = sorted({code for group in groups for code in group.state_codes})
    choices["state"] = [(code, content.states.get(code, code)) for code in states]
    return {name: items for name, items in choices.items() if len(items) > 1}
