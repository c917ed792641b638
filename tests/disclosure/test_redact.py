"""Redaction: what identifies by its form goes, the rest stays to the letter."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.redact import MAY_HOLD, redact
from pcbl_pipeline.disclosure.scan.redactions import MARKS
from pcbl_pipeline.model.narrative import HitKind
from tests.disclosure.cases import CLEAR, HELD
from tests.support.narrative_score import PARTS, sentences

TODAY = date(2026, 11, 20)
BY_FORM = {"email", "phone", "id", "birth_date", "address", "handle"}
#: In the parts of a second hand some are told by no form ("the house by the church").
MARKED = [s for part in PARTS[:2] for s in sentences(part) if s.kind in BY_FORM]
ALL = [*CLEAR, *(text for texts in HELD.values() for text in texts)]
ALL += [s.text for part in PARTS for s in sentences(part)]


@pytest.mark.parametrize("sentence", MARKED, ids=lambda s: s.text[:40])
def test_takes_out_what_is_marked(sentence):
    redacted = redact(sentence.text, received_on=TODAY)

    assert redacted.kinds
    for start, end in sentence.marked:
        assert sentence.text[start:end] not in redacted.text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Call (555) 010-0142 now.", "Call [phone] now."),
        ("DOB 3/14/11, id 48213.", "DOB [birth date], id [number]."),
        ("Write to a@b.example or c@d.example.", "Write to [e-mail] or [e-mail]."),
        ("Her name on Discord: mockwood", "Her name on Discord: [account]"),
        ("At 12 Oak Ave. they met.", "At [address] they met."),
        ("Use doe_j(a)school.example now.", "Use [e-mail] now."),
        ("He has jane2011 at gmail too.", "He has [e-mail] too."),
        ("Call 555 0134 after four.", "Call [phone] after four."),
        ("Say five five five, oh one three four.", "Say [phone]."),
        ("Our line is x4471.", "Our line is [phone]."),
        ("Student no. ND-20-4471 came.", "Student no. [number] came."),
        ("The state id ends in 4471.", "The state id ends in [number]."),
        (
            "Learner A07 and participant 14B left.",
            "Learner [number] and participant [number] left.",
        ),
        ("Born the third of March two thousand nine.", "Born [birth date]."),
        ("He turned sixteen on May 3rd.", "He turned sixteen on [birth date]."),
        ("Nació el 14 de marzo de 2009.", "Nació el [birth date]."),
        ("He streams as xXTreyXx on Twitch.", "He streams as [account] on Twitch."),
        ("Mail goes to RR 2 Box 41.", "Mail goes to [address]."),
        ("Her id is 48<b>21</b>7 there.", "Her id is [number] there."),
        ("Ask \uff4a\uff4d\uff20school.example.", "Ask [e-mail]."),
    ],
)
def test_the_rest_of_the_text_stays(text, redacted):
    assert redact(text, received_on=TODAY).text == redacted


@pytest.mark.parametrize("text", [*CLEAR, *(
    "We spent $150000 on 12,000 books in 2025-2026.",
    "About 24000 students live in the county.",
    "We met on March 3, 2026 and again on 2026-04-02.",
    "Rooms 101, 102 and 103 are open at 8:30.",
    "Scores rose from 44 to 69 percent over 3 rounds.",
    "Text messages reached 2 of 3 families.",
    "NDCC 15.1-06-08.2 and Section 15.1-06-08 let boards waive hours.",
    "Regulation 43-234-10 and A.R.S. 15-341-22 set the hours.",
    "Student 3-2-1 routines took 2-4 weeks in each K-12 case, grades 9-12.",
    "A learner K-12 plan and student 9-12 guides came out in record 2024-25 time.",
    "The handle of the door was the one thing we changed.",
)])  # fmt: skip
def test_plain_texts_stay_as_they_are(text):
    assert redact(text, received_on=TODAY).text == text


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("We met on March 3, 2026.", True),
        ("The card said March 3, 2012.", False),
        ("He was born on March 3, 2025.", False),
        ("It listed 3/14/11 beside it.", False),
        ("It began on 9/1/25.", True),
    ],
)
def test_a_full_date_goes_unless_it_is_too_recent_for_a_pupil(text, is_kept):
    assert (redact(text, received_on=TODAY).text == text) == is_kept


def test_days_of_laws_stay_and_birth_dates_go_all_the_same():
    law = "Signed on March 12, 2019; students born on May 2, 2011 are in."

    assert redact(law, bare_dates=False).text == (
        "Signed on March 12, 2019; students born on [birth date] are in."
    )


def test_kinds_stand_in_the_order_of_places():
    text = "Call 555-010-0142 or write to a@b.example."

    assert redact(text).kinds == (HitKind.PHONE, HitKind.EMAIL)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(ALL), max_size=3).map(" ".join), st.text(max_size=20))
def test_redacting_twice_is_redacting_once(text, more):
    once = redact(text + more, received_on=TODAY)

    assert redact(once.text, received_on=TODAY).text == once.text
    assert bool(once.kinds) == (once.text != text + more)


def test_the_quick_look_at_a_column_misses_no_text_with_something_in_it():
    texts = pl.Series([*ALL, *(text.upper() for text in ALL)])

    passed_over = texts.filter(~texts.str.contains(MAY_HOLD))

    assert [text for text in passed_over if redact(text).kinds] == []


def test_every_kind_that_is_taken_out_has_a_mark_of_its_own():
    assert len(set(MARKS.values())) == len(MARKS)
