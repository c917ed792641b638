"""Near duplicates: what is proposed, and that no pair above the threshold is missed."""

import re
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries import near_duplicates as module
from pcbl_pipeline.summaries.near_duplicates import (
    LIKENESS,
    STORY,
    TOLD,
    near_duplicates,
    pairs_of_sites,
)

MARKED = Path(__file__).parents[1] / "data" / "matching" / "near_duplicates.yaml"
#: Few words, so that pairs of them meet often; some long lessons, many short ones.
words = st.lists(st.sampled_from("abcdefg"), max_size=14).map(" ".join)


def lessons(*texts):
    rows = [
        {"public_id": f"L{number}", **dict.fromkeys(STORY, ""), "title": text}
        for number, text in enumerate(texts)
    ]
    schema = dict.fromkeys(("public_id", *STORY), pl.String())
    return pl.DataFrame(rows, schema=schema)


def brute_force(texts):
    """Compare all with all, by the definition; then keep each one's nearest."""
    pairs = [set(pairwise(re.findall(r"\w+", text.lower()))) for text in texts]
    found = {}
    for (one, in_one), (two, in_two) in combinations(enumerate(pairs), 2):
        if in_one and in_two:
            likeness = Fraction(len(in_one & in_two), len(in_one | in_two))
            if likeness >= Fraction(LIKENESS, 100):
                first, second = sorted((f"L{one}", f"L{two}"))
                rounded = int(100 * likeness + Fraction(1, 2)) / 100
                found[first, second] = (len(in_one & in_two), rounded)
    return {pair: found[pair] for pair in nearest(found)}


def nearest(found):
    """Return the pairs that stand among the first of one of their two lessons."""
    for lesson_id in {lesson_id for pair in found for lesson_id in pair}:
        own = [pair for pair in found if lesson_id in pair]
        # Between equals the id of the other one decides.
        own.sort(key=lambda pair: pair[pair[0] == lesson_id])
        own.sort(key=lambda pair: found[pair][1], reverse=True)
        yield from own[:TOLD]


@settings(max_examples=60)
@given(st.lists(words, max_size=12))
def test_no_pair_above_the_threshold_is_missed_and_none_below_is_told(texts):
    found = near_duplicates(lessons(*texts))

    told = {
        (first, second): counted
        for first, second, *counted in found.select(
            "first_id", "second_id", "shared_pairs", "likeness"
        ).iter_rows()
    }
    assert told == {pair: list(counted) for pair, counted in brute_force(texts).items()}
    assert len(found) == len(told)


def test_a_lesson_that_many_copied_is_told_in_few_pairs():
    found = near_duplicates(lessons(*["one two three four"] * 40))

    assert 40 <= len(found) <= TOLD * 40


def test_it_does_not_matter_in_which_pieces_or_order_lessons_come(monkeypatch):
    texts = [f"a b c d e f g h {n} i j k" for n in range(9)]
    whole = near_duplicates(lessons(*texts))

    monkeypatch.setattr(module, "_LESSONS", 2)
    monkeypatch.setattr(module, "_CANDIDATES", 3)

    assert near_duplicates(lessons(*texts).reverse()).equals(whole)
    assert len(whole) > 20


def test_a_pair_is_told_with_the_words_that_one_alone_has():
    found = near_duplicates(
        lessons(
            "Advisory each morning raised attendance in the ninth grade by a lot.",
            "Advisory each morning lowered attendance in the ninth grade by a lot!",
        )
    )

    assert found.rows() == [("L0", "L1", 9, 0.69, ["raised"], ["lowered"])]


def test_case_width_and_marks_between_words_do_not_count_and_blanks_are_alike_to_none():
    texts = [
        "A shared plan, a SHARED calendar",
        "a shared plan: a \uff53hared calendar",
    ]

    found = near_duplicates(lessons(*texts, "", "plan", None))

    assert found["likeness"].to_list() == [1.0]
    assert near_duplicates(lessons()).is_empty()


def test_a_site_sees_the_pairs_of_its_own_lessons_each_once():
    shared = lessons(*["one two three four five"] * 3, "else").with_columns(
        pl.col("public_id").alias("site_label")
    )
    own = pl.DataFrame(
        [("s1", "L0"), ("s1", "L1"), ("s2", "L2"), ("s3", "L3")],
        schema=["site_id", "public_id"],
        orient="row",
    )
    undecided = pl.lit(None, dtype=pl.String).alias("decision")
    pairs = near_duplicates(shared).with_columns(undecided)
    apart = pl.when(pl.col("first_id") == "L0").then(pl.lit("different"))

    found = pairs_of_sites(pairs, shared, own)
    fewer = pairs_of_sites(pairs.with_columns(decision=apart), shared, own)

    assert fewer.select("public_id", "other_id").rows() == [("L1", "L2"), ("L2", "L1")]

    assert found.select("site_id", "public_id", "other_id", "other_label").rows() == [
        ("s1", "L0", "L1", "L1"),
        ("s1", "L0", "L2", "L2"),
        ("s1", "L1", "L2", "L2"),
        ("s2", "L2", "L0", "L0"),
        ("s2", "L2", "L1", "L1"),
    ]


@pytest.mark.parametrize("pair", yaml.safe_load(MARKED.read_text(encoding="utf-8")))
def test_edited_copies_are_proposed_and_lessons_on_the_same_matter_are_not(pair):
    found = near_duplicates(lessons(pair["one"], pair["two"]))

    assert len(found) == (pair["is"] == "copy"), pair
