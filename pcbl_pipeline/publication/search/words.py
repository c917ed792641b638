"""Words of a text as the search knows them: plain letters, and their stems.

The script in the browser takes a query apart by the same rule, but needs no stems:
the index tells which written forms belong together.
"""

import re
import unicodedata
from functools import cache

import snowballstemmer

#: A word is a run of letters and digits; the script says the same in its own terms.
_WORD = re.compile(r"[^\W_]+")
#: Language → the stemmer's own name for it.
_STEMMERS = {"en": "english", "es": "spanish"}
LEAST_LENGTH = 2


def words(text: str) -> list[str]:
    """Return a text's words, small, without accents, the shortest left out."""
    parted = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in parted if not unicodedata.combining(c))
    return [word for word in _WORD.findall(bare.lower()) if len(word) >= LEAST_LENGTH]


class Stems:
    """The stems of one language; a language without a stemmer keeps whole words."""

    def __init__(self, language: str) -> None:
        name = _STEMMERS.get(language)
        self._stemmer = snowballstemmer.stemmer(name) if name else None
        self._known: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Return the part of a word that its forms share."""
        if self._stemmer is None:
            return word
        if word not in self._known:
            self._known[word] = self._stemmer.stemWord(word)
        return self._known[word]


@cache
def stems(language: str) -> Stems:
    """Return the stems of a language; looking a word up again costs nothing."""
    return Stems(language)
