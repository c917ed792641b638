"""Draft: a mapping for a file never seen, with its reasons, for a person to finish.

The draft is YAML with remarks. Values stand in it only where they name nobody: levels,
and names of skills. What does not belong here: guessing where skills and levels stand.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import yaml

from pcbl_pipeline.mapping.identifiers import Identifier
from pcbl_pipeline.mapping.layout_guess import Long, Wide, guess_layout
from pcbl_pipeline.mapping.profile import Profile, is_nothing, profile
from pcbl_pipeline.reading.tables import TextTable

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
#: By fewer headers another tool's file could be taken for this one.
_FEWEST_SIGNS = 4
_CODE = re.compile(r"[A-Za-z][\w-]*\.\S+")


@dataclass(frozen=True)
class Draft:
    """A drafted mapping: its text, and what a person has to decide."""

    text: str
    #: Sentences, most important first; empty where the draft may be tried as it is.
    open_points: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    """One field of the draft."""

    field: str
    value: str
    why: str
    #: high, medium, low
    confidence: str


def draft_mapping(table: TextTable) -> Draft:
    """Draft a mapping of a table to competency records, as far as it can be told.

    Nothing in it is used before a person has tried and added it.
    """
    profiles = profile(table)
    layout = guess_layout(profiles)
    source = _name(table.file_name)
    lines = list(_lines(source, profiles, layout))
    points = tuple(_open_points(lines, layout, profiles))
    parts = [
        *_heading(table, points),
        f"source: {source}",
        'version: "1"',
        f"title: {_text(PurePath(table.file_name).stem)}",
        *_signs(profiles, layout, lines),
        *_unpivot(layout),
        *_crosswalk(layout),
        "fields:",
        *(text for line in lines for text in _field(line)),
        *_rest(profiles, layout, lines),
    ]
    return Draft("\n".join(parts) + "\n", points)


def _heading(table: TextTable, points: Sequence[str]) -> Iterator[str]:
    yield f"# Draft of a mapping for {table.file_name}, made by its columns."
    yield "# Each line says why it was drafted so, and how sure that is."
    yield "# To finish it:"
    todo = [*points, "Read each line below, and correct what is wrong."]
    for number, point in enumerate(todo, 1):
        yield f"#   {number}. {point}"
    yield "# Then see what it makes of the file:  pcbl mapping try THIS FILE"


def _lines(
    source: str, profiles: Sequence[Profile], layout: Wide | Long
) -> Iterator[_Line]:
    yield _Line("site_id", "{sender: site_id}", "who sends the file", "high")
    yield _Line("ncessch", "{sender: ncessch}", "a school that sends", "high")
    day = _day(profiles)
    yield _year(profiles, day)
    yield from _people(profiles)
    grade = next((i for i in profiles if "grade" in i.words and i.is_grade), None)
    if grade is not None:
        value = f"{{column: {_text(grade.header)}, parse: grade}}"
        yield _Line("grade_level", value, "its values are grades", "high")
    yield _competency(source, layout)
    yield _level(layout)
    if day is not None:
        value = f'{{{_dated(day)}, when: {{level: ["3", "4"]}}}}'
        yield _Line("demonstrated_on", value, "its values are dates", "medium")
    yield _Line("learning_setting", "{constant: classroom}", "most are", "low")


def _year(profiles: Sequence[Profile], day: Profile | None) -> _Line:
    years = [item for item in profiles if item.is_school_year]
    named = [i for i in years if {"year", "term", "sy"} & set(i.words)] or years
    if named:
        value = f"{{column: {_text(named[0].header)}, parse: school_year}}"
        return _Line("school_year", value, "its values are school years", "high")
    ends = [i for i in profiles if i.is_one_year and {"year", "sy"} & set(i.words)]
    if ends:
        value = f"{{column: {_text(ends[0].header)}, parse: school_year_end}}"
        why = "2024 is read as 2023-2024, the year in which it ends"
        return _Line("school_year", value, why, "low")
    if day is not None:
        value = f"{{{_dated(day)[: -len('parse: date')]}parse: school_year_of_date}}"
        return _Line("school_year", value, "the year of that day, from July on", "low")
    return _Line("school_year", "{constant: YYYY-YYYY}", "no column tells it", "low")


def _people(profiles: Sequence[Profile]) -> Iterator[_Line]:
    learners = _given(profiles, Identifier.STUDENT_ID)
    if learners:
        headers = ", ".join(_text(item.header) for item in learners[:3])
        value = f"{{column: [{headers}], hash: student}}"
        why = "ids of learners, the first that is not blank; never kept as they are"
        sure = "high" if len(learners) == 1 else "medium"
        yield _Line("student_key", value, why, sure)
    staff = _given(profiles, Identifier.STAFF_ID)
    if staff:
        value = f"{{column: {_text(staff[0].header)}, hash: teacher}}"
        yield _Line("teacher_of_record_keys", value, "ids of staff", "medium")


def _given(profiles: Sequence[Profile], kind: Identifier) -> list[Profile]:
    """Return columns with ids, those for most people and by the shortest name first."""
    ids = [
        item
        for item in profiles
        if item.identifier is kind and item.given and "name" not in item.words
    ]
    return sorted(ids, key=lambda i: (-i.given, -i.distinct, len(i.words)))


def _competency(source: str, layout: Wide | Long) -> _Line:
    if isinstance(layout, Wide):
        skill = "{group: skill, parse: slug}"
        if layout.name is not None:
            skill = f"{{column: {_text(layout.name)}, parse: slug}}"
        value = f'{{combine: ["{source}:", {skill}]}}'
        return _Line("competency_uri", value, "what the headers differ in", "medium")
    if layout.skill is None:
        value = f'{{constant: "{source}:overall"}}'
        why = "no column names a skill, so all is one skill"
        return _Line("competency_uri", value, why, "low")
    header = _text(layout.skill.header)
    codes = [text for text in layout.skill.values if _CODE.fullmatch(text)]
    if len(codes) == len(layout.skill.values):
        value = (
            f"{{column: {header}, "
            "replace: [['^([A-Za-z][A-Za-z0-9_-]*)[.](.+)$', '${1}:${2}']]}"
        )
        why = "codes of standards: what stands before the first point names their list"
        return _Line("competency_uri", value, why, "high")
    value = f'{{combine: ["{source}:", {{column: {header}, parse: slug}}]}}'
    return _Line("competency_uri", value, "names of skills", "medium")


def _level(layout: Wide | Long) -> _Line:
    if isinstance(layout, Wide):
        header = layout.header
    elif layout.level is not None:
        header = layout.level.header
    else:
        return _Line("level", "{column: Level}", "no column looks like levels", "low")
    if layout.is_score:
        value = f'{{column: {_text(header)}, bands: [[0, "1"], [60, "2"], [80, "3"]]}}'
        return _Line("level", value, "a score; from where on is a guess", "low")
    value = f"{{column: {_text(header)}, crosswalk: levels}}"
    untold = [v for v, code in layout.levels.items() if not code and not is_nothing(v)]
    return _Line("level", value, "its words are levels", "low" if untold else "medium")


def _day(profiles: Sequence[Profile]) -> Profile | None:
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


def _dated(day: Profile) -> str:
    form = ""
    if any(re.match(r"(1[3-9]|2\d|3[01])[/.-]\d", text) for text in day.values):
        sign = next(sign for sign in "/.-" if sign in day.values[0])
        form = f'formats: ["%d{sign}%m{sign}%Y"], '
    return f"column: {_text(day.header)}, {form}parse: date"


def _signs(
    profiles: Sequence[Profile], layout: Wide | Long, lines: Sequence[_Line]
) -> Iterator[str]:
    if isinstance(layout, Wide):
        own = [item.header for item in layout.columns if item.given][:3]
    else:
        own = [item.header for item in (layout.skill, layout.level) if item]
    made = {
        header
        for line in lines
        if line.field == "school_year"
        for header in _headers_in(line.value)
    }
    own += [item.header for item in profiles if item.header in made][:1]
    if len(own) < _FEWEST_SIGNS:
        own += [i.header for i in profiles if not i.identifier and i.given]
    own = list(dict.fromkeys(own))[:_FEWEST_SIGNS]
    yield "# A file is read by this mapping if it has all of these columns."
    yield f"signs: {{all: [{', '.join(map(_text, dict.fromkeys(own)))}]}}"


def _unpivot(layout: Wide | Long) -> Iterator[str]:
    if isinstance(layout, Wide):
        yield "# Each column whose header fits this makes one record of each row."
        yield "unpivot:"
        yield f"  headers: '{layout.pattern}'"
        if layout.left_out:
            listed = ", ".join(map(_text, layout.left_out))
            yield f"  leave_out: [{listed}]  # sums over several skills"


def _crosswalk(layout: Wide | Long) -> Iterator[str]:
    levels = layout.levels
    if not levels:
        return
    yield "crosswalks:"
    yield "  # 1 beginning, 2 developing, 3 meets, 4 exceeds; null: not measured."
    yield "  levels:"
    for value, code in sorted(
        levels.items(), key=lambda item: (item[1] or "", item[0])
    ):
        remark = "" if code or is_nothing(value) else "  # which level is it?"
        written = "null" if code is None else f'"{code}"'
        yield f"    {_text(value)}: {written}{remark}"


def _field(line: _Line) -> Iterator[str]:
    yield f"  # {line.why} (confidence: {line.confidence})"
    yield f"  {line.field}: {line.value}"


def _rest(
    profiles: Sequence[Profile], layout: Wide | Long, lines: Sequence[_Line]
) -> Iterator[str]:
    made = {header for line in lines for header in _headers_in(line.value)}
    yield "not_measured_if_blank: [level]"
    if (day := _day(profiles)) is not None:
        yield "# Of several results for one learner and skill the newest counts."
        yield "newest_per_key:"
        yield f"  newest_by: {{{_dated(day)}}}"
        yield "  count_as: evidence_count"
        yield "  first_as: first_evidence_on"
    dropped = [
        item.header for item in profiles if item.identifier and item.header not in made
    ]
    if dropped:
        yield "# These name people, or look like it; they are left out."
        yield "drop:"
        yield from (f"  - {_text(header)}" for header in dropped)
    wide = {i.header for i in layout.columns} if isinstance(layout, Wide) else set()
    unused = [
        item.header
        for item in profiles
        if not item.identifier and item.header not in wide and item.header not in made
    ]
    if unused:
        yield "# Not used:"
        yield from (f"#   {header}" for header in unused)


def _headers_in(value: str) -> Iterator[str]:
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


def _open_points(
    lines: Sequence[_Line], layout: Wide | Long, profiles: Sequence[Profile]
) -> Iterator[str]:
    fields = {line.field: line for line in lines}
    if isinstance(layout, Long) and layout.level is None:
        few = [i.header for i in profiles if not i.identifier and 1 < i.distinct <= 8]
        listed = ", ".join(few[:8]) or "none with few values"
        yield f"Name the column with the levels under `level`. It may be: {listed}."
    if isinstance(layout, Long) and layout.skill is None:
        yield "Say under `competency_uri` which skill or subject the level is about."
    if "student_key" not in fields:
        yield "No column with ids of learners was found. Name it under `student_key`."
    if "YYYY-YYYY" in fields["school_year"].value:
        yield "No column tells the school year. Put it under `school_year`."
    untold = [v for v, c in layout.levels.items() if not c and not is_nothing(v)]
    if untold:
        yield f"Say which level these mean: {', '.join(untold)}."
    if "school_year_end" in fields["school_year"].value:
        yield "Say under `school_year` whether the year is that of its end."
    if layout.is_score:
        yield "Say under `level` from which score on a level is reached."


def _name(file_name: str) -> str:
    """Return a name for the mapping: the file's, without numbers and odd signs."""
    words = re.findall(r"[a-z]+", PurePath(file_name).stem.casefold())
    return "_".join(words)[:40].strip("_") or "export"


def _text(text: str) -> str:
    """Write a text so that YAML reads it as that text."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/()-]*[A-Za-z0-9)]", text)
    reserved = text.casefold() in {"yes", "no", "on", "off", "true", "false", "null"}
    return text if plain and not reserved else json.dumps(text, ensure_ascii=False)
