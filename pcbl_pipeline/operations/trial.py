"""Trial: judge everything ever received against changed contracts, and write nothing.

Both sides are judged today, by what the lake holds today, so that every difference
comes from the contracts. What does not belong here: deciding whether a change is good.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pcbl_pipeline.contracts.catalogue import (
    Catalogue,
    load_catalogue,
    load_contract,
)
from pcbl_pipeline.errors import UnknownSender
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, RowCounts, Verdict
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.answer import answer_dataset, answer_refused
from pcbl_pipeline.operations.examine import judge_dataset, read_submission
from pcbl_pipeline.operations.ingest import gather_circumstances, size_limit_bytes
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.workspace import Workspace


class Standing(BaseModel):
    """What becomes of one dataset of a file, by one catalogue."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    versions: tuple[str, ...]
    rows: RowCounts
    #: Rule code → how often it was broken.
    findings: dict[str, int]


class Shift(BaseModel):
    """One dataset of one file that would be answered otherwise."""

    model_config = ConfigDict(frozen=True)

    sender_id: str
    submission_id: str
    file_name: str
    #: None for tables that are no dataset.
    dataset: str | None
    #: None where one side does not know the dataset.
    before: Standing | None
    after: Standing | None

    @property
    def changes_verdict(self) -> bool:
        """Whether more than findings change: the verdict, or which rows are taken."""
        if self.before is None or self.after is None:
            return True
        was, now = self.before, self.after
        return (was.verdict, was.rows) != (now.verdict, now.rows)


class Trial(BaseModel):
    """What a changed catalogue would do to everything ever received."""

    model_config = ConfigDict(frozen=True)

    #: Datasets whose contracts, code lists or rules differ.
    datasets: tuple[str, ...]
    tried: int
    #: Submissions whose sender or bytes are gone.
    not_tried: tuple[str, ...]
    shifts: tuple[Shift, ...]

    @property
    def sites(self) -> tuple[str, ...]:
        """Senders of whom some verdict would change."""
        return tuple(sorted({s.sender_id for s in self.shifts if s.changes_verdict}))


def changed_catalogue(catalogue: Catalogue, path: Path) -> Catalogue:
    """Return the catalogue with a changed contract file, or that of a whole folder.

    Raises:
        ContractInvalid: If the file or folder does not hold what it should.
    """
    if path.is_dir():
        return load_catalogue(path)
    return catalogue.with_contract(load_contract(path))


def try_catalogue(
    workspace: Workspace,
    changed: Catalogue,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> Trial:
    """Judge every submission of the ledger by both catalogues, one at a time.

    Only datasets that differ are judged, and only what would change is kept, so that
    memory does not grow with the ledger.

    Raises:
        StoreUnavailable: If the store is out; try again.
    """
    affected = _affected(workspace.catalogue, changed)
    after = replace(workspace, catalogue=changed, lake=Lake(workspace.store, changed))
    shifts: list[Shift] = []
    not_tried: list[str] = []
    done, total = 0, workspace.ledger.count()
    for receipt in workspace.ledger.each_receipt():
        if receipt.withdrawal is None and _is_there(workspace, receipt):
            shifts += _shifts(workspace, after, receipt, affected)
        else:
            not_tried.append(receipt.submission_id)
        done += 1
        if on_progress is not None:
            on_progress(done, total)
    return Trial(
        datasets=tuple(sorted(affected)),
        tried=done - len(not_tried),
        not_tried=tuple(not_tried),
        shifts=tuple(shifts),
    )


def _affected(before: Catalogue, after: Catalogue) -> set[str]:
    """Return the datasets of which something differs that judges rows."""
    names = {*before.contracts, *after.contracts}
    if before.generic_rules != after.generic_rules:
        return names
    return {name for name in names if _judging(before, name) != _judging(after, name)}


def _judging(catalogue: Catalogue, dataset: str) -> object:
    if dataset not in catalogue.contracts:
        return None
    versions = catalogue.versions(dataset)
    lists = [
        catalogue.codes_of(field) for version in versions for field in version.fields
    ]
    return catalogue.get(dataset), versions, lists


def _is_there(workspace: Workspace, receipt: Receipt) -> bool:
    try:
        workspace.network.get_sender(receipt.sender_id)
    except UnknownSender:
        return False
    return workspace.store.head(submission_of(receipt).raw_key) is not None


def _shifts(
    before: Workspace, after: Workspace, receipt: Receipt, affected: set[str]
) -> Iterator[Shift]:
    submission = submission_of(receipt)
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "submission"
        before.store.download(submission.raw_key, path)
        was = _standings(before, submission, path, affected)
        now = _standings(after, submission, path, affected)
    for dataset in sorted({*was, *now}, key=lambda name: name or ""):
        if was.get(dataset) != now.get(dataset):
            yield Shift(
                sender_id=submission.sender_id,
                submission_id=submission.submission_id,
                file_name=submission.file_name,
                dataset=dataset,
                before=was.get(dataset),
                after=now.get(dataset),
            )


def _standings(
    workspace: Workspace, submission: Submission, path: Path, affected: set[str]
) -> dict[str | None, Standing]:
    """Return what becomes of each affected dataset of a file."""
    catalogue = workspace.catalogue
    sender = workspace.network.get_sender(submission.sender_id)
    today = workspace.local_day(workspace.clock())
    reading = read_submission(
        path,
        submission.file_name,
        catalogue,
        sender=sender,
        size_limit_bytes=size_limit_bytes(workspace),
        mappings=mappings_of(workspace, sender, to_keep=False),
    )
    parts = [answer_refused(item, catalogue).part for item in reading.refused]
    for tables in reading.datasets:
        if tables.contract.dataset in affected:
            known = gather_circumstances(workspace, submission, tables, on=today)
            judged = judge_dataset(tables, catalogue, known)
            parts.append(answer_dataset(judged, catalogue).part)
    return {
        dataset: _standing([part for part in parts if part.dataset == dataset])
        for dataset in {part.dataset for part in parts}
    }


def _standing(parts: Sequence[ReceiptPart]) -> Standing:
    rows = sum((part.rows for part in parts), RowCounts())
    verdicts = {part.verdict for part in parts}
    mixed = Verdict.ACCEPTED_WITH_QUARANTINE if rows.accepted else Verdict.HELD
    found: Counter[str] = Counter()
    for part in parts:
        for group in part.findings:
            found[group.code] += group.count
    return Standing(
        verdict=verdicts.pop() if len(verdicts) == 1 else mixed,
        versions=tuple(part.contract_version or "" for part in parts),
        rows=rows,
        findings=dict(sorted(found.items())),
    )
