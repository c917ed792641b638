"""The search index: complete, small, the same bytes, and readable by its rule alone."""

import json
import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.publication.search.files import PART_BYTES, index_files
from pcbl_pipeline.publication.search.index import Entry
from pcbl_pipeline.publication.search.words import Stems, words
from tests.support.editions import edition_content, lesson, render


def entry(title="", text="", **changes) -> Entry:
    values = {"path": "p.html", "about": "", "extract": "", **changes}
    return Entry(title=title, text=text, **values)


class Reader:
    """Reads the files of an index as the script does, written independently."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.parts = {}
        for content in files.values():
            call = re.fullmatch(r'pcblSearch\("([\w-]+)",(.*)\);\n', content.decode())
            assert call is not None
            self.parts[call[1]] = json.loads(call[2])
        self.directory = self.parts["directory"]

    def find(self, form: str) -> dict[int, int]:
        """Return page → weight for a written form."""
        starts = self.directory["words"]
        part = max((n for n, first in enumerate(starts) if first <= form), default=None)
        found = {}
        for postings, *forms in [] if part is None else self.parts[f"words-{part}"]:
            if form in forms:
                page = -1
                for gap, weight in zip(postings[::2], postings[1::2], strict=True):
                    page += gap
                    found[page] = weight
        return found

    def shown(self, place: int) -> list[str]:
        """Return what a result shows."""
        starts = self.directory["pages"]
        part = max(n for n, first in enumerate(starts) if first <= place)
        return self.parts[f"pages-{part}"][place - starts[part]]

    def facets(self, place: int) -> dict[str, list[str]]:
        """Return the codes of a page by filter."""
        count = self.directory["facetParts"]
        rows = [row for n in range(count) for row in self.parts[f"facets-{n}"]]
        return {
            name: [codes[n] for n in numbers]
            for (name, codes), numbers in zip(
                self.directory["facets"].items(), rows[place], strict=True
            )
        }


def read(entries, facets=("kind",)) -> Reader:
    return Reader(dict(index_files(entries, facets, language="en")))


def test_a_word_is_found_by_any_of_its_forms():
    reader = read([entry("Grading by mastery"), entry("A grade"), entry("Schedules")])

    assert set(reader.find("grading")) == {0, 1}
    assert set(reader.find("grade")) == {0, 1}
    assert set(reader.find("schedules")) == {2}


def test_the_title_weighs_more_than_the_text_and_more_more_than_less():
    rest = [entry("other", "words " * 9) for _ in range(5)]
    reader = read(
        [
            entry("x", "advisory " + "so " * 20),
            entry("Advisory", "so " * 20),
            entry("x", "advisory advisory " + "so " * 19),
            *rest,
        ]
    )

    found = reader.find("advisory")
    assert found[1] > found[2] > found[0]


def test_pages_of_low_rank_come_after_others_with_the_same_words():
    found = read([entry("mastery", rank=0.5), entry("mastery"), entry("x")]).find(
        "mastery"
    )

    assert found[1] > found[0]


def test_words_are_plain_whatever_their_accents_case_and_signs():
    assert words("Jalapeño's ÉTUDE, K-12 (2026)_x") == [
        *("jalapeno", "etude", "12", "2026")
    ]


def test_a_language_without_a_stemmer_keeps_its_words():
    assert Stems("xx").stem("grading") == "grading"
    assert Stems("es").stem("docentes") == Stems("es").stem("docente")


def test_facets_lead_from_codes_to_pages():
    reader = read(
        [
            entry("a", facets={"kind": ("lesson",), "element": ("CBE1", "CBE3")}),
            entry(),
        ],
        ("kind", "element", "stage"),
    )

    assert reader.facets(0) == {
        "element": ["CBE1", "CBE3"],
        "kind": ["lesson"],
        "stage": [],
    }
    assert reader.facets(1) == {"element": [], "kind": [], "stage": []}


texts = st.text("abcdeé ", max_size=30)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_what_the_index_finds_is_what_stands_on_the_pages(pages):
    entries = [entry(title, text) for title, text in pages]
    reader = read(entries)
    stem = Stems("en").stem
    stems = [{stem(w) for w in words(f"{t} {x}")} for t, x in pages]

    for form in {w for t, x in pages for w in words(f"{t} {x}")}:
        there = {n for n, found in enumerate(stems) if stem(form) in found}
        if form in reader.directory["common"]:
            assert len(there) == len(pages)
        else:
            assert set(reader.find(form)) == there


def test_two_thousand_lessons_stay_in_small_parts_and_each_can_be_found():
    chance = random.Random(4)  # noqa: S311 - invented texts
    vocabulary = [f"w{n:04d}x" for n in range(4000)]
    weights = [1 / (n + 3) for n in range(4000)]
    entries = [
        entry(
            f"Lesson {n} {vocabulary[1500 + n]}",
            " ".join(chance.choices(vocabulary, weights, k=90)),
            path=f"lessons/{n}.html",
            extract="An extract of some length " * 6,
            facets={"kind": ("lesson",)},
        )
        for n in range(2000)
    ]
    files = dict(index_files(entries, ("kind",), language="en"))
    reader = Reader(files)

    # A part holds whole groups of words, so that it may pass its mark by one.
    assert max(map(len, files.values())) < 1.3 * PART_BYTES
    assert sum(map(len, files.values())) < 4_000_000
    for n in range(0, 2000, 97):
        assert n in reader.find(vocabulary[1500 + n])
        assert reader.shown(n)[0] == f"lessons/{n}.html"


def test_the_index_of_an_edition_holds_no_more_than_its_pages_and_no_way_out():
    row = lesson(1, title="</script><b>&", result="Ten minutes.\u2028Then more.")
    files = render(edition_content([row], assistance=(), documents={}))
    index = {p: c for p, c in files.items() if p.startswith("search/")}
    reader = Reader(index)
    shown = [reader.shown(n) for n in range(reader.directory["count"])]

    assert all(content.isascii() for content in index.values())
    assert {path for path, *_ in shown} <= set(files)
    path, title, about, extract = next(
        s for s in shown if s[0] == "lessons/L00001.html"
    )
    assert title == "</script><b>&"
    assert about.startswith("Lesson · ")
    assert extract == "Ten minutes. Then more."
    place = [s[0] for s in shown].index(path)
    assert reader.facets(place) == {
        "audience": ["educator", "school_leader"][::-1],
        "element": ["CBE3"],
        "kind": ["lesson"],
        "locale": ["2"],
        "policy": ["PA0"],
        "stage": ["2"],
        "state": ["32"],
    }


def test_barriers_the_roadmap_and_the_exchange_can_be_narrowed_down_too():
    files = render(edition_content([lesson(1)], edition="network", assistance=()))
    reader = Reader({p: c for p, c in files.items() if p.startswith("search/")})
    places = {reader.shown(n)[0]: n for n in range(reader.directory["count"])}

    narrowed = {
        path: {name for name, codes in reader.facets(place).items() if codes} - {"kind"}
        for path, place in places.items()
    }

    assert narrowed["barriers/index.html"] == {"policy", "state"}
    assert narrowed["exchange/index.html"] == {"element", "state"}
    assert narrowed["progress/index.html"] == {"element"}
    assert narrowed["roadmap/index.html"] == {"policy", "state"}
    assert narrowed["roadmap/dp01.html"] == {"policy", "state"}
    assert reader.facets(places["roadmap/dp01.html"])["policy"] == ["PA1"]
