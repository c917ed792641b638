"""Keys of row checks: one text per metric, domain and arguments, whoever asks.

GX asks for a metric in several shapes: as objects, as their JSON, with defaults and
without. What does not belong here: what a metric means.
"""

import json
from typing import Any

from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.registry import get_metric_kwargs

_DOMAIN_NOISE = {"batch_id", "table", "condition_parser"}


def condition_key_of(configuration: ExpectationConfiguration) -> str | None:
    """Return the key of the row check behind an expectation; None without one."""
    metric = getattr(configuration.to_domain_obj(), "map_metric", None)
    if metric is None:
        return None
    kwargs = get_metric_kwargs(
        metric_name=f"{metric}.unexpected_count",
        configuration=configuration,
        runtime_configuration={},
    )
    return key_of(metric, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"])


def key_of(condition: str, domain: dict[str, Any], values: dict[str, Any]) -> str:
    """Spell out a row check: the same text for the same metric on the same rows."""
    domain = {
        k: v for k, v in domain.items() if k not in _DOMAIN_NOISE and v is not None
    }
    values = {k: v for k, v in values.items() if k != "result_format" and v is not None}
    return json.dumps([condition, domain, values], sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:  # noqa: ANN401 - GX hands over its own models
    return value.dict() if hasattr(value, "dict") else str(value)


def parts_of(key: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the metric's name, its domain and its arguments."""
    name, domain, values = json.loads(key)
    return name, domain, values


def filter_key(domain: dict[str, Any]) -> str:
    """Spell out a row condition; without one it is empty."""
    condition = domain.get("row_condition")
    return json.dumps(condition, sort_keys=True, default=_plain) if condition else ""
