"""Sync: choose what to ingest when agency staff ask for a site or a dataset."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.examine import read_submission
from pcbl_pipeline.operations.ingest import size_limit_bytes
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.receive import find_settled
from pcbl_pipeline.operations.replay import find_waiting
from pcbl_pipeline.workspace import Workspace


@dataclass(frozen=True)
class SyncPlan:
    """What a sync would ingest, oldest first, and what it would leave."""

    arrivals: tuple[Arrival, ...]
    #: Waiting files that hold another dataset than the one asked for.
    skipped: tuple[Arrival, ...]
    #: Last answers to what is judged again then, since rows of it may be freed by now.
    replayed: tuple[Receipt, ...]


def plan_sync(
    workspace: Workspace, *, sender_id: str | None = None, dataset: str | None = None
) -> SyncPlan:
    """Return what waits for a sender, or for all, that holds a dataset, or anything.

    Raises:
        UnknownSender: If the sender is not of the network.
        UnknownContract: If there is no such dataset.
    """
    senders = None if sender_id is None else [sender_id]
    if dataset is not None:
        workspace.catalogue.get(dataset)
    waiting = find_settled(workspace, sender_ids=senders)
    again = tuple(find_waiting(workspace, sender_id=sender_id, dataset=dataset))
    if dataset is None:
        return SyncPlan(tuple(waiting), (), again)
    wanted = [item for item in waiting if dataset in _datasets_in(workspace, item)]
    skipped = tuple(item for item in waiting if item not in wanted)
    return SyncPlan(tuple(wanted), skipped, again)


def _datasets_in(workspace: Workspace, arrival: Arrival) -> set[str]:
    """Return the datasets that a waiting file holds, refused ones included."""
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "waiting"
        workspace.store.download(arrival.key, path)
        sender = workspace.network.get_sender(arrival.sender_id)
        reading = read_submission(
            path,
            arrival.file_name,
            workspace.catalogue,
            sender=sender,
            size_limit_bytes=size_limit_bytes(workspace),
            mappings=mappings_of(workspace, sender, to_keep=False),
        )
    held = {tables.contract.dataset for tables in reading.datasets}
    return held | {item.contract.dataset for item in reading.refused if item.contract}
