"""Great Expectations as it comes, on pandas: the oracle of our engine on Polars.

Nothing of ours takes part but `as_pandas`, which makes the frame that GX is given.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import polars as pl
from great_expectations.core import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.validator.validator import Validator

from pcbl_pipeline.validation.engine import (
    PolarsExecutionEngine,
    as_pandas,
    validate,
)
from pcbl_pipeline.validation.suites import CompiledSuite

ROW_ID = "row_number"
COMPLETE = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Outcome:
    """What a result says, as far as the two engines must agree."""

    success: bool
    element_count: int
    missing_count: int | None
    unexpected_count: int
    rows: frozenset[int]


class _SilentValidator(Validator):
    def _determine_progress_bars(self) -> bool:
        return False


def identity(configuration: ExpectationConfiguration) -> str:
    """Name an expectation by type, arguments and meta, as GX itself writes them.

    GX returns results in an order of its own, so they are matched by this.
    """
    written = configuration.to_domain_obj().configuration.to_json_dict()
    kwargs = {k: v for k, v in written["kwargs"].items() if k != "batch_id"}
    return json.dumps([written["type"], kwargs, written.get("meta")], sort_keys=True)


def as_gx(suite: CompiledSuite) -> ExpectationSuite:
    """Return a compiled suite as stock GX has it."""
    return ExpectationSuite(
        name=suite.name, expectations=[use.configuration for use in suite.uses]
    )


def outcomes_in_stock_gx(
    suite: ExpectationSuite, rows: pl.DataFrame
) -> dict[str, Outcome]:
    """Run a suite in a context of its own, on pandas, with every unexpected row."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name="rows",
            data=asset.add_batch_definition_whole_dataframe("all"),
            suite=context.suites.add(suite),
        )
    )
    frame = as_pandas(rows, row_id=ROW_ID)
    result = definition.run(
        batch_parameters={"dataframe": frame}, result_format=COMPLETE
    )
    return _by_identity(result.results)


def outcomes_in_pandas_engine(
    configurations: Sequence[ExpectationConfiguration], rows: pl.DataFrame
) -> dict[str, Outcome]:
    """Run expectations in GX's pandas engine without a context, which is faster."""
    engine = PandasExecutionEngine()
    engine.load_batch_data("rows", as_pandas(rows, row_id=ROW_ID))
    validator = _SilentValidator(execution_engine=engine, batches=[])
    results = validator.graph_validate(
        list(configurations),
        runtime_configuration={"result_format": COMPLETE, "catch_exceptions": False},
    )
    return _by_identity(results)


def outcomes_on_polars(
    configurations: Sequence[ExpectationConfiguration], rows: pl.DataFrame
) -> dict[str, Outcome]:
    """Run expectations in our engine."""
    engine = PolarsExecutionEngine(rows.lazy(), row_id=ROW_ID)
    results = validate(engine, configurations)
    return {
        identity(configuration): _outcome(
            result, engine.failing_rows(configuration).to_list()
        )
        for configuration, result in zip(configurations, results, strict=True)
    }


def _by_identity(results: Sequence[ExpectationValidationResult]) -> dict[str, Outcome]:
    outcomes = {}
    for result in results:
        raised = result.exception_info or {}
        assert not raised.get("raised_exception", True), raised
        found: list[dict[str, Any]] = result.result.get("unexpected_index_list") or []
        outcomes[identity(result.expectation_config)] = _outcome(
            result, [item[ROW_ID] for item in found]
        )
    assert len(outcomes) == len(results), "an expectation stands twice"
    return outcomes


def _outcome(result: ExpectationValidationResult, rows: list[int]) -> Outcome:
    assert len(set(rows)) == len(rows), "a row is named twice"
    return Outcome(
        success=bool(result.success),
        element_count=result.result["element_count"],
        missing_count=result.result.get("missing_count"),
        unexpected_count=result.result["unexpected_count"],
        rows=frozenset(rows),
    )
