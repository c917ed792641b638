"""Rounding and ranks, at the places where they go wrong."""

from fractions import Fraction
from math import floor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.summaries.measures import from_units, in_units, nearest_rank, ratio


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        pytest.param(2, 3, 0.6667, id="up"),
        pytest.param(1, 3, 0.3333, id="down"),
        pytest.param(1, 20_000, 0.0001, id="half goes up"),
        pytest.param(3, 20_000, 0.0002, id="half goes up, not to even"),
        pytest.param(0, 7, 0.0, id="nothing"),
        pytest.param(7, 0, None, id="not defined"),
        pytest.param(0, None, None, id="not known"),
    ],
)
def test_ratios_are_rounded_half_up_to_four_places(numerator, denominator, expected):
    frame = pl.DataFrame(
        {"n": [numerator], "d": [denominator]}, schema={"n": pl.Int64, "d": pl.Int64}
    )

    assert frame.select(ratio(pl.col("n"), pl.col("d"))).item() == expected


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=30))
def test_decimals_go_to_units_and_back_without_a_change(units):
    frame = pl.DataFrame({"units": units})

    decimals = frame.select(from_units(pl.col("units")).alias("decimal"))

    assert decimals["decimal"].to_list() == [unit / 10_000 for unit in units]
    assert decimals.select(in_units("decimal"))["decimal"].to_list() == units


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_ratio_is_the_nearest_decimal(numerator, denominator):
    frame = pl.DataFrame({"n": [numerator], "d": [denominator]})

    exact = Fraction(numerator, denominator) * 10_000 + Fraction(1, 2)

    assert frame.select(ratio(pl.col("n"), pl.col("d"))).item() == floor(exact) / 10_000


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([], None, None),
        ([None], None, None),
        ([5], 5, 5),
        ([4, None, 2], 2, 4),
        ([9, 1, 5], 5, 9),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
        (list(range(1, 71)), 35, 63),
    ],
)
def test_nearest_ranks_are_values_that_were_measured(values, median, p90):
    frame = pl.DataFrame({"v": values}, schema={"v": pl.Int64})

    assert frame.select(nearest_rank(pl.col("v"), 50)).item() == median
    assert frame.select(nearest_rank(pl.col("v"), 90)).item() == p90
