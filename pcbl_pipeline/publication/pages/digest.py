"""The lessons digest as pages see it: lessons and groups with labels and links.

The order is the digest's own and is kept; a lesson beyond those that a group names
first follows in the order of the lessons' table.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.tables import PUB1_GROUPS, PUB1_LESSONS

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class LessonView:
    """One lesson with its labels; `row` has the texts as the site wrote them."""

    row: Mapping[str, Any]
    labels: Labels
    state: str | None
    #: City, suburb, town or rural, where it may be told.
    place: str | None
    #: What became of it at other sites, as in `pub1_reuse`; None: nobody took it up.
    reuse: Mapping[str, Any] | None = None

    @property
    def path(self) -> str:
        """Where the lesson's page is, from the edition's root."""
        return f"lessons/{self.row['public_id']}.html"

    @property
    def group_key(self) -> tuple[str, str]:
        """The group that the lesson belongs to."""
        return self.row["element_code"], self.row["lesson_type"]

    @property
    def audiences(self) -> list[str]:
        """The codes of those who should read it."""
        return list(self.row["audience"] or ())

    @property
    def audience_labels(self) -> list[str]:
        """Those who should read it, in words."""
        return [self.labels.label("audience", code) for code in self.audiences]

    @property
    def grades(self) -> str:
        """The grades that the site serves, in words; empty where they are not told."""
        codes = self.row["grade_bands"] or ()
        return ", ".join(self.labels.label("grade_band", code) for code in codes)

    @property
    def size(self) -> str | None:
        """How large the site is, in words, where it may be told."""
        return self.row["size_band"] and self.labels.size(self.row["size_band"])

    @property
    def context(self) -> str:
        """What is told of the site: where it lies, how large it is, which grades."""
        told = (self.state, self.place, self.size, self.grades)
        return " · ".join(filter(None, told))

    @property
    def resource_link(self) -> str | None:
        """The resource's address, if it is one that is safe to link to."""
        address = self.row["resource_url"] or ""
        return address if is_web_address(address) else None

    def label(self, column: str, code_list: str) -> str | None:
        """Return the label of a column's code, or None where there is no code."""
        code = self.row[column]
        return None if code is None else self.labels.label(code_list, code)

    def paragraphs(self, column: str) -> list[str]:
        """Return a text's paragraphs, as they are divided by line breaks."""
        return [part for part in (self.row[column] or "").splitlines() if part.strip()]


@dataclass(frozen=True)
class GroupView:
    """The lessons of one kind on one element."""

    element_code: str
    lesson_type: str
    element: str
    kind: str
    sites: int
    states: int
    corroborated: bool
    tier: str
    newest: date
    #: All of them; those that the digest names first stand first.
    lessons: tuple[LessonView, ...]
    #: How far it can be relied on, as in `pub1_strength`; None where nobody judged.
    standing: Mapping[str, Any] | None = None
    #: The same in a word.
    strength: str | None = None

    @property
    def slug(self) -> str:
        """The group's name in addresses and anchors."""
        return f"{self.element_code}-{self.lesson_type}".lower().replace("_", "-")

    @property
    def path(self) -> str:
        """Where the group's first page is, from the edition's root."""
        return f"lessons/groups/{self.slug}.html"

    @property
    def audiences(self) -> list[str]:
        """The codes of those who should read any of its lessons."""
        return sorted({code for lesson in self.lessons for code in lesson.audiences})

    @property
    def state_codes(self) -> list[str]:
        """The states of its lessons, where they may be shown."""
        codes = {lesson.row["state_fips"] for lesson in self.lessons}
        return sorted(code for code in codes if code)


@dataclass(frozen=True)
class Contradiction:
    """What worked at some sites and did not work at others, on one element."""

    element: str
    #: The newest first.
    worked: tuple[LessonView, ...]
    failed: tuple[LessonView, ...]
    worked_sites: int
    failed_sites: int


@dataclass(frozen=True)
class AlikePair:
    """Two lessons that may say the same, proposed to be looked at."""

    first: LessonView
    second: LessonView
    #: Share of word pairs that both have, 0 to 1.
    likeness: float
    #: The first words that one of them alone has.
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    #: Whether an agency found that both say the same.
    is_same: bool

    @property
    def percent(self) -> int:
        """The likeness in hundredths."""
        return round(100 * self.likeness)


class Digest:
    """All lessons and groups of an edition, ready for its pages."""

    def __init__(self, content: EditionContent, labels: Labels) -> None:
        """Join lessons to their groups.

        Raises:
            PublicationBlocked: If a lesson's id cannot be a file name, is used twice,
                or a group names a lesson that is not among the lessons.
        """
        self._labels = labels
        rows = PUB1_LESSONS.conform(content.lessons.lessons).to_dicts()
        reuse = {row["public_id"]: row for row in _rows(content, "pub1_reuse")}
        self._standing = {
            (row["element_code"], row["lesson_type"]): row
            for row in _rows(content, "pub1_strength")
        }
        self.lessons = {
            row["public_id"]: LessonView(
                row,
                labels,
                state=content.states.get(row["state_fips"]),
                place=row["locale"] and labels.place(row["locale"]),
                reuse=reuse.get(row["public_id"]),
            )
            for row in rows
        }
        _check_names([row["public_id"] for row in rows])
        self._contradictions = _rows(content, "pub1_contradictions")
        self.near_duplicates = [
            AlikePair(
                first=self.lessons[row["first_id"]],
                second=self.lessons[row["second_id"]],
                likeness=row["likeness"],
                only_first=tuple(row["only_first"]),
                only_second=tuple(row["only_second"]),
                is_same=row["decision"] == "same",
            )
            for row in _rows(content, "pub1_near_duplicates")
            if row["decision"] != "different"
        ]
        self.groups = tuple(
            self._group(row)
            for row in PUB1_GROUPS.conform(content.lessons.groups).to_dicts()
        )

    @cached_property
    def by_key(self) -> dict[tuple[str, str], GroupView]:
        """Groups by element and kind of lesson."""
        return {(item.element_code, item.lesson_type): item for item in self.groups}

    @cached_property
    def elements(self) -> list[tuple[str, list[GroupView]]]:
        """Elements in the order of their first group, each with its groups."""
        found: dict[str, list[GroupView]] = defaultdict(list)
        for group in self.groups:
            found[group.element_code].append(group)
        return list(found.items())

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        """Elements on which sites saw both, those with the most sites first."""
        found = [
            Contradiction(
                element=self._labels.label("element_code", row["element_code"]),
                worked=tuple(self.lessons[name] for name in row["worked_ids"]),
                failed=tuple(self.lessons[name] for name in row["did_not_work_ids"]),
                worked_sites=row["worked_sites"],
                failed_sites=row["did_not_work_sites"],
            )
            for row in self._contradictions
        ]
        return sorted(found, key=lambda item: -item.worked_sites - item.failed_sites)

    def newest(self, number: int) -> list[LessonView]:
        """Return the lessons that were written last."""
        ordered = sorted(self.lessons.values(), key=lambda item: item.row["public_id"])
        ordered.sort(key=lambda item: item.row["lesson_date"], reverse=True)
        return ordered[:number]

    def _group(self, row: Mapping[str, Any]) -> GroupView:
        element, kind = row["element_code"], row["lesson_type"]
        standing = self._standing.get((element, kind))
        return GroupView(
            element_code=element,
            lesson_type=kind,
            element=self._labels.label("element_code", element),
            kind=self._labels.label("lesson_type", kind),
            sites=row["sites"],
            states=row["states"],
            corroborated=row["corroborated"],
            tier=self._labels.label("evidence_tier", row["strongest_tier"]),
            newest=row["newest"],
            lessons=tuple(self._members((element, kind), row["lesson_ids"])),
            standing=standing,
            strength=None
            if standing is None
            else self._labels.label("lesson_strength", standing["strength"]),
        )

    def _members(self, key: tuple[str, str], first: list[str]) -> Iterator[LessonView]:
        members = self._by_group[key]
        if missing := [name for name in first if name not in members]:
            raise PublicationBlocked(
                f"The group {key[0]} {key[1]} names lessons that are not published "
                f"in it: {', '.join(missing)}. This is a fault in the digest."
            )
        yield from (members[name] for name in first)
        yield from (item for name, item in members.items() if name not in first)

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], dict[str, LessonView]]:
        found: dict[tuple[str, str], dict[str, LessonView]] = defaultdict(dict)
        for name, lesson in self.lessons.items():
            found[lesson.group_key][name] = lesson
        return found


def _rows(content: EditionContent, table: str) -> list[dict[str, Any]]:
    frame = content.tables.get(table)
    return [] if frame is None else frame.to_dicts()


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http(s) address that a page may link to."""
    if any(character.isspace() or not character.isprintable() for character in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _check_names(names: list[str]) -> None:
    wrong = [name for name in names if not _SAFE_NAME.fullmatch(name)]
    wrong += sorted(name for name, times in Counter(names).items() if times > 1)
    if wrong or "index" in names:
        raise PublicationBlocked(
            "Lesson ids name pages: letters, digits, `-` and `_`, each id once. "
            f"Not usable: {', '.join(wrong or ['index'])}."
        )
