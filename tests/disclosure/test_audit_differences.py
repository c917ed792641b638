"""Published changes and gaps: what they tell, and that none of it tells on a group."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.audit.cells import Cell, CellKey, read_cells
from pcbl_pipeline.disclosure.audit.differences import (
    NO_CLEAR_CHANGE,
    TOO_FEW,
    Compared,
    Difference,
    Kind,
    told_between,
)
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import audit
from tests.support.audited import ten
from tests.support.outcome_cells import FAMILY, cells_frame

SITE = "0499901"
GIRLS, BOYS = (CellKey(FAMILY, SITE, group) for group in ("F", "M"))
COUNTS = {(SITE, "ALL"): (30, 100), (SITE, "F"): (0, 60), (SITE, "M"): (30, 40)}


def difference(published, own, other, *, kind=Kind.GAP, step=5, cell=GIRLS, sites=None):
    return Difference(
        *("pub5", cell, kind, published, step, sites or (SITE,)),
        *(Compared(*own), Compared(*other)),
    )


def question(counts, *differences, hidden=()):
    frame = cells_frame(counts, dict.fromkeys(hidden, "primary"))
    return Question(read_cells(frame), ten, differences=differences)


def test_a_gap_that_tells_that_nobody_met_the_measure_is_withdrawn_before_any_cell():
    # 75 points behind boys, of whom 75 to 79 percent did: nearly no girl.
    gap = difference("-75", (0, 60), (30, 40))

    assert audit(question(COUNTS)).hidden == ()
    outcome = audit(question(COUNTS, gap))

    assert outcome.hidden == (gap,)
    assert outcome.unsafe == ()


def test_a_change_that_tells_that_nobody_met_the_measure_is_withdrawn():
    # Whoever knows that it was 75 percent before knows that it is nearly nobody now.
    counts = {(SITE, "ALL"): (30, 160), (SITE, "F"): (0, 120), (SITE, "M"): (30, 40)}
    change = difference("-75", (0, 120), (90, 120), kind=Kind.CHANGE, step=1)

    assert audit(question(counts)).hidden == ()
    assert audit(question(counts, change)).hidden == (change,)


def test_that_too_few_are_left_to_compare_with_tells_how_many_at_most():
    counts = {
        (SITE, "ALL"): (20, 49),
        (SITE, "ECODIS"): (17, 40),
        (SITE, "NECODIS"): (3, 9),
    }
    few = difference(TOO_FEW, (17, 40), (3, 9), cell=CellKey(FAMILY, SITE, "ECODIS"))
    systems = [
        question(counts, *told, hidden=[(SITE, "NECODIS")]).attack().builder.build()
        for told in ((), (few,))
    ]

    # 49 others instead of 9, and so 89 in all.
    table = systems[0].truth + np.array([19, 40, 0, 0, 19, 40])

    assert [system.holds(table) for system in systems] == [True, False]


@pytest.mark.parametrize(
    ("published", "step", "low", "high"),
    [
        ("12", 1, Fraction(23, 2), Fraction(25, 2)),
        ("-12", 1, Fraction(-25, 2), Fraction(-23, 2)),
        # Below 3 points it would not be clear.
        ("3", 1, 3, Fraction(7, 2)),
        ("+5", 5, 3, Fraction(15, 2)),
        ("-5", 5, Fraction(-15, 2), -3),
        (NO_CLEAR_CHANGE, 1, -3, 3),
    ],
)
def test_words_are_read_as_the_interval_that_they_round(published, step, low, high):
    assert told_between(published, step) == (low, high)


@pytest.mark.parametrize("published", ["", "0", "12.5", "about 5"])
def test_refuses_words_that_are_no_difference(published):
    with pytest.raises(ValueError, match="unknown form"):
        told_between(published, 1)


#: How many of how many people met the measure.
sides = st.integers(40, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(sides, sides, st.integers(0, 30), st.sampled_from(Kind))
def test_tables_that_are_left_to_the_attacker_round_to_what_was_published(
    own, rest, more, kind
):
    words, step = written(own, rest)
    total = (own[0] + rest[0], own[1] + rest[1])
    cells = tuple(
        Cell("pub5", CellKey(FAMILY, SITE, group), None, None, "primary", *numbers)
        for group, numbers in (("ALL", total), ("F", own), ("M", rest))
    )
    told = difference(words, own, rest, kind=kind, step=step)

    system = Question(cells, ten, differences=(told,)).attack().builder.build()

    table = system.truth.copy()
    table[2] += min(more, own[1] - own[0])  # more girls who met the measure
    table[0] += table[2] - own[0]
    girls = (int(table[2]), own[1])
    distance = abs(100 * (Fraction(*girls) - Fraction(*own)))
    if system.holds(table):
        low, high = told_between(words, step)
        assert low <= 100 * (Fraction(*girls) - Fraction(*rest)) <= high
    elif kind == Kind.CHANGE:  # not more is granted than a quarter of the way
        assert distance > Fraction(3, 4) * room_above(own, rest)


def written(own, other):
    """Write a difference as the rules do, in fractions."""
    points = 100 * (Fraction(*own) - Fraction(*other))
    step = 1 if min(own[1], other[1]) >= 100 else 5
    if abs(points) < 3:
        return NO_CLEAR_CHANGE, step
    size = step * int(abs(points) / step + Fraction(1, 2))
    return str(size if points > 0 else -size), step


def room_above(own, other):
    """Return by how many points a rate may rise and still be told by the same words."""
    _, high = told_between(*written(own, other))
    return high - 100 * (Fraction(*own) - Fraction(*other))
