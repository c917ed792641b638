"""Explanations as a list: a site fills in a column and drops the list into its inbox.

Each filled line does what `pcbl waiver explain` does for one finding, and the receipt
says of each what became of it. What does not belong here: what a waiver does (`waive`).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.model.finding import FileFinding, FindingGroup, Place, Severity
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, RowCounts, Verdict
from pcbl_pipeline.model.spreadsheet import inert
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.model.waiver import Waiver
from pcbl_pipeline.operations.answer import Answered
from pcbl_pipeline.operations.examine import FileReading
from pcbl_pipeline.operations.groups import FINDINGS_FILE, PLACES_IN_RECEIPT, group_of
from pcbl_pipeline.operations.listing import list_findings
from pcbl_pipeline.operations.waive import can_be_waived, explanation_of, waiver_of
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import ROW_NUMBER, cell_address
from pcbl_pipeline.workspace import Workspace

EXPLAIN_FILE = "explain.csv"
#: Shape of the list: one row per finding that can be explained. `finding` is known by
#: its numbers too, so that a list of other numbers is noticed.
EXPLAIN_COLUMNS = (
    *("submission_id", "finding", "rule", "dataset", "column"),
    *("what", "numbers", "explanation", "to_do"),
)
_TO_DO = "Write why this is right. Leave it blank if you correct it. Drop the list."
_NEEDED = ("submission_id", "finding", "rule", "explanation")
#: Before the id, so that no spreadsheet program takes it for a number.
_MARK = "w-"
_SUBMISSION_ID = re.compile(r"[a-z0-9-]+")
_TITLE = "List of explanations"
#: Rules of what became of a line.
_KEPT, _UNKNOWN, _OTHER_NUMBERS, _TO_CORRECT = "F180", "F181", "F182", "F183"
_THERE, _BLANK = "F184", "F185"
_DECISIONS_TOLD = 10


@dataclass(frozen=True)
class _Line:
    """One finding that the site explains."""

    row: int
    submission_id: str
    finding: str
    rule: str
    text: str


@dataclass(frozen=True)
class _Told:
    """What became of a line, and what else its sender is to know."""

    code: str
    note: str | None = None


def explain_csv(receipt: Receipt) -> bytes | None:
    """Write the list of what can be explained; None where there is nothing."""
    lines = dict(_lines_to_fill(receipt))
    if not lines:
        return None
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(EXPLAIN_COLUMNS)
    writer.writerows(lines.values())
    return out.getvalue().encode("utf-8-sig")


def with_explanations(reading: FileReading) -> FileReading:
    """Tell a list of explanations from a table that fits no dataset."""
    if reading.datasets:
        return reading
    lists = [
        item for item in reading.refused if set(item.table.headers) >= set(_NEEDED)
    ]
    if not lists:
        return reading
    return replace(reading, refused=(), explanations=lists[0])


def filled_lines(item: Recognition) -> int:
    """Count the lines with an explanation."""
    return len(_filled(item))


def answer_explanations(
    workspace: Workspace, submission: Submission, item: Recognition, *, keep: bool
) -> Answered:
    """Put each explanation before the state's office, and say what became of it.

    Doing it again gives the same answer. Without `keep`, it only says what would become
    of each.
    """
    lines = _filled(item)
    told: dict[_Told, list[_Line]] = {}
    receipts: dict[str, Receipt | None] = {}
    known = {
        waiver.waiver_id: waiver
        for waiver in workspace.waivers.all(submission.sender_id)
    }
    for line in lines:
        if line.submission_id not in receipts:
            receipts[line.submission_id] = _receipt_of(workspace, submission, line)
        receipt = receipts[line.submission_id]
        outcome = _judged(submission, line, receipt, known)
        if outcome.code == _KEPT and receipt is not None and keep:
            _keep(workspace, submission, line, receipt)
        told.setdefault(outcome, []).append(line)
    return _answered(item, told, workspace.catalogue)


def answer_blank(item: Recognition, catalogue: Catalogue) -> Answered:
    """Answer a list in which nothing is filled in."""
    return _answered(item, {}, catalogue)


def _lines_to_fill(receipt: Receipt) -> Iterator[tuple[str, list[str]]]:
    for part in receipt.parts:
        for group in filter(can_be_waived, part.findings):
            finding = _MARK + waiver_of(receipt.sender_id, group)
            column = part.columns.get(group.field or "", group.field or "")
            texts = (
                *(receipt.submission_id, finding, group.code, group.dataset or ""),
                *(column, group.message, _numbers_in_words(group), "", _TO_DO),
            )
            yield finding, [inert(text) for text in texts]


def _numbers_in_words(group: FindingGroup) -> str:
    if group.numbers is None:
        return f"{group.count:,} times"
    now, before, period = group.numbers.split("|")
    return f"now {now}, before {before} ({period})"


def _filled(item: Recognition) -> list[_Line]:
    """Return the lines with an explanation, of several on one finding the first."""
    table = item.table
    names = dict(zip(table.headers, table.columns, strict=True))
    rows = (
        table.rows.select(
            ROW_NUMBER, *(pl.col(names[name]).alias(name) for name in _NEEDED)
        )
        .filter(pl.col("explanation").is_not_null())
        .with_columns(pl.col(pl.String).fill_null(""))
        .unique(["submission_id", "finding"], keep="first", maintain_order=True)
        .collect()
    )
    return [
        _Line(
            row=row[ROW_NUMBER],
            submission_id=row["submission_id"],
            finding=row["finding"].removeprefix(_MARK),
            rule=row["rule"],
            text=row["explanation"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _receipt_of(
    workspace: Workspace, submission: Submission, line: _Line
) -> Receipt | None:
    """Return the newest answer to the file of the same sender that a line is about."""
    if not _SUBMISSION_ID.fullmatch(line.submission_id):
        return None
    return workspace.ledger.find_receipt(submission.sender_id, line.submission_id)


def _judged(
    submission: Submission,
    line: _Line,
    receipt: Receipt | None,
    known: Mapping[str, Waiver],
) -> _Told:
    waiver = known.get(line.finding)
    groups = receipt.all_findings if receipt is not None else ()
    same_rule = [group for group in groups if group.code == line.rule]
    if not same_rule:
        return _Told(_UNKNOWN)
    if waiver is not None and waiver.explanation.concern.code == line.rule:
        mine = waiver.explanation.sent_in == submission.submission_id
        return _Told(_KEPT) if mine else _Told(_THERE, _decided(waiver))
    if not any(can_be_waived(group) for group in same_rule):
        is_decided = all(group.severity is Severity.INFO for group in same_rule)
        return _Told(_OTHER_NUMBERS if is_decided else _TO_CORRECT)
    fits = any(waiver_of(submission.sender_id, g) == line.finding for g in same_rule)
    return _Told(_KEPT if fits else _OTHER_NUMBERS)


def _decided(waiver: Waiver) -> str:
    code, decision = waiver.explanation.concern.code, waiver.decision
    if decision is None:
        return f"{code} waits for the office."
    if not decision.accepted:
        return f"{code} was declined: {decision.remark}"
    return f"{code} was let through until {decision.until}."


def _keep(
    workspace: Workspace, submission: Submission, line: _Line, receipt: Receipt
) -> None:
    for group in receipt.all_findings:
        if (
            can_be_waived(group)
            and waiver_of(submission.sender_id, group) == line.finding
        ):
            explanation = explanation_of(
                workspace, receipt, group, line.text, sent_in=submission.submission_id
            )
            workspace.waivers.explain(explanation)
            return


def _answered(
    item: Recognition, told: Mapping[_Told, list[_Line]], catalogue: Catalogue
) -> Answered:
    by_code: dict[str, list[_Line]] = {}
    notes: dict[str, list[str]] = {}
    for outcome, lines in told.items():
        by_code.setdefault(outcome.code, []).extend(lines)
        if outcome.note is not None:
            notes.setdefault(outcome.code, []).append(outcome.note)
    groups = [
        _group(item, code, by_code[code], notes.get(code, []), catalogue)
        for code in sorted(by_code)
    ] or [_group(item, _BLANK, [], [], catalogue)]
    part = _part(item, groups)
    cut = tuple(_cut(group) for group in groups)
    return Answered(part.model_copy(update={"findings": cut}), list_findings(groups))


def _part(item: Recognition, groups: list[FindingGroup]) -> ReceiptPart:
    """Count what was taken; a list without a single explanation counts as refused."""
    taken = sum(group.count for group in groups if group.severity is Severity.INFO)
    refused = sum(group.count for group in groups) - taken
    verdict = Verdict.ACCEPTED_WITH_QUARANTINE if refused else Verdict.ACCEPTED
    return ReceiptPart(
        title=_TITLE,
        sheet=item.table.sheet,
        read_as=item.table.read_as,
        verdict=verdict if taken else Verdict.REFUSED,
        rows=RowCounts(received=taken + refused, accepted=taken, refused=refused),
    )


def _group(
    item: Recognition,
    code: str,
    lines: list[_Line],
    notes: list[str],
    catalogue: Catalogue,
) -> FindingGroup:
    count = max(1, len(lines))
    details = {"file": item.table.where, "times": f"{count:,}"}
    group = group_of(FileFinding(code=code, details=details), catalogue, None)
    told = " ".join(dict.fromkeys(notes[:_DECISIONS_TOLD])) or None
    places = tuple(_place(item, line, catalogue) for line in lines)
    return group.model_copy(update={"count": count, "places": places, "note": told})


def _place(item: Recognition, line: _Line, catalogue: Catalogue) -> Place:
    """Say where a line is; its rule is told where it is one of ours."""
    names = dict(zip(item.table.headers, item.table.columns, strict=True))
    return Place(
        sheet=item.table.sheet,
        row=line.row,
        column="rule",
        cell=cell_address(item.table, names["rule"], line.row),
        value=line.rule if line.rule in catalogue.rules else None,
    )


def _cut(group: FindingGroup) -> FindingGroup:
    if len(group.places) <= PLACES_IN_RECEIPT:
        return group
    places = group.places[:PLACES_IN_RECEIPT]
    return group.model_copy(
        update={"places": places, "places_listed_in": FINDINGS_FILE}
    )
