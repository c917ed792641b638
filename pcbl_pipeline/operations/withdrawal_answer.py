"""The answer to a withdrawn submission: one receipt, in place of all that was told of it.

In the sender's outbox everything else goes: the marked copy of the file, the lists of
findings with the values that they quote. What does not belong here: rows (`withdraw`).
"""

import tempfile
from pathlib import Path, PurePosixPath

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, Status
from pcbl_pipeline.model.withdrawal import Withdrawal, WithdrawalNote
from pcbl_pipeline.operations.deliver import receipt_files
from pcbl_pipeline.operations.deliver_decision import decision_file
from pcbl_pipeline.operations.receive import file_digest, submission_of
from pcbl_pipeline.reading.read import KINDS_BY_SUFFIX
from pcbl_pipeline.workspace import Workspace

#: The name of a file whose name is erased too, as it may be a person's. Its ending
#: stays where it says which kind of file it was.
_ERASED = "erased"


def record_withdrawal(workspace: Workspace, withdrawal: Withdrawal) -> Receipt:
    """Write the last receipt of a submission into the ledger, once; return it."""
    ledger = workspace.ledger
    last = ledger.find_receipt(withdrawal.sender_id, withdrawal.submission_id)
    while last is not None and not _says_so(last, withdrawal):
        # Whoever answered at the same moment has taken the number before ours.
        last = ledger.record(_tombstone(workspace, withdrawal, last))
    if last is None:
        raise AssertionError(withdrawal.submission_id)
    if withdrawal.erase:
        ledger.erase(submission_of(last), last)
    return last


def deliver_withdrawal(workspace: Workspace, receipt: Receipt) -> None:
    """Leave the last receipt alone in the answer to a submission; safe to repeat."""
    prefix = layout.answer(receipt.sender_id, receipt.submission_id, "")
    files = {prefix + file.name: file for file in receipt_files(receipt, "receipt")}
    for item in list(workspace.store.list(prefix)):
        if item.key not in files:
            workspace.store.delete(item.key)
    for key, file in files.items():
        if isinstance(file.content, bytes):
            workspace.store.put(key, file.content, content_type=file.content_type)


def withdraw_lists(workspace: Workspace, withdrawal: Withdrawal) -> None:
    """Take away what a withdrawn list decided or explained.

    With the bytes of a file goes what was explained about it, since explanations and
    the messages that they are about quote it.
    """
    sender_id, name = withdrawal.sender_id, withdrawal.submission_id
    workspace.sentence_decisions.withdraw(sender_id, name)
    for waiver in workspace.waivers.all(sender_id):
        about = waiver.explanation
        is_about_erased = withdrawal.erase and about.submission_id == name
        if about.sent_in == name or is_about_erased:
            for folder in (about.submission_id, about.sent_in):
                if folder is not None:
                    key = layout.answer(sender_id, folder, decision_file(waiver))
                    workspace.store.delete(key)
            workspace.waivers.withdraw(waiver)


def erase_inbox(workspace: Workspace, withdrawal: Withdrawal) -> None:
    """Delete every file in the sender's inbox that is these very bytes."""
    for key in same_bytes(workspace, withdrawal, layout.inbox(withdrawal.sender_id)):
        workspace.store.delete(key)


def same_bytes(workspace: Workspace, withdrawal: Withdrawal, prefix: str) -> list[str]:
    """Return the keys of objects that are the very bytes of a submission."""
    return [
        item.key
        for item in workspace.store.list(prefix)
        if item.size == withdrawal.size_bytes
        and item.modified_at <= withdrawal.withdrawn_at
        and digest_of(workspace, item.key) == withdrawal.sha256
    ]


def _says_so(receipt: Receipt, withdrawal: Withdrawal) -> bool:
    told = receipt.withdrawal
    return told is not None and told.erased == withdrawal.erase


def digest_of(workspace: Workspace, key: str) -> str:
    """Return the SHA-256 digest of an object, read block by block."""
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "object"
        workspace.store.download(key, path)
        return file_digest(path)


def _tombstone(workspace: Workspace, withdrawal: Withdrawal, last: Receipt) -> Receipt:
    """Return the receipt that ends a submission: counts, and why; no value of it."""
    again = sorted(
        (
            item
            for item in workspace.withdrawals.judged_again(withdrawal)
            if item.sender_id == withdrawal.sender_id
        ),
        key=lambda item: item.submission_id,
    )
    note = WithdrawalNote(
        reason=withdrawal.reason,
        by=withdrawal.by,
        withdrawn_at=withdrawal.withdrawn_at,
        erased=withdrawal.erase,
        again=tuple(again),
    )
    suffix = PurePosixPath(last.file_name).suffix.lower()
    name = _ERASED + (suffix if suffix in KINDS_BY_SUFFIX else "")
    named = {
        "file_name": name,
        "source_object": f"{layout.inbox(last.sender_id)}{name}",
    }
    return last.model_copy(
        update={
            "revision": last.revision + 1,
            "status": Status.WITHDRAWN,
            "findings": (),
            "parts": tuple(_bare(part) for part in last.parts),
            "withdrawal": note,
            **(named if withdrawal.erase else {}),
        }
    )


def _bare(part: ReceiptPart) -> ReceiptPart:
    """Return what was answered for a dataset, without a word of the file."""
    return ReceiptPart(
        dataset=part.dataset,
        title=part.title,
        contract_version=part.contract_version,
        verdict=part.verdict,
        rows=part.rows,
    )
