"""The screen of narratives: what it must hold, what it should let pass, and where."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.narratives import screen_text, screen_texts
from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.model.narrative import Hit, HitKind
from tests.disclosure.cases import CLEAR, HELD

UNNAMED = (
    "Saguaro Flats Unified School District (fictional)",
    "Summit Academy",
    "0499907",
)
INVISIBLE = ("\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e")
HELD_CASES = [(kind, text) for kind, texts in HELD.items() for text in texts]


def kinds(text: str, *, k: int = 10) -> set[str]:
    return {
        str(hit.kind)
        for hit in screen_text(text, minimum_group_size=k, unnamed=UNNAMED)
    }


@pytest.mark.parametrize(("kind", "text"), HELD_CASES)
def test_holds(kind, text):
    assert kind in kinds(text)


@pytest.mark.parametrize("text", CLEAR)
def test_lets_pass(text):
    assert kinds(text) == set()


def test_says_where_in_the_text_as_it_was_sent_and_never_what():
    text = "Ask\u00a0Ms.\u00a0Testerly\u200b, or \uff11\uff12 kids\u2026"

    hits = screen_text(text, minimum_group_size=20, field="action")

    found = [(hit.kind, text[hit.start : hit.end]) for hit in hits]
    assert (HitKind.PERSON_NAME, "Ms.\u00a0Testerly") in found
    assert (HitKind.SMALL_COUNT, "\uff11\uff12") in found
    assert all(hit.field == "action" for hit in hits)
    assert "Testerly" not in repr(hits)


def test_reads_the_texts_of_a_row_together():
    texts = {"title": "How our seniors plan", "result": "Two did not finish."}

    assert screen_texts(texts, minimum_group_size=10) == (
        Hit("result", 0, 3, HitKind.SMALL_COUNT),
    )
    assert screen_text(texts["result"], minimum_group_size=10) == ()


def test_counts_are_small_by_the_size_of_the_state():
    screen = Narratives({"04": 10, "32": 5}).screen
    texts = {"result": "We asked 7 students."}

    assert len(screen(texts, state_fips="04")) == 1
    assert screen(texts, state_fips="32") == ()
    assert len(screen(texts, state_fips="38")) == 1


def test_in_a_link_only_addresses_handles_and_site_names_count():
    def hits(link: str) -> set[str]:
        found = screen_texts(
            {"resource_url": link}, minimum_group_size=10, unnamed=UNNAMED
        )
        return {str(hit.kind) for hit in found}

    assert hits("https://example.org/2026/123456/student-3-Guide") == set()
    assert hits("https://summitschools.example/guide") == {"site_name"}
    assert hits("https://example.org/0499907/guide") == {"site_name"}
    assert hits("https://example.org/?to=jm@school.example") == {"email"}
    assert hits("https://instagram.com/mockwood") == {"handle"}


def test_a_site_that_may_be_named_is_no_hit():
    text = "We learned it from Saguaro Flats in fall."
    registry = frozenset({"Saguaro Flats"})

    assert screen_text(text, minimum_group_size=10, registry=registry) == ()
    assert screen_text(text, minimum_group_size=10) != ()


def test_a_site_name_without_any_letter_holds_nothing():
    assert screen_text("A plan.", minimum_group_size=10, unnamed=("(-)",)) == ()


@pytest.mark.parametrize("noun", ["students", "ninth graders", "of our new learners"])
@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("0", 0), ("2", 2), ("nine", 9), ("10", 10), ("eleven", 11), ("1,200", 1200)),
        *(("twenty-one", 21), ("twenty two", 22), ("a dozen", 12), ("half a dozen", 6)),
    ],
)
@pytest.mark.parametrize("k", [5, 10, 22])
def test_a_count_is_held_exactly_below_the_minimum_group_size(written, value, noun, k):
    found = kinds(f"We saw {written} {noun} there.", k=k)

    assert ("small_count" in found) == (value < k)


def test_no_line_is_drawn_between_a_count_and_its_range():
    assert kinds("Groups of 8 to 12 students worked well.") == {"small_count"}
    assert kinds("Groups of 12 to 18 students worked well.") == set()


def _has_invisible(text: str) -> bool:
    return any(char in text for char in INVISIBLE)


@settings(max_examples=150, deadline=None)
@given(
    # With two of them, one as a space and one inside a word, either reading may fail.
    st.sampled_from([case for case in HELD_CASES if not _has_invisible(case[1])]),
    st.integers(0, 200),
    st.sampled_from(INVISIBLE),
)
def test_an_invisible_character_hides_nothing(case, place, invisible):
    kind, text = case
    place = min(place, len(text))

    assert kind in kinds(text[:place] + invisible + text[place:])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_reads_any_text_and_points_inside_it(text):
    for hit in screen_text(text, minimum_group_size=10, unnamed=UNNAMED):
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "1 ", "two ", "A.", "@", "student ", "Aa'", "1-", "x@", "instagram "),
        *("the kid with ", "Act of ", "a student in our ", "N'-", "<a", "&a;"),
    ],
)
def test_no_text_makes_the_scan_slow(piece):
    text = (piece * 600)[:600]
    started = process_time()

    screen_text(text, minimum_group_size=10, unnamed=UNNAMED)

    assert process_time() - started < 1
