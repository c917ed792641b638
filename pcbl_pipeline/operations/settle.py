"""Settle: after a withdrawal, bring the lake to where it were if nothing had come.

Rows that the withdrawn ones had replaced count again, rows that needed them are set
aside, and rows that waited because of them are freed. Each such submission is replayed:
judged again from its raw bytes and answered. What does not belong here: taking the
withdrawn rows out (`withdraw`), and what a replay does (`replay`).
"""

from collections.abc import Collection

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


def settle(workspace: Workspace, withdrawal: Withdrawal) -> None:
    """Judge again whatever stands or waits otherwise than it should; safe to repeat.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    for replay in workspace.ledger.begun_replays():
        if replay.because_of == withdrawal.submission_id:
            finish_replay(workspace, replay)
    touched = set(withdrawal.datasets)
    for _ in range(_MOST_ROUNDS):
        changed = [
            receipt
            for receipt in _candidates(workspace, withdrawal, touched)
            if _judge_again(workspace, withdrawal, receipt)
        ]
        if not changed:
            return
        touched |= {
            part.dataset for item in changed for part in item.parts if part.dataset
        }


def dependent_datasets(catalogue: Catalogue, datasets: Collection[str]) -> set[str]:
    """Return the datasets with rules that look into some datasets."""
    return {
        contract.dataset
        for contract in catalogue.contracts.values()
        for column in contract.derived
        if column.reference and column.reference.dataset in datasets
    }


def _candidates(
    workspace: Workspace, withdrawal: Withdrawal, touched: Collection[str]
) -> list[Receipt]:
    """Return what may stand or wait because of withdrawn rows, in order of receipt."""
    dependent = dependent_datasets(workspace.catalogue, touched)
    withdrawn = workspace.withdrawals.ids()
    return [
        receipt
        for receipt in workspace.ledger.receipts()
        if receipt.submission_id not in withdrawn
        and _may_change(receipt, withdrawal, touched, dependent)
    ]


def _may_change(
    receipt: Receipt,
    withdrawal: Withdrawal,
    touched: Collection[str],
    dependent: set[str],
) -> bool:
    held = {part.dataset for part in receipt.parts if part.dataset}
    if held & dependent:
        return True
    if receipt.sender_id != withdrawal.sender_id:
        return False
    # A list of suggestions is refused where a newer file had come in between.
    return not held.isdisjoint(touched) or any(
        group.code == IN_BETWEEN for group in receipt.all_findings
    )


def _judge_again(workspace: Workspace, withdrawal: Withdrawal, last: Receipt) -> bool:
    """Replay a submission if that changes what stands; tell whether it did."""
    submission = submission_of(last)
    with judged_now(workspace, last) as judged:
        accepted = sum(item.rows.accepted for item in judged)
        back = sum(_returning(workspace, submission, item) for item in judged)
        lost = sum(_lost(workspace, submission, item) for item in judged)
    if not (back or lost or accepted > last.rows.accepted):
        return False
    replay = Replay(
        sender_id=last.sender_id,
        submission_id=last.submission_id,
        revision=last.revision + 1,
        because_of=withdrawal.submission_id,
        anew=lost > 0,
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
    return True


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
