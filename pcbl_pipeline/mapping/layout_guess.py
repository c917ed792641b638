"""Layout guess: where a file holds skills and levels, side by side or one below another.

What does not belong here: the words of a draft.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pcbl_pipeline.mapping.identifiers import header_words
from pcbl_pipeline.mapping.profile import Profile, with_words

#: As many columns that are built alike may be a coincidence, so many are none.
_FEWEST_COLUMNS = 2
_MANY_COLUMNS = 3
_LIKELY = 0.6
_OVERALL = {"overall", "composite", "total"}
_SKILL_WORDS = (
    ("standard", "competency", "competencies", "skill", "skills"),
    ("objective", "indicator", "outcome", "target"),
    ("domain", "goal", "strand", "area", "topic", "measure"),
    ("module", "unit", "concept"),
)
#: Beside a word for a skill they say how well, how much or when.
_NO_SKILL = {
    "percent", "score", "level", "mastery", "mastered", "confidence", "date", "met",
    "description", "points", "possible", "hidden", "rating", "range", "rit", "progress",
    "gained", "completed", "count", "type", "grade",
}  # fmt: skip
_FLAGS = {"yes", "no", "y", "n", "true", "false", "x"}
#: Alone in a header, these tell the grade that a learner is in.
_OWN_GRADE = {"grade", "level", "student", "learner", "current", "enrolled"}
_LEVEL_WORDS = (
    ("mastery", "level", "rating", "proficiency", "placement", "performance"),
    ("status", "category", "benchmark", "expectation", "expectations"),
    ("score", "grade", "mark", "adjective"),
)
#: Columns that differ in these tell one result by several yardsticks, or at several
#: times: they are no skills, and only one of them may count.
_YARDSTICKS = {
    "state", "district", "school", "national", "local", "county", "region", "regional",
    "federal", "international", "class", "campus", "norm", "norms", "user", "custom",
}  # fmt: skip
_TIMES = {
    "fall", "autumn", "winter", "spring", "summer", "boy", "moy", "eoy", "beginning",
    "middle", "end", "start", "quarter", "semester", "term", "trimester", "pre", "post",
    "previous", "prior", "current", "latest", "last", "first", "baseline", "projected",
    "predicted", "expected", "target", "final", "interim", "midyear", "q",
}  # fmt: skip
#: Words of a code, which goes before a name.
_CODES = {"code", "id", "uri", "identifier", "guid", "number"}
_SCORE_WORDS = (("mastery",), ("percent", "score"), ("points",))


@dataclass(frozen=True)
class Wide:
    """Levels that stand side by side, in columns whose headers are built alike."""

    #: Pattern of these headers; its group `skill` is what differs.
    pattern: str
    #: The same with `{skill}` in place of the group.
    header: str
    #: Header of the skill's name, where the headers only count: `Goal{skill}Name`.
    name: str | None
    columns: tuple[Profile, ...]
    left_out: tuple[str, ...]
    #: Whether the levels are told by numbers, such as 0 to 100.
    is_score: bool = False

    @property
    def levels(self) -> dict[str, str | None]:
        """Value → level, of all columns together; nothing where they are scores."""
        found: dict[str, str | None] = {}
        if self.is_score:
            return found
        for column in self.columns:
            found |= column.levels
        return found


@dataclass(frozen=True)
class Long:
    """One level a row: its column, and that of the skill; None where none was found."""

    skill: Profile | None
    level: Profile | None
    #: Columns that tell the level of one result in several ways; one must be chosen.
    choices: tuple[Profile, ...] = ()

    @property
    def levels(self) -> dict[str, str | None]:
        """Value → level; nothing where the level is a number to be divided."""
        if self.choices:
            together = [item.levels for item in self.choices]
            return {value: level for one in together for value, level in one.items()}
        return {} if self.is_score or not self.level else self.level.levels

    @property
    def is_score(self) -> bool:
        """Whether the level is told by a number, such as 0 to 100."""
        level = self.level
        return level is not None and level.level_share < _LIKELY and level.is_number


def guess_layout(profiles: Sequence[Profile]) -> Wide | Long:
    """Return where levels stand, as far as it can be told."""
    open_ones = [item for item in profiles if item.identifier is None]
    wide = _wide(open_ones, profiles)
    if wide is not None and _is_one_result(wide):
        others = [item for item in open_ones if item not in wide.columns]
        return Long(_skill(others), None, wide.columns)
    if wide is not None and len(wide.columns) >= _MANY_COLUMNS:
        return wide
    skill = _skill(open_ones)
    level = _level(open_ones) or (_score(open_ones) if skill else None)
    if skill is not None and level is not None:
        return Long(skill, level)
    if wide is not None:
        return wide
    scores = _wide(open_ones, profiles, of_scores=True) if level is None else None
    if scores is not None and not _is_one_result(scores):
        return scores
    return Long(skill, level or _score(open_ones))


def _skill(profiles: list[Profile]) -> Profile | None:
    for words in _SKILL_WORDS:
        found = [
            item
            for item in with_words(profiles, *words)
            if not _NO_SKILL & set(item.words)
            and item.values
            and not item.is_number
            and not {value.casefold() for value in item.values} <= _FLAGS
            and item.level_share < _LIKELY
        ]
        if found:
            # A code goes before its description.
            return min(
                found,
                key=lambda i: (
                    not _CODES & set(i.words),
                    sum(map(len, i.values)) / len(i.values),
                ),
            )
    return None


def _level(profiles: list[Profile]) -> Profile | None:
    for words in _LEVEL_WORDS:
        found = [
            item
            for item in with_words(profiles, *words)
            if item.level_share >= _LIKELY and not _is_own_grade(item)
        ]
        if found:
            return max(found, key=lambda item: (not item.is_number, _nearness(item)))
    # Whatever its header says: a single column of such words can be nothing else.
    told = [item for item in profiles if _tells_by_word(item)]
    return told[0] if len(told) == 1 else None


def _is_own_grade(item: Profile) -> bool:
    """Tell the grade that a learner is in from how well the learner did."""
    words = set(item.words)
    return {"grade", "level"} <= words or ("grade" in words and words <= _OWN_GRADE)


def _score(profiles: list[Profile]) -> Profile | None:
    numbers = [item for item in profiles if item.is_number]
    for words in _SCORE_WORDS:
        if found := with_words(numbers, *words):
            return max(found, key=_nearness)
    return None


def _nearness(item: Profile) -> int:
    """Rank a column by how much its header is about a single skill."""
    order = [word for group in _SKILL_WORDS for word in group]
    ranks = [len(order) - order.index(w) for w in item.words if w in order]
    return max(ranks, default=0)


def _wide(
    open_ones: list[Profile], profiles: Sequence[Profile], *, of_scores: bool = False
) -> Wide | None:
    alike: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    tells = _tells_by_number if of_scores else _tells_by_word
    for item in open_ones:
        if tells(item) or not item.given:
            for parts in _parts(item.header):
                alike[parts].append(item)
    told = {parts: sum(map(tells, items)) for parts, items in alike.items()}
    best = max(
        told, key=lambda parts: (told[parts], sum(map(len, parts))), default=None
    )
    if best is None or told[best] < _FEWEST_COLUMNS:
        return None
    before, after = best
    group = "[0-9]+" if before else ".+"
    pattern = f"{_escaped(before)}(?P<skill>{group}){_escaped(after)}"
    # With those that hold no level in the rows that were looked at.
    built = [item for item in open_ones if re.fullmatch(pattern, item.header)]
    left_out = [item.header for item in built if _is_overall(item.header, after)]
    kept = tuple(item for item in built if item.header not in left_out)
    return Wide(
        pattern=pattern,
        header=f"{before}{{skill}}{after}",
        name=_name_beside(before, profiles) if before else None,
        columns=kept,
        left_out=tuple(left_out),
        is_score=of_scores,
    )


def _tells_by_word(item: Profile) -> bool:
    return not item.is_number and item.level_share >= _LIKELY


def _tells_by_number(item: Profile) -> bool:
    named = {word for words in (*_LEVEL_WORDS, *_SCORE_WORDS) for word in words}
    return item.is_number and bool(named & {item.words[-1] if item.words else ""})


def _escaped(text: str) -> str:
    """Escape a text for a pattern that people read, so not its spaces and dashes."""
    return re.sub(r"\\([ \-])", r"\1", re.escape(text))


def _name_beside(before: str, profiles: Sequence[Profile]) -> str | None:
    pattern = re.compile(rf"{re.escape(before)}[0-9]+([ _-]*Names?)", re.IGNORECASE)
    for item in profiles:
        if (match := pattern.fullmatch(item.header)) is not None:
            return f"{before}{{skill}}{match.group(1)}"
    return None


def _is_one_result(wide: Wide) -> bool:
    """Tell whether columns differ in yardsticks or times instead of skills."""
    pattern = re.compile(wide.pattern)
    found = (pattern.fullmatch(item.header) for item in wide.columns)
    said = [set(header_words(match["skill"])) for match in found if match]
    # What all of them say tells none from another.
    same = set.intersection(*said) if said else set()
    said = [words - same for words in said]
    for words in (_YARDSTICKS, _TIMES):
        told = sum(bool(one & words) for one in said)
        if told >= _FEWEST_COLUMNS and told >= len(said) / 2:
            return True
    return False


def _is_overall(header: str, after: str) -> bool:
    words = re.findall(r"[a-z]+", header.removesuffix(after).casefold())
    return bool(words) and set(words) <= _OVERALL


def _parts(header: str) -> list[tuple[str, str]]:
    """Return what a header may be built of: what stands before and after the skill."""
    ends = [m.start() for m in re.finditer(r"(?<=\S)[ _-]+(?=\S)", header)]
    ends += [m.start() for m in re.finditer(r"(?<=[a-z0-9])(?=[A-Z])", header)]
    found = [("", header[end:]) for end in sorted(set(ends)) if end > 0]
    number = re.fullmatch(r"([^0-9]+)[0-9]{1,2}([^0-9]+)", header)
    return [*found, number.groups()] if number else found  # type: ignore[list-item]
