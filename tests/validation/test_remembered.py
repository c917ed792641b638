"""What is remembered of an expectation says what GX's own expectation says."""

import json
from datetime import date

import polars as pl
import pytest
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
)
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.registry import get_expectation_impl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.engine import PolarsExecutionEngine, validate
from pcbl_pipeline.validation.remembered import remember
from pcbl_pipeline.validation.report import validation_json
from pcbl_pipeline.validation.suites import compile_suite

CATALOGUE = load_catalogue()


def between(**kwargs: object) -> ExpectationConfiguration:
    return ExpectationConfiguration(
        type="expect_column_values_to_be_between",
        kwargs={"column": "hours", "min_value": 0, **kwargs},
        meta={"code": "R999"},
    )


def results_of(hours: list[float], configuration: ExpectationConfiguration):
    rows = pl.LazyFrame({"row_number": range(len(hours)), "hours": hours})
    return validate(PolarsExecutionEngine(rows, row_id="row_number"), [configuration])


def test_gx_keeps_its_own_kinds_of_expectations():
    configuration = between()

    remember(configuration)

    stock = get_expectation_impl(configuration.type)
    assert type(configuration.to_domain_obj()) is stock
    assert "_said" not in vars(stock)


def test_a_remembered_answer_is_not_the_answer_about_other_rows():
    first = results_of([1.0, -2.0, -3.0], between())
    second = results_of([1.0, 2.0], between())
    third = results_of([-5.0], between())

    assert [r.result["unexpected_count"] for r in (*first, *second, *third)] == [
        2,
        0,
        1,
    ]
    assert [r.success for r in (*first, *second, *third)] == [False, True, False]


def test_what_differs_in_anything_is_remembered_apart():
    configurations = [
        between(),
        between(max_value=9),
        between(mostly=0.5),
        ExpectationConfiguration(**{**vars_of(between()), "meta": {"code": "R998"}}),
    ]

    assert len({id(remember(item)) for item in configurations}) == len(configurations)
    assert remember(between()) is remember(between())


def vars_of(configuration: ExpectationConfiguration) -> dict[str, object]:
    return {"type": configuration.type, "kwargs": configuration.kwargs}


@pytest.mark.parametrize("dataset", sorted(CATALOGUE.contracts))
def test_a_record_is_what_gx_writes(dataset):
    contract = CATALOGUE.contracts[dataset]
    suite = compile_suite(contract, CATALOGUE, Circumstances())
    configurations = [use.configuration for use in suite.uses]
    stock = [item.to_domain_obj().configuration for item in configurations]

    remembered = [remember(item) for item in configurations]

    assert [item.as_json for item in remembered] == [i.to_json_dict() for i in stock]
    assert [item.expectation.configuration for item in remembered] == stock


def test_the_record_of_a_run_is_what_gx_writes():
    results = [
        *results_of([1.0, -2.0], between(min_value=date(2026, 1, 1).day)),
        *results_of([3.0], between(mostly=0.5)),
    ]
    whole = ExpectationSuiteValidationResult(
        success=False,
        results=results,
        suite_name="hours",
        statistics={
            "evaluated_expectations": 2,
            "successful_expectations": 1,
            "unsuccessful_expectations": 1,
            "success_percent": 50.0,
        },
    )

    written = json.loads(validation_json("hours", results))

    assert written == json.loads(json.dumps(whole.to_json_dict()))
