"""Examine: from a file to judged rows, one dataset at a time. Writes nothing.

`pcbl check` and the ingestion share this, so that a site's own check gives the very
same answer. What does not belong here: landing rows, and the words of the answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

import polars as pl

from pcbl_pipeline.blocks import Blocks
from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.errors import RowsUnaccounted
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.model.identifiers import is_site_id
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.receipt import RowCounts
from pcbl_pipeline.model.release_queue import DecidedQueue
from pcbl_pipeline.model.waiver import Concern, Waiver
from pcbl_pipeline.operations.recognise_tables import Mappings, recognise_tables
from pcbl_pipeline.operations.redact_rows import Redaction, redact_rows
from pcbl_pipeline.operations.versions import judged_by_words, split_by_version
from pcbl_pipeline.reading.header import known_words
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.comparing import Compared
from pcbl_pipeline.validation.digests import FindingDigests
from pcbl_pipeline.validation.normalise import Reading
from pcbl_pipeline.validation.report import validation_json
from pcbl_pipeline.validation.verdict import (
    OCCURRENCE_SCHEMA,
    REASONS,
    Judgement,
    judge,
)

#: Rows of several sheets are judged together; a sheet's rows begin at its own offset.
SHEET_OFFSET = 1 << 32
MISSHAPEN = "R311"
RECOMMENDED_MISSING = "R302"


@dataclass(frozen=True)
class FileReading:
    """What a file turned out to hold."""

    #: About the file as a whole.
    findings: tuple[FileFinding, ...]
    #: Tables that cannot be judged, each with its own findings.
    refused: tuple[Recognition, ...]
    #: Tables by dataset, in an order in which references can be resolved.
    datasets: tuple["DatasetTables", ...]
    #: A list of explanations of ours that came back, if the file is one.
    explanations: Recognition | None = None
    #: What a release queue that was sent back decided.
    decided: DecidedQueue | None = None


@dataclass(frozen=True)
class DatasetTables:
    """The tables of one dataset in a file: a CSV, or one or more sheets."""

    #: The version of the contract that judges these rows.
    contract: Contract
    recognitions: tuple[Recognition, ...]
    #: Said in the receipt where the dataset has several versions.
    judged_by: str | None = None

    @property
    def row_count(self) -> int:
        """Rows in all tables, misshapen ones included."""
        return sum(item.table.row_count for item in self.recognitions)

    @property
    def sources(self) -> frozenset[str]:
        """Names of the mappings that made the rows of other tools' exports."""
        labels = {item.mapping for item in self.recognitions if item.mapping}
        return frozenset(source_name(label) for label in labels)


@dataclass(frozen=True)
class JudgedDataset:
    """One dataset's rows, split, with every reason.

    Shape: `accepted` and `quarantined` as in `Judgement`, the row id still to be
    located; `occurrences` as `OCCURRENCE_SCHEMA`.
    """

    tables: DatasetTables
    accepted: Blocks
    quarantined: Blocks
    occurrences: pl.DataFrame
    #: What was read otherwise than it stands.
    readings: tuple[Reading, ...]
    #: What each warning is about.
    digests: FindingDigests
    not_checked: tuple[str, ...]
    #: The submission as a whole beside what came before.
    compared: Compared
    #: What the state's office has let through.
    waived: Mapping[Concern, Waiver]
    #: Great Expectations' own record of the run, as JSON, without values.
    validation: bytes
    #: What was taken out of the narratives before the rows were kept.
    redactions: tuple[Redaction, ...] = ()

    @property
    def rows(self) -> RowCounts:
        """Rows by outcome.

        Raises:
            RowsUnaccounted: If they do not add up; the answer must not go out then.
        """
        counts = RowCounts(
            received=self.tables.row_count,
            accepted=len(self.accepted),
            quarantined=len(self.quarantined),
        )
        if not counts.add_up:
            raise RowsUnaccounted(
                f"{counts.received} rows received, {counts.accepted} accepted and "
                f"{counts.quarantined} quarantined do not add up."
            )
        return counts


def read_submission(
    path: Path,
    file_name: str,
    catalogue: Catalogue,
    *,
    sender: Sender | None,
    size_limit_bytes: int,
    mappings: Mappings | None = None,
) -> FileReading:
    """Read a file and recognise its datasets; bad input becomes findings.

    Without `mappings`, the shipped ones are known, and hashes are of no use.
    """
    reading = read_file(
        path,
        file_name,
        size_limit_bytes=size_limit_bytes,
        known=known_words(catalogue),
    )
    recognised = recognise_tables(
        reading, catalogue, mappings or Mappings.shipped(catalogue), sender=sender
    )
    tables = [
        _refuse_if_foreign(part, sender)
        for item in recognised.recognitions
        for part in split_by_version(item, catalogue)
    ]
    return FileReading(
        findings=recognised.findings,
        refused=tuple(item for item in tables if item.refused),
        datasets=_by_dataset([item for item in tables if not item.refused], catalogue),
    )


def judge_dataset(
    tables: DatasetTables, catalogue: Catalogue, circumstances: Circumstances
) -> JudgedDataset:
    """Judge all rows of one dataset together, so that keys are compared across sheets."""
    rows, misshapen = _text_rows(tables)
    known = replace(circumstances, complete=misshapen.is_empty())
    judgement = judge(rows, tables.contract, catalogue, known)
    quarantined, occurrences = _with_misshapen(judgement, misshapen, tables)
    occurrences = _told_once(occurrences, tables)
    redacted = redact_rows(
        judgement.accepted,
        quarantined,
        tables.contract,
        received_on=circumstances.received_on,
    )
    return JudgedDataset(
        tables=tables,
        accepted=redacted.accepted,
        quarantined=redacted.quarantined,
        redactions=redacted.redactions,
        occurrences=occurrences,
        readings=judgement.readings,
        digests=judgement.digests,
        not_checked=(*judgement.suite.unchecked, *judgement.compared.unchecked),
        compared=judgement.compared,
        waived=circumstances.waived,
        validation=validation_json(judgement.suite.name, judgement.results),
    )


def _by_dataset(
    recognitions: list[Recognition], catalogue: Catalogue
) -> tuple[DatasetTables, ...]:
    grouped: dict[tuple[str, str], list[Recognition]] = {}
    for item in recognitions:
        if item.contract is not None:
            version = (item.contract.dataset, item.contract.version)
            grouped.setdefault(version, []).append(item)
    return tuple(
        DatasetTables(
            version,
            tuple(grouped[dataset, version.version]),
            judged_by_words(version, catalogue),
        )
        for dataset in _resolvable_order(catalogue)
        for version in catalogue.versions(dataset)
        if (dataset, version.version) in grouped
    )


def _resolvable_order(catalogue: Catalogue) -> Iterator[str]:
    """Yield datasets after those that they refer to.

    References that only warn may run in a circle (a request says it was fulfilled, an
    event names the request); they do not count for the order.
    """
    waits_for: dict[str, set[str]] = {}
    for dataset, contract in sorted(catalogue.contracts.items()):
        names = {column.name for column in contract.derived if column.reference}
        strict = {
            name
            for rule in contract.rules
            if rule.severity == "error"
            for name in names & rule.names
        }
        waits_for[dataset] = {
            column.reference.dataset
            for column in contract.derived
            if column.reference and column.name in strict
        } - {dataset}
    yield from TopologicalSorter(waits_for).static_order()


def _refuse_if_foreign(item: Recognition, sender: Sender | None) -> Recognition:
    """Refuse a table of which every row names another site than the sender's."""
    owner = item.contract.owner_field if item.contract else None
    column = item.columns.get(owner) if owner else None
    leaid = sender.leaid if sender else None
    if (
        sender is None
        or leaid is None
        or owner is None
        or column is None
        or item.refused
    ):
        return item
    named = item.table.rows.select(column).drop_nulls().unique().sort(column)
    ids = named.collect(engine="streaming").to_series().to_list()
    if not ids or any(not is_site_id(i) or i.startswith(leaid) for i in ids):
        return item
    details = {
        "where": item.table.where,
        "other": ", ".join(ids[:3]),
        "sender": sender.sender_id,
        "column": item.headers[owner],
    }
    place = Place(sheet=item.table.sheet, column=details["column"])
    finding = FileFinding(code="F108", place=place, field=owner, details=details)
    return replace(item, findings=(*item.findings, finding), refused=True)


def text_rows(tables: DatasetTables) -> pl.LazyFrame:
    """Return all rows of a dataset's tables as they were read.

    Shape: `row_number` (with its sheet's offset) and one text column per field sent.
    """
    frames = [
        item.field_rows.with_columns(
            pl.col("row_number").cast(pl.Int64) + number * SHEET_OFFSET
        )
        for number, item in enumerate(tables.recognitions)
    ]
    return pl.concat(frames, how="diagonal")


def _text_rows(tables: DatasetTables) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """Return the rows to judge, and those whose cells cannot be told apart."""
    together = text_rows(tables)
    bad = [
        number * SHEET_OFFSET + row
        for number, item in enumerate(tables.recognitions)
        for row in item.table.misshapen
    ]
    if not bad:
        return together, pl.DataFrame(schema=together.collect_schema())
    is_bad = pl.col("row_number").is_in(bad)
    return together.filter(~is_bad), together.filter(is_bad).collect()


def _with_misshapen(
    judgement: Judgement, misshapen: pl.DataFrame, tables: DatasetTables
) -> tuple[Blocks, pl.DataFrame]:
    """Add the misshapen rows to those set aside, with that one reason."""
    if misshapen.is_empty():
        return judgement.quarantined, judgement.occurrences
    first = tables.contract.field_names[0]
    names = [name for name in tables.contract.field_names if name in misshapen.columns]
    reason = {"code": MISSHAPEN, "field": first}
    aside = misshapen.select(
        "row_number",
        pl.struct(names).struct.json_encode().alias("values"),
        pl.lit([reason], REASONS).alias("reasons"),
    )
    found = misshapen.select(
        code=pl.lit(MISSHAPEN),
        severity=pl.lit("error"),
        field=pl.lit(first),
        expected=pl.lit(_cells_expected(tables)),
        row_number="row_number",
        value=pl.lit(None, pl.String),
    ).select(pl.col(name).cast(dtype) for name, dtype in OCCURRENCE_SCHEMA.items())
    quarantined = _merged(judgement.quarantined, aside)
    return quarantined, pl.concat([found, judgement.occurrences])


def _merged(quarantined: Blocks, aside: pl.DataFrame) -> Blocks:
    """Put further rows among those set aside, in the order of their numbers."""
    merged, number = Blocks(), pl.col("row_number")
    for block in quarantined:
        if block.height:
            is_before = number <= block["row_number"].max()
            before, aside = aside.filter(is_before), aside.filter(~is_before)
            merged.add(pl.concat([block, before]).sort("row_number"))
    merged.add(aside.sort("row_number"))
    return merged


def _told_once(occurrences: pl.DataFrame, tables: DatasetTables) -> pl.DataFrame:
    """Leave out what a mapping said once: that an export holds nothing for a field."""
    if not any(item.mapping for item in tables.recognitions):
        return occurrences
    made = {
        name
        for item in tables.recognitions
        for name in item.field_rows.collect_schema().names()
    }
    unmade = [name for name in tables.contract.field_names if name not in made]
    said = pl.col("field").is_in(unmade) & (pl.col("code") == RECOMMENDED_MISSING)
    return occurrences.filter(~said)


def _cells_expected(tables: DatasetTables) -> str:
    counts = {len(item.table.headers) for item in tables.recognitions}
    return f"As many cells as the header: {' or '.join(map(str, sorted(counts)))}."


def source_name(label: str | None) -> str:
    """Return a mapping's name without its version; "" where there is no mapping."""
    return (label or "").rpartition(" v")[0]


def sheet_names(tables: DatasetTables) -> str | None:
    """Return the names of a dataset's sheets, or None for a text file."""
    names = [item.table.sheet for item in tables.recognitions if item.table.sheet]
    return ", ".join(names) or None


def read_as(tables: DatasetTables) -> tuple[str, ...]:
    """Say how a dataset was read; of several sheets, which one is spoken of."""
    said = [item.table.read_as for item in tables.recognitions]
    common = tuple(text for text in said[0] if all(text in other for other in said))
    own = (
        f"{item.table.sheet}: {text}"
        for item in tables.recognitions
        for text in item.table.read_as
        if text not in common
    )
    return (*common, *own)


def headers_of(tables: DatasetTables) -> Mapping[str, str]:
    """Return field → header as sent; of several sheets, the first that has it."""
    headers: dict[str, str] = {}
    for item in reversed(tables.recognitions):
        headers |= item.headers
    return headers
