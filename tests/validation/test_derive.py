"""Derived columns that look at several columns, at limits, and at other rows."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.derived import DerivedColumn, Reference
from pcbl_pipeline.contracts.limits import Limit, LimitTable
from pcbl_pipeline.validation.circumstances import Circumstances
from tests.support.rows import FIRST_ROW, ROW_ID
from tests.support.small_contract import field, prepared, small_contract


def test_prefix_can_be_as_long_as_another_value():
    contract = small_contract(
        DerivedColumn(name="start", kind="prefix_like", of="id", columns=("other",))
    )
    rows = [
        {"id": "049990100123", "other": "0499901"},
        {"id": "049990100123", "other": "049990100123"},
        {"id": "0499", "other": "0499901"},
        {"id": "0499", "other": None},
        {"id": None, "other": "0499901"},
    ]

    got = prepared(contract, rows)

    assert got["start"].to_list() == ["0499901", "049990100123", "0499", None, None]


def test_days_are_counted_from_the_first_to_the_second():
    contract = small_contract(
        DerivedColumn(name="days", kind="days_between", columns=("start", "end")),
        fields=(field("start", FieldType.DATE), field("end", FieldType.DATE)),
    )
    rows = [
        {"start": "2025-07-01", "end": "2026-07-01"},
        {"start": "2023-07-01", "end": "2024-07-01"},
        {"start": "2025-07-02", "end": "2025-07-01"},
        {"start": "2025-07-01", "end": None},
        {"start": "2025-07-01", "end": "2025-02-30"},
    ]

    got = prepared(contract, rows)

    assert got["days"].to_list() == [365, 366, -1, None, None]


LIMITS = LimitTable(
    name="days",
    title="Days",
    unit="days",
    counts="extensions",
    valid_from=date(2020, 7, 1),
    limits=(
        Limit(state_fips="38", first=0, last=1, at_most=365, source="invented"),
        Limit(state_fips="38", first=2, at_most=730, source="invented"),
        Limit(state_fips="04", first=1, last=3, at_most=90, source="invented"),
    ),
)


@given(
    state=st.sampled_from(["38", "04", "45", None]),
    number=st.none() | st.integers(0, 9),
)
def test_limit_is_that_of_the_state_and_the_number(state, number):
    column = DerivedColumn(
        name="allowed",
        kind="limit",
        of="id",
        length=2,
        columns=("count",),
        table="days",
    )
    contract = small_contract(column)
    rows = [
        {
            "id": state and f"{state}99901",
            "count": None if number is None else f"{number}",
        }
    ]

    catalogue = Catalogue((contract,), (), (), (LIMITS,))
    got = prepared(contract, rows, catalogue=catalogue)

    expected = [
        item.at_most
        for item in LIMITS.limits
        if item.state_fips == state
        and number is not None
        and item.first <= number <= (item.last or 9)
    ]
    assert got["allowed"].to_list() == (expected or [None])


def test_value_of_another_row_is_looked_up_by_its_key():
    reference = Reference(dataset="sizes", column="size", same=("id", "school_year"))
    column = DerivedColumn(name="size", kind="looked_up", reference=reference)
    contract = small_contract(column)
    told = pl.DataFrame(
        {
            "id": ["A", "A", "B"],
            "school_year": ["2024-2025", "2025-2026", "2025-2026"],
            "value": [7, 8, 9],
        }
    )
    rows = [
        {"id": "B", "school_year": "2025-2026"},
        {"id": "A", "school_year": "2025-2026"},
        {"id": "C", "school_year": "2025-2026"},
        {"id": None, "school_year": "2025-2026"},
        {"id": "A", "school_year": "2024-2025"},
    ]

    got = prepared(contract, rows, Circumstances(looked_up={"size": told}))

    assert got["size"].to_list() == [9, 8, None, None, 7]
    assert "size" not in prepared(contract, rows).columns


EARLIER = DerivedColumn(
    name="before",
    kind="latest_earlier",
    reference=Reference(
        dataset="invented", column="other", same=("id",), order="count"
    ),
)


@given(
    told=st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.integers(1, 6)), st.sampled_from("xyz")
    ),
    own=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", None]),
            st.none() | st.integers(1, 6),
            st.sampled_from(["x", "y", "z", None]),
        ),
        unique_by=lambda row: row[:2],
        max_size=8,
    ),
)
def test_value_of_the_row_before_comes_from_the_file_or_else_from_the_lake(told, own):
    contract = small_contract(EARLIER)
    lake = pl.DataFrame(
        [(*key, value) for key, value in told.items()],
        schema={"id": pl.String, "count": pl.Int64, "value": pl.String},
        orient="row",
    )
    rows = [
        {"id": id_, "count": None if n is None else str(n), "other": value}
        for id_, n, value in own
    ]

    got = prepared(contract, rows, Circumstances(looked_up={"before": lake}))

    known = told | {(id_, n): v for id_, n, v in own if id_ and n and v}
    expected = []
    for id_, n, _ in own:
        earlier = [key for key in known if n and key[0] == id_ and key[1] < n]
        expected.append(known[max(earlier)] if earlier else None)
    assert got["before"].to_list() == expected
    assert got[ROW_ID].to_list() == list(range(FIRST_ROW, FIRST_ROW + len(own)))
