"""The audit's core: verdicts on small systems, held against every table there is."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.audit.bands import read_band, state_bands
from pcbl_pipeline.disclosure.audit.cells import Cell, CellKey
from pcbl_pipeline.disclosure.audit.evidence import State
from pcbl_pipeline.disclosure.audit.figures import Figures
from pcbl_pipeline.disclosure.audit.judge import judge
from pcbl_pipeline.disclosure.audit.system import Secret, SystemBuilder
from pcbl_pipeline.errors import PublicationBlocked
from tests.support.outcome_cells import n_band, percent_band

MOST = 5
UNKNOWNS = 4
TABLES = np.array(list(product(range(MOST + 1), repeat=UNKNOWNS)))


@st.composite
def systems(draw):
    """Draw four counts from 0 to 5, true statements about them, and one secret."""
    factors = st.lists(st.integers(-3, 3), min_size=UNKNOWNS, max_size=UNKNOWNS).filter(
        any
    )
    truth = draw(st.lists(st.integers(0, MOST), min_size=4, max_size=UNKNOWNS))
    builder = SystemBuilder()
    for number, count in enumerate(truth):
        unknown = builder.unknown(count, block=draw(st.integers(0, 2)))
        assert unknown == number
        builder.state(((unknown, 1),), high=MOST)
    rows = []
    for row in draw(st.lists(factors, min_size=1, max_size=4)):
        value = int(np.dot(row, truth))
        low, high = value - draw(st.integers(0, 3)), value + draw(st.integers(0, 3))
        builder.state(terms(row), low=low, high=high)
        rows.append((row, low, high))
    secret, width = draw(factors), draw(st.integers(1, 8))
    builder.protect(Secret("secret", terms(secret), width))
    return builder, rows, secret, width


def terms(row):
    return tuple((number, factor) for number, factor in enumerate(row) if factor)


@settings(max_examples=60, deadline=None)
@given(systems())
def test_a_verdict_is_what_counting_all_tables_says(drawn):
    builder, rows, secret, width = drawn
    fits = np.ones(len(TABLES), dtype=bool)
    for row, low, high in rows:
        sums = TABLES @ row
        fits &= (sums >= low) & (sums <= high)
    values = TABLES[fits] @ secret
    is_wide = values.max() - values.min() >= width

    (verdict,) = judge(builder.build())

    assert verdict.state == (State.PROVEN if is_wide else State.EXPOSED)


@settings(max_examples=60, deadline=None)
@given(systems(), st.integers(1, 2))
def test_a_member_is_judged_as_one_who_knows_the_counts_of_a_block(drawn, member):
    builder, rows, secret, width = drawn
    builder.members.append(member)
    system = builder.build()
    fits = np.ones(len(TABLES), dtype=bool)
    for row, low, high in rows:
        sums = TABLES @ row
        fits &= (sums >= low) & (sums <= high)
    known = system.blocks == member
    as_known = (TABLES[:, known] == system.truth[known]).all(axis=1)
    values = [TABLES[seen] @ secret for seen in (fits, fits & as_known)]
    is_wide = all(seen.max() - seen.min() >= width for seen in values)

    (verdict,) = judge(system)

    assert verdict.state == (State.PROVEN if is_wide else State.EXPOSED)


def test_who_knows_every_count_knows_the_secret():
    builder = SystemBuilder()
    own = [builder.unknown(0, block=1) for _ in range(2)]
    for count in own:
        builder.state(((count, 1),), high=MOST)
    builder.protect(Secret("secret", ((own[0], 1),), 1))
    builder.members.append(1)

    (verdict,) = judge(builder.build())

    assert verdict.state == State.EXPOSED


def test_whose_block_alone_is_counted_knows_it_anyway():
    builder = SystemBuilder()
    own, total = builder.unknown(3, block=1), builder.unknown(3)
    builder.state(((own, 1),), low=0, high=9)
    builder.state(((total, 1), (own, -1)), low=0, high=0)
    for of in (frozenset({1}), frozenset({1, 2})):
        builder.protect(Secret(of, ((total, 1),), 9, of))
    builder.members.append(1)

    anyway, shared = judge(builder.build())

    assert (anyway.state, shared.state) == (State.PROVEN, State.EXPOSED)


def test_a_secret_that_is_wide_for_fractions_alone_is_exposed():
    builder = SystemBuilder()
    students = builder.unknown(2)
    others = builder.unknown(1)
    # 4 students + 6 others = 14: in whole numbers 2 + 1 alone.
    builder.state(((students, 4), (others, 6)), low=14, high=14)
    builder.protect(Secret("students", ((students, 1),), 2))

    (verdict,) = judge(builder.build())

    assert verdict.state == State.EXPOSED


def test_what_contradicts_the_counts_is_blocked():
    builder = SystemBuilder()
    builder.state(((builder.unknown(9), 1),), low=10)

    with pytest.raises(PublicationBlocked):
        builder.build()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10-19", 10, 19),
        ("300+", 300, None),
        ("<=20", None, 20),
        (">=80", 80, None),
        ("45", 45, 45),
    ],
)
def test_reads_the_band(text, low, high):
    band = read_band(text)

    assert (band.low, band.high) == (low, high)


@pytest.mark.parametrize("text", ["", "n<10", "10 to 19", "<=", "+", "-5"])
def test_refuses_what_is_no_band(text):
    with pytest.raises(ValueError, match="unknown form"):
        read_band(text)


@pytest.mark.parametrize("n", [10, 13, 20, 39, 40, 99, 100, 299, 300, 701])
def test_a_percent_band_fits_exactly_the_counts_that_are_published_so(n):
    bands = [percent_band(inside, n) for inside in range(n + 1)]

    for inside, (own, following) in enumerate(pairwise(bands)):
        assert fits(inside, n, own)
        assert fits(inside, n, following) == (own == following)
        assert fits(inside + 1, n, own) == (own == following)


def fits(numerator, denominator, band):
    builder = SystemBuilder()
    figures = Figures(
        ((builder.unknown(numerator), 1),), ((builder.unknown(denominator), 1),)
    )
    key = CellKey("family", "site", "group")
    cell = Cell("pub5", key, n_band(denominator), band, None)
    state_bands(builder, figures, cell, least=1)
    return builder.is_true
