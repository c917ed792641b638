"""Digests of rows: each counts, their order and division do not."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.validation.digests import RowsDigest

_ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 9)), max_size=8
)
_SCHEMA = {"key": pl.String, "n": pl.Int64}


def digest(*parts):
    made = RowsDigest()
    for rows in parts:
        made.add(pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    return made.text


@given(_ROWS, _ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_division_changes_a_digest(some, others, random):
    shuffled = [*some, *others]
    random.shuffle(shuffled)

    assert digest(some, others) == digest(shuffled)


@given(_ROWS, _ROWS)
def test_other_rows_have_another_digest(some, others):
    same = sorted(some, key=str) == sorted(others, key=str)

    assert (digest(some) == digest(others)) is same
