"""Watch: notice files as they are dropped into the inboxes.

A notice only says where to look; what there is to do always follows from the inboxes
and the ledger, so that a missed or doubled notice does no harm.
"""

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, cast

from watchfiles import Change, watch

from pcbl_pipeline.lake import layout
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import Workspace

if TYPE_CHECKING:  # a folder needs no boto3, which takes long to import
    from pcbl_pipeline.storage.queue import EventQueue, QueueMessage
    from pcbl_pipeline.storage.s3 import S3Store

#: Look everywhere this often, even without a notice: network drives may give none.
_SWEEP_SECONDS = 60.0
#: Looking into all inboxes of a bucket costs requests; a queue seldom misses a drop.
_SWEEP_SECONDS_WITH_QUEUE = 900.0
#: Waiting for messages also delays stopping.
_QUEUE_WAIT_SECONDS = 3
#: A submission on which we failed is offered again after this long.
_TRY_AGAIN_SECONDS = 600.0
_log = get_logger("watch")


class Settling:
    """Says when a dropped file has stopped changing, and when to offer it again.

    An arrival's id changes with every change of the file, so a file that is still
    being written is a new arrival at each look, and waits anew.
    """

    def __init__(self, quiet_seconds: float) -> None:
        """Take how long a file must have been left alone."""
        self._quiet_seconds = quiet_seconds
        #: Sender → arrival id → when it is due.
        self._due: dict[str, dict[str, float]] = {}

    def senders_due(self, now: float) -> set[str]:
        """Return whose inboxes hold something that is to be looked at again."""
        return {
            sender
            for sender, arrivals in self._due.items()
            if any(due <= now for due in arrivals.values())
        }

    def take_settled(
        self, arrivals: Collection[Arrival], senders: Collection[str], now: float
    ) -> list[Arrival]:
        """Return what to ingest of all that lies unanswered in some inboxes."""
        known = {sender: self._due.pop(sender, {}) for sender in senders}
        settled = []
        for item in arrivals:
            fresh = now + self._quiet_seconds
            due = known[item.sender_id].get(item.arrival_id, fresh)
            if due <= now:
                settled.append(item)
                due = now + _TRY_AGAIN_SECONDS
            self._due.setdefault(item.sender_id, {})[item.arrival_id] = due
        return settled


def watch_inboxes(
    workspace: Workspace, stop: Event, *, queue: "EventQueue | None" = None
) -> Iterator[Arrival]:
    """Yield what waits in the inboxes, then each file soon after it was dropped.

    A message of the queue is deleted once whoever takes the arrivals has dealt with
    them and asks for the next.

    Units: in a folder, a file is yielded once it was left alone for
    `listen_quiet_seconds`; a bucket only ever shows whole files.

    Raises:
        StoreUnavailable: If the store or the queue is out; start again.
    """
    in_folder = isinstance(workspace.store, LocalStore)
    settling = Settling(workspace.settings.listen_quiet_seconds if in_folder else 0)
    sweep_seconds = _SWEEP_SECONDS_WITH_QUEUE if queue else _SWEEP_SECONDS
    everyone = frozenset(workspace.network.senders)
    swept = float("-inf")
    for noticed in _notices(workspace, queue, stop):
        now = time.monotonic()
        senders = (noticed & everyone) | settling.senders_due(now)
        if now - swept >= sweep_seconds:
            senders, swept = everyone, now
        if senders:
            arrivals = find_arrivals(workspace, sender_ids=senders)
            yield from settling.take_settled(arrivals, senders, now)


def _notices(
    workspace: Workspace, queue: "EventQueue | None", stop: Event
) -> Iterator[frozenset[str]]:
    """Yield in whose inboxes something changed, often also that nothing did."""
    store = workspace.store
    pause = max(0.05, min(0.5, workspace.settings.listen_quiet_seconds / 3))
    if isinstance(store, LocalStore):
        yield from _folder_notices(store.root, pause, stop)
    elif queue is not None:
        yield from _queue_notices(cast("S3Store", store), queue, stop)
    else:
        while not stop.wait(pause):
            yield frozenset()


def _queue_notices(
    store: "S3Store", queue: "EventQueue", stop: Event
) -> Iterator[frozenset[str]]:
    while not stop.is_set():
        messages = queue.receive(10, _QUEUE_WAIT_SECONDS)
        yield frozenset(sender for item in messages for sender in _senders(item, store))
        for message in messages:
            if message.problem is None:
                queue.delete(message)
            else:
                _log.warning("message %s: %s", message.message_id, message.problem)


def _senders(message: "QueueMessage", store: "S3Store") -> Iterator[str]:
    for item in message.objects:
        key = store.own_key(item.bucket, item.key)
        sender = layout.sender_of_inbox_key(key) if key else None
        if sender:
            yield sender


def _folder_notices(root: Path, pause: float, stop: Event) -> Iterator[frozenset[str]]:
    def sender_of(path: str) -> str | None:
        return layout.sender_of_inbox_key(Path(path).relative_to(root).as_posix())

    def lies_in_an_inbox(_change: Change, path: str) -> bool:
        return sender_of(path) is not None

    looks = watch(
        root / layout.SITES,
        watch_filter=lies_in_an_inbox,
        stop_event=stop,
        rust_timeout=int(pause * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    for changes in looks:
        yield frozenset(sender for _, path in changes if (sender := sender_of(path)))
