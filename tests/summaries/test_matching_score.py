"""The score of the search by text: it does not fall, and the page tells it."""

from pathlib import Path

import pytest

from tests.support.matching_score import (
    PARTS,
    library,
    page,
    precision,
    recall,
    refused,
    score,
)

PAGE = Path(__file__).parents[2] / "docs" / "matching.md"
SET = [item for part in PARTS for item in score(part)]


@pytest.mark.parametrize("part", PARTS)
def test_most_of_what_is_offered_answers_and_a_good_part_of_the_answers_is_offered(
    part,
):
    asked = score(part)

    assert precision(asked) >= 0.8
    assert recall(asked) >= 0.35
    assert refused(asked) >= 0.8


def test_published_score_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "Write it anew with `make docs`."


def test_answers_are_lessons_and_no_need_is_asked_twice():
    ids = set(library()["public_id"])

    assert all(item.answers <= ids for item in SET)
    assert len({item.text for item in SET}) == len(SET)
