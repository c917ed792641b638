"""Changes and gaps: exact, rounded as the groups allow, and mirrored."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.tables.differences import (
    Rate,
    difference_note,
    points_between,
)

COLUMNS = ("numerator", "denominator", "people")


def told(rate, other):
    """Return (points, note) of two rates, each numerator, denominator and people."""
    names = [f"{prefix}{name}" for prefix in ("a_", "b_") for name in COLUMNS]
    frame = pl.DataFrame(
        [[value] for value in (*rate, *other)],
        schema=dict.fromkeys(names, pl.Int64()),
    )
    a, b = Rate.of("a_"), Rate.of("b_")
    said = frame.select(
        points_between(a, b).alias("p"), difference_note(a, b).alias("n")
    )
    return said.row(0)


@pytest.mark.parametrize(
    ("rate", "other", "said"),
    [
        ((60, 120, 120), (40, 120, 120), (17, None)),
        ((40, 120, 120), (60, 120, 120), (-17, None)),
        # 16.7 points, but one group is below a hundred.
        ((60, 120, 120), (33, 99, 99), (15, None)),
        ((30, 40, 40), (29, 40, 40), (None, "not_clear")),
        # 3 points are clear; half a point less is not, though it rounds to 3.
        ((103, 200, 200), (97, 200, 200), (3, None)),
        ((102, 200, 200), (97, 200, 200), (None, "not_clear")),
        # 3 points of a group below a hundred are nearer to 5 than to nothing.
        ((55, 100, 100), (47, 90, 90), (None, "not_clear")),
        ((56, 100, 100), (47, 90, 90), (5, None)),
        ((30, 40, 40), (10, 39, 39), (None, "too_few")),
        ((30, 40, 40), (None, None, None), (None, "nothing_to_compare")),
        ((30, 40, 40), (0, 0, 0), (None, "nothing_to_compare")),
        # Half is rounded away from nought, either way: 17.5 by fives is 20.
        ((70, 80, 80), (56, 80, 80), (20, None)),
        ((56, 80, 80), (70, 80, 80), (-20, None)),
    ],
)
def test_hand_checked(rate, other, said):
    assert told(rate, other) == said


def expected(rate, other):
    points = 100 * (Fraction(rate[0], rate[1]) - Fraction(other[0], other[1]))
    fewest = min(rate[2], other[2])
    if fewest < 40:
        return None, "too_few"
    if abs(points) < 3:
        return None, "not_clear"
    step = 1 if fewest >= 100 else 5
    size = step * int(abs(points) / step + Fraction(1, 2))
    return (size if points > 0 else -size), None


#: Days of a whole network do not fit into 64 bits once they are multiplied.
rates = st.integers(1, 2 * 10**9).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of), st.integers(30, 130))
)


@settings(max_examples=60, deadline=None)
@given(rates, rates)
def test_agrees_with_fractions(rate, other):
    assert told(rate, other) == expected(rate, other)
