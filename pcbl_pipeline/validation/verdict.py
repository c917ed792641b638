"""Judge rows: run the suite, then split by the very same results.

Validation and quarantine cannot disagree, because both read the engine's one query.
What does not belong here: messages, places in a workbook, and the fate of a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)

from pcbl_pipeline.blocks import BLOCK_ROWS, Blocks
from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import MISSING, Contract, FieldType, named_in
from pcbl_pipeline.contracts.schema import field_schema
from pcbl_pipeline.errors import RowsUnaccounted
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.comparing import Compared, compare
from pcbl_pipeline.validation.digests import FindingDigests, RowsDigest
from pcbl_pipeline.validation.engine import PolarsExecutionEngine, validate
from pcbl_pipeline.validation.normalise import (
    Reading,
    add_readings,
    count_readings,
    plan_reading,
)
from pcbl_pipeline.validation.prepare import (
    NOT_APPLICABLE,
    ROW_ID,
    given_name,
    prepare,
    sent_name,
    split_codes,
    tell_of_all,
    text_name,
)
from pcbl_pipeline.validation.suites import CompiledSuite, Use, compile_suite
from pcbl_pipeline.validation.told import Told

#: One row per rule broken in one cell. Few words stand in many rows: a million
#: findings hold each of them once.
OCCURRENCE_SCHEMA = pl.Schema(
    {
        "code": pl.Categorical(),
        "severity": pl.Categorical(),
        "field": pl.Categorical(),
        "expected": pl.Categorical(),
        ROW_ID: pl.Int64(),
        "value": pl.String(),
    }
)
#: Why a row is set aside.
REASONS = pl.List(pl.Struct({"code": pl.String(), "field": pl.String()}))


@dataclass(frozen=True)
class Judgement:
    """The rows of one dataset, split, with every reason.

    Shape: `accepted` has the contract's typed columns, `not_applicable` and
    `row_number`; `quarantined` has `row_number`, `values` (JSON of the text as sent)
    and `reasons` (list of `code` and `field`); `occurrences` as `OCCURRENCE_SCHEMA`.
    """

    accepted: Blocks
    quarantined: Blocks
    occurrences: pl.DataFrame
    #: What was read otherwise than it stands, per column and kind.
    readings: tuple[Reading, ...]
    #: What each warning is about (`FindingDigests`).
    digests: FindingDigests
    suite: CompiledSuite
    results: tuple[ExpectationValidationResult, ...]
    #: The submission as a whole beside what came before.
    compared: Compared


def judge(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
    *,
    block_rows: int = BLOCK_ROWS,
) -> Judgement:
    """Judge text rows against a contract.

    The rows are taken in blocks, so that memory does not grow with them; how large a
    block is changes nothing in the answer.

    Shape: `rows` has `row_number` and one text column per field that the file has.

    Raises:
        Exception: Whatever GX or Polars raises; that is our failure, not the site's.
    """
    suite = compile_suite(contract, catalogue, circumstances)
    prepared = _prepared(rows, contract, catalogue, circumstances, block_rows)
    engine = PolarsExecutionEngine(prepared.lazy(), row_id=ROW_ID)
    results = validate(engine, [use.configuration for use in suite.uses])
    failing = [engine.failing_rows(use.configuration) for use in suite.uses]
    split = _split(prepared, suite, failing, contract)
    compared = compare(split.accepted.lazy(), contract, catalogue, circumstances)
    if compared.holding:
        reason = _holding(compared, contract)
        split = _split(prepared, suite, failing, contract, holding=reason)
    return Judgement(
        accepted=split.accepted,
        quarantined=split.quarantined,
        occurrences=split.occurrences,
        readings=split.readings,
        digests=split.digests,
        suite=suite,
        results=(*results, *compared.results),
        compared=compared,
    )


def _prepared(
    rows: pl.LazyFrame,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
    block_rows: int,
) -> Blocks:
    """Prepare rows block by block; what needs all of them is found out before."""
    texts = Blocks.of(rows, block_rows)
    plan = plan_reading(texts.lazy(), contract, catalogue, circumstances)
    told: Mapping[str, Told] = {}
    if len(texts) > block_rows:
        read = plan.read(texts.lazy())
        told = tell_of_all(read, contract, catalogue, circumstances)
    prepared = Blocks()
    for block in texts:
        read = plan.read(block.lazy())
        prepared.add(prepare(read, contract, catalogue, circumstances, told).collect())
    return prepared


@dataclass(frozen=True)
class _Split:
    """All rows by what becomes of them (shape as in `Judgement`)."""

    accepted: Blocks
    quarantined: Blocks
    occurrences: pl.DataFrame
    readings: tuple[Reading, ...]
    digests: FindingDigests


def _split(
    prepared: Blocks,
    suite: CompiledSuite,
    failing: Sequence[pl.Series],
    contract: Contract,
    *,
    holding: Mapping[str, str | None] | None = None,
) -> _Split:
    """Split rows by the results of the suite.

    `failing` are the ids of the failing rows of each use, in the order of the rows. A
    reason for `holding` is given to each row that is right by itself.
    """
    accepted, quarantined = Blocks(), Blocks()
    readings: list[Reading] = []
    finder = _Finder(suite, failing, contract)
    for block in prepared:
        found = finder.find(block)
        wrong = found.filter(pl.col("severity") == Severity.ERROR)
        right = _accepted(block, wrong, contract)
        if holding is not None:
            wrong = pl.concat([wrong, _held(right, holding)])
            right = right.clear()
        accepted.add(right)
        quarantined.add(_quarantined(block, wrong, contract))
        readings += count_readings(block, contract)
    return _Split(
        accepted,
        quarantined,
        finder.all_found(),
        add_readings(readings, contract),
        finder.digests(),
    )


class _Finder:
    """Lists every broken rule, block by block, each cell once per rule.

    Two expectations can carry one rule (a date's form and its being a real day), so
    that the same cell may fail both: it is one finding.
    """

    def __init__(
        self, suite: CompiledSuite, failing: Sequence[pl.Series], contract: Contract
    ) -> None:
        self._failing = [
            (use, rows)
            for use, rows in zip(suite.uses, failing, strict=True)
            if len(rows)
        ]
        self._contract = contract
        #: How many of the failing rows were found, and what was found, of each use.
        self._done = [0] * len(self._failing)
        self._found: list[list[pl.DataFrame]] = [[] for _ in self._failing]
        self._digests: dict[tuple[str, str], RowsDigest] = {}

    def find(self, block: pl.DataFrame) -> pl.DataFrame:
        """List what is broken in the next block, in the suite's order."""
        known: dict[tuple[str, str], pl.Series] = {}
        found = [pl.DataFrame(schema=OCCURRENCE_SCHEMA)]
        for number, (use, _) in enumerate(self._failing):
            hit = self._next_rows(number, block)
            rule = (use.code, use.field)
            if rule in known:
                hit = hit.filter(~pl.col(ROW_ID).is_in(known[rule].implode()))
            if hit.is_empty():
                continue
            known[rule] = pl.concat([known.get(rule, hit[ROW_ID].clear()), hit[ROW_ID]])
            found.append(_found(use, hit, self._contract))
            self._found[number].append(found[-1])
            if use.severity is Severity.WARNING:
                digest = self._digests.setdefault(rule, RowsDigest())
                digest.add(hit.select(self._looked_at(use, hit)))
        return pl.concat(found)

    def digests(self) -> FindingDigests:
        """Return what the warnings of all blocks are about."""
        return {rule: digest.text for rule, digest in self._digests.items()}

    def _looked_at(self, use: Use, hit: pl.DataFrame) -> list[pl.Expr]:
        """Return the key of a row, and what a rule looked at in it or beside it."""
        asked = {*self._contract.key, use.field, *named_in(use.configuration.kwargs)}
        fields = set(self._contract.field_names)
        sent, computed = asked & fields, asked & set(hit.columns) - fields
        return [
            *(_as_sent(name, hit).alias(name) for name in sorted(sent)),
            *(pl.col(name) for name in sorted(computed)),
        ]

    def all_found(self) -> pl.DataFrame:
        """Return what was found in all blocks, in the suite's order.

        Raises:
            RowsUnaccounted: If a failing row was in no block.
        """
        if self._done != [len(rows) for _, rows in self._failing]:
            raise RowsUnaccounted("A row that breaks a rule is in no block of rows.")
        parts = [part for found in self._found for part in found]
        return pl.concat([pl.DataFrame(schema=OCCURRENCE_SCHEMA), *parts])

    def _next_rows(self, number: int, block: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a block that one use finds wrong."""
        _, rows = self._failing[number]
        # Both are in one order, so that only the next few can be in this block.
        next_rows = rows.slice(self._done[number], block.height)
        hit = block.filter(pl.col(ROW_ID).is_in(next_rows.implode()))
        self._done[number] += hit.height
        return hit


def _found(use: Use, hit: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    may_quote = contract.field(use.field).may_quote
    sent = _as_sent(use.field, hit)
    # That a cell is blank gives nothing away, whatever its column.
    value = pl.when(sent.is_null()).then(pl.lit("")).when(may_quote).then(sent)
    return hit.select(
        code=pl.lit(use.code),
        severity=pl.lit(use.severity.value),
        field=pl.lit(use.field),
        expected=_expected(use),
        row_number=pl.col(ROW_ID),
        value=value,
    ).cast(OCCURRENCE_SCHEMA)


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


def _holding(compared: Compared, contract: Contract) -> Mapping[str, str | None]:
    """Say for which reason rows are held that are right by themselves."""
    return {
        "code": compared.holding[0],
        "severity": Severity.ERROR.value,
        "field": contract.field_names[0],
        "expected": "",
        "value": None,
    }


def _held(accepted: pl.DataFrame, reason: Mapping[str, str | None]) -> pl.DataFrame:
    held = accepted.select(ROW_ID).with_columns(
        pl.lit(value, OCCURRENCE_SCHEMA[name]).alias(name)
        for name, value in reason.items()
    )
    return held.select(OCCURRENCE_SCHEMA.names())


def _quarantined(
    prepared: pl.DataFrame, wrong: pl.DataFrame, contract: Contract
) -> pl.DataFrame:
    reasons = wrong.group_by(ROW_ID, maintain_order=True).agg(
        pl.struct("code", "field").cast(REASONS.inner).alias("reasons")
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
