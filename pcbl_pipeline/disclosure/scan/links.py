"""Names inside web addresses: `example.org/maya-lopez/portfolio`.

In an address capital letters say nothing, so only lists of names speak here.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from pcbl_pipeline.disclosure.lists import given_names, surnames
from pcbl_pipeline.disclosure.scan.capitals import is_name, is_plain_word
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.tokens import links_of
from pcbl_pipeline.model.narrative import HitKind

#: `MayaLopez` is two words.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORT = 3


def find_names_in_links(text: str) -> Iterator[Span]:
    """Yield words of web addresses that are names of people."""
    for start, end in links_of(text):
        words = list(_WORD.finditer(text, start, end))
        for match, following in zip_longest(words, words[1:]):
            if not _is_name(match, following):
                continue
            yield Span(HitKind.PERSON_NAME, *match.span())
            if following is not None and following.group().lower() in surnames():
                yield Span(HitKind.PERSON_NAME, *following.span())


def _is_name(match: re.Match[str], following: re.Match[str] | None) -> bool:
    plain = match.group().lower()
    if len(plain) < _SHORT or plain in {"www", "http", "https", "org", "com", "edu"}:
        return False
    if plain not in given_names():
        return False
    if not is_plain_word(plain):
        return True
    if following is None or following.start() - match.end() > 1:
        return False
    behind = following.group().lower()
    return is_name(plain) and behind in surnames() and not is_plain_word(behind)
