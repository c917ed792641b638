"""Alike: words that people put for one another in headers.

They only lead to suggestions; no header is read by them. What does not belong here:
synonyms that mean a field for sure, which stand in the contracts.
"""

import re
from collections.abc import Mapping

#: Each line holds words for one thing; the first of them stands for all.
_SAME = (
    "type kind sort category",
    "title heading headline name",
    "description text details summary narrative account",
    "date day on when",
    "id identifier number no nr key",
    "site district lea school campus",
    "stage level phase",
    "situation context background",
    "action activity did done",
    "result outcome effect",
    "recommendation advice suggestion",
    "audience readers",
    "topic subject theme",
    "url link web website",
    "note notes comment comments remark remarks",
    "hours duration",
    "provider vendor trainer",
    "participants attendees",
    "cost price amount",
    "mode format delivery",
    "urgency priority",
    "need request question",
    "group subgroup",
    "role position",
    "citation statute law",
)
_SHORTEST_PLURAL = 4
_MEANINGS: Mapping[str, str] = {
    word: line.split()[0] for line in _SAME for word in line.split()
}


def plain_words_in(text: str) -> frozenset[str]:
    """Return the words of a header in one case."""
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


def words_in(text: str) -> frozenset[str]:
    """Return the words of a header, each as the word that stands for its like."""
    return frozenset(
        _MEANINGS.get(word, _singular(word)) for word in plain_words_in(text)
    )


def _singular(word: str) -> str:
    """Take a plural's ending off; wrongly perhaps, but of both sides alike."""
    short = word.removesuffix("s") if len(word) >= _SHORTEST_PLURAL else word
    return _MEANINGS.get(short, short)
