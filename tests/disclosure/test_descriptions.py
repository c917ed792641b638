"""Descriptions of one person, and words that are names: what is held, what passes.

Each pair differs in what makes one person of it. All people are invented.
"""

import pytest

from pcbl_pipeline.disclosure.narratives import screen_text
from pcbl_pipeline.disclosure.scan import circumstances, indirect
from pcbl_pipeline.disclosure.scan.cues import CuedPatterns
from pcbl_pipeline.model.narrative import HitKind
from tests.disclosure.cases import CLEAR
from tests.support.narrative_score import PARTS, sentences

EVERY = [*CLEAR, *(item.text for part in PARTS for item in sentences(part))]


def is_held(text: str) -> bool:
    return bool(screen_text(text, minimum_group_size=10))


@pytest.mark.parametrize("patterns", [indirect.PATTERNS, circumstances.PATTERNS])
def test_cues_pass_over_no_description(patterns):
    with_cues = CuedPatterns(patterns, HitKind.INDIRECT)
    without = CuedPatterns(((None, text) for _, text in patterns), HitKind.INDIRECT)

    missed = [t for t in EVERY if set(with_cues.find(t)) != set(without.find(t))]

    assert missed == []


@pytest.mark.parametrize(
    ("one", "all_of_them"),
    [
        ("The learner with the brace sent a video.", "The learner sends a video."),
        ("A learner from the colony stayed home.", "A learner may stay home."),
        ("The kid from the ranch is ahead.", "The class from the start is ahead."),
        ("She reads two grades ahead.", "He or she reads what is next."),
        ("The student on oxygen rests.", "The student on a plan rests."),
        ("The teacher is on medical leave.", "Medical leave is paid by the state."),
        ("My son is in the class.", "My sister school is in the county."),
        ("The boy died in a crash.", "The bill died in the Senate."),
        ("Our drama club president spoke.", "Our drama club spoke."),
        ("The state wrestling champ spoke.", "The state champions were on display."),
        ("The banker's daughter spoke.", "The bank's officers spoke."),
        ("A parent who is a senator spoke.", "A parent who is late waits."),
        ("Our Hmong family moved.", "Hmong and Somali guides came."),
        ("El hijo de la directora está aquí.", "El plan de la escuela está aquí."),
    ],
)
def test_one_person_is_held_and_everybody_passes(one, all_of_them):
    assert is_held(one)
    assert not is_held(all_of_them)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("we let will skip the unit", "we will let them skip the unit"),
        ("it clicked for chance in spring", "it was left to a chance in spring"),
        ("told hope to try again", "we hope to try again"),
        ("rose gets it now", "the rose needs light now"),
        ("faith was absent in march", "our faith was strong in march"),
        ("thanks miss pat for the snacks", "students miss the snacks"),
        ("we paired sage with river", "we paired a sage with a river"),
        ("mark isn't done", "please mark what isn't done"),
        ("August never logged in.", "August is for training."),
        ("Truth asked good questions.", "Truth takes time."),
        ("Everyone cheered for Cash.", "Everyone asked for cash."),
        ("Precious would rather draw.", "Precious time went into forms."),
        ("Mark has a new plan.", "Mark the new plan."),
        ("Honor asked for it.", "Honor rolls were dropped."),
        ("Bill Grant wrote the act.", "Senate Bill 2186 became an act."),
        ("The Hope Finance Act came.", "The Education Finance Act came."),
    ],
)
def test_a_name_is_held_where_the_word_passes(name, word):
    assert is_held(name)
    assert not is_held(word)


@pytest.mark.parametrize(
    ("small", "no_count"),
    [
        ("Our graduating class was eight.", "Our graduating class was proud."),
        ("A handful of seniors left.", "A handful of districts left."),
        ("VIII students passed.", "Phase II of the plan passed."),
        ("The four who failed came back.", "The rooms that failed came back."),
        ("Two got credit.", "Two credits were given."),
        ("None of the six met it.", "None of the courses met it."),
        ("We kept two from dropping out.", "We kept two rooms from closing."),
        ("Dos alumnas dejaron la clase.", "La clase es para todos los dias."),
        ("A group of 4 students met.", "Students met in groups of 4."),
        ("No student was placed there.", "No student should be placed there."),
    ],
)
def test_a_small_count_is_held_and_another_number_passes(small, no_count):
    assert is_held(small)
    assert not is_held(no_count)


@pytest.mark.parametrize(
    "text",
    [
        "We asked <b>Ta</b>vi about it.",
        "We asked **Ta**vi about it.",
        "We asked T&aacute;vi about it.",
        "Ask ta\u200bvi@school.example for it.",
        "\u0422hree students left.",
        "Write to jane&#64;school.example now.",
        "We asked M-a-y-a about it.",
        "Born 2009-03-14, moved here.",
    ],
)
def test_what_looks_alike_is_read_alike(text):
    assert is_held(text)


def test_a_mark_of_markdown_alone_holds_nothing():
    assert not is_held("**Start** small, <em>then</em> grow &amp; share.")
