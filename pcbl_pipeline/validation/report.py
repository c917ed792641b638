"""The run's own record: Great Expectations' result object as JSON, without values.

For auditors who know GX and its tools. What a site reads is the receipt.
"""

import json
from collections.abc import Sequence
from typing import Any

from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.util import convert_to_json_serializable

from pcbl_pipeline.validation.remembered import configuration_json


def validation_json(
    suite_name: str, results: Sequence[ExpectationValidationResult]
) -> bytes:
    """Write a run's results as GX writes them; the same results give the same bytes.

    Shape: `success`, `statistics` and one entry per expectation with its counts.
    """
    met = sum(bool(result.success) for result in results)
    run = ExpectationSuiteValidationResult(
        success=met == len(results),
        results=[],
        suite_name=suite_name,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": met,
            "unsuccessful_expectations": len(results) - met,
            "success_percent": 100 * met / len(results) if results else None,
        },
    )
    content = run.to_json_dict()  # type: ignore[no-untyped-call]
    content["results"] = [_result_json(result) for result in results]
    return (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()


def _result_json(result: ExpectationValidationResult) -> dict[str, Any]:
    """Return what GX's own schema says of a result, without copying it five times."""
    return {
        "success": bool(result.success),
        "expectation_config": configuration_json(result.expectation_config),
        "result": convert_to_json_serializable(result.result),
        "meta": convert_to_json_serializable(result.meta),
        "exception_info": convert_to_json_serializable(result.exception_info),
    }
