"""Draft of fields: where each of our columns may come from, and how sure that is.

What does not belong here: the other parts of a draft (`draft`).
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from pcbl_pipeline.mapping.fill_in import FILL_IN
from pcbl_pipeline.mapping.identifiers import Identifier, is_of_staff
from pcbl_pipeline.mapping.layout_guess import Long, Wide
from pcbl_pipeline.mapping.profile import Profile, is_nothing

_DATE_RANKS = (
    ("completed", "completion", "finalized", "finished", "end"),
    ("assessed", "tested", "administered", "taken", "mastered", "earned"),
    ("test", "assessment", "client", "score", "scored", "result"),
    ("date", "day", "on"),
)
_NOT_THE_DAY = {
    "birth", "enrollment", "enrolled", "due", "entry", "exit", "sync", "added",
    "export", "first", "year", "window",
}  # fmt: skip
#: Of these a day is taken only where there is no other.
_BEGINNING = {"start", "launch", "begin", "began", "started"}
_DAY_FIRST = r"(?:1[3-9]|2\d|3[01])([/.-])\d{1,2}\1\d{4}"
_LASTING = {"id", "number", "identifier"}
_CODE = re.compile(r"([A-Za-z][\w-]*)\.\S+")
#: Lists of standards that are known by these names.
_LISTS = {
    "CCSS", "CCSSM", "NGSS", "TEKS", "SOL", "SCCCR", "C3", "CASEL", "ISTE", "WIDA",
    "NCAS", "ELPS", "TEAMS", "SHAPE", "ACTFL", "NHES",
}  # fmt: skip
#: `MATH.6.RP.3` begins with a subject; the name of a list is mostly longer.
_LONGEST_SUBJECT = 4


@dataclass(frozen=True)
class Line:
    """One field of the draft."""

    field: str
    value: str
    why: str
    #: high, medium, low
    confidence: str


def draft_fields(profiles: Sequence[Profile], layout: Wide | Long) -> Iterator[Line]:
    """Yield the fields of a draft in the order of the dataset."""
    yield Line("site_id", "{sender: site_id}", "who sends the file", "high")
    yield Line("ncessch", "{sender: ncessch}", "a school that sends", "high")
    day = find_day(profiles)
    yield _year(profiles, day)
    yield from _people(profiles)
    grade = next((i for i in profiles if "grade" in i.words and i.is_grade), None)
    if grade is not None:
        value = f"{{column: {as_yaml(grade.header)}, parse: grade}}"
        yield Line("grade_level", value, "its values are grades", "high")
    yield _competency(layout)
    yield _level(layout)
    if day is not None:
        value = f'{{{dated(day)}, when: {{level: ["3", "4"]}}}}'
        yield Line("demonstrated_on", value, "its values are dates", "medium")
    yield Line("learning_setting", "{constant: classroom}", "most are", "low")


def _year(profiles: Sequence[Profile], day: Profile | None) -> Line:
    years = [item for item in profiles if item.is_school_year]
    named = [i for i in years if {"year", "term", "sy"} & set(i.words)] or years
    if named:
        value = f"{{column: {as_yaml(named[0].header)}, parse: school_year}}"
        return Line("school_year", value, "its values are school years", "high")
    ends = [i for i in profiles if i.is_one_year and {"year", "sy"} & set(i.words)]
    if ends:
        value = f"{{column: {as_yaml(ends[0].header)}, parse: school_year_end}}"
        why = "2024 is read as 2023-2024, the year in which it ends"
        return Line("school_year", value, why, "low")
    if day is not None:
        value = f"{{{dated(day)[: -len('parse: date')]}parse: school_year_of_date}}"
        return Line("school_year", value, "the year of that day, from July on", "low")
    return Line("school_year", "{constant: YYYY-YYYY}", "no column tells it", "low")


def _people(profiles: Sequence[Profile]) -> Iterator[Line]:
    learners = _given(profiles, Identifier.STUDENT_ID)
    emails = _given(profiles, Identifier.EMAIL)
    if learners:
        headers = ", ".join(as_yaml(item.header) for item in learners[:3])
        value = f"{{column: [{headers}], hash: student}}"
        why = "ids of learners, the first that is not blank; never kept as they are"
        sure = "high" if len(learners) == 1 else "medium"
        yield Line("student_key", value, why, sure)
    elif mails := [i for i in emails if not is_of_staff(i.header)]:
        value = f"{{column: {as_yaml(mails[0].header)}, hash: student}}"
        why = "addresses of learners, which stand for their ids; never kept"
        yield Line("student_key", value, why, "low")
    staff = _given(profiles, Identifier.STAFF_ID)
    mails = [i for i in emails if is_of_staff(i.header)]
    if staff or mails:
        value = f"{{column: {as_yaml((staff or mails)[0].header)}, hash: teacher}}"
        why = (
            "ids of staff" if staff else "addresses of staff, which stand for their ids"
        )
        sure = "medium" if staff else "low"
        yield Line("teacher_of_record_keys", value, f"{why}; never kept", sure)


def _given(profiles: Sequence[Profile], kind: Identifier) -> list[Profile]:
    """Return columns with ids, those for most people and by the shortest name first."""
    ids = [
        item
        for item in profiles
        if item.identifier is kind and item.given and "name" not in item.words
    ]
    return sorted(
        ids,
        key=lambda i: (
            -i.given,
            -i.distinct,
            # A name to log in with may change; an id rarely does.
            not _LASTING & set(i.words),
            len(i.words),
        ),
    )


def _competency(layout: Wide | Long) -> Line:
    if isinstance(layout, Wide):
        skill = "{group: skill, parse: slug}"
        if layout.name is not None:
            skill = f"{{column: {as_yaml(layout.name)}, parse: slug}}"
        value = f'{{combine: ["{FILL_IN}:", {skill}]}}'
        why = "what the headers differ in, as small letters with dashes (slug)"
        return Line("competency_uri", value, why, "medium")
    if layout.skill is None:
        value = f'{{constant: "{FILL_IN}:overall"}}'
        why = "no column names a skill, so all is one skill"
        return Line("competency_uri", value, why, "low")
    return _named_skill(layout.skill)


def _named_skill(skill: Profile) -> Line:
    """Draft the skill of a column; the list that a code is of must be known."""
    header = as_yaml(skill.header)
    codes = [_CODE.fullmatch(text) for text in skill.values]
    lists = {code[1] for code in codes if code}
    if all(codes) and _are_lists(lists):
        value = (
            f"{{column: {header}, "
            "replace: [['^([A-Za-z][A-Za-z0-9_-]*)[.](.+)$', '${1}:${2}']]}"
        )
        why = f"codes of the list {', '.join(sorted(lists))}, which stands in front"
        sure = "high" if lists <= _LISTS else "low"
        return Line("competency_uri", value, why, sure)
    if all(codes) or not any(" " in text for text in skill.values):
        value = f'{{combine: ["{FILL_IN}:", {{column: {header}}}]}}'
        return Line("competency_uri", value, "codes of skills", "medium")
    value = f'{{combine: ["{FILL_IN}:", {{column: {header}, parse: slug}}]}}'
    why = "names of skills, as small letters with dashes (slug)"
    return Line("competency_uri", value, why, "medium")


def _are_lists(names: set[str]) -> bool:
    """Tell whether codes begin with lists of standards, and not with subjects."""
    if names <= _LISTS:
        return True
    return len(names) == 1 and all(
        name.isupper() and len(name) > _LONGEST_SUBJECT for name in names
    )


def _level(layout: Wide | Long) -> Line:
    if isinstance(layout, Wide):
        header = layout.header
    elif layout.level is not None:
        header = layout.level.header
    else:
        then = ", crosswalk: levels" if layout.choices else ""
        why = "one of several columns" if layout.choices else "no column has levels"
        return Line("level", f"{{column: {FILL_IN}{then}}}", why, "low")
    if layout.is_score:
        value = (
            f'{{column: {as_yaml(header)}, bands: [[0, "1"], [60, "2"], [80, "3"]]}}'
        )
        return Line("level", value, "a score; from where on is a guess", "low")
    value = f"{{column: {as_yaml(header)}, crosswalk: levels}}"
    untold = [v for v, code in layout.levels.items() if not code and not is_nothing(v)]
    return Line("level", value, "its words are levels", "low" if untold else "medium")


def find_day(profiles: Sequence[Profile]) -> Profile | None:
    """Return the column with the day of the result."""
    dates = [
        item
        for item in profiles
        if item.is_date
        and item.identifier is None
        and not _NOT_THE_DAY & set(item.words)
    ]
    ends = [item for item in dates if not _BEGINNING & set(item.words)] or dates
    for words in _DATE_RANKS:
        for item in ends:
            if set(words) & set(item.words):
                return item
    return ends[0] if ends else None


def dated(day: Profile) -> str:
    """Return how a day is read; days first only where they prove to be so."""
    form = ""
    firsts = (re.match(_DAY_FIRST, text) for text in day.values)
    if (first := next(filter(None, firsts), None)) is not None:
        form = f'formats: ["%d{first[1]}%m{first[1]}%Y"], '
    return f"column: {as_yaml(day.header)}, {form}parse: date"


def headers_in(value: str) -> Iterator[str]:
    """Yield the headers that a drafted value names."""
    waiting: list[object] = [yaml.safe_load(value)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += [part.get("combine"), part.get("several")]
            column = part.get("column", [])
            yield from [column] if isinstance(column, str) else column


def as_yaml(text: str) -> str:
    """Write a text so that YAML reads it as that text."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/()-]*[A-Za-z0-9)]", text)
    reserved = text.casefold() in {"yes", "no", "on", "off", "true", "false", "null"}
    return text if plain and not reserved else json.dumps(text, ensure_ascii=False)
