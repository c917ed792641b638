"""Comparing: a submission as a whole, judged by stock expectations on its measures.

A finding here never refuses a row. A warning is said; an error holds the dataset's rows
until the state's office agrees. What does not belong here: measuring (`measures`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl
from great_expectations.core import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.comparison import Measure
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.finding import FileFinding, Severity
from pcbl_pipeline.model.waiver import Concern, Numbers
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.engine import PolarsExecutionEngine, validate
from pcbl_pipeline.validation.measures import SCOPE_ID, measure
from pcbl_pipeline.validation.suites import GX_SEVERITY


@dataclass(frozen=True)
class Compared:
    """What a submission as a whole gave rise to.

    Shape of `measures`: as `validation.measures.measure` returns it.
    """

    measures: pl.DataFrame
    findings: tuple[FileFinding, ...] = ()
    results: tuple[ExpectationValidationResult, ...] = ()
    #: Codes of rules left out for lack of knowledge, for instance offline.
    unchecked: tuple[str, ...] = ()
    #: Codes of the rules that hold the rows back.
    holding: tuple[str, ...] = ()


NOTHING = Compared(pl.DataFrame())


def comparison_suite(contract: Contract, catalogue: Catalogue) -> ExpectationSuite:
    """Return the stock GX suite that judges a contract's measures."""
    return ExpectationSuite(
        name=f"{contract.dataset}_{contract.version}_history",
        expectations=[
            _configuration(item, catalogue) for item in _measures_of(contract)
        ],
    )


def compare(
    accepted: pl.DataFrame | pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Compared:
    """Compare the rows that are right by themselves with what stood before.

    Shape: `accepted` has the contract's typed columns.
    """
    measures = _measures_of(contract)
    if not measures:
        return NOTHING
    if circumstances.before is None and circumstances.measured is None:
        codes = tuple(sorted({item.code for item in measures}))
        return Compared(pl.DataFrame(), unchecked=codes)
    table = circumstances.measured
    if table is None and circumstances.before is not None:
        table = measure(accepted.lazy(), contract, catalogue, circumstances.before)
    if table is None or table.is_empty():
        return NOTHING
    return _judged(table, contract, catalogue, circumstances)


def _judged(
    table: pl.DataFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Compared:
    measures = _measures_of(contract)
    configurations = [_configuration(item, catalogue) for item in measures]
    engine = PolarsExecutionEngine(table.lazy(), row_id=SCOPE_ID)
    results = validate(engine, configurations)
    findings: list[FileFinding] = []
    holding: list[str] = []
    for item, configuration in zip(measures, configurations, strict=True):
        failing = engine.failing_rows(configuration)
        for scope in table.filter(pl.col(SCOPE_ID).is_in(failing.implode())).to_dicts():
            finding = _finding(item, scope, contract)
            findings.append(finding)
            if _holds(finding, contract, catalogue, circumstances):
                holding.append(item.code)
    return Compared(
        table, tuple(findings), tuple(results), holding=tuple(dict.fromkeys(holding))
    )


def _measures_of(contract: Contract) -> tuple[Measure, ...]:
    return contract.comparison.measures if contract.comparison else ()


def _configuration(item: Measure, catalogue: Catalogue) -> ExpectationConfiguration:
    return ExpectationConfiguration(
        type=item.expectation,
        kwargs={"column": item.name, **item.kwargs},
        meta={"code": item.code, "field": item.of, "measure": item.name},
        severity=GX_SEVERITY[catalogue.rules[item.code].severity],
    )


def _finding(
    item: Measure, scope: Mapping[str, object], contract: Contract
) -> FileFinding:
    details = dict(_details(item, scope, contract))
    return FileFinding(code=item.code, field=item.of, details=details)


def _details(
    item: Measure, scope: Mapping[str, object], contract: Contract
) -> Iterator[tuple[str, str]]:
    comparison = contract.comparison
    if comparison is not None:
        yield "scope", ", ".join(str(scope[name]) for name in comparison.scope)
    for part in ("now", "before", "period"):
        value = scope.get(f"{item.name}__{part}")
        yield part, "" if value is None else str(value)
    yield "column", item.of or ""
    yield "title", contract.field(item.of).title if item.of else ""


def concern_of(finding: FileFinding, dataset: str) -> Concern:
    """Return what a waiver of a finding about a whole submission must be about."""
    return Concern(
        dataset=dataset,
        code=finding.code,
        field=finding.field,
        scope=finding.details["scope"],
    )


def numbers_of(finding: FileFinding) -> Numbers:
    """Return the numbers of a finding; a waiver holds as long as they stay the same."""
    details = finding.details
    return Numbers(f"{details['now']}|{details['before']}|{details['period']}")


def _holds(
    finding: FileFinding,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> bool:
    if catalogue.rules[finding.code].severity is not Severity.ERROR:
        return False
    concern = concern_of(finding, contract.dataset)
    waiver = circumstances.waived.get(concern)
    return waiver is None or waiver.explanation.numbers != numbers_of(finding)
