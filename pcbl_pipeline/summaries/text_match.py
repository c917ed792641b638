"""Lessons that share words with a need: full text search over released texts.

SQLite's FTS5 in memory ranks by BM25; endings are cut off (Porter), case and accents do
not count. What does not belong here: which texts are released, and which needs are
asked; both come in.

A likeness of words is a reason to look and no more. So the words are told with each
lesson, and a lesson that shares too few of them is not found: nothing is an answer.
"""

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from typing import Any
from weakref import finalize

import polars as pl
import snowballstemmer

#: A lesson is found when it shares at least so many words with a need, ...
LEAST_WORDS = 3
#: ... and they make up at least so much of the need, rarer words weighing more. Both
#: were set on the development part of the set behind `docs/matching.md`.
LEAST_SHARE = 0.3
#: A word in more than this share of the lessons says nothing of one of them; where
#: there are few lessons, a word in a handful of them still may.
_COMMON, _HANDFUL = 0.15, 8
#: Lessons that are looked at for one need, the best by BM25.
_LOOKED_AT = 30
_COLUMNS = ("title", "situation", "action", "result", "recommendation")
#: A title says what a lesson is about, so a word in it weighs more; an id nothing.
_WEIGHTS = (0.0, 3.0, 1.0, 1.0, 1.0, 1.0)
_LEAST_LENGTH = 3
#: A word, and before it the end of the sentence before, if it is the first of its own.
_WORD = re.compile(r"(^|[.!?][\W\d_]*)?([^\W\d_]+)")
_LETTERS = re.compile(r"[^\W\d_]+")

#: Words that stand in any text: of grammar, of time, and the plainest verbs.
_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        about after again ahead all almost also always and another any anybody
        anything are aren ask became because become been before began begin
        begun behind being best better between big bit both bring brought build
        built but call came can cannot change come could couldn day days did
        didn does doesn doing don done down during each either enough even ever
        every everybody everything fall feel fell felt few find first fit follow
        for found from full get give given goes going gone good great had hadn
        half has hasn have haven having hear heard held help her here him his
        hold how into isn its just keep kept knew know known large last later
        lead leave left less let like little long longer look lot made make
        making many may maybe mean meant might month months more most much must
        need neither never new next nobody nor not nothing now number off often
        old once one only other our out over own part people perhaps person
        place plan put rather said same saw say see seen send sent set sets
        several shall she short should shouldn show showing shown side since sit
        small some something spend spent stand start still stood stop such take
        taken tell than that the their them then there these they thing things
        think this those three through time together told too took toward try
        turn two under until use very want wanted was wasn way ways week weeks
        well went were weren what when where whether which while who whole whom
        whose why will with within without won work worst would wouldn year
        years yet you your
        """,
    )
)


@dataclass(frozen=True)
class Found:
    """A lesson that shares words with a need."""

    public_id: str
    #: The shared words as the lesson writes them, the rarest first.
    words: tuple[str, ...]


class LessonTexts:
    """The texts of some lessons, to be searched."""

    def __init__(self, lessons: pl.DataFrame) -> None:
        """Index texts.

        Shape: `lessons` has public_id, title, situation, action, result and
        recommendation, one row per lesson, released to whoever gets the answers.
        """
        self._words: dict[str, Mapping[str, str]] = {}
        self._lessons_with: Counter[str] = Counter()
        self._index = sqlite3.connect(":memory:")
        finalize(self, self._index.close)
        self._index.execute(
            f"create virtual table lessons using fts5(public_id unindexed, "
            f"{', '.join(_COLUMNS)}, tokenize = 'porter unicode61')"
        )
        ordered = lessons.sort("public_id").select("public_id", *_COLUMNS)
        for public_id, *texts in ordered.iter_rows():
            self._add(public_id, [text or "" for text in texts])

    def search(self, need: str) -> Iterator[Found]:
        """Yield the lessons that share enough words with a need, the best first.

        By BM25, then by id. A need is taken apart into words of letters alone, each
        of which is quoted; so nothing in it can speak the language of queries.
        """
        asked = _telling_words(need)
        weights = self._weights(asked)
        if len(weights) < LEAST_WORDS:
            return
        for public_id in self._ranked(asked[stem] for stem in weights):
            words = self._words[public_id]
            shared = [stem for stem in weights if stem in words]
            share = sum(weights[stem] for stem in shared) / sum(weights.values())
            if len(shared) >= LEAST_WORDS and share >= LEAST_SHARE:
                shared.sort(key=lambda stem: (-weights[stem], stem))
                yield Found(public_id, tuple(words[stem] for stem in shared))

    def _add(self, public_id: str, texts: list[str]) -> None:
        self._words[public_id] = words = _telling_words(". ".join(texts))
        self._lessons_with.update(words.keys())
        # Only our own words go in, so that index and queries agree on what one is.
        plain = [" ".join(word for _, word in _words_of(text)) for text in texts]
        self._index.execute(
            "insert into lessons values (?, ?, ?, ?, ?, ?)", (public_id, *plain)
        )

    def _weights(self, stems: Iterable[str]) -> dict[str, float]:
        """Return what each telling word of a need weighs: the rarer, the more."""
        total = len(self._words)
        most = max(_HANDFUL, _COMMON * total)
        return {
            stem: log(1 + (total - count + 0.5) / (count + 0.5))
            for stem in stems
            if (count := self._lessons_with[stem]) <= most
        }

    def _ranked(self, words: Iterable[str]) -> list[str]:
        asked = " OR ".join(f'"{_plain(word)}"' for word in words)
        weights = ", ".join(map(str, _WEIGHTS))
        found = self._index.execute(
            "select public_id from lessons where lessons match ? order by "  # noqa: S608
            f"round(bm25(lessons, {weights}), 6), public_id limit {_LOOKED_AT}",
            (asked,),
        )
        return [public_id for (public_id,) in found]


def _telling_words(text: str) -> dict[str, str]:
    """Return a text's words that say something: stem → the word as it is written."""
    found: dict[str, str] = {}
    for written, word in _words_of(text):
        stem = _stem(word)
        if len(word) >= _LEAST_LENGTH and stem not in _plain_stems():
            found.setdefault(stem, written)
    return found


def _words_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word as it is written and as it is compared."""
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        end, written = match.groups()
        if _LETTERS.fullmatch(word := _plain(written)):
            # The first word of a sentence has a capital letter of its own accord.
            opens = end is not None and written[1:].islower()
            yield written.lower() if opens else written, word


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    parted = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # The same endings as FTS5's own Porter cuts off.
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:  # noqa: ANN401 - the library ships no types
    return snowballstemmer.stemmer("porter")


@cache
def _plain_stems() -> frozenset[str]:
    return frozenset(map(_stem, _PLAIN_WORDS))
