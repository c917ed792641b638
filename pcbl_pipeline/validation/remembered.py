"""What GX works out about an expectation, worked out once instead of for every file.

An expectation of GX spells out its own configuration some fifty times in a run, and the
metrics that it needs twice; for a small file that is most of the work. None of it
depends on the rows, and the same contract judges file after file. So each thread keeps
the expectations that it made, and each of these keeps what it said. Threads share
nothing, because GX writes into its own objects.

What does not belong here: anything that depends on rows or on an engine's answers.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.metrics_calculator import MetricsCalculator
from great_expectations.validator.validation_graph import MetricEdge
from great_expectations.validator.validator import ValidationDependencies

from pcbl_pipeline.validation.keys import condition_key_of

#: Expectations that a thread keeps: those of all contracts, several times over.
_KEPT = 4000
_OWN = threading.local()


@dataclass
class Remembered:
    """One expectation with what is known of it without any rows."""

    expectation: Expectation
    configuration: ExpectationConfiguration
    _edges: tuple[MetricEdge, ...] | None = None

    @cached_property
    def condition_key(self) -> str | None:
        """The key of the row check behind the expectation; None without one."""
        return condition_key_of(self.configuration)

    @cached_property
    def as_json(self) -> dict[str, Any]:
        """The expectation's configuration as GX writes it."""
        return self.configuration.to_json_dict()

    def edges(
        self, calculator: MetricsCalculator, runtime: Mapping[str, Any]
    ) -> tuple[MetricEdge, ...]:
        """Return the metrics that the expectation needs, each with what it needs."""
        if self._edges is None:
            needed = self.expectation.get_validation_dependencies(
                execution_engine=calculator._execution_engine,  # noqa: SLF001
                runtime_configuration=dict(runtime),
            )
            graph = calculator.build_metric_dependency_graph(
                metric_configurations=needed.get_metric_configurations(),
                runtime_configuration=dict(runtime),
            )
            self._edges = tuple(graph.edges)
        return self._edges


def remember(configuration: ExpectationConfiguration) -> Remembered:
    """Return what this thread knows of an expectation that says the same."""
    known: dict[str, Remembered] = _OWN.__dict__.setdefault("known", {})
    said = repr(vars(configuration))
    if said not in known:
        if len(known) >= _KEPT:
            known.clear()
        known[said] = _make(configuration)
    return known[said]


def configuration_json(
    configuration: ExpectationConfiguration | None,
) -> dict[str, Any] | None:
    """Return an expectation's configuration as GX writes it."""
    return None if configuration is None else remember(configuration).as_json


def _make(configuration: ExpectationConfiguration) -> Remembered:
    stock = configuration.to_domain_obj()
    remembering = _remembering(get_expectation_impl(configuration.type))
    return Remembered(remembering.construct(**_fields_of(stock)), stock.configuration)


def _fields_of(expectation: Expectation) -> dict[str, Any]:
    # The stock one has checked them, and tells which were given.
    return {"_fields_set": expectation.__fields_set__, **vars(expectation)}


@cache
def _remembering(stock: type[Expectation]) -> type[Expectation]:
    """Return a kind of expectation that is as GX's own but repeats what it said."""
    kind: Any = type(stock)
    made: type[Expectation] = kind(
        stock.__name__,
        (stock,),
        {
            "__module__": stock.__module__,
            # GX registers each class that is not abstract, in place of its own.
            "is_abstract": classmethod(lambda _: True),
            # Its renderers are registered already, for the stock one.
            "_register_renderer_functions": classmethod(lambda _: None),
            "_said": pydantic.PrivateAttr(default_factory=dict),
            "configuration": property(_once("configuration", _configuration)),
            "get_validation_dependencies": _dependencies,
        },
    )
    made.expectation_type = stock.expectation_type
    return made


def _once(name: str, say: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def repeat(expectation: Any) -> Any:  # noqa: ANN401 - a property of GX's classes
        said = expectation._said  # noqa: SLF001
        if name not in said:
            said[name] = say(expectation)
        return said[name]

    return repeat


def _configuration(expectation: Expectation) -> ExpectationConfiguration:
    stock: Any = type(expectation).__mro__[1]
    said: ExpectationConfiguration = stock.configuration.fget(expectation)
    return said


def _dependencies(
    expectation: Any,  # noqa: ANN401 - a method of GX's classes
    execution_engine: Any = None,  # noqa: ANN401
    runtime_configuration: dict[str, Any] | None = None,
    **kwargs: Any,  # noqa: ANN401
) -> ValidationDependencies:
    said, asked = expectation._said, repr(runtime_configuration)  # noqa: SLF001
    if asked not in said:
        stock: Any = type(expectation).__mro__[1]
        said[asked] = stock.get_validation_dependencies(
            expectation, execution_engine, runtime_configuration, **kwargs
        )
    found: ValidationDependencies = said[asked]
    return found
