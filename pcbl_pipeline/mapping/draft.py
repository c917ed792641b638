"""Draft: a mapping for a file never seen, with its reasons, for a person to finish.

The draft is YAML with remarks. Values stand in it only where they name nobody: levels,
and names of skills. What does not belong here: guessing where skills and levels stand.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.mapping.columns import fitting
from pcbl_pipeline.mapping.draft_fields import (
    Line,
    as_yaml,
    dated,
    draft_fields,
    find_day,
    headers_in,
)
from pcbl_pipeline.mapping.fill_in import FILL_IN
from pcbl_pipeline.mapping.layout_guess import Long, Wide, guess_layout
from pcbl_pipeline.mapping.profile import Profile, is_nothing, profile
from pcbl_pipeline.reading.tables import TextTable

#: By fewer headers another tool's file could be taken for this one.
_FEWEST_SIGNS = 5
#: Words that stand in the headers of every tool.
_IN_EVERY_TOOL = {
    "standard", "standards", "skill", "competency", "grade", "level", "school", "course",
    "class", "subject", "student", "teacher", "name", "id", "code", "date", "score",
    "district", "year", "section", "term", "status", "description", "type", "number",
}  # fmt: skip
#: As many of a known mapping's headers make a file look like that export.
_LIKE_KNOWN = 0.5


@dataclass(frozen=True)
class Draft:
    """A drafted mapping: its text, and what a person has to decide."""

    text: str
    #: Sentences, most important first; empty where the draft may be tried as it is.
    open_points: tuple[str, ...]


def draft_mapping(table: TextTable, known: Iterable[SourceMapping] = ()) -> Draft:
    """Draft a mapping of a table to competency records, as far as it can be told.

    Nothing in it is used before a person has tried and added it. Of the mappings that
    are `known` it names those that read such a file, or nearly so.
    """
    profiles = profile(table)
    layout = guess_layout(profiles)
    source = _name(table.file_name)
    lines = list(draft_fields(profiles, layout))
    points = tuple(_open_points(lines, layout, profiles))
    parts = [
        *_heading(table, points),
        *_known(table, known),
        f"source: {source}",
        'version: "1"',
        f"title: {as_yaml(PurePath(table.file_name).stem)}",
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


def _known(table: TextTable, known: Iterable[SourceMapping]) -> Iterator[str]:
    """Say which known exports the file is, or looks like."""
    sources = list(known)
    read_by = fitting(table.headers, sources)
    if read_by is not None:
        yield f"# The mapping `{read_by.source}` reads this file as it is."
        yield "# So send it: no mapping of your own is needed."
        return
    headers = {header.casefold() for header in table.headers}
    alike = []
    for item in sources:
        asked = {h.casefold() for value in item.values for h in value.headers}
        if asked and len(asked & headers) >= _LIKE_KNOWN * len(asked):
            alike.append(item.source)
    if alike:
        yield f"# It looks like an export that is known: {', '.join(sorted(alike))}."
        yield f"# See  pcbl mapping show {sorted(alike)[0]}  and export that one if you can."


def _signs(
    profiles: Sequence[Profile], layout: Wide | Long, lines: Sequence[Line]
) -> Iterator[str]:
    if isinstance(layout, Wide):
        own = [item.header for item in layout.columns if item.given][:3]
    else:
        own = [item.header for item in (layout.skill, layout.level) if item]
    made = {
        header
        for line in lines
        if line.field == "school_year"
        for header in headers_in(line.value)
    }
    own += [item.header for item in profiles if item.header in made][:1]
    if isinstance(layout, Long):
        own += [item.header for item in layout.choices]
    rest = [i for i in profiles if not i.identifier and i.given]
    # What few other tools have tells them apart.
    rest.sort(key=lambda item: -len(set(item.words) - _IN_EVERY_TOOL))
    own += [item.header for item in rest]
    own = list(dict.fromkeys(own))[:_FEWEST_SIGNS]
    yield "# Signs: a file is read by this mapping if it has all of these columns."
    yield f"signs: {{all: [{', '.join(map(as_yaml, dict.fromkeys(own)))}]}}"


def _unpivot(layout: Wide | Long) -> Iterator[str]:
    if isinstance(layout, Wide):
        yield "# Unpivot: columns that stand side by side become rows. Each column whose"
        yield "# header fits this pattern makes one record of each row."
        yield "unpivot:"
        yield f"  headers: '{layout.pattern}'"
        if layout.left_out:
            listed = ", ".join(map(as_yaml, layout.left_out))
            yield f"  leave_out: [{listed}]  # sums over several skills"


def _crosswalk(layout: Wide | Long) -> Iterator[str]:
    levels = layout.levels
    if not levels:
        return
    yield "# Crosswalks: their words on the left, our levels on the right."
    yield "crosswalks:"
    yield "  # 1 beginning, 2 developing, 3 meets, 4 exceeds; null: not measured."
    yield "  levels:"
    for value, code in sorted(
        levels.items(), key=lambda item: (item[1] or "", item[0])
    ):
        remark = "" if code or is_nothing(value) else "  # which level is it?"
        written = "null" if code is None else f'"{code}"'
        yield f"    {as_yaml(value)}: {written}{remark}"


def _field(line: Line) -> Iterator[str]:
    yield f"  # {line.why} (confidence: {line.confidence})"
    yield f"  {line.field}: {line.value}"


def _rest(
    profiles: Sequence[Profile], layout: Wide | Long, lines: Sequence[Line]
) -> Iterator[str]:
    made = {header for line in lines for header in headers_in(line.value)}
    yield "not_measured_if_blank: [level]"
    yield from _newest(find_day(profiles))
    dropped = [
        item.header for item in profiles if item.identifier and item.header not in made
    ]
    if dropped:
        yield "# These name people, or look like it; they are left out."
        yield "drop:"
        yield from (f"  - {as_yaml(header)}" for header in dropped)
    wide = {i.header for i in layout.columns} if isinstance(layout, Wide) else set()
    unused = [
        item.header
        for item in profiles
        if not item.identifier and item.header not in wide and item.header not in made
    ]
    if unused:
        yield "# Not used:"
        yield from (f"#   {header}" for header in unused)


def _newest(day: Profile | None) -> Iterator[str]:
    block = [
        "newest_per_key:",
        f"  newest_by: {{{dated(day) if day else f'column: {FILL_IN}, parse: date'}}}",
        "  count_as: evidence_count",
        "  first_as: first_evidence_on",
    ]
    yield "# Of several results for one learner and skill the newest counts."
    if day is None:
        yield "# To use it, name the column with the day and take the # away."
    yield from (line if day else f"# {line}" for line in block)


def _open_points(
    lines: Sequence[Line], layout: Wide | Long, profiles: Sequence[Profile]
) -> Iterator[str]:
    fields = {line.field: line for line in lines}
    if isinstance(layout, Long):
        yield from _level_and_skill(layout, profiles)
    if FILL_IN in fields["competency_uri"].value:
        yield (
            f"Under `competency_uri`, put the name of the list of skills, or of the tool, "
            f"in place of {FILL_IN}, such as `ccss`. Keep it the same in each term."
        )
    if "student_key" not in fields:
        yield "No column with ids of learners was found. Name it under `student_key`."
    if "demonstrated_on" not in fields:
        yield (
            "No column with days was found. A level of 3 or 4 needs the day: "
            '`demonstrated_on: {column: ..., parse: date, when: {level: ["3", "4"]}}`.'
        )
    if "YYYY-YYYY" in fields["school_year"].value:
        yield "No column tells the school year. Put it under `school_year`."
    yield from _about_values(fields["school_year"], layout)


def _about_values(school_year: Line, layout: Wide | Long) -> Iterator[str]:
    untold = [v for v, c in layout.levels.items() if not c and not is_nothing(v)]
    if untold:
        yield (
            f"Say which level these mean: {', '.join(untold)}. Write null where nothing "
            "was measured."
        )
    if "school_year_end" in school_year.value:
        yield "Say under `school_year` whether the year is that of its end."
    if layout.is_score:
        yield "Say under `level` from which score on a level is reached."


def _level_and_skill(layout: Long, profiles: Sequence[Profile]) -> Iterator[str]:
    if layout.choices:
        listed = ", ".join(item.header for item in layout.choices)
        yield (
            f"Which one? These tell one result in several ways: {listed}. Only one may "
            f"count: put it under `level` in place of {FILL_IN}."
        )
    elif layout.level is None:
        few = [i.header for i in profiles if not i.identifier and 1 < i.distinct <= 8]
        listed = ", ".join(few[:8]) or "none with few values"
        yield (
            f"Name the column with the levels under `level` in place of {FILL_IN}. It "
            f"may be: {listed}."
        )
    if layout.skill is None:
        yield "Say under `competency_uri` which skill or subject the level is about."


def _name(file_name: str) -> str:
    """Return a name for the mapping: the file's, without numbers and odd signs."""
    words = re.findall(r"[a-z]+", PurePath(file_name).stem.casefold())
    return "_".join(words)[:40].strip("_") or "export"
