"""The index as files: scripts, because a page opened from a folder may read no others.

Each is small. The script on the search page loads the directory first, then only
those parts that a query needs.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pcbl_pipeline.publication.search.index import Entry, WordGroup, word_groups

FOLDER = "search"
#: The function that the script on the page offers.
_GIVE = "pcblSearch"
#: Pages may weigh 200 kB; a part of the index stays well below.
PART_BYTES = 90_000
_ROWS_PER_PART = 4000


def index_files(
    entries: Sequence[Entry], facets: Sequence[str], *, language: str
) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every part of the index; `facets` are its filters."""
    groups = word_groups(entries, language=language)
    word_parts = _word_parts([group for group in groups if group.postings])
    page_parts = _page_parts(entries)
    values = {
        name: sorted({code for entry in entries for code in entry.facets.get(name, ())})
        for name in sorted(facets)
    }
    rows = [_facet_row(entry, values) for entry in entries]
    facet_parts = [
        rows[start : start + _ROWS_PER_PART]
        for start in range(0, len(rows), _ROWS_PER_PART)
    ]
    directory = {
        # Words of all pages: a query may have them, and they tell nothing.
        "common": [
            form for group in groups if not group.postings for form in group.forms
        ],
        "words": [first for first, _ in word_parts],
        "pages": [start for start, _ in page_parts],
        "facets": values,
        "facetParts": len(facet_parts),
        "count": len(entries),
    }
    yield _part("directory", directory)
    for kind, parts in (
        ("words", [part for _, part in word_parts]),
        ("pages", [part for _, part in page_parts]),
        ("facets", facet_parts),
    ):
        for number, part in enumerate(parts):
            yield _part(f"{kind}-{number}", part)


def _part(name: str, value: object) -> tuple[str, bytes]:
    # ASCII, so that it is the same whatever a server says about its encoding.
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return f"{FOLDER}/{name}.js", f'{_GIVE}("{name}",{text});\n'.encode("ascii")


def _word_parts(groups: Sequence[WordGroup]) -> list[tuple[str, list[list[object]]]]:
    """Divide all written forms by the alphabet; a group may stand in two parts.

    Shape: (first form, groups); a group is its postings, then its forms. Postings are
    pairs of the distance to the page before and the weight.
    """
    forms = sorted((form, n) for n, group in enumerate(groups) for form in group.forms)
    told = [_told(group) for group in groups]
    sizes = [len(json.dumps(item)) for item in told]
    parts: list[tuple[str, dict[int, list[object]]]] = []
    size = PART_BYTES
    for form, number in forms:
        more = len(form) + 3
        if not parts or number not in parts[-1][1]:
            more += sizes[number]
        if size + more > PART_BYTES:
            parts.append((form, {}))
            size, more = 0, len(form) + 3 + sizes[number]
        parts[-1][1].setdefault(number, [told[number]]).append(form)
        size += more
    return [(first, list(part.values())) for first, part in parts]


def _told(group: WordGroup) -> list[int]:
    places = [-1, *(place for place, _ in group.postings)]
    gaps = [place - before for before, place in pairwise(places)]
    return [
        n for gap, (_, w) in zip(gaps, group.postings, strict=True) for n in (gap, w)
    ]


def _page_parts(entries: Sequence[Entry]) -> list[tuple[int, list[list[str]]]]:
    """Divide what is shown of the pages: (place of the first, pages)."""
    parts: list[tuple[int, list[list[str]]]] = []
    size = PART_BYTES
    for place, entry in enumerate(entries):
        shown = [entry.path, entry.title, entry.about, entry.extract]
        more = len(json.dumps(shown))
        if size + more > PART_BYTES:
            parts.append((place, []))
            size = 0
        parts[-1][1].append(shown)
        size += more
    return parts


def _facet_row(entry: Entry, values: dict[str, list[str]]) -> list[list[int]]:
    return [
        [codes.index(code) for code in entry.facets.get(name, ())]
        for name, codes in values.items()
    ]
