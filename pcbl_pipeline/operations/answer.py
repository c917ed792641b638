"""Answer: from judged rows and file findings to the receipt's words and places.

What does not belong here: writing the receipt anywhere, and how its page looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.model.finding import FileFinding, FindingGroup, Place, Severity
from pcbl_pipeline.model.receipt import (
    Receipt,
    ReceiptPart,
    RowCounts,
    Status,
    Verdict,
)
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import (
    MISSHAPEN,
    DatasetTables,
    JudgedDataset,
    headers_of,
    sheet_names,
)
from pcbl_pipeline.operations.readings import reading_findings
from pcbl_pipeline.operations.suggest import shown_ideas, suggest_for
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import cell_address

#: Places listed in the receipt itself, per rule and column; the rest of a longer list
#: stands, complete, in the findings file beside it.
PLACES_IN_RECEIPT = 1_000
FINDINGS_FILE = "findings.csv"
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Answered:
    """A receipt's part and the complete list of its findings.

    Shape: `listing` has one row per rule broken in one place: `code`, `severity`,
    `dataset`, `sheet`, `row`, `column`, `cell`, `value`, `message`, `fix`; and in
    `suggestion` what the value may have been meant to be, several with ` or `.
    """

    part: ReceiptPart
    listing: pl.DataFrame


LISTING_SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "severity": pl.String(),
        "dataset": pl.String(),
        "sheet": pl.String(),
        "row": pl.Int64(),
        "column": pl.String(),
        "cell": pl.String(),
        "value": pl.String(),
        "message": pl.String(),
        "expected": pl.String(),
        "fix": pl.String(),
        "suggestion": pl.String(),
    }
)


class _Blank(dict[str, str]):
    """Placeholders that a finding does not fill are left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def answer_dataset(
    judged: JudgedDataset, catalogue: Catalogue, *, superseded: int = 0
) -> Answered:
    """Answer for one dataset whose rows were judged."""
    tables = judged.tables
    rows = judged.rows.model_copy(update={"superseded": superseded})
    said = [finding for item in tables.recognitions for finding in item.findings]
    notes = [
        group_of(finding, catalogue, tables.contract.dataset)
        for finding in (*said, *reading_findings(judged))
    ]
    groups, listing = _row_groups(judged, catalogue)
    part = ReceiptPart(
        dataset=tables.contract.dataset,
        title=tables.contract.title,
        contract_version=tables.contract.version,
        sheet=sheet_names(tables),
        read_as=tables.recognitions[0].table.read_as,
        columns=dict(headers_of(tables)),
        verdict=_verdict(rows),
        rows=rows,
        findings=_ordered([*groups, *notes]),
        not_checked=judged.not_checked,
    )
    return Answered(part, pl.concat([listing, _listing_of(notes)]))


def answer_refused(item: Recognition, catalogue: Catalogue) -> Answered:
    """Answer for a table that cannot be judged."""
    dataset = item.contract.dataset if item.contract else None
    groups = [group_of(finding, catalogue, dataset) for finding in item.findings]
    count = item.table.row_count
    part = ReceiptPart(
        dataset=dataset,
        title=item.contract.title if item.contract else None,
        contract_version=item.contract.version if item.contract else None,
        sheet=item.table.sheet,
        read_as=item.table.read_as,
        columns=dict(item.headers),
        verdict=Verdict.REFUSED,
        rows=RowCounts(received=count, refused=count),
        findings=_ordered(groups),
    )
    return Answered(part, _listing_of(groups))


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
        status=_status(rows),
        rows=rows,
        findings=_ordered(findings),
        parts=tuple(parts),
        pipeline_version=__version__,
        fictional=fictional,
    )


def group_of(
    finding: FileFinding, catalogue: Catalogue, dataset: str | None
) -> FindingGroup:
    """Put a file finding into its rule's words."""
    rule = catalogue.rules[finding.code]
    title = catalogue.get(dataset).title if dataset else ""
    words = _Blank(dataset=title, column=finding.place.column or "")
    words.update(finding.details)
    return FindingGroup(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        dataset=dataset,
        field=finding.field,
        message=_filled(rule.message, words),
        expected=_filled(rule.expected, words),
        fix=_filled(rule.fix, words),
        example=rule.example,
        count=1,
        places=(finding.place,),
    )


def _filled(template: str, words: _Blank) -> str:
    return template.format_map(words).strip()


def _row_groups(
    judged: JudgedDataset, catalogue: Catalogue
) -> tuple[list[FindingGroup], pl.DataFrame]:
    groups: list[FindingGroup] = []
    listings = [pl.DataFrame(schema=LISTING_SCHEMA)]
    together = ["code", "field", "expected"]
    for _, found in judged.occurrences.group_by(together, maintain_order=True):
        field = judged.tables.contract.field(found["field"][0])
        ideas = suggest_for(field, catalogue, found["value"])
        group = _row_group(found, judged.tables, catalogue).model_copy(
            update={"suggestions": shown_ideas(ideas)}
        )
        groups.append(group)
        listings.append(_listing(group, _places(found, judged.tables), ideas))
        if len(found) > PLACES_IN_RECEIPT:
            shown = group.places[:PLACES_IN_RECEIPT]
            cut = {"places": shown, "places_listed_in": FINDINGS_FILE}
            groups[-1] = group.model_copy(update=cut)
    return groups, pl.concat(listings)


def _row_group(
    found: pl.DataFrame, tables: DatasetTables, catalogue: Catalogue
) -> FindingGroup:
    first = found.row(0, named=True)
    rule = catalogue.rules[first["code"]]
    field = tables.contract.field(first["field"])
    words = _Blank(
        column=headers_of(tables).get(field.name, field.name),
        title=field.title,
        field=field.name,
        dataset=tables.contract.title,
        expected=first["expected"],
        key=" and ".join(f"`{name}`" for name in tables.contract.key),
    )
    return FindingGroup(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        dataset=tables.contract.dataset,
        field=field.name,
        message=_filled(rule.message, words),
        expected=_filled(first["expected"], words),
        fix=_filled(rule.fix, words),
        example=rule.example or field.example,
        count=len(found),
        places=tuple(_places(found, tables)),
    )


def _places(found: pl.DataFrame, tables: DatasetTables) -> Iterable[Place]:
    for row in found.iter_rows(named=True):
        item, number = tables.locate(row["row_number"])
        # A row whose cells cannot be told apart is wrong in no column of its own.
        column = None if row["code"] == MISSHAPEN else item.columns.get(row["field"])
        yield Place(
            sheet=item.table.sheet,
            row=number,
            column=item.headers[row["field"]] if column else None,
            cell=cell_address(item.table, column, number) if column else None,
            value=row["value"],
        )


def _listing(
    group: FindingGroup,
    places: Iterable[Place],
    ideas: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> pl.DataFrame:
    rows = [
        {
            "code": group.code,
            "severity": group.severity.value,
            "dataset": group.dataset,
            **place.model_dump(),
            "message": group.message,
            "expected": group.expected,
            "fix": group.fix,
            "suggestion": " or ".join(ideas.get(place.value or "", ())) or None,
        }
        for place in places
    ]
    return pl.DataFrame(rows, schema=LISTING_SCHEMA)


def _listing_of(groups: Iterable[FindingGroup]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=LISTING_SCHEMA)
    return pl.concat([empty, *[_listing(group, group.places) for group in groups]])


def list_findings(groups: Iterable[FindingGroup]) -> pl.DataFrame:
    """List findings that are about a file as a whole (shape: `LISTING_SCHEMA`)."""
    return _listing_of(groups)


def _ordered(groups: Iterable[FindingGroup]) -> tuple[FindingGroup, ...]:
    """Order by what stops rows, then by how many, then by code and field."""
    return tuple(
        sorted(
            groups,
            key=lambda g: (_ORDER[g.severity], -g.count, g.code, g.field or ""),
        )
    )


def _verdict(rows: RowCounts) -> Verdict:
    if rows.accepted == 0:
        return Verdict.HELD
    return Verdict.ACCEPTED_WITH_QUARANTINE if rows.quarantined else Verdict.ACCEPTED


def _status(rows: RowCounts) -> Status:
    if rows.accepted and rows.superseded == rows.accepted:
        return Status.SUPERSEDED
    if rows.accepted:
        left_out = rows.quarantined + rows.refused
        return Status.ACCEPTED_WITH_QUARANTINE if left_out else Status.ACCEPTED
    return Status.HELD if rows.quarantined else Status.REFUSED
