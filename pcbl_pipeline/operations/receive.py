"""Receive: find what lies unanswered in the inboxes, and keep its bytes for ever."""

import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pcbl_pipeline.errors import StillBeingWritten, SubmissionUnreadable
from pcbl_pipeline.lake import layout
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.identifiers import submission_id
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Arrival, Submission
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.storage.store import ObjectInfo
from pcbl_pipeline.workspace import Workspace

_BLOCK_BYTES = 1 << 20
_log = get_logger("receive")


@dataclass(frozen=True)
class Received:
    """A submission and a local copy of its bytes."""

    submission: Submission
    path: Path


def find_arrivals(
    workspace: Workspace, *, sender_ids: Collection[str] | None = None
) -> list[Arrival]:
    """Return what lies in the inboxes and was not answered yet, oldest first.

    Raises:
        UnknownSender: If a sender id is not in the network definition.
        StoreUnavailable: If the store is out; try again.
    """
    wanted = workspace.network.senders if sender_ids is None else sender_ids
    found: list[Arrival] = []
    for sender_id in wanted:
        workspace.network.get_sender(sender_id)
        answered = workspace.ledger.answered_ids(sender_id)
        for info in workspace.store.list(layout.inbox(sender_id)):
            arrival = arrival_of(info)
            if arrival is not None and arrival.arrival_id not in answered:
                found.append(arrival)
    return sorted(found, key=lambda item: (item.received_at, item.key))


def find_settled(
    workspace: Workspace, *, sender_ids: Collection[str] | None = None
) -> list[Arrival]:
    """Return what lies unanswered in the inboxes and is not being written, oldest first.

    A folder shows a file while it is still being copied into it; what changes within
    `listen_quiet_seconds` is left for the next time. A bucket shows an object only
    once it is whole, also one that is uploaded in parts.

    Raises:
        UnknownSender: If a sender id is not in the network definition.
        StoreUnavailable: If the store is out; try again.
    """
    arrivals = find_arrivals(workspace, sender_ids=sender_ids)
    if not arrivals or not isinstance(workspace.store, LocalStore):
        return arrivals
    time.sleep(workspace.settings.listen_quiet_seconds)
    again = find_arrivals(workspace, sender_ids=sender_ids)
    unchanged = {item.arrival_id for item in again}
    return [item for item in arrivals if item.arrival_id in unchanged]


def get_arrival(workspace: Workspace, inbox_key: str) -> Arrival:
    """Return the arrival behind an inbox key as it now lies there.

    Raises:
        SubmissionUnreadable: If nothing lies there, or the key is in no inbox.
        UnknownSender: If the inbox belongs to nobody in the network.
    """
    info = workspace.store.head(inbox_key)
    arrival = arrival_of(info) if info else None
    if arrival is None:
        raise SubmissionUnreadable(
            f"There is no file to ingest at `{inbox_key}`. It was moved or deleted, or "
            "the key is not `sites/<sender>/inbox/<file>`. See `pcbl status`."
        )
    workspace.network.get_sender(arrival.sender_id)
    return arrival


def arrival_of(info: ObjectInfo) -> Arrival | None:
    """Return the arrival that an object is; None when it lies in nobody's inbox."""
    sender_id = layout.sender_of_inbox_key(info.key)
    if sender_id is None:
        return None
    return Arrival(
        key=info.key,
        sender_id=sender_id,
        size=info.size,
        etag=info.etag,
        received_at=info.modified_at,
    )


def receive(workspace: Workspace, arrival: Arrival, folder: Path) -> Received:
    """Keep an arrival's bytes under their digest and hand out a local copy.

    Raises:
        StillBeingWritten: If the object changed meanwhile.
        SubmissionUnreadable: If the object is gone.
        StoreUnavailable: If the store is out; try again.
    """
    path = folder / "submission"
    workspace.store.download(arrival.key, path)
    now = workspace.store.head(arrival.key)
    if now is None or (now.etag, now.size) != (arrival.etag, arrival.size):
        raise StillBeingWritten(f"`{arrival.key}` changed while it was read.")
    digest = file_digest(path)
    name, is_erased = _identify(workspace, arrival, digest)
    submission = Submission(
        submission_id=name,
        sender_id=arrival.sender_id,
        file_name=arrival.file_name,
        sha256=digest,
        size=arrival.size,
        received_at=arrival.received_at,
        source_object=arrival.key,
        raw_key=layout.raw(digest),
    )
    if not is_erased and workspace.store.head(submission.raw_key) is None:
        workspace.store.upload(submission.raw_key, path)
    _log.info("received %s (%d bytes)", submission.submission_id, submission.size)
    return Received(submission, path)


def _identify(workspace: Workspace, arrival: Arrival, digest: str) -> tuple[str, bool]:
    """Return a submission's id, and whether its bytes were erased for good.

    What was withdrawn and is dropped again is another submission. A drop of the time
    before the withdrawal is withdrawn with it.
    """
    nth = 1
    while True:
        name = submission_id(arrival.sender_id, digest, nth=nth)
        withdrawal = workspace.withdrawals.find(arrival.sender_id, name)
        if withdrawal is None:
            return name, False
        if arrival.received_at <= withdrawal.withdrawn_at:
            return name, withdrawal.erase
        nth += 1


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, read block by block."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def submission_of(receipt: Receipt) -> Submission:
    """Return the submission that a receipt answers."""
    return Submission(
        submission_id=receipt.submission_id,
        sender_id=receipt.sender_id,
        file_name=receipt.file_name,
        sha256=receipt.sha256,
        size=receipt.size_bytes,
        received_at=receipt.received_at,
        source_object=receipt.source_object,
        raw_key=layout.raw(receipt.sha256),
    )
