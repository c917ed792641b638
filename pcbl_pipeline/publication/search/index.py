"""The search index: which page speaks of what, and how much (BM25).

The weight of a word on a page is worked out here, so that the script in the browser
only adds up. Words that stand on every page weigh nothing and are left out.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pcbl_pipeline.publication.search.words import stems, words

#: A word in the title counts as much as so many in the text.
TITLE_WEIGHT = 5
LABEL_WEIGHT = 2
#: BM25: how soon more of the same word stops counting, and how much length matters.
_SATURATION = 1.2
_LENGTH = 0.5
#: Weights are whole numbers in the index.
_SCALE = 10


@dataclass(frozen=True)
class Entry:
    """One page as the search knows it."""

    path: str
    title: str
    #: What kind of page it is and where it comes from, in words.
    about: str
    #: One or two sentences under the title.
    extract: str
    #: Everything on the page that can be found.
    text: str
    #: Filter → the page's codes.
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Below 1 for pages that should stand after others of the same words.
    rank: float = 1.0


@dataclass(frozen=True)
class WordGroup:
    """The written forms of one stem, and the pages: (place of the page, weight)."""

    forms: tuple[str, ...]
    postings: tuple[tuple[int, int], ...]


def word_groups(entries: Sequence[Entry], *, language: str) -> list[WordGroup]:
    """Return every stem in the order of its first form.

    One that stands on all pages and so tells none apart has no postings.
    """
    forms: dict[str, set[str]] = defaultdict(set)
    counts = [_counted(entry, language, forms) for entry in entries]
    pages: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, found in enumerate(counts):
        for stem, count in found.items():
            pages[stem].append((place, count))
    lengths = [sum(found.values()) for found in counts]
    average = sum(lengths) / max(1, len(lengths))
    groups = [
        WordGroup(
            tuple(sorted(forms[stem])), _weighed(there, entries, lengths, average)
        )
        for stem, there in pages.items()
    ]
    return sorted(groups, key=lambda group: group.forms)


def _counted(
    entry: Entry, language: str, forms: dict[str, set[str]]
) -> Mapping[str, float]:
    known = stems(language)
    found: Counter[str] = Counter()
    for text, weight in (
        (entry.title, TITLE_WEIGHT),
        (entry.about, LABEL_WEIGHT),
        (entry.text, 1),
    ):
        for word in words(text):
            stem = known.stem(word)
            forms[stem].add(word)
            found[stem] += weight
    return found


def _weighed(
    there: Sequence[tuple[int, float]],
    entries: Sequence[Entry],
    lengths: Sequence[float],
    average: float,
) -> tuple[tuple[int, int], ...]:
    rest = len(entries) - len(there)
    rarity = math.log(1 + (rest + 0.5) / (len(there) + 0.5))
    weighed = []
    for place, count in there:
        room = 1 - _LENGTH + _LENGTH * lengths[place] / average
        share = count * (_SATURATION + 1) / (count + _SATURATION * room)
        weight = round(_SCALE * rarity * share * entries[place].rank)
        if weight:
            weighed.append((place, weight))
    return tuple(weighed)
