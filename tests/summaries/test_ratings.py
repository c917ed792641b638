"""No average of too few ratings comes back by subtraction, whichever table is beside."""

from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.ratings import left_out, left_out_beside_the_public

TOPICS = "abcde"
numbers = st.sampled_from([0, 0, 1, 3, 6, 9, 10, 11, 20])
ratings = st.fixed_dictionaries(dict.fromkeys(TOPICS, numbers))
#: The public sees a topic alone or among the others, or it sees the totals alone.
tables = st.lists(st.booleans(), min_size=5, max_size=5).map(
    lambda merged: {
        topic: "other_topics" if is_merged else topic
        for topic, is_merged in zip(TOPICS, merged, strict=True)
    }
) | st.just(dict.fromkeys(TOPICS))


def test_what_is_left_out_has_enough_ratings_together():
    assert left_out({"a": 6, "b": 12, "c": 11, "d": 0}) == {"a", "c"}
    assert left_out({"a": 6, "b": 12, "c": 4}) == {"a", "c"}
    assert left_out({"a": 12, "b": 0}) == set()


def test_the_public_s_merged_rows_are_taken_into_account():
    # Taken from all, what is left out would do: a and c, 18 ratings. But the public
    # sees the average of a and b, and b's own would leave that of a.
    beside = {"a": "other_topics", "b": "other_topics", "c": "c"}

    assert left_out({"a": 6, "b": 13, "c": 12}) == {"a", "c"}
    assert left_out_beside_the_public({"a": 6, "b": 13, "c": 12}, beside) == {"a", "b"}


@settings(max_examples=120, deadline=None)
@given(ratings, tables)
def test_no_sum_of_too_few_ratings_follows_from_both_tables(ratings, public):
    rows = {
        row: sum(ratings[topic] for topic in TOPICS if public[topic] == row)
        for row in set(public.values()) - {None}
    }
    hidden, unseen = left_out_beside_the_public(ratings, public), left_out(rows)
    seen = [{topic} for topic in TOPICS if topic not in hidden]
    seen += [{t for t in TOPICS if public[t] == row} for row in rows.keys() - unseen]
    if sum(ratings.values()) >= 10:
        seen.append(set(TOPICS))

    known = np.array([indicator(topics, ratings) for topics in seen] or [[0] * 5])

    for few in subsets_of_few(ratings):
        with_few = np.vstack([known, indicator(few, ratings)])
        assert np.linalg.matrix_rank(with_few) > np.linalg.matrix_rank(known), few


def indicator(topics, ratings):
    return [int(topic in topics and ratings[topic] > 0) for topic in TOPICS]


def subsets_of_few(ratings):
    every = chain.from_iterable(combinations(TOPICS, n) for n in range(1, 6))
    return [few for few in every if 0 < sum(ratings[topic] for topic in few) < 10]
