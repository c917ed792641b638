"""A Great Expectations execution engine that resolves metrics on Polars.

Stock suites, stock results: only the way a metric gets its number is ours. All row
checks of a run, their counts and the rows that fail go into one streaming query; keys
that must not repeat are looked for in one before it. A metric without a Polars
expression falls back to GX's own pandas provider, and a warning names it. Nothing in
this file knows of contracts or sites.

One engine per run: GX objects shared between threads mix up results.
"""

import copy
import logging
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import pandas as pd
import polars as pl
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.execution_engine.pandas_execution_engine import (
    PandasExecutionEngine,
)
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.metrics_calculator import MetricsCalculator
from great_expectations.validator.validation_graph import ValidationGraph
from polars import selectors

from pcbl_pipeline.validation.conditions import RowCheck, row_check
from pcbl_pipeline.validation.filters import NotOnPolars, row_filter
from pcbl_pipeline.validation.keys import filter_key, key_of, parts_of
from pcbl_pipeline.validation.remembered import remember

# GX hands all warnings of the process to a logger that nobody listens to.
logging.captureWarnings(False)  # noqa: FBT003 - its only argument

#: Counts in every result, values in none: what a row holds stays out of GX's results.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}

_BATCH = "rows"
_ANSWERED = {"unexpected_count", "filtered_row_count", "unexpected_values"}
#: Stands in GX's graph for a series that is computed in our query, and nowhere else.
_IN_OUR_QUERY = object()


class FellBackToPandas(UserWarning):
    """A metric was resolved by GX's pandas provider, row by row and slowly."""


class PolarsExecutionEngine(PandasExecutionEngine):
    """Resolves GX metrics on one `LazyFrame`.

    It inherits from the pandas engine because GX looks providers up along the engine's
    ancestry: what we do not answer ourselves is answered there.
    """

    def __init__(self, rows: pl.LazyFrame, *, row_id: str) -> None:
        """Take the rows to judge; `row_id` is a column that names each row once."""
        super().__init__()
        # pandas, and so GX, takes a NaN for a missing value.
        self._rows = rows.with_columns(selectors.float().fill_nan(None))
        self._row_id = row_id
        self._schema = rows.collect_schema()
        self._checks: dict[str, RowCheck] = {}
        self._announced: list[str] = []
        self._filters: dict[str, pl.Expr] = {"": pl.lit(value=True)}
        self._counts: dict[str, int] = {}
        self._failing: pl.DataFrame | None = None
        self._pandas_failures: dict[str, list[int]] = {}

    def announce(self, configurations: Sequence[ExpectationConfiguration]) -> None:
        """Learn which checks are coming, so that one query answers all of them."""
        for configuration in configurations:
            key = remember(configuration).condition_key
            if key is None:
                continue
            self._announced.append(key)
            _, domain, _ = parts_of(key)
            # What is not on Polars is left until GX asks for it.
            with suppress(NotOnPolars):
                self._register_filter(domain)
                if "column" in domain:
                    self._register(key_of("column_values.nonnull", domain, {}))
                self._register(key)

    def failing_rows(self, configuration: ExpectationConfiguration) -> pl.Series:
        """Return the ids of the rows that an announced expectation finds unexpected.

        Raises:
            LookupError: If nothing has judged rows by this expectation.
        """
        key = remember(configuration).condition_key
        if key is None:
            raise LookupError(f"`{configuration.type}` does not judge single rows.")
        return self._failing_ids(key)

    def _failing_ids(self, key: str) -> pl.Series:
        if key in self._pandas_failures:
            ids = self._pandas_failures[key]
            return pl.Series(self._row_id, ids, dtype=self._schema[self._row_id])
        if self._failing is None:
            self._run()
        failing = self._failing
        if failing is None or key not in failing.columns:
            raise LookupError(f"Validate before asking which rows fail {key}")
        return failing.filter(pl.col(key))[self._row_id]

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Answer what has a Polars expression; leave the rest to pandas."""
        resolved: dict[Any, Any] = {}
        left: dict[MetricConfiguration, NotOnPolars] = {}
        for metric in metrics_to_resolve:
            try:
                resolved[metric.id] = self._answer(metric)
            except NotOnPolars as reason:
                left[metric] = reason
        if left:
            resolved |= self._answer_on_pandas(left, metrics, runtime_configuration)
        return resolved

    def _answer(self, metric: MetricConfiguration) -> Any:  # noqa: ANN401
        name = metric.metric_name
        if name == "table.columns":
            return self._schema.names()
        if name == "table.column_types":
            return [{"name": n, "type": str(t)} for n, t in self._schema.items()]
        if name == "table.row_count":
            return self._filtered_count(metric.metric_domain_kwargs)
        if name.endswith(".map"):
            return _IN_OUR_QUERY
        return self._answer_check(metric)

    def _answer_check(self, metric: MetricConfiguration) -> Any:  # noqa: ANN401
        condition, _, suffix = metric.metric_name.rpartition(".")
        key = key_of(condition, metric.metric_domain_kwargs, metric.metric_value_kwargs)
        if suffix == "condition":
            self._register(key)
            return _IN_OUR_QUERY
        if suffix not in _ANSWERED:
            raise NotOnPolars(metric.metric_name)
        self._register(key)
        if suffix == "unexpected_values":
            return self._some_values(key, metric)
        if f"{suffix}|{key}" not in self._counts:
            self._run()
        return self._counts[f"{suffix}|{key}"]

    def _register(self, key: str) -> None:
        """Register the check behind a key; raise NotOnPolars where there is none."""
        if key not in self._checks:
            name, domain, values = parts_of(key)
            self._checks[key] = row_check(name, domain, values, self._schema)

    def _register_filter(self, domain: dict[str, Any]) -> str:
        key = filter_key(domain)
        if key not in self._filters:
            self._filters[key] = row_filter(domain, self._schema)
        return key

    def _filtered_count(self, domain: dict[str, Any]) -> int:
        key = self._register_filter(domain)
        if f"rows|{key}" not in self._counts:
            self._run()
        return self._counts[f"rows|{key}"]

    def _run(self) -> None:
        """Count every check and keep the failing rows: one streaming query.

        Another one goes before it, where keys must not repeat.
        """
        masks = self._masks()
        flags = {f"rows|{key}": expr for key, expr in self._filters.items()}
        flags |= {f"unexpected_count|{key}": mask for key, mask in masks.items()}
        flags |= {
            f"filtered_row_count|{key}": check.domain
            for key, check in self._checks.items()
        }
        # Selected beside the row id first: a literal filter alone would count once.
        flagged = self._rows.select(
            self._row_id, *[e.alias(n) for n, e in flags.items()]
        )
        judged = [key for key in dict.fromkeys(self._announced) if key in masks]
        failing = flagged.select(
            self._row_id,
            *[pl.col(f"unexpected_count|{key}").alias(key) for key in judged],
        ).filter(pl.any_horizontal([pl.lit(value=False), *map(pl.col, judged)]))
        counts = flagged.select(pl.col(name).sum() for name in flags)
        counted, self._failing = pl.collect_all([counts, failing], engine="streaming")
        self._counts = {n: int(v) for n, v in counted.row(0, named=True).items()}

    def _masks(self) -> dict[str, pl.Expr]:
        """Return where each check fails; which keys repeat is found out beforehand."""
        unique = {k: check for k, check in self._checks.items() if check.unique}
        repeated = dict(zip(unique, self._repeated(list(unique.values())), strict=True))
        return {
            key: check.mask(_identity(check).is_in(repeated[key].implode()))
            if key in repeated
            else check.mask()
            for key, check in self._checks.items()
        }

    def _repeated(self, checks: Sequence[RowCheck]) -> list[pl.Series]:
        """Return the hashes of the keys that stand in several rows, for each check.

        Of millions of keys, only hashes fit into memory. Two keys count as the same if
        a second hash of theirs is the same too: then 128 bits agree.
        """
        if not checks:
            return []
        keys = [
            self._rows.filter(check.domain).select(
                _identity(check).alias("key"), _identity(check, seed=1).alias("again")
            )
            for check in checks
        ]
        return [_repeated(found) for found in pl.collect_all(keys, engine="streaming")]

    def _some_values(self, key: str, metric: MetricConfiguration) -> list[Any]:
        """Return the first unexpected values, in the shapes of GX's pandas provider."""
        wanted = metric.metric_value_kwargs["result_format"]
        limit = int(wanted.get("partial_unexpected_count", 20))
        if limit == 0:
            return []
        domain = metric.metric_domain_kwargs
        ids = self._failing_ids(key).head(limit)
        found = self._rows.filter(pl.col(self._row_id).is_in(ids.implode()))
        if "column" in domain:
            return found.select(domain["column"]).collect().to_series().to_list()
        if "column_list" in domain:
            return found.select(domain["column_list"]).collect().to_dicts()
        return found.select(domain["column_A"], domain["column_B"]).collect().rows()

    def _answer_on_pandas(
        self,
        left: Mapping[MetricConfiguration, NotOnPolars],
        metrics: dict[Any, Any] | None,
        runtime_configuration: dict[str, Any] | None,
    ) -> dict[Any, Any]:
        if self.batch_manager.active_batch_data_id is None:
            self.load_batch_data(_BATCH, self._as_pandas())
        known = dict(metrics or {})
        _warn_of(left, known)
        self._compute_in_pandas(left, known, runtime_configuration)
        resolved = super().resolve_metrics(left, known, runtime_configuration)
        for metric in left:
            condition, _, suffix = metric.metric_name.rpartition(".")
            if suffix == "condition":
                domain, values = metric.metric_domain_kwargs, metric.metric_value_kwargs
                unexpected = resolved[metric.id][0].astype(bool)
                ids = unexpected.index[unexpected].to_list()
                self._pandas_failures[key_of(condition, domain, values)] = ids
        return resolved

    def _compute_in_pandas(
        self,
        metrics: Iterable[MetricConfiguration],
        known: dict[Any, Any],
        runtime_configuration: dict[str, Any] | None,
    ) -> None:
        """Let pandas compute those dependencies that live in our own query only."""
        needed = {
            dependency.id: dependency
            for metric in metrics
            for dependency in metric.metric_dependencies.values()
            if known.get(dependency.id) is _IN_OUR_QUERY
        }
        if needed:
            self._compute_in_pandas(needed.values(), known, runtime_configuration)
            known |= super().resolve_metrics(
                needed.values(), known, runtime_configuration
            )

    def _as_pandas(self) -> pd.DataFrame:
        return as_pandas(self._rows.collect(), row_id=self._row_id)


def _identity(check: RowCheck, seed: int = 0) -> pl.Expr:
    return pl.struct(check.unique).hash(seed=seed)


def _repeated(keys: pl.DataFrame) -> pl.Series:
    """Return those keys that stand there twice with the same second hash."""
    ordered = keys["key"].sort()
    twice = ordered.filter(ordered == ordered.shift(1)).unique()
    alike = keys.filter(pl.col("key").is_in(twice.implode()))
    return alike.filter(alike.is_duplicated())["key"].unique()


def _warn_of(
    left: Mapping[MetricConfiguration, NotOnPolars], known: dict[Any, Any]
) -> None:
    """Name what pandas answers; what only counts in such an answer is not named."""
    for metric, reason in left.items():
        condition = metric.metric_dependencies.get("unexpected_condition")
        if condition is None or known.get(condition.id) is _IN_OUR_QUERY:
            warnings.warn(
                f"GX's pandas provider answers `{metric.metric_name}`: there is no "
                f"Polars expression for {reason}.",
                FellBackToPandas,
                stacklevel=2,
            )


def as_pandas(rows: pl.DataFrame, *, row_id: str) -> pd.DataFrame:
    """Return rows as GX's pandas engine wants them, indexed by the row's id.

    Dates become `datetime64[ns]`: any finer or coarser unit sends GX through a Python
    function per row. Only dates beyond its years 1677 to 2262 keep a coarser one.
    """
    frame = rows.to_pandas()
    for name, dtype in rows.schema.items():
        if dtype == pl.Date:
            with suppress(pd.errors.OutOfBoundsDatetime):
                frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
    return frame.set_index(row_id, drop=False)


def validate(
    engine: PolarsExecutionEngine, configurations: Sequence[ExpectationConfiguration]
) -> list[ExpectationValidationResult]:
    """Run expectations through GX's own validation graph on this engine.

    As GX's validator does it, but for what does not depend on the rows: that is
    remembered from one run to the next.

    Raises:
        Exception: Whatever GX raises; a broken expectation is our fault, not the
            data's, so nothing is caught into a result.
    """
    engine.announce(configurations)
    expectations = [remember(configuration) for configuration in configurations]
    calculator = MetricsCalculator(execution_engine=engine, show_progress_bars=False)
    runtime = {"result_format": RESULT_FORMAT, "catch_exceptions": False}
    edges = chain.from_iterable(
        item.edges(calculator, runtime) for item in expectations
    )
    metrics, _ = calculator.resolve_validation_graph(
        graph=ValidationGraph(execution_engine=engine, edges=list(edges)),
        runtime_configuration=runtime,
    )
    return [
        item.expectation.metrics_validate(
            metrics=metrics,
            execution_engine=engine,
            runtime_configuration=copy.deepcopy(runtime),
        )
        for item in expectations
    ]
