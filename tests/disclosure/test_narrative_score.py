"""The score of the screen of narratives: it does not fall, and the page tells it."""

from pathlib import Path

import pytest

from tests.support.narrative_score import (
    KINDS,
    PARTS,
    page,
    passed,
    precision,
    recall,
    score,
    sentences,
)

PAGE = Path(__file__).parents[2] / "docs" / "narratives.md"
SET = [item for part in PARTS for item in sentences(part)]


@pytest.fixture(scope="module", params=PARTS)
def scored(request):
    return score(request.param)


def test_nearly_every_sentence_that_identifies_somebody_is_held(scored):
    assert recall(scored) >= 0.97


def test_no_kind_is_left_out(scored):
    # Of some kinds a part has a dozen sentences, so one more that is missed is much.
    assert all(recall(scored, kind) >= 0.84 for kind in KINDS)


def test_most_clean_sentences_pass(scored):
    assert passed(scored) >= 0.85
    assert precision(scored) >= 0.85


def test_published_score_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "Write it anew with `make docs`."


def test_the_set_is_large_and_its_parts_share_no_sentence():
    texts = [item.text for item in SET]

    assert len(set(texts)) == len(texts) >= 300


def test_what_identifies_is_marked_in_every_sentence_that_does():
    assert all(bool(item.marked) == (item.kind != "clean") for item in SET)
