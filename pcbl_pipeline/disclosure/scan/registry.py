"""The registry: names of sites, products and providers that explain capital letters.

A name counts as a whole and nowhere in parts: "Khan Academy" explains both words where
they stand together, and "Khan" alone stays unexplained. A name that could be a person's
is not taken in, so that no table can smuggle one past the screen.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pcbl_pipeline.disclosure.lists import given_names, surnames
from pcbl_pipeline.disclosure.scan.capitals import is_plain_word
from pcbl_pipeline.disclosure.scan.folding import fold_both_ways
from pcbl_pipeline.disclosure.scan.name_words import COMMON, SCHOOL_WORDS
from pcbl_pipeline.disclosure.scan.words import SITE_WORDS

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_REMARK = re.compile(r"\s*\([^)]*\)")
_MOST_WORDS = 8


def admissible(names: Iterable[str]) -> frozenset[str]:
    """Return the names that may explain capital letters: none that a person could bear."""
    plain = {_REMARK.sub("", name).strip() for name in names}
    return frozenset(
        name
        for name in plain | {_core(name) for name in plain}
        if name and not _may_be_a_person(name)
    )


def _core(name: str) -> str:
    """Return what a site is called in short: "Prairie Lark" of "... Public Schools"."""
    words = name.split()
    while words and words[-1].lower() in SITE_WORDS:
        words.pop()
    return " ".join(words) if len(words) > 1 else ""


def find_registered(text: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of registered names in a folded text."""
    if not names:
        return
    for match in _pattern(names).finditer(text):
        yield match.span()


@lru_cache(maxsize=16)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    parts = [r"[\W_]+".join(map(re.escape, _words(name))) for name in longest_first]
    return re.compile(
        rf"\b(?:{'|'.join(part for part in parts if part) or '(?!)'})(?:'s)?\b"
    )


def _words(name: str) -> list[str]:
    return _WORD.findall(next(iter(fold_both_ways(name))).text)


def _may_be_a_person(name: str) -> bool:
    """Tell whether each word could be part of a person's name, or there are too many."""
    words = [word.lower() for word in _words(name)]
    if not words or len(words) > _MOST_WORDS:
        return True
    return all(_could_be_a_name(word) for word in words)


def _could_be_a_name(word: str) -> bool:
    if word in COMMON or word in SCHOOL_WORDS:
        return False
    known = word in given_names() or word in surnames()
    return known or (not is_plain_word(word) and not word[0].isdigit())
