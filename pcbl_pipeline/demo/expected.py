"""Expected answers: what follows from the drafts, file by file, in the order of drops.

Mistakes inside a file are noted in its draft. What depends on other rows is worked out
here and in its siblings: whether a site or a request is known when a row is judged, what
a group of rows lacks (`expected_groups`), how a file stands beside the one before
(`expected_whole`), and which rows are freed when those that waited are judged again.
What does not belong here: bytes and words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractRule
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.demo.answer_key import ExpectedFinding, ExpectedRows, Outcome
from pcbl_pipeline.demo.draft import DraftRow, DraftTable
from pcbl_pipeline.demo.expected_groups import Told, broken_by_others
from pcbl_pipeline.demo.expected_lake import Lake, items_of
from pcbl_pipeline.demo.expected_narratives import told_about_texts
from pcbl_pipeline.demo.expected_whole import Sent, broken_as_a_whole
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Status

_HEADER_ROW = 1


@dataclass(frozen=True)
class DraftFile:
    """One file in drafts: its tables in the order of judging, and what stops it."""

    sender: str
    dropped_at: datetime
    tables: tuple[DraftTable, ...]
    #: About the file as a whole; then its tables are never seen.
    findings: tuple[ExpectedFinding, ...] = ()
    #: Rows of tables that are no dataset.
    unrecognised_rows: tuple[int, ...] = ()
    #: Findings that change nothing, such as a sheet of notes left out.
    remarks: tuple[ExpectedFinding, ...] = ()


class Judge:
    """Says what becomes of a file, given what is in the lake."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Judge by a catalogue's rules; the lake is empty at first."""
        self.lake = Lake()
        self._catalogue = catalogue
        self._reference_codes = {
            rule.code
            for contract in catalogue.contracts.values()
            for rule in contract.rules
            if _looks_at_others(rule, contract.derived)
        }

    def ingest(self, file: DraftFile) -> Outcome:
        """Answer a file and put its accepted rows into the lake."""
        if file.findings:
            return Outcome(status=Status.REFUSED, findings=file.findings)
        rows = [
            ExpectedRows(dataset=None, received=count, refused=count)
            for count in file.unrecognised_rows
        ]
        findings = list(file.remarks)
        for table in file.tables:
            counts, found = self._ingest_table(table, file)
            rows.append(counts)
            findings += found
        return Outcome(
            status=_status(rows),
            rows=tuple(rows),
            findings=tuple(sorted(findings, key=lambda item: item.sort_key)),
        )

    def is_waiting(self, outcome: Outcome) -> bool:
        """Tell whether some row was kept back by nothing but a missing reference."""
        reasons: dict[tuple[str | None, int | None], set[str]] = {}
        for item in outcome.findings:
            if self._catalogue.rules[item.code].severity is Severity.ERROR:
                reasons.setdefault((item.dataset, item.row), set()).add(item.code)
        return any(codes <= self._reference_codes for codes in reasons.values())

    def _ingest_table(
        self, table: DraftTable, file: DraftFile
    ) -> tuple[ExpectedRows, list[ExpectedFinding]]:
        dataset, count = table.contract.dataset, len(table.rows)
        found = [_about_table(dataset, code, name) for code, name in table.broken]
        if table.is_refused:
            refused = ExpectedRows(
                dataset=dataset, sheet=table.sheet, received=count, refused=count
            )
            return refused, found
        broken = self._broken(table, file.sender)
        found += [
            ExpectedFinding(
                code=code, dataset=dataset, field=name, row=_HEADER_ROW + 1 + number
            )
            for number, rules in enumerate(broken)
            for code, name in rules
        ]
        pairs = zip(table.rows, broken, strict=True)
        accepted = [row for row, rules in pairs if not self._is_error(rules)]
        sent = Sent(table.contract, accepted, file.sender, file.dropped_at)
        wrong = broken_as_a_whole(sent, self.lake, self._catalogue)
        found += [_about_table(dataset, code, name) for code, name in wrong]
        if self._is_error(wrong):
            accepted = []
        about_texts = told_about_texts(table, accepted)
        found += [_about_table(dataset, code, name) for code, name in about_texts]
        self.lake.land(table, accepted, file.dropped_at, file.sender)
        counts = ExpectedRows(
            dataset=dataset,
            sheet=table.sheet,
            received=count,
            accepted=len(accepted),
            quarantined=count - len(accepted),
        )
        return counts, found

    def _is_error(self, rules: Iterable[tuple[str, str | None]]) -> bool:
        return any(
            self._catalogue.rules[code].severity is Severity.ERROR for code, _ in rules
        )

    def _broken(self, table: DraftTable, sender: str) -> list[list[tuple[str, str]]]:
        """Return what each row breaks now, rules about other rows included."""
        by_others = broken_by_others(Told(table, sender, self.lake, self._catalogue))
        return [
            [*row.broken, *self._unknown(row, table), *by_others.get(number, ())]
            for number, row in enumerate(table.rows)
        ]

    def _unknown(self, row: DraftRow, table: DraftTable) -> list[tuple[str, str]]:
        if row.shape != "whole":
            return []
        contract = table.contract
        return [
            (rule.code, rule.fields[0])
            for rule, column in _references(contract.rules, contract.derived)
            if self._is_unresolved(row, rule, column)
        ]

    def _is_unresolved(
        self, row: DraftRow, rule: ContractRule, column: DerivedColumn
    ) -> bool:
        if column.reference is None or column.of is None:
            return False
        # A rule between values is silent where one of them is itself wrong, or where
        # it is about rows of another kind.
        wrong = {name for code, name in row.broken if code.startswith("R3")}
        if wrong & {column.of, *column.reference.same, *rule.when}:
            return False
        if any(row.cells[name] not in wanted for name, wanted in rule.when.items()):
            return False
        reference = column.reference
        items = items_of(row, column.of)
        return not all(self.lake.knows(item, row, reference) for item in items)


@dataclass(frozen=True)
class Answers:
    """The answers to all files, by position."""

    first: tuple[Outcome, ...]
    #: Answers that replaced the first one after a replay.
    replayed: dict[int, Outcome]
    #: Dataset → current rows in the end.
    lake_rows: dict[str, int]


def answer_files(
    files: Sequence[DraftFile], rounds: tuple[int, ...], catalogue: Catalogue
) -> Answers:
    """Answer files in the order given, with a replay at the end of each round."""
    judge = Judge(catalogue)
    first: list[Outcome] = []
    replayed: dict[int, Outcome] = {}
    for position, file in enumerate(files):
        first.append(judge.ingest(file))
        if rounds[position : position + 2] != (rounds[position],) * 2:
            standing = [replayed.get(i, outcome) for i, outcome in enumerate(first)]
            replayed |= _replay(judge, files, standing)
    rows = {name: len(found) for name, found in judge.lake.rows.items()}
    return Answers(tuple(first), replayed, rows)


def _replay(
    judge: Judge, files: Sequence[DraftFile], standing: Sequence[Outcome]
) -> dict[int, Outcome]:
    """Judge files with waiting rows again; only an answer that frees rows counts."""
    freed = {}
    for position, before in enumerate(standing):
        if judge.is_waiting(before):
            after = judge.ingest(files[position])
            if _accepted(after) > _accepted(before):
                freed[position] = after
    return freed


def _accepted(outcome: Outcome) -> int:
    return sum(item.accepted for item in outcome.rows)


def _status(rows: Sequence[ExpectedRows]) -> Status:
    accepted = sum(item.accepted for item in rows)
    quarantined = sum(item.quarantined for item in rows)
    refused = sum(item.refused for item in rows)
    if accepted:
        left_out = quarantined + refused
        return Status.ACCEPTED_WITH_QUARANTINE if left_out else Status.ACCEPTED
    return Status.HELD if quarantined else Status.REFUSED


def _about_table(dataset: str, code: str, name: str | None) -> ExpectedFinding:
    """Place a finding about a table: those about columns stand in the header's row."""
    row = _HEADER_ROW if code.startswith("C2") else None
    return ExpectedFinding(code=code, dataset=dataset, field=name, row=row)


def _looks_at_others(rule: ContractRule, derived: Iterable[DerivedColumn]) -> bool:
    """Tell whether a rule asks what other rows say, so that its rows may be freed."""
    return any(column.reference and column.name in rule.names for column in derived)


def _references(
    rules: Iterable[ContractRule], derived: Iterable[DerivedColumn]
) -> Iterator[tuple[ContractRule, DerivedColumn]]:
    """Yield each rule about a reference with the column that tells what is unknown."""
    unresolved = {item.name: item for item in derived if item.kind == "unresolved"}
    for rule in rules:
        column = unresolved.get(str(rule.kwargs.get("column")))
        if column is not None:
            yield rule, column
