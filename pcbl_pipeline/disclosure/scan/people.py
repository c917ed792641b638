"""Names of people: a capitalised word beside a word for a person, or after a title.

What is let through are ordinary words that stand capitalised in titles and at the
start of sentences. Names without any such neighbour are not seen here; they come
with the default-deny detector.
"""

import re
from collections.abc import Iterator
from itertools import chain

from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.words import (
    ACRONYMS,
    KIN,
    LINKS,
    ORDINARY,
    PEOPLE,
    SPELLED_TITLES,
    TITLES,
)
from pcbl_pipeline.model.narrative import HitKind


def _any_of(words: frozenset[str] | tuple[str, ...]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_NAME = r"(?P<name>[^\W\d_](?:[^\W_]|['.-](?=[^\W\d_]))*)"
#: Anything but the end of a sentence may stand between a person and the name.
_GAP = r"""[ ,:;=("'\-\[/]+"""
_AFTER_PERSON = re.compile(
    rf"\b(?i:{_any_of(PEOPLE)})(?:'s)?{_GAP}(?:(?i:{_any_of(LINKS)}){_GAP}){{0,2}}{_NAME}"
)
_AFTER_NAME_IS = re.compile(rf"\b(?i:names?)(?: (?i:is|was|are|were))?{_GAP}{_NAME}")
_AFTER_TITLE = re.compile(
    rf"\b(?:{_any_of(TITLES)}|MR|MRS|DR)\b\.? ?{_NAME}"
    rf"|\b{_any_of(SPELLED_TITLES)} {_NAME.replace('name', 'named')}"
)
_AFTER_SMALL_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|mx|dr|prof|MS)\. ?[^\W\d_]+"
    r"|\b(?:mr|mrs|ms|mx|miss|coach|dr|student|learner|teacher|principal) (?!a\b|i\b)[a-z]\b(?!['-])"
)
_BEFORE_KIN = re.compile(rf"\b{_NAME}'s? (?i:{_any_of(KIN)})\b")
_BEFORE_GRADE = re.compile(rf"\b{_NAME},? \(?(?i:grade|gr\.?|age|aged) \d")
_BEFORE_APPOSITION = re.compile(
    rf"\b{_NAME}, (?:an?|aged?|who is an?)(?: [\w-]+){{0,3}} (?i:{_any_of(PEOPLE)})\b"
)


#: "M-a-y-a" and "M a y a".
_SPELLED = re.compile(r"\b(?:[^\W\d_]-){2,}[^\W\d_]\b|\b[A-Z] (?:[a-z] ){2,}[a-z]\b")


def find_people(text: str) -> Iterator[Span]:
    """Yield what looks like the name of a person."""
    for pattern in (
        _AFTER_PERSON,
        _AFTER_NAME_IS,
        _BEFORE_KIN,
        _BEFORE_GRADE,
        _BEFORE_APPOSITION,
    ):
        # Matches may overlap ("the teacher, Coach Doe"), so each start is tried.
        for match in _overlapping(pattern, text):
            if _may_be_a_name(match["name"]):
                yield Span(HitKind.PERSON_NAME, *match.span("name"))
    for match in _AFTER_TITLE.finditer(text):
        name = "name" if match["name"] else "named"
        if match[name][0].isupper() and match[name].lower() not in ORDINARY:
            yield Span(HitKind.PERSON_NAME, *match.span())
    for match in chain(_AFTER_SMALL_TITLE.finditer(text), _SPELLED.finditer(text)):
        yield Span(HitKind.PERSON_NAME, *match.span())


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)


def _may_be_a_name(word: str) -> bool:
    if not word[0].isupper() or word == "I":
        return False
    plain = re.split(r"['-]", word)[0].lower()
    return plain not in ORDINARY and not (word[:2].isupper() and plain in ACRONYMS)
