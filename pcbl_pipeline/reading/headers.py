"""Headers: which field of a contract a header means, and which it only resembles.

A header means a field when it is its name, its title or one of its synonyms, up to
case, spaces and punctuation. Anything less is a resemblance, which is told to the
sender and never acted upon. What does not belong here: choosing the contract.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property, lru_cache

from pcbl_pipeline.contracts.contract import Contract, ContractField
from pcbl_pipeline.reading.alike import plain_words_in, words_in

#: Remarks that templates and people add to a header.
_REMARK = re.compile(r"\((?:required|optional|recommended|mandatory)\)\s*\*?\s*$", re.I)

_Words = frozenset[str]
#: Field → the words of each text that names it.
_WordsOfFields = Mapping[str, tuple[_Words, ...]]

#: Of more unknown headers the rest is not compared with our columns: a table that wide
#: is none of ours, and to compare each of thousands with every column takes minutes.
MOST_COMPARED = 200
#: Below this, two headers are rarely meant to be the same word.
_RESEMBLANCE = 0.8
#: A word cut shorter than this may be short for anything.
_SHORTEST = 3


@lru_cache(maxsize=10_000)
def header_key(header: str) -> str:
    """Reduce a header to its letters and digits, in one case, without remarks."""
    text = unicodedata.normalize("NFKC", header)
    text = _REMARK.sub("", text).casefold()
    return "".join(sign for sign in text if sign.isalnum())


class HeaderIndex:
    """The headers that mean the fields of one contract."""

    def __init__(self, contract: Contract) -> None:
        """Index the contract's fields."""
        self.contract = contract

    def find_field(self, header: str) -> str | None:
        """Return the name of the field that a header means, if it means one.

        An exact name goes before a name that is written otherwise, then come the
        title and the synonyms. A text that would mean two fields means none.
        """
        if header in self._names:
            return header
        key = header_key(header)
        return next((tier[key] for tier in self._tiers if key in tier), None)

    def find_resembling(self, header: str, among: Iterable[str]) -> str | None:
        """Return that field of some whose name, title or synonym is most alike.

        A header that is one of these cut short resembles it too, unless it would
        resemble two.
        """
        found = self.find_all_resembling(header, among)
        return found[0] if len(found) == 1 else None

    def find_all_resembling(self, header: str, among: Iterable[str]) -> tuple[str, ...]:
        """Return the fields of some that a header may have been meant for.

        The one whose name, title or synonym is most alike; without such, all of which
        one of these has all words of the header, or words that people put for them.
        """
        among = tuple(among)
        keys = {key: name for name in among for key in self._keys[name]}
        alike = get_close_matches(header_key(header), keys, n=1, cutoff=_RESEMBLANCE)
        if alike:
            return (keys[alike[0]],)
        plain = _plain_words_in(header)
        return (
            _find_holding(plain, self._plain_words, among)
            or _find_holding(_words_in(header), self._words, among)
            or self._find_shortened(plain, among)
        )

    def _find_shortened(self, words: _Words, among: Iterable[str]) -> tuple[str, ...]:
        """Return the fields of which one name has all words of a header, cut short."""
        if not words or min(map(len, words)) < _SHORTEST:
            return ()
        return tuple(
            name
            for name in among
            if any(_is_short_for(words, whole) for whole in self._plain_words[name])
        )

    # A table may have thousands of headers: each field's texts are taken apart once.

    @cached_property
    def _keys(self) -> Mapping[str, tuple[str, ...]]:
        return {f.name: tuple(map(header_key, _texts(f))) for f in self.contract.fields}

    @cached_property
    def _plain_words(self) -> _WordsOfFields:
        return {
            field.name: tuple(map(_plain_words_in, _texts(field)))
            for field in self.contract.fields
        }

    @cached_property
    def _words(self) -> _WordsOfFields:
        return {
            field.name: tuple(map(_words_in, _texts(field)))
            for field in self.contract.fields
        }

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.contract.field_names)

    @cached_property
    def _tiers(self) -> tuple[Mapping[str, str], ...]:
        fields = self.contract.fields
        return (
            _unambiguous((field.name, field.name) for field in fields),
            _unambiguous((field.title, field.name) for field in fields),
            _unambiguous(
                (synonym, field.name) for field in fields for synonym in field.synonyms
            ),
        )


def _find_holding(
    words: _Words, texts: _WordsOfFields, among: Iterable[str]
) -> tuple[str, ...]:
    """Return the fields of which one name has all words of a header."""
    return tuple(
        name for name in among if words and any(words <= whole for whole in texts[name])
    )


@lru_cache(maxsize=10_000)
def _plain_words_in(text: str) -> _Words:
    return plain_words_in(_REMARK.sub("", text))


def _is_short_for(words: _Words, whole: _Words) -> bool:
    return all(any(long.startswith(word) for long in whole) for word in words)


@lru_cache(maxsize=10_000)
def _words_in(text: str) -> _Words:
    return words_in(_REMARK.sub("", text))


def _texts(field: ContractField) -> tuple[str, ...]:
    return (field.name, field.title, *field.synonyms)


def _unambiguous(meanings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map the key of each text to its field, unless it would mean several."""
    pairs = {(header_key(text), name) for text, name in meanings}
    times = Counter(key for key, _ in pairs)
    return {key: name for key, name in pairs if key and times[key] == 1}
