"""Sync: choose what to ingest when agency staff ask for a site or a dataset."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.examine import read_submission
from pcbl_pipeline.operations.ingest import size_limit_bytes
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.receive import find_settled
from pcbl_pipeline.workspace import Workspace


@dataclass(frozen=True)
class SyncPlan:
    """What a sync would ingest, oldest first, and what it would leave."""

    arrivals: tuple[Arrival, ...]
    #: Waiting files that hold another dataset than the one asked for.
    skipped: tuple[Arrival, ...]


def plan_sync(
    workspace: Workspace, *, sender_id: str | None = None, dataset: str | None = None
) -> SyncPlan:
    """Return what waits for a sender, or for all, that holds a dataset, or anything.

    Raises:
        UnknownSender: If the sender is not of the network.
        UnknownContract: If there is no such dataset.
    """
    senders = None if sender_id is None else [sender_id]
    waiting = find_settled(workspace, sender_ids=senders)
    if dataset is None:
        return SyncPlan(tuple(waiting), ())
    workspace.catalogue.get(dataset)
    wanted = [item for item in waiting if dataset in _datasets_in(workspace, item)]
    skipped = tuple(item for item in waiting if item not in wanted)
    return SyncPlan(tuple(wanted), skipped)


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
