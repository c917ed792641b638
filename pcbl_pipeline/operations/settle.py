"""Settle: after a withdrawal, bring the lake to where it were if nothing had come.

Rows that the withdrawn ones had replaced count again, rows that needed them are set
aside, and rows that waited because of them are freed. Each such submission is replayed:
judged again from its raw bytes and answered. What does not belong here: taking the
withdrawn rows out (`withdraw`), and what a replay does (`replay`).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.lake.delta import source_of
from pcbl_pipeline.lake.ledger import Replay
from pcbl_pipeline.lake.returning import count_returning
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.model.withdrawal import JudgedAgain, Withdrawal
from pcbl_pipeline.operations.examine import JudgedDataset
from pcbl_pipeline.operations.land import delivered, together
from pcbl_pipeline.operations.patch import IN_BETWEEN
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.operations.replay import finish_replay, judged_now, reference_codes
from pcbl_pipeline.workspace import Workspace

#: A row that is set aside may have replaced another, which may let in a third. Each
#: round goes on where the last one changed something; no chain is that long.
_MOST_ROUNDS = 10
_PLACE = ["source_object", "row_number"]
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def settle(workspace: Workspace, withdrawal: Withdrawal) -> None:
    """Judge again whatever stands or waits otherwise than it should; safe to repeat.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    for replay in workspace.ledger.begun_replays():
        if replay.because_of == withdrawal.submission_id:
            finish_replay(workspace, replay)
    left = _Left(
        set(withdrawal.datasets), {withdrawal.sender_id}, withdrawal.received_at
    )
    for receipt in _set_aside_before(workspace, withdrawal):
        left.add(receipt)
    for _ in range(_MOST_ROUNDS):
        candidates, left = _candidates(workspace, left), _Left()
        for receipt in candidates:
            again = _judge_again(workspace, withdrawal, receipt)
            if again is not None and again.set_aside:
                left.add(receipt)
        if not left.datasets:
            return


@dataclass
class _Left:
    """Where rows left the lake: what may change there is judged again."""

    datasets: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)
    #: When the last of what held them was received.
    latest: datetime = _LONG_AGO

    def add(self, receipt: Receipt) -> None:
        """Add a submission of which rows left."""
        self.datasets |= receipt.datasets
        self.senders.add(receipt.sender_id)
        self.latest = max(self.latest, receipt.received_at)


def _set_aside_before(
    workspace: Workspace, withdrawal: Withdrawal
) -> Iterator[Receipt]:
    """Yield the submissions of which an earlier run, that broke off, set rows aside."""
    for item in workspace.withdrawals.judged_again(withdrawal):
        found = workspace.ledger.find_receipt(item.sender_id, item.submission_id)
        if item.set_aside and found is not None:
            yield found


def dependent_datasets(catalogue: Catalogue, datasets: Collection[str]) -> set[str]:
    """Return the datasets with rules that look into some datasets, or back into them."""
    return {
        contract.dataset
        for contract in catalogue.contracts.values()
        if (contract.looks_back_at and contract.dataset in datasets)
        or any(
            column.reference and column.reference.dataset in datasets
            for column in contract.derived
        )
    }


def _candidates(workspace: Workspace, left: _Left) -> list[Receipt]:
    """Return what may stand or wait because of rows that left, in order of receipt."""
    dependent = dependent_datasets(workspace.catalogue, left.datasets)
    withdrawn = workspace.withdrawals.ids()
    return [
        receipt
        for receipt in workspace.ledger.receipts()
        if receipt.submission_id not in withdrawn
        and _may_change(receipt, left, dependent)
    ]


def _may_change(receipt: Receipt, left: _Left, dependent: set[str]) -> bool:
    held = receipt.datasets
    if held & dependent:
        return True
    if receipt.sender_id not in left.senders:
        return False
    may_be_replaced = receipt.received_at <= left.latest
    if held & left.datasets and (may_be_replaced or receipt.rows.quarantined):
        return True
    # A list of suggestions is refused where a newer file had come in between.
    return any(group.code == IN_BETWEEN for group in receipt.all_findings)


def _judge_again(
    workspace: Workspace, withdrawal: Withdrawal, last: Receipt
) -> JudgedAgain | None:
    """Replay a submission if that changes what stands; return what it changes."""
    submission = submission_of(last)
    with judged_now(workspace, last) as judged:
        accepted = sum(item.rows.accepted for item in judged)
        back = sum(_returning(workspace, submission, item) for item in judged)
        lost = sum(_lost(workspace, submission, item) for item in judged)
    if not (back or lost or accepted > last.rows.accepted):
        return None
    replay = Replay(
        sender_id=last.sender_id,
        submission_id=last.submission_id,
        revision=last.revision + 1,
        because_of=withdrawal.submission_id,
    )
    noted = JudgedAgain(
        sender_id=last.sender_id,
        submission_id=last.submission_id,
        file_name=last.file_name,
        revision=replay.revision,
        back=back,
        set_aside=lost,
    )
    workspace.withdrawals.note_again(withdrawal, noted)
    workspace.ledger.begin_replay(replay)
    finish_replay(workspace, replay)
    return noted


def _returning(
    workspace: Workspace, submission: Submission, judged: JudgedDataset
) -> int:
    contract = delivered(
        workspace.catalogue.get(judged.tables.contract.dataset), [judged]
    )
    return count_returning(workspace.lake, submission, contract, judged.accepted.lazy())


def _lost(workspace: Workspace, submission: Submission, judged: JudgedDataset) -> int:
    """Count rows that stand in the lake and refer to what is no longer there."""
    codes = list(reference_codes(workspace.catalogue))
    refers = (
        pl.col("reasons")
        .list.eval(pl.element().struct.field("code").is_in(codes))
        .list.any()
    )
    aside = together([judged], [judged.quarantined.lazy()]).filter(refers)
    standing = (
        workspace.lake.current(judged.tables.contract.dataset)
        .filter(pl.col("submission_id") == submission.submission_id)
        .select(_PLACE)
    )
    places = aside.with_columns(source_object=source_of(submission)).select(_PLACE)
    both = places.join(standing, on=_PLACE, how="semi")
    return int(both.select(pl.len()).collect(engine="streaming").item())
