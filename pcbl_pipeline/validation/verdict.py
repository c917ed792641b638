"""Judge rows: run the suite, then split by the very same results.

Validation and quarantine cannot disagree, because both read the engine's one query.
What does not belong here: messages, places in a workbook, and the fate of a file.
"""

from dataclasses import dataclass

import polars as pl
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import MISSING, Contract, FieldType
from pcbl_pipeline.contracts.schema import field_schema
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.comparing import Compared, compare
from pcbl_pipeline.validation.engine import PolarsExecutionEngine, validate
from pcbl_pipeline.validation.normalise import Reading, count_readings, normalise
from pcbl_pipeline.validation.prepare import (
    NOT_APPLICABLE,
    ROW_ID,
    given_name,
    prepare,
    sent_name,
    split_codes,
    text_name,
)
from pcbl_pipeline.validation.suites import CompiledSuite, Use, compile_suite

#: One row per rule broken in one cell.
OCCURRENCE_SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "severity": pl.String(),
        "field": pl.String(),
        "expected": pl.String(),
        ROW_ID: pl.Int64(),
        "value": pl.String(),
    }
)


@dataclass(frozen=True)
class Judgement:
    """The rows of one dataset, split, with every reason.

    Shape: `accepted` has the contract's typed columns, `not_applicable` and
    `row_number`; `quarantined` has `row_number`, `values` (JSON of the text as sent)
    and `reasons` (list of `code` and `field`); `occurrences` as `OCCURRENCE_SCHEMA`.
    """

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    occurrences: pl.DataFrame
    #: What was read otherwise than it stands, per column and kind.
    readings: tuple[Reading, ...]
    suite: CompiledSuite
    results: tuple[ExpectationValidationResult, ...]
    #: The submission as a whole beside what came before.
    compared: Compared


def judge(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Judgement:
    """Judge text rows against a contract.

    Shape: `rows` has `row_number` and one text column per field that the file has.

    Raises:
        Exception: Whatever GX or Polars raises; that is our failure, not the site's.
    """
    suite = compile_suite(contract, catalogue, circumstances)
    read = normalise(rows, contract, catalogue, circumstances)
    prepared = prepare(read, contract, catalogue, circumstances).collect()
    engine = PolarsExecutionEngine(prepared.lazy(), row_id=ROW_ID)
    results = validate(engine, [use.configuration for use in suite.uses])
    occurrences = _occurrences(suite, engine, prepared, contract)
    wrong = occurrences.filter(pl.col("severity") == Severity.ERROR)
    accepted = _accepted(prepared, wrong, contract)
    compared = compare(accepted, contract, catalogue, circumstances)
    if compared.holding:
        wrong = pl.concat([wrong, _held(accepted, compared, contract)])
        accepted = accepted.clear()
    return Judgement(
        accepted=accepted,
        quarantined=_quarantined(prepared, wrong, contract),
        occurrences=occurrences,
        readings=count_readings(prepared, contract),
        suite=suite,
        results=(*results, *compared.results),
        compared=compared,
    )


def _occurrences(
    suite: CompiledSuite,
    engine: PolarsExecutionEngine,
    prepared: pl.DataFrame,
    contract: Contract,
) -> pl.DataFrame:
    """List every broken rule, in the suite's order, each cell once per rule.

    Two expectations can carry one rule (a date's form and its being a real day), so
    that the same cell may fail both: it is one finding.
    """
    found = [pl.DataFrame(schema=OCCURRENCE_SCHEMA)]
    for use in suite.uses:
        rows = engine.failing_rows(use.configuration)
        if rows.len():
            found.append(_found(use, rows, prepared, contract))
    return pl.concat(found).unique(
        ["code", "field", ROW_ID], keep="first", maintain_order=True
    )


def _found(
    use: Use, rows: pl.Series, prepared: pl.DataFrame, contract: Contract
) -> pl.DataFrame:
    may_quote = contract.field(use.field).may_quote
    sent = _as_sent(use.field, prepared)
    # That a cell is blank gives nothing away, whatever its column.
    value = pl.when(sent.is_null()).then(pl.lit("")).when(may_quote).then(sent)
    hit = prepared.filter(pl.col(ROW_ID).is_in(rows.implode()))
    return hit.select(
        code=pl.lit(use.code),
        severity=pl.lit(use.severity.value),
        field=pl.lit(use.field),
        expected=_expected(use),
        row_number=pl.col(ROW_ID),
        value=value,
    )


def _expected(use: Use) -> pl.Expr:
    """Say what was expected; of a group that lacks something, what that is.

    Only what the contract itself lists can be named so, never a value that was sent.
    """
    before, gap, after = use.expected.partition(MISSING)
    if not gap:
        return pl.lit(use.expected)
    missing = pl.col(use.configuration.kwargs["column"])
    listed = missing.str.replace_all(";", ", ", literal=True)
    return pl.concat_str(pl.lit(before), listed, pl.lit(after))


def _accepted(
    prepared: pl.DataFrame, wrong: pl.DataFrame, contract: Contract
) -> pl.DataFrame:
    schema = field_schema(contract)
    values = [
        split_codes(pl.col(text_name(field.name))).alias(field.name)
        if field.type is FieldType.CODES
        else pl.col(field.name).cast(schema[field.name])
        for field in contract.fields
    ]
    # A join would copy every column first: with millions of rows, most of the memory.
    right = prepared.filter(~pl.col(ROW_ID).is_in(wrong[ROW_ID].implode()))
    return right.select(*values, ROW_ID, "not_applicable")


def _held(
    accepted: pl.DataFrame, compared: Compared, contract: Contract
) -> pl.DataFrame:
    """Give every row that is right by itself the reason for which all are held."""
    reason = {
        "code": compared.holding[0],
        "severity": Severity.ERROR.value,
        "field": contract.field_names[0],
        "expected": "",
        "value": None,
    }
    held = accepted.select(ROW_ID).with_columns(
        pl.lit(value, OCCURRENCE_SCHEMA[name]).alias(name)
        for name, value in reason.items()
    )
    return held.select(OCCURRENCE_SCHEMA.names())


def _quarantined(
    prepared: pl.DataFrame, wrong: pl.DataFrame, contract: Contract
) -> pl.DataFrame:
    reasons = wrong.group_by(ROW_ID, maintain_order=True).agg(
        pl.struct("code", "field").alias("reasons")
    )
    sent = pl.struct(
        _as_sent(name, prepared).alias(name) for name in contract.field_names
    )
    return (
        prepared.join(reasons, on=ROW_ID, how="inner", maintain_order="left")
        .select(ROW_ID, sent.struct.json_encode().alias("values"), "reasons")
        .sort(ROW_ID)
    )


def _as_sent(name: str, prepared: pl.DataFrame) -> pl.Expr:
    """Return what the sender wrote, `NA` included; a blank cell is null."""
    if sent_name(name) in prepared.columns:
        return pl.col(sent_name(name)).replace("", None)
    wrote_na = pl.col("not_applicable").list.contains(name)
    return (
        pl.when(wrote_na)
        .then(pl.lit(NOT_APPLICABLE))
        .otherwise(pl.col(given_name(name)))
    )
