"""Shares from which a small count of students follows are held; others pass."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.scan.shares import find_small_shares


def held(text):
    return any(find_small_shares(text, minimum_group_size=10))


@pytest.mark.parametrize(
    "text",
    [
        "5% of 40 students repeated the unit.",
        "Ten percent of the twenty seniors left.",
        "A quarter of the twelve newcomers moved up.",
        "Two thirds of our 12 English learners moved up.",
        "Barely a tenth of our fifteen juniors took the exam.",
        "97 of the 98 students passed.",
        "Eighteen of twenty learners passed.",
        "Ninety-five percent of 100 ninth-graders came back.",
    ],
)
def test_a_share_that_tells_of_few_is_held(text):
    assert held(text)


@pytest.mark.parametrize(
    "text",
    [
        "50 of 100 students passed.",
        "Half of our 240 students work at home.",
        "Half of our students work at home.",
        "25% of 1,200 students took part.",
        "All 40 students took part.",
        "Three of the four teachers of our 300 students stayed.",
        "80% of lessons are led by students.",
        "Two thirds of the 30 schools asked students.",
    ],
)
def test_a_share_of_many_or_of_something_else_passes(text):
    assert not held(text)


@given(st.integers(1, 400), st.integers(1, 99))
def test_a_percent_is_held_as_its_count_would_be(whole, percent):
    count = Fraction(percent * whole, 100)

    assert held(f"{percent}% of {whole} students left.") is (
        min(count, whole - count) < 10
    )
