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

#: Remarks that templates and people add to a header.
_REMARK = re.compile(r"\((?:required|optional|recommended|mandatory)\)\s*\*?\s*$", re.I)

#: Below this, two headers are rarely meant to be the same word.
_RESEMBLANCE = 0.8


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
        among = tuple(among)
        keys = {
            key: name
            for name in among
            for key in map(header_key, _texts(self.contract.field(name)))
        }
        alike = get_close_matches(header_key(header), keys, n=1, cutoff=_RESEMBLANCE)
        return keys[alike[0]] if alike else self._find_shortened(header, among)

    def _find_shortened(self, header: str, among: Iterable[str]) -> str | None:
        """Return the one field whose name, title or synonym has all words of a header."""
        words = _words_in(header)
        holding = {
            name
            for name in among
            if any(
                words <= _words_in(text) for text in _texts(self.contract.field(name))
            )
        }
        return holding.pop() if words and len(holding) == 1 else None

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


def _words_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", _REMARK.sub("", text).casefold()))


def _texts(field: ContractField) -> tuple[str, ...]:
    return (field.name, field.title, *field.synonyms)


def _unambiguous(meanings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map the key of each text to its field, unless it would mean several."""
    pairs = {(header_key(text), name) for text, name in meanings}
    times = Counter(key for key, _ in pairs)
    return {key: name for key, name in pairs if key and times[key] == 1}
