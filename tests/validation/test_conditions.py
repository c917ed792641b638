"""Each condition on its own against GX's pandas engine, on small random frames."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import product

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import (
    AndCondition,
    Column,
    Condition,
    OrCondition,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pcbl_pipeline.validation.conditions import CONDITIONS
from tests.support.rows import wide
from tests.support.stock_gx import (
    ROW_ID,
    outcomes_in_pandas_engine,
    outcomes_on_polars,
)

# Of pandas, about patterns with groups.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This pattern is interpreted as a regular"
)

TEXTS, INTEGERS, FLOATS, DATES = ("s", "t"), ("i", "j"), ("f", "g"), ("d", "e")
NUMBERS = (*INTEGERS, *FLOATS)
COLUMNS = (*TEXTS, *NUMBERS, *DATES)

text = st.sampled_from(
    [
        *("", "a", "A", "b", "ab", "é", "e\u0301", "😀", "x" * 5, " a", "a ", "a;b"),
        *("a\n", "a\n\n", "\na", "a\x1c", "\u00a0", "\x85", "\u200b", "NA", "nan"),
        *(
            "1",
            "01",
            "\u0663",
            "²",
            "\\",
            "'",
            '"',
            "2026-03-09",
            "2026-1-3",
            "2024-02-29",
        ),
        *("2026-01- 5", "2026-02-30", "0000-01-01", "0001-01-01", "20260-01-01"),
        *(
            f"{wide('2026')}-03-1\u0665",
            "2026-1\u0665-01",
            "2026-01-1",
            "2026-01-11 ",
            "2026-01-011",
        ),
    ]
)
integer = st.integers(-1, 2) | st.sampled_from([2**53, -(2**53), 10**15 - 1])
number = st.integers(-1, 2) | st.sampled_from([0.5, -0.5, -0.0, 2.0, 1e300, 1e15])
real = st.floats(-3, 3, width=16) | st.sampled_from([-0.0, 1e-9, 1e15, float("inf")])
not_a_number = st.just(float("nan"))
day = st.dates(date(2025, 12, 28), date(2026, 1, 3)) | st.sampled_from(
    [date(1677, 12, 31), date(2262, 1, 1)]
)

moment = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3))  # noqa: DTZ001

CELLS = {
    **dict.fromkeys(TEXTS, (pl.String, text)),
    **dict.fromkeys(INTEGERS, (pl.Int64, integer)),
    **dict.fromkeys(FLOATS, (pl.Float64, real | not_a_number)),
    **dict.fromkeys(DATES, (pl.Date, day)),
}


@st.composite
def frames(draw):
    size = draw(st.integers(1, 20))
    columns = {ROW_ID: pl.Series(range(2, 2 + size), dtype=pl.Int64)}
    for name, (dtype, cells) in CELLS.items():
        cell = st.none() if draw(st.integers(0, 9)) == 0 else st.none() | cells
        values = draw(st.lists(cell, min_size=size, max_size=size))
        columns[name] = pl.Series(values, dtype=dtype)
    return pl.DataFrame(columns)


# --------------------------------------------------------------- row conditions


def comparisons(name: str, value: st.SearchStrategy) -> st.SearchStrategy[Condition]:
    column = Column(name)
    several = st.lists(value, max_size=3)
    return st.one_of(
        value.map(lambda v: column == v),
        value.map(lambda v: column != v),
        value.map(lambda v: column < v),
        value.map(lambda v: column <= v),
        value.map(lambda v: column > v),
        value.map(lambda v: column >= v),
        several.map(column.is_in),
        several.map(column.is_not_in),
    )


nullity = st.sampled_from(COLUMNS).flatmap(
    lambda name: st.sampled_from([Column(name).is_null(), Column(name).is_not_null()])
)
leaves = st.one_of(
    nullity,
    *[comparisons(name, text) for name in TEXTS],
    *[comparisons(name, number) for name in NUMBERS],
)
conjunctions = st.lists(leaves, min_size=2, max_size=3).map(
    lambda parts: AndCondition(conditions=parts)
)
disjunctions = st.lists(leaves | conjunctions, min_size=2, max_size=3).map(
    lambda parts: OrCondition(conditions=parts)
)
# Half without one, so that enough rows are left to be found.
row_conditions = st.none() | st.one_of(leaves, conjunctions, disjunctions)


# ----------------------------------------------------------------- expectations


def of_any(kind: type[Expectation]) -> st.SearchStrategy[Expectation]:
    return st.builds(
        kind, column=st.sampled_from(COLUMNS), row_condition=row_conditions
    )


def of_texts(kind: type[Expectation], **kwargs) -> st.SearchStrategy[Expectation]:
    return st.builds(
        kind, column=st.sampled_from(TEXTS), row_condition=row_conditions, **kwargs
    )


PATTERNS = (
    *(
        "^a$",
        "a$|^b$",
        r"^\s",
        r"\S$",
        r"^[^;\s]+$",
        r"^\d+$",
        "^$",
        "(a|é)",
        "a|",
        r"\Aa",
    ),
    *(
        r"a\Z",
        "^.{2}$",
        r"[^\d]",
        r"\.",
        "(?:a){2,}",
        "^(?P<x>a)b?$",
        r"[\S]\n",
        "[é-ü]",
    ),
)


def regular(kind: type[Expectation]) -> st.SearchStrategy[Expectation]:
    return of_texts(kind, regex=st.sampled_from(PATTERNS))


def sets(kind: type[Expectation]) -> st.SearchStrategy[Expectation]:
    def of(names: tuple[str, ...], values: st.SearchStrategy):
        return st.builds(
            kind,
            column=st.sampled_from(names),
            value_set=st.lists(values, max_size=4),
            row_condition=row_conditions,
        )

    return of(TEXTS, text) | of(NUMBERS, number)


@st.composite
def bounded(draw, kind: type[Expectation], columns, values):
    low, high = sorted(draw(st.tuples(values, values)))
    bounds = {"min_value": low, "max_value": high}
    for one in draw(st.sampled_from([(), ("min_value",), ("max_value",)])):
        del bounds[one]
    strict = {name: draw(st.booleans()) for name in ("strict_min", "strict_max")}
    column = draw(st.sampled_from(columns))
    return kind(column=column, **bounds, **strict, row_condition=draw(row_conditions))


def ranges() -> st.SearchStrategy[Expectation]:
    kind = gxe.ExpectColumnValuesToBeBetween
    return st.one_of(
        bounded(kind, NUMBERS, number),
        bounded(kind, DATES, moment),
    )


def pairs(kind: type[Expectation], **kwargs) -> st.SearchStrategy[Expectation]:
    of_one_kind = st.one_of(
        *[st.permutations(names) for names in (TEXTS, NUMBERS, DATES)]
    )
    ignored = ("both_values_are_missing", "either_value_is_missing", "neither")

    def build(names, ignore_row_if, row_condition, arguments):
        return kind(
            column_A=names[0],
            column_B=names[1],
            row_condition=row_condition,
            **({"ignore_row_if": ignore_row_if} if ignore_row_if else {}),
            **arguments,
        )

    ignoring = st.none() | st.sampled_from(ignored)
    arguments = st.fixed_dictionaries(kwargs)
    return st.builds(build, of_one_kind, ignoring, row_conditions, arguments)


def compounds() -> st.SearchStrategy[Expectation]:
    ignored = ("all_values_are_missing", "any_value_is_missing", "never")
    return st.builds(
        gxe.ExpectCompoundColumnsToBeUnique,
        column_list=st.lists(
            st.sampled_from(COLUMNS), min_size=2, max_size=3, unique=True
        ),
        ignore_row_if=st.sampled_from(ignored),
        row_condition=row_conditions,
    )


DRAWN: dict[str, Callable[[], st.SearchStrategy[Expectation]]] = {
    "column_values.nonnull": lambda: of_any(gxe.ExpectColumnValuesToNotBeNull),
    "column_values.null": lambda: of_any(gxe.ExpectColumnValuesToBeNull),
    "column_values.match_regex": lambda: regular(gxe.ExpectColumnValuesToMatchRegex),
    "column_values.not_match_regex": lambda: regular(
        gxe.ExpectColumnValuesToNotMatchRegex
    ),
    "column_values.in_set": lambda: sets(gxe.ExpectColumnValuesToBeInSet),
    "column_values.not_in_set": lambda: sets(gxe.ExpectColumnValuesToNotBeInSet),
    "column_values.between": ranges,
    "column_values.value_length.between": lambda: bounded(
        gxe.ExpectColumnValueLengthsToBeBetween, TEXTS, st.integers(0, 6)
    ),
    "column_values.match_strftime_format": lambda: of_texts(
        gxe.ExpectColumnValuesToMatchStrftimeFormat, strftime_format=st.just("%Y-%m-%d")
    ),
    "column_values.unique": lambda: of_any(gxe.ExpectColumnValuesToBeUnique),
    "compound_columns.unique": compounds,
    "column_pair_values.a_greater_than_b": lambda: pairs(
        gxe.ExpectColumnPairValuesAToBeGreaterThanB, or_equal=st.booleans()
    ),
    "column_pair_values.equal": lambda: pairs(gxe.ExpectColumnPairValuesToBeEqual),
}


def test_every_condition_is_drawn_here():
    assert set(DRAWN) == set(CONDITIONS)


@pytest.mark.parametrize("metric", DRAWN)
def test_a_condition_finds_what_gx_finds_on_pandas(metric):
    # Shrinking takes minutes: an example is small as it is.
    @settings(
        max_examples=5,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(frames(), st.lists(DRAWN[metric](), min_size=2, max_size=4))
    def agree(rows, expectations):
        assert {item.map_metric for item in expectations} == {metric}
        for number, item in enumerate(expectations):
            item.meta = {"number": number}
        configurations = [item.configuration for item in expectations]

        ours = outcomes_on_polars(configurations, rows)
        stock = outcomes_in_pandas_engine(configurations, rows)

        assert ours == stock

    agree()


#: Beside each other: equal, ascending, descending, and every way of missing.
CORNERS = pl.DataFrame(
    {
        ROW_ID: range(2, 10),
        "i": [1, 1, 2, None, 1, None, 3, 2],
        "f": [1.0, 2.0, 1.0, 1.0, None, None, 3.5, 2.0],
        "s": ["1", "b", "a", None, "1", None, "", "a"],
        "t": ["1", "a", "b", "1", None, None, "", "a"],
    }
)


def at_the_corners() -> list[Expectation]:
    return [*bounds_at_the_corners(), *pairs_at_the_corners(), *keys_at_the_corners()]


def bounds_at_the_corners():
    limits = ({"min_value": 1}, {"max_value": 2}, {"min_value": 1, "max_value": 2})
    for bounds, low, high in product(limits, (False, True), (False, True)):
        strict = {"strict_min": low, "strict_max": high}
        yield gxe.ExpectColumnValuesToBeBetween(column="i", **bounds, **strict)
        yield gxe.ExpectColumnValueLengthsToBeBetween(column="s", **bounds, **strict)


def pairs_at_the_corners():
    ignored = ("both_values_are_missing", "either_value_is_missing", "neither")
    for (one, other), ignore_row_if in product((("i", "f"), ("s", "t")), ignored):
        pair = {"column_A": one, "column_B": other, "ignore_row_if": ignore_row_if}
        yield gxe.ExpectColumnPairValuesToBeEqual(**pair)
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(**pair)
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(**pair, or_equal=True)


def keys_at_the_corners():
    for ignored in ("all_values_are_missing", "any_value_is_missing", "never"):
        yield gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["s", "i"], ignore_row_if=ignored
        )


def test_the_corners_of_bounds_pairs_and_keys():
    configurations = []
    for number, expectation in enumerate(at_the_corners()):
        expectation.meta = {"number": number}
        configurations.append(expectation.configuration)

    ours = outcomes_on_polars(configurations, CORNERS)

    assert ours == outcomes_in_pandas_engine(configurations, CORNERS)
    assert len({outcome.rows for outcome in ours.values()}) > 10
