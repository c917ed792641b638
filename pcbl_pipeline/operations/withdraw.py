"""Withdraw: take a submission back with everything that was made of it, and prove it.

It is noted before anything is taken away. Every step after that is safe to repeat, so
that a run that broke off is finished by the next one (`finish_withdrawals`):

1. Its rows leave the lake and the quarantine, and none of them can land again.
2. What it had replaced counts again, and what needed it is set aside (`settle`).
3. Older versions of the tables forget it, and the log of them.
4. Its answer becomes one receipt that says why (`withdrawal_answer`).
5. Releases that were made with its rows are taken back, and a new one is made or
   proposed (`withdrawal_releases`).
6. What tells its rows from all others is looked for in every file (`withdrawal_proof`).
7. With `erase`, the bytes as sent go, wherever they lie. The proof is written last.

A list of suggestions that corrects the file holds its rows and goes with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pcbl_pipeline.errors import OperatorError, WithdrawalImpossible
from pcbl_pipeline.lake import layout
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.identifiers import sender_of
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.withdrawal import JudgedAgain, Proof, RawBytes, Withdrawal
from pcbl_pipeline.operations.patch import corrected_by
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.operations.release_queue import renew_queue_of
from pcbl_pipeline.operations.settle import settle
from pcbl_pipeline.operations.withdrawal_answer import (
    deliver_withdrawal,
    erase_inbox,
    record_withdrawal,
    withdraw_lists,
)
from pcbl_pipeline.operations.withdrawal_proof import prove, repeats_the_file
from pcbl_pipeline.operations.withdrawal_releases import (
    affected_releases,
    publish_without,
    withdraw_releases,
)
from pcbl_pipeline.workspace import Workspace

_log = get_logger("withdraw")


@dataclass(frozen=True)
class WithdrawalPlan:
    """What a withdrawal would take away. Nothing was touched yet."""

    #: The submission, and the lists of suggestions that correct it.
    receipts: tuple[Receipt, ...]
    #: Releases that were made with its rows, and candidates.
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    """What became of a submission that was withdrawn."""

    withdrawal: Withdrawal
    proof: Proof
    #: Submissions that were judged again, of all senders.
    again: tuple[JudgedAgain, ...]
    #: What is published now, in words; None where nothing published had its rows.
    publication: str | None = None


def plan_withdrawal(workspace: Workspace, submission_id: str) -> WithdrawalPlan:
    """Return what a withdrawal would take away.

    Raises:
        WithdrawalImpossible: If there is no such submission.
    """
    receipt = _receipt_of(workspace, submission_id)
    lists = tuple(_lists_about(workspace, receipt))
    notes = [_note(workspace, item) for item in (receipt, *lists)]
    releases = {name for note in notes for name in affected_releases(workspace, note)}
    return WithdrawalPlan((receipt, *lists), tuple(sorted(releases)))


def withdraw(
    workspace: Workspace,
    submission_id: str,
    *,
    reason: str,
    by: str,
    erase: bool = False,
) -> list[Withdrawn]:
    """Withdraw a submission, and the lists that correct it; return what was done.

    Asking again finishes what broke off, and returns the proof that stands. With
    `erase`, the bytes also go of what was withdrawn without it.

    Raises:
        WithdrawalImpossible: If there is no such submission, if nobody or no reason is
            named, if the reason repeats what stands in it, or if something of it is left.
        LakeConflict: If other writers kept coming first.
    """
    if not by.strip() or not reason.strip():
        raise WithdrawalImpossible("Say who decides, and why: both stand on record.")
    receipt = _receipt_of(workspace, submission_id)
    if receipt.withdrawal is None and repeats_the_file(workspace, receipt, reason):
        raise WithdrawalImpossible(
            "The reason repeats something that stands in the file alone. The sender's "
            "receipt and the record keep the reason, so say it without that."
        )
    asked = {
        "reason": reason.strip(),
        "by": by.strip(),
        "erase": erase,
    }
    notes = []
    for item in (receipt, *_lists_about(workspace, receipt)):
        corrects = None if item is receipt else submission_id
        note = _note(workspace, item)
        note = note.model_copy(update={**asked, "corrects": corrects})
        notes.append(workspace.withdrawals.begin(note, erase=erase))
    # Those that correct it first: they hold its rows, and are read by its bytes.
    known = {note.submission_id for note in notes}
    broken_off = [
        note
        for note in workspace.withdrawals.begun()
        if note.corrects in known and note.submission_id not in known
    ]
    return [_carry_out(workspace, note) for note in (*broken_off, *reversed(notes))]


def finish_withdrawals(workspace: Workspace) -> dict[str, OperatorError | None]:
    """Finish the withdrawals that broke off.

    Returns the submissions, each with what a person has to look at, if anything.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    outcomes: dict[str, OperatorError | None] = {}
    # As above: what corrects another file goes first.
    for note in sorted(workspace.withdrawals.begun(), key=lambda n: n.corrects is None):
        outcomes[note.submission_id] = None
        try:
            _carry_out(workspace, note)
        except OperatorError as error:
            outcomes[note.submission_id] = error
    return outcomes


def raise_unfinished(outcomes: Mapping[str, OperatorError | None]) -> None:
    """Fail a run in which a withdrawal was not finished.

    Raises:
        OperatorError: The first one there was.
    """
    for error in filter(None, outcomes.values()):
        raise error


def _carry_out(workspace: Workspace, note: Withdrawal) -> Withdrawn:
    publication = None
    proof = workspace.withdrawals.proof_of(note)
    if proof is None:
        _take_out(workspace, note)
        settle(workspace, note)
        _forget(workspace, note)
        deliver_withdrawal(workspace, record_withdrawal(workspace, note))
        renew_queue_of(workspace, note.sender_id)
        releases = withdraw_releases(workspace, note)
        publication = publish_without(workspace, note)
        proof = _prove(workspace, note, releases)
        _log.info("withdrew %s", note.submission_id)
    again = tuple(workspace.withdrawals.judged_again(note))
    return Withdrawn(note, proof, again, publication)


def _take_out(workspace: Workspace, note: Withdrawal) -> None:
    """Take out its rows, and what is kept about them."""
    receipt = _receipt_of(workspace, note.submission_id)
    submission = submission_of(receipt)
    workspace.lake.withdraw(submission, note.datasets)
    workspace.quarantine.withdraw(note.submission_id)
    workspace.ledger.withdraw(submission)
    withdraw_lists(workspace, note)


def _forget(workspace: Workspace, note: Withdrawal) -> None:
    workspace.lake.forget(note.submission_id, note.datasets)
    workspace.quarantine.forget(note.submission_id)


def _prove(workspace: Workspace, note: Withdrawal, releases: tuple[str, ...]) -> Proof:
    """Look for what is left, let the bytes go where they must, and keep the proof.

    Once the bytes are gone nobody can say what to look for. So what was found is kept
    before they go.
    """
    withdrawals = workspace.withdrawals
    proof = withdrawals.search_of(note)
    if proof is None:
        proof = prove(workspace, note).model_copy(update={"releases": releases})
        if not proof.is_clean:
            raise WithdrawalImpossible(_what_is_left(note, proof))
        withdrawals.keep_search(note, proof)
    if note.erase:
        proof = proof.model_copy(update={"raw": _erase(workspace, note)})
    withdrawals.finish(note, proof)
    return proof


def _what_is_left(note: Withdrawal, proof: Proof) -> str:
    return (
        f"Something of {note.submission_id} is left in {len(proof.found)} files: "
        f"{', '.join(proof.found[:3])}. Its rows do not count any more. Look at these "
        "files, and ask again."
    )


def _erase(workspace: Workspace, note: Withdrawal) -> RawBytes:
    """Delete the bytes as sent, unless another submission that stands is the same."""
    erase_inbox(workspace, note)
    others = (
        receipt
        for receipt in workspace.ledger.each_receipt()
        if receipt.sha256 == note.sha256 and receipt.submission_id != note.submission_id
    )
    if any(item.withdrawal is None or not item.withdrawal.erased for item in others):
        return RawBytes.SHARED
    workspace.store.delete(layout.raw(note.sha256))
    return RawBytes.ERASED


def _receipt_of(workspace: Workspace, submission_id: str) -> Receipt:
    sender_id = sender_of(submission_id)
    found = (
        workspace.ledger.find_receipt(sender_id, submission_id) if sender_id else None
    )
    if found is None:
        raise WithdrawalImpossible(
            f"There is no answered submission {submission_id}. `pcbl status` has them "
            "all; a file that still waits is answered by `pcbl sync`."
        )
    return found


def _lists_about(workspace: Workspace, receipt: Receipt) -> Iterator[Receipt]:
    """Yield the lists of suggestions that correct a file, and those that correct them."""
    for item in workspace.ledger.receipts(receipt.sender_id):
        if corrected_by(workspace, item) == receipt.submission_id:
            yield item
            yield from _lists_about(workspace, item)


def _note(workspace: Workspace, receipt: Receipt) -> Withdrawal:
    """Return the note of a withdrawal, still without who asks for it, and why."""
    history = workspace.ledger.history(receipt.sender_id, receipt.submission_id)
    parts = [part for answer in history for part in answer.parts]
    return Withdrawal(
        sender_id=receipt.sender_id,
        submission_id=receipt.submission_id,
        reason="",
        by="",
        withdrawn_at=workspace.clock(),
        datasets=tuple(sorted({part.dataset for part in parts if part.dataset})),
        landed=any(part.rows.accepted for part in parts),
        sha256=receipt.sha256,
        size_bytes=receipt.size_bytes,
        received_at=receipt.received_at,
    )
