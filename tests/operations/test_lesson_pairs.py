"""Pairs of lessons: what an agency decides counts from the next release on."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from pcbl_pipeline.errors import DecisionImpossible
from pcbl_pipeline.model.lesson_pair import PairChoice
from pcbl_pipeline.operations.lesson_pairs import (
    decide_pair,
    published_pairs,
    standing_decisions,
)
from pcbl_pipeline.summaries.near_duplicates import with_decisions
from tests.support.releases import NOVEMBER, publish_pairs

PAIR = {"first_id": "a1", "second_id": "b2", "first_revision": 1, "second_revision": 3}


def decided(pairs, workspace, *revisions):
    lessons = pl.DataFrame({"public_id": ["a1", "b2"], "revision": list(revisions)})
    found = pl.DataFrame(pairs).select("first_id", "second_id")
    return with_decisions(found, lessons, standing_decisions(workspace))["decision"][0]


def test_the_latest_decision_counts_as_long_as_both_texts_stay(workspace):
    publish_pairs(workspace.store, [PAIR])
    days = iter([NOVEMBER, NOVEMBER + timedelta(days=1)])
    workspace = replace(workspace, clock=lambda: next(days))

    assert [row["first_id"] for row in published_pairs(workspace)] == ["a1"]
    assert decided([PAIR], workspace, 1, 3) is None
    decide_pair(workspace, "b2", "a1", PairChoice.DIFFERENT, by="Pilot office")
    assert decided([PAIR], workspace, 1, 3) == "different"
    kept = decide_pair(workspace, "a1", "b2", PairChoice.SAME, by="Pilot office")

    assert kept.decided_by == "Pilot office"
    assert decided([PAIR], workspace, 1, 3) == "same"
    assert decided([PAIR], workspace, 1, 4) is None
    assert decided([PAIR], workspace, 2, 3) is None


@pytest.mark.parametrize("rows", [None, [], [PAIR]])
def test_only_a_pair_of_the_current_release_can_be_decided(workspace, rows):
    if rows is not None:
        publish_pairs(workspace.store, rows)

    with pytest.raises(DecisionImpossible, match="no pair of a1 and c3"):
        decide_pair(workspace, "a1", "c3", PairChoice.SAME, by="Pilot office")
    assert standing_decisions(workspace).is_empty()
