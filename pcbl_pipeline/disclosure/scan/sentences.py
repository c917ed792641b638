"""Sentences: where each begins and ends in a text, the blanks between left out.

A sentence is what a site decides on, so the same text must always be split alike.
"""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?\u2026]+[\"')\]\u201d\u2019\u00bb]*(?=\s)|\n+")
#: What may stand before a full stop that ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c\u2018\[])(?:[A-Z]|[A-Z]\.[A-Z]|(?i:mrs?|ms|mx|dr|prof|rev|sr|jr|sra|srta|fr|hon|st|mt"
    r"|ave|rd|no|nos|vs|etc|e\.g|i\.e|approx|dept|fig|p|pp|inc|u\.s))$"
)


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence, in order."""
    return [span for span in _trimmed(text) if span[0] < span[1]]


def _trimmed(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in (*_ends(text), len(text)):
        part = text[start:end]
        left = len(part) - len(part.lstrip())
        yield start + left, start + len(part.rstrip())
        start = end


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        is_stop = match.group()[0] == "."
        if is_stop and _ABBREVIATION.search(text[: match.start()][-12:]):
            continue
        following = text[match.end() :].lstrip()[:1]
        if is_stop and following.islower():
            continue
        yield match.end()
