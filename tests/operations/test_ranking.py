"""Groups stand in the order in which correcting them frees most rows."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.operations.ranking import Gain, rank_groups

ERRORS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), max_size=40)


def ranked(errors):
    rows = [row for row, _ in errors]
    groups = [group for _, group in errors]
    schema = {"row_number": pl.Int64, "group": pl.Int64}
    return rank_groups(
        pl.DataFrame({"row_number": rows, "group": groups}, schema=schema)
    )


@given(ERRORS)
def test_gains_are_those_of_counting_row_by_row(errors):
    by_row: dict[int, set[int]] = {}
    for row, group in errors:
        by_row.setdefault(row, set()).add(group)

    found = ranked(errors)

    assert set(found) == {group for _, group in errors}
    corrected: set[int] = set()
    for group, gain in found.items():
        corrected.add(group)
        assert gain == Gain(
            touched=sum(group in groups for groups in by_row.values()),
            freed=sum(groups == {group} for groups in by_row.values()),
            freed_so_far=sum(groups <= corrected for groups in by_row.values()),
        )


@given(ERRORS)
def test_the_order_is_by_rows_freed_then_touched_then_number(errors):
    found = ranked(errors)

    keys = [(-gain.freed, -gain.touched, group) for group, gain in found.items()]
    assert keys == sorted(keys)


@given(ERRORS)
def test_all_corrections_together_free_every_row(errors):
    found = list(ranked(errors).values())

    if errors:
        assert found[-1].freed_so_far == len({row for row, _ in errors})
