"""Search by words: what is found and why, and that no text can speak to the database."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.text_match import LEAST_WORDS, Found, LessonTexts

COLUMNS = ("title", "situation", "action", "result", "recommendation")
REGISTRAR = "Our registrar re-enters final judgements by hand before semesters close."
LESSONS = {
    "A": "Two systems of record cost us a Registrar: final judgements entered by hand.",
    "B": "Families read reports with levels once a rehearsal had shown them how.",
    "C": "The greenhouse became a classroom in winter and a quarrel in spring.",
    "D": "Buses fix the schedule, so support moved to the bus day.",
}
HOSTILE = (
    '" OR 1=1 --',
    'registrar" OR title : "judgements\' hand',
    "NEAR(registrar judgements hand, 10)",
    "registrar AND NOT judgements OR hand",
    "{title situation} : registrar + judgements ^ hand",
    "-registrar judgem* (hand",
    "'); drop table lessons; -- registrar judgements hand",
    "registrar\x00judgements\x00hand",
    "\ud800 registrar \udfff judgements hand",
    "public_id : registrar judgements hand",
)


def texts(lessons=None):
    rows = [
        {"public_id": public_id, **dict.fromkeys(COLUMNS, ""), "situation": text}
        for public_id, text in (LESSONS if lessons is None else lessons).items()
    ]
    schema = dict.fromkeys(("public_id", *COLUMNS), pl.String())
    return LessonTexts(pl.DataFrame(rows, schema=schema))


def ids(found):
    return [item.public_id for item in found]


def test_a_lesson_is_found_with_the_words_that_it_shares_whatever_their_endings():
    found = list(texts().search(REGISTRAR))

    assert found == [
        Found("A", ("entered", "final", "hand", "judgements", "Registrar"))
    ]


def test_plain_words_and_too_few_words_find_nothing():
    index = texts()

    assert not ids(index.search("We would like to know how others have done this."))
    assert not ids(index.search("A registrar with a hand."))
    assert not ids(index.search("Kiln, glaze, pottery wheel and clay"))
    assert not ids(index.search(""))
    assert not ids(texts({}).search(REGISTRAR))


def test_few_shared_words_among_many_are_too_little():
    long_need = f"{REGISTRAR} Kiln glaze pottery wheel clay apron sponge needle firing."

    assert ids(texts().search(REGISTRAR)) == ["A"]
    assert not ids(texts().search(f"{long_need} Harbor tide anchor net sail mast."))


def test_words_in_most_lessons_tell_nothing():
    usual = "Registrars close semesters with judgements by hand."
    many = {f"L{number:02d}": f"{usual} Lesson {number}." for number in range(30)}

    assert not ids(texts(many).search(REGISTRAR))


def test_equal_lessons_stand_in_the_order_of_their_ids():
    same = dict.fromkeys(("L3", "L1", "L2"), LESSONS["A"])
    others = {f"X{number}": LESSONS["B"] for number in range(9)}

    assert ids(texts(same | others).search(REGISTRAR)) == ["L1", "L2", "L3"]


def test_a_word_in_a_title_weighs_more():
    words = "registrar judgements hand"
    rows = [
        {"public_id": name, **dict.fromkeys(COLUMNS, ""), column: text}
        for name, column, text in (
            ("L1", "result", words),
            ("L2", "title", words),
            *((name, "situation", text) for name, text in LESSONS.items()),
        )
    ]
    found = ids(LessonTexts(pl.DataFrame(rows)).search(words))

    assert found.index("L2") < found.index("L1")


@pytest.mark.parametrize("need", HOSTILE)
def test_signs_of_the_query_language_are_no_more_than_marks_between_words(need):
    index = texts()

    # An id is no word of a lesson, and no sign widens or narrows what is found.
    assert ids(index.search(need)) in (["A"], [])
    assert ids(index.search(REGISTRAR)) == ["A"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isascii()])
def test_a_hostile_lesson_is_a_lesson_like_others(text):
    index = texts({**LESSONS, "H": text})

    assert "A" in ids(index.search(REGISTRAR))


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
@example('"registrar', "registrar' judgements; hand")
def test_any_text_can_be_indexed_and_asked(lesson, need):
    index = texts({**LESSONS, "X": lesson})

    for found in index.search(need):
        assert found.public_id in {*LESSONS, "X"}
        assert len(found.words) >= LEAST_WORDS


words = st.sampled_from(["garden", "kiln", "tide", "sail", "apron", "needle", "mast"])
some_words = st.lists(words, max_size=6).map(" ".join)


@settings(max_examples=40)
@given(st.lists(some_words, max_size=8), some_words)
def test_whatever_shares_enough_words_is_found_and_nothing_else(lessons, need):
    """The words are their own stems and all lessons are few, so sets are enough."""
    asked = set(need.split())
    shared = {
        f"L{place}": asked & set(text.split()) for place, text in enumerate(lessons)
    }

    found = {
        item.public_id: set(item.words)
        for item in texts({f"L{n}": text for n, text in enumerate(lessons)}).search(
            need
        )
    }

    enough = {name: both for name, both in shared.items() if len(both) >= LEAST_WORDS}
    assert set(found) <= set(enough)
    assert all(found[name] == enough[name] for name in found)
    # Half of the words of a need make up a quarter of its weight among so few lessons.
    assert {name for name, both in enough.items() if both == asked} <= set(found)
