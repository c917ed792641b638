"""Answer: from judged rows and file findings to the receipt.

What does not belong here: finding causes, wording groups, writing the receipt anywhere,
and how its page looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.model.finding import FileFinding, FindingGroup, Severity
from pcbl_pipeline.model.receipt import (
    Receipt,
    ReceiptPart,
    RowCounts,
    Status,
    Verdict,
)
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.causes.find import find_causes
from pcbl_pipeline.operations.examine import (
    DatasetTables,
    JudgedDataset,
    headers_of,
    read_as,
    sheet_names,
    text_rows,
)
from pcbl_pipeline.operations.groups import (
    group_columns,
    group_of,
    group_rows,
    in_order,
)
from pcbl_pipeline.operations.listing import join_listings, list_findings
from pcbl_pipeline.operations.readings import reading_findings
from pcbl_pipeline.operations.redactions import redaction_findings
from pcbl_pipeline.operations.waive import apply_waivers
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.validation.comparing import numbers_of

#: A file may hold many years; a receipt names as many as a person would read.
_COVERED = 5


@dataclass(frozen=True)
class Answered:
    """A receipt's part and the complete list of its findings.

    Shape: `listing` has one row per rule broken in one place (`LISTING_SCHEMA`).
    """

    part: ReceiptPart
    listing: pl.LazyFrame


def answer_dataset(
    judged: JudgedDataset,
    catalogue: Catalogue,
    *,
    superseded: int = 0,
    said: Sequence[FileFinding] = (),
) -> Answered:
    """Answer for one dataset whose rows were judged; `said` is what else is to say."""
    tables = judged.tables
    rows = judged.rows.model_copy(update={"superseded": superseded})
    notes, explained = _about_tables(tables.recognitions, catalogue)
    notes += [
        group_of(item, catalogue, tables.contract.dataset)
        for item in (*reading_findings(judged), *redaction_findings(judged), *said)
    ]
    notes += apply_waivers(_about_the_whole(judged, catalogue), judged.waived)
    grouped = group_rows(find_causes(judged, catalogue), judged, catalogue)
    findings = apply_waivers(grouped.findings, judged.waived)
    part = ReceiptPart(
        dataset=tables.contract.dataset,
        title=tables.contract.title,
        contract_version=tables.contract.version,
        sheet=sheet_names(tables),
        read_as=(
            *read_as(tables),
            *([tables.judged_by] if tables.judged_by else []),
        ),
        columns=dict(headers_of(tables)),
        mapping=tables.recognitions[0].mapping,
        verdict=_verdict(rows),
        rows=rows,
        findings=in_order(findings, notes),
        covers=_covered(tables),
        not_checked=judged.not_checked,
    )
    listed = list_findings(notes, explained)
    return Answered(part, join_listings([grouped.listing, listed]))


def _about_the_whole(judged: JudgedDataset, catalogue: Catalogue) -> list[FindingGroup]:
    dataset = judged.tables.contract.dataset
    headers = headers_of(judged.tables)
    return [
        group_of(_with_header(finding, headers), catalogue, dataset).model_copy(
            update={"scope": finding.details["scope"], "numbers": numbers_of(finding)}
        )
        for finding in judged.compared.findings
    ]


def _with_header(finding: FileFinding, headers: Mapping[str, str]) -> FileFinding:
    """Name the column as the sender wrote it."""
    name = finding.field or ""
    details = finding.details | {"column": headers.get(name, name)}
    return finding.model_copy(update={"details": details})


def answer_refused(item: Recognition, catalogue: Catalogue) -> Answered:
    """Answer for a table that cannot be judged."""
    groups, explained = _about_tables([item], catalogue)
    count = item.table.row_count
    part = ReceiptPart(
        dataset=item.contract.dataset if item.contract else None,
        title=item.contract.title if item.contract else None,
        contract_version=item.contract.version if item.contract else None,
        sheet=item.table.sheet,
        read_as=item.table.read_as,
        columns=dict(item.headers),
        mapping=item.mapping,
        verdict=Verdict.REFUSED,
        rows=RowCounts(received=count, refused=count),
        findings=in_order((), groups),
    )
    return Answered(part, list_findings(groups, explained))


def build_receipt(
    submission: Submission,
    *,
    sender_name: str,
    fictional: bool,
    findings: Sequence[FindingGroup],
    parts: Sequence[ReceiptPart],
    revision: int = 1,
) -> Receipt:
    """Put a submission's receipt together."""
    rows = sum((part.rows for part in parts), RowCounts())
    return Receipt(
        submission_id=submission.submission_id,
        revision=revision,
        sender_id=submission.sender_id,
        sender_name=sender_name,
        file_name=submission.file_name,
        sha256=submission.sha256,
        size_bytes=submission.size,
        received_at=submission.received_at,
        source_object=submission.source_object,
        status=_status(rows, part_unread=_part_unread(findings, parts)),
        rows=rows,
        findings=in_order((), findings),
        parts=tuple(parts),
        pipeline_version=__version__,
        fictional=fictional,
    )


def _about_tables(
    recognitions: Sequence[Recognition], catalogue: Catalogue
) -> tuple[list[FindingGroup], list[tuple[FindingGroup, str]]]:
    """Word the findings about tables; split off those that follow from another."""
    standing: list[FindingGroup] = []
    explained: list[tuple[FindingGroup, str]] = []
    for item in recognitions:
        causes, following = group_columns(item, catalogue)
        standing += causes
        explained += following
    return standing, explained


def _covered(tables: DatasetTables) -> dict[str, tuple[str, ...]]:
    """Say which part of the dataset the rows are about, where the contract has parts."""
    rows = text_rows(tables)
    sent = set(rows.collect_schema().names())
    names = [*tables.contract.delivery.scope, "school_year"]
    covered = {}
    for name in dict.fromkeys(names):
        if name in sent and tables.contract.field(name).may_quote:
            values = rows.select(name).drop_nulls().unique().sort(name).head(_COVERED)
            found = values.collect(engine="streaming")
            covered[name] = tuple(found.to_series())
    return covered


def _verdict(rows: RowCounts) -> Verdict:
    if rows.accepted == 0:
        return Verdict.HELD
    return Verdict.ACCEPTED_WITH_QUARANTINE if rows.quarantined else Verdict.ACCEPTED


def _part_unread(
    findings: Sequence[FindingGroup], parts: Sequence[ReceiptPart]
) -> bool:
    """Tell whether some sheet or file in it could not be read as far as its rows."""
    unread = [part for part in parts if part.verdict is Verdict.REFUSED]
    about = [*findings, *(group for part in unread for group in part.findings)]
    return any(group.severity is Severity.ERROR for group in about)


def _status(rows: RowCounts, *, part_unread: bool) -> Status:
    if rows.accepted and rows.superseded == rows.accepted:
        return Status.SUPERSEDED
    if rows.accepted:
        left_out = rows.quarantined or rows.refused or part_unread
        return Status.ACCEPTED_WITH_QUARANTINE if left_out else Status.ACCEPTED
    return Status.HELD if rows.quarantined else Status.REFUSED
