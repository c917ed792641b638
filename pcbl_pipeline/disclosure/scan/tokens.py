"""Words of a folded text with what the default-deny detectors must know of each.

Which words begin a sentence, what stands between them, which part of the text is a
heading or all in capitals. What does not belong here: whether a word is a name.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from pcbl_pipeline.disclosure.scan.sentences import sentences_of
from pcbl_pipeline.disclosure.scan.words import SPELLED_TITLES, TITLES

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.ASCII
)
#: A word behind one of these begins something new.
_OPENS = re.compile(r"[:;!?]\s|[\n*\u2022|]|\s-\s")
_OPEN_QUOTE = re.compile(r"(?:^|[\s(:])[\"']$")
_LONG = 4
_HEADING_SHARE = 0.75
_HEADING_WORDS = 3
_TITLES = frozenset(name.lower() for name in (*TITLES, *SPELLED_TITLES))


@dataclass(frozen=True)
class Word:
    """One word, and how it stands."""

    text: str
    start: int
    end: int
    #: It begins a sentence, a line, a quotation or what follows a colon.
    opens: bool
    #: What stands between the word before and this one.
    gap: str
    #: It stands in a sentence most of whose words are capitalised.
    in_heading: bool
    #: It stands in a sentence that is all in capitals.
    in_capitals: bool

    @cached_property
    def plain(self) -> str:
        """The word in lower case without the ending of a genitive."""
        return self.text.lower().removesuffix("'s").removesuffix("'")

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with a capital letter, or has one inside."""
        return any(char.isupper() for char in self.text)


def words_of(text: str) -> list[Word]:
    """Return the words of a folded text; those inside web addresses are left out."""
    links = links_of(text)
    spans = sentences_of(text)
    looks = [_look(text[start:end]) for start, end in spans]
    starts = [start for start, _ in spans]
    words: list[Word] = []
    behind, last = 0, -1
    for match in _WORD.finditer(text):
        if any(a <= match.start() < b for a, b in links):
            continue
        place = max(bisect_right(starts, match.start()) - 1, 0)
        gap = text[behind : match.start()]
        is_heading, is_capitals = looks[place] if looks else (False, False)
        opens = place != last or _begins_anew(text, gap, match)
        words.append(
            Word(match.group(), *match.span(), opens, gap, is_heading, is_capitals)
        )
        behind, last = match.end(), place
    return words


def links_of(text: str) -> list[tuple[int, int]]:
    """Return the places of web addresses in a folded text."""
    return [match.span() for match in _LINK.finditer(text)]


def _begins_anew(text: str, gap: str, match: re.Match[str]) -> bool:
    if _OPENS.search(gap):
        return True
    # A single word in quotation marks is a name more often than a sentence.
    is_alone = text[match.end() : match.end() + 1] in {'"', "'"}
    return bool(_OPEN_QUOTE.search(gap)) and not is_alone


def _look(sentence: str) -> tuple[bool, bool]:
    """Tell whether a sentence is set as a heading, and whether all in capitals."""
    words = [w for w in _WORD.findall(sentence) if w[0].isalpha()]
    long = [word for word in words if len(word) >= _LONG]
    if len(words) < _HEADING_WORDS or not long:
        return False, False
    in_capitals = sum(word.isupper() for word in words) >= 0.8 * len(words)
    capitalised = sum(word[0].isupper() for word in long)
    is_heading = len(long) >= _HEADING_WORDS and (
        capitalised >= _HEADING_SHARE * len(long)
    )
    is_heading = is_heading and not sentence.endswith(".")
    return is_heading and not in_capitals, in_capitals
