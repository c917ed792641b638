"""The engine: one query, a fall-back that is seen and right, no mixing of runs."""

import logging
import threading
from datetime import date

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.row_conditions import (
    Column,
    PassThroughCondition,
)
from great_expectations.validator.validator import Validator

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.validation.engine import (
    FellBackToPandas,
    PolarsExecutionEngine,
    as_pandas,
    validate,
)
from pcbl_pipeline.validation.filters import ColumnMissing
from pcbl_pipeline.validation.prepare import prepare
from pcbl_pipeline.validation.suites import compile_suite
from tests.support.rows import ROW_ID, circumstances_of, right_row, text_frame
from tests.support.stock_gx import outcomes_in_pandas_engine, outcomes_on_polars

ROWS = pl.DataFrame(
    {
        ROW_ID: [2, 3, 4, 5, 6],
        "s": ["a", "bb", None, "bb", "ccc"],
        "i": [1, 2, 2, None, 3],
        "f": [1.0, float("nan"), None, 0.5, -0.0],
        "d": [date(2026, 1, 1), date(1, 1, 1), None, date(2026, 1, 2), None],
    }
)
PANDAS_QUERY = PassThroughCondition.parse_obj({"pass_through_filter": "i > 1"})
IN_SET = gxe.ExpectColumnValuesToBeInSet(column="s", value_set=["a"])


class Quiet(Validator):
    def _determine_progress_bars(self) -> bool:
        return False


def engine_of(rows=ROWS):
    return PolarsExecutionEngine(rows.lazy(), row_id=ROW_ID)


def pandas_engine_of(rows):
    engine = PandasExecutionEngine()
    engine.load_batch_data("rows", as_pandas(rows, row_id=ROW_ID))
    return engine


# ------------------------------------------------------------------ one query


@pytest.mark.parametrize("dataset", ["lesson_learned", "ta_event"])
def test_a_whole_suite_takes_one_streaming_query_after_that_of_its_keys(
    dataset, monkeypatch
):
    catalogue = load_catalogue()
    contract = catalogue.get(dataset)
    circumstances = circumstances_of(contract)
    suite = compile_suite(contract, catalogue, circumstances)
    rows = text_frame(contract, [right_row(contract, n) for n in range(3)])
    prepared = prepare(rows.lazy(), contract, catalogue, circumstances).collect()
    engine = engine_of(prepared)
    queries = record_queries(monkeypatch)

    validate(engine, [use.configuration for use in suite.uses])
    for use in suite.uses:
        engine.failing_rows(use.configuration)

    assert queries == ["streaming", "streaming"]


def record_queries(monkeypatch) -> list[object]:
    queries: list[object] = []
    collect_all = pl.collect_all

    def recorded(*args, **kwargs):
        queries.append(kwargs.get("engine"))
        return collect_all(*args, **kwargs)

    def unexpected(*args, **kwargs):
        queries.append("a query of its own")

    monkeypatch.setattr(pl, "collect_all", recorded)
    monkeypatch.setattr(pl.LazyFrame, "collect", unexpected)
    return queries


# ---------------------------------------------------------------- the fall-back


@pytest.mark.parametrize(
    ("expectation", "named"),
    [
        (
            gxe.ExpectColumnValueLengthsToEqual(column="s", value=2),
            "column_values.value_length.equals",
        ),
        (
            gxe.ExpectColumnValuesToMatchRegexList(column="s", regex_list=["^a", "c"]),
            "column_values.match_regex_list",
        ),
        (
            gxe.ExpectColumnPairValuesToBeInSet(
                column_A="s", column_B="i", value_pairs_set=[("a", 1), ("bb", 2)]
            ),
            "column_pair_values.in_set",
        ),
        (
            gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(column_list=["i", "f"]),
            "select_column_values.unique.within_record",
        ),
        (
            gxe.ExpectColumnValuesToMatchRegex(column="s", regex="(?=b)bb$"),
            "regex",
        ),
        (
            gxe.ExpectColumnValuesToMatchRegex(column="i", regex="^2"),
            "Int64 as text",
        ),
        (
            gxe.ExpectColumnValuesToMatchStrftimeFormat(
                column="s", strftime_format="%d"
            ),
            "strftime format",
        ),
        (
            gxe.ExpectColumnValuesToBeInSet(column="i", value_set=["1", "2"]),
            "Int64 among other values",
        ),
        (
            gxe.ExpectColumnValuesToNotBeNull(
                column="s", row_condition=Column("i") == "2"
            ),
            "Int64 == str",
        ),
        (
            gxe.ExpectColumnValuesToBeNull(
                column="s",
                row_condition=PANDAS_QUERY,
            ),
            "row condition PassThroughCondition",
        ),
        (
            gxe.ExpectColumnValuesToBeUnique(
                column="s",
                row_condition=PANDAS_QUERY,
            ),
            "row condition PassThroughCondition",
        ),
    ],
)
def test_what_polars_lacks_is_judged_by_pandas_and_named(expectation, named):
    configurations = [IN_SET.configuration, expectation.configuration]

    with pytest.warns(FellBackToPandas, match=named):
        ours = outcomes_on_polars(configurations, ROWS)

    assert ours == outcomes_in_pandas_engine(configurations, ROWS)


def test_a_fall_back_is_warned_of_once_per_expectation():
    expectation = gxe.ExpectColumnValueLengthsToEqual(column="s", value=2)

    with pytest.warns(FellBackToPandas) as caught:
        validate(engine_of(), [IN_SET.configuration, expectation.configuration])

    assert [str(item.message) for item in caught] == [
        (
            "GX's pandas provider answers `column_values.value_length.equals.condition`"
            ": there is no Polars expression for column_values.value_length.equals."
        )
    ]


def test_gx_does_not_keep_warnings_from_being_seen():
    with pytest.warns(FellBackToPandas):
        validate(
            engine_of(),
            [gxe.ExpectColumnValueLengthsToEqual(column="s", value=2).configuration],
        )

    assert logging._warnings_showwarning is None  # nobody captures them


def test_an_expectation_about_the_whole_table_falls_back_too():
    configuration = gxe.ExpectColumnMaxToBeBetween(column="i", max_value=2)
    engine = engine_of()

    with pytest.warns(FellBackToPandas, match=r"column\.max"):
        (result,) = validate(engine, [configuration.configuration])

    assert not result.success
    assert result.result["observed_value"] == 3
    with pytest.raises(LookupError, match="does not judge single rows"):
        engine.failing_rows(configuration.configuration)


def test_every_row_is_counted_without_a_fall_back():
    configuration = gxe.ExpectTableRowCountToEqual(value=5).configuration

    (result,) = validate(engine_of(), [configuration])

    assert result.success


def test_index_lists_come_from_pandas_also_where_the_count_is_ours():
    """COMPLETE asks for more than our engine keeps; a wrong list would be silent."""
    engine = engine_of()
    engine.announce([IN_SET.configuration])
    validator = Quiet(execution_engine=engine, batches=[])
    complete = {
        "result_format": {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [ROW_ID],
        },
        "catch_exceptions": False,
    }

    with pytest.warns(FellBackToPandas, match="unexpected_index"):
        (result,) = validator.graph_validate(
            [IN_SET.configuration], runtime_configuration=complete
        )

    found = [item[ROW_ID] for item in result.result["unexpected_index_list"]]
    assert found == [3, 5, 6]
    assert result.result["unexpected_list"] == ["bb", "bb", "ccc"]


# ------------------------------------------------------------------- the values


@pytest.mark.parametrize(
    "expectation",
    [
        IN_SET,
        gxe.ExpectColumnValuesToBeUnique(column="s"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="s", column_B="t"),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["t", "s"], row_condition=Column("s").is_not_null()
        ),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["s", "t"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 20])
def test_unexpected_values_are_the_first_ones_and_never_more_than_asked(
    expectation, limit
):
    texts = {"s": ["a", "b", None, "b", "a"], "t": ["a", "c", None, "c", None]}
    rows = pl.DataFrame({ROW_ID: range(2, 7), **texts})
    wanted = {
        "result_format": {"result_format": "BASIC", "partial_unexpected_count": limit},
        "catch_exceptions": False,
    }
    ours, stock = engine_of(rows), pandas_engine_of(rows)
    ours.announce([expectation.configuration])

    lists = [
        Quiet(execution_engine=engine, batches=[])
        .graph_validate([expectation.configuration], runtime_configuration=wanted)[0]
        .result["partial_unexpected_list"]
        for engine in (ours, stock)
    ]

    assert 0 < len(lists[0]) <= limit
    assert repr(lists[0]).replace("None", "nan") == repr(lists[1])


def test_results_hold_no_values_by_default():
    (result,) = validate(engine_of(), [IN_SET.configuration])

    assert result.result["unexpected_count"] == 3
    assert result.result["partial_unexpected_list"] == []
    assert "ccc" not in str(result.to_json_dict()["result"])


# ------------------------------------------------------------------- the edges


@pytest.mark.parametrize(
    "expectation",
    [
        gxe.ExpectColumnValuesToNotBeNull(column="gone"),
        gxe.ExpectColumnValuesToMatchRegex(column="gone", regex="a"),
        gxe.ExpectColumnValuesToBeBetween(column="gone", min_value=1),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="s", column_B="gone"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["s", "gone"]),
        gxe.ExpectColumnValuesToBeNull(
            column="s", row_condition=Column("gone").is_null()
        ),
        gxe.ExpectColumnValuesToBeNull(column="s", row_condition=Column("gone") == "x"),
    ],
)
def test_a_missing_column_is_our_fault_and_raises(expectation):
    with pytest.raises(ColumnMissing, match="no such columns: gone"):
        validate(engine_of(), [expectation.configuration])


def test_an_impossible_configuration_raises():
    bounds = gxe.ExpectColumnValuesToBeBetween(column="s", min_value=1, max_value=2)

    with pytest.warns(FellBackToPandas), pytest.raises(Exception, match="same type"):
        validate(engine_of(), [bounds.configuration])


def test_rows_that_nothing_judged_are_not_said_to_be_right():
    engine = engine_of()
    validate(engine, [IN_SET.configuration])
    other = gxe.ExpectColumnValuesToBeInSet(column="s", value_set=["z"])

    with pytest.raises(LookupError, match="Validate before asking"):
        engine.failing_rows(other.configuration)


@pytest.mark.parametrize("dataset", ["site_profile", "ta_event"])
def test_an_empty_frame_breaks_no_rule(dataset):
    catalogue = load_catalogue()
    contract = catalogue.get(dataset)
    circumstances = circumstances_of(contract)
    suite = compile_suite(contract, catalogue, circumstances)
    rows = text_frame(contract, [])
    prepared = prepare(rows.lazy(), contract, catalogue, circumstances).collect()

    outcomes = outcomes_on_polars([use.configuration for use in suite.uses], prepared)

    assert all(outcome.success for outcome in outcomes.values())
    assert {outcome.element_count for outcome in outcomes.values()} == {0}


def test_a_nan_counts_as_missing():
    filled = gxe.ExpectColumnValuesToNotBeNull(column="f")

    engine = engine_of()
    validate(engine, [filled.configuration])

    assert engine.failing_rows(filled.configuration).to_list() == [3, 4]


def test_the_same_expectation_twice_is_answered_twice():
    twice = [IN_SET.configuration, IN_SET.configuration]

    results = validate(engine_of(), twice)

    assert [result.result["unexpected_count"] for result in results] == [3, 3]


def test_results_come_in_the_order_of_the_expectations():
    expectations = [
        gxe.ExpectColumnValuesToBeUnique(column="s"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="i", column_B="f"),
        gxe.ExpectColumnValuesToNotBeNull(column="f"),
        IN_SET,
        gxe.ExpectColumnValuesToNotBeNull(column="d"),
    ]

    results = validate(engine_of(), [item.configuration for item in expectations])

    assert [result.expectation_config.type for result in results] == [
        item.expectation_type for item in expectations
    ]
    assert [result.expectation_config.kwargs.get("column") for result in results] == [
        getattr(item, "column", None) for item in expectations
    ]


def test_engines_in_threads_keep_to_their_own_rows():
    sizes = range(1, 9)
    found: dict[int, list[int]] = {}

    def run(size: int) -> None:
        rows = pl.DataFrame({ROW_ID: range(2, 2 + size), "s": ["wrong"] * size})
        for _ in range(3):
            engine = engine_of(rows)
            (result,) = validate(engine, [IN_SET.configuration])
            failing = engine.failing_rows(IN_SET.configuration)
            found.setdefault(size, []).append(result.result["unexpected_count"])
            found[size].append(failing.len())

    threads = [threading.Thread(target=run, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {size: [size] * 6 for size in sizes}


def test_nothing_is_written_to_the_terminal(capfd):
    validate(engine_of(), [IN_SET.configuration])

    assert capfd.readouterr() == ("", "")
