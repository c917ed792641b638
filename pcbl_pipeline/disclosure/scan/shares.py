"""Shares of a whole that is told, from which a small count of students follows.

"5% of 40 students" are two, "97 of the 98 students passed" leaves one. A share of an
untold or large whole says no count. What does not belong here: counts as they are.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from pcbl_pipeline.disclosure.scan import words
from pcbl_pipeline.disclosure.scan.numbers import number_of
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

_FRACTIONS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "sixth": Fraction(1, 6),
    "seventh": Fraction(1, 7),
    "eighth": Fraction(1, 8),
    "ninth": Fraction(1, 9),
    "tenth": Fraction(1, 10),
}
_NUMBER = r"(?:\d{1,4}(?:,\d{3})*|[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
_OF = r"of (?:all |only |just )?(?:our |the |these |those |its |their )?"
_PEOPLE = "|".join(sorted(words.STUDENTS, key=len, reverse=True))
_WHOLE = (
    rf"{_OF}(?P<whole>{_NUMBER}) (?:[\w'-]+ ){{0,3}}?(?:[\w-]+-)?(?:{_PEOPLE})\b(?!')"
)
_SHARE = re.compile(
    rf"\b(?P<percent>\d{{1,3}}(?:\.\d+)?|{_NUMBER}) ?(?:%|per ?cent) {_WHOLE}",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<times>{_NUMBER})[ -])?(?P<part>{'|'.join(_FRACTIONS)})s? {_WHOLE}",
    re.IGNORECASE,
)
_PART = re.compile(rf"\b(?P<count>{_NUMBER}) {_WHOLE}", re.IGNORECASE)


def find_small_shares(text: str, *, minimum_group_size: int) -> Iterator[Span]:
    """Yield shares that tell of few students, or of all but few.

    None and all say nothing of a single student, and are left. Units: students.
    """
    for match in _all(text):
        count, whole = _told(match)
        if count is None or whole is None or not 0 < count < whole:
            continue
        if min(count, whole - count) < minimum_group_size:
            yield Span(HitKind.SMALL_COUNT, *match.span())


def _all(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_SHARE, _FRACTION, _PART):
        yield from pattern.finditer(text)


def _told(match: re.Match[str]) -> tuple[Fraction | None, Fraction | None]:
    """Return the count that a share amounts to, and the whole. Units: students."""
    said = match.groupdict()
    whole = _number(said["whole"])
    if "percent" in said:
        percent = _number(said["percent"])
        share = percent / 100 if percent is not None else None
    elif "part" in said:
        times = _number(said["times"]) if said["times"] else Fraction(1)
        share = times * _FRACTIONS[said["part"].lower()] if times is not None else None
    else:
        return _number(said["count"]), whole
    return (share * whole if share is not None and whole is not None else None), whole


def _number(written: str) -> Fraction | None:
    plain = written.lower().replace(",", "")
    if re.fullmatch(r"\d+\.\d+", plain):
        return Fraction(plain)
    found = 1 if plain in {"a", "an"} else number_of(plain)
    return Fraction(found) if found is not None else None
