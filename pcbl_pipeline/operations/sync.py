"""Sync: choose what to ingest when agency staff ask for a site or a dataset."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.examine import read_submission
from pcbl_pipeline.operations.ingest import size_limit_bytes
from pcbl_pipeline.operations.mappings import mappings_of
from pcbl_pipeline.operations.receive import find_settled
from pcbl_pipeline.operations.replay import find_waiting
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.workspace import Workspace

#: Column in which suggestions and explanations name the file that they are about.
_NAMES_A_FILE = "submission_id"
_SUBMISSION_ID = r"^[a-z0-9-]+$"
#: A list of ours is about one file; put together by hand, it may be about a few.
_FILES_OF_A_LIST = 20


@dataclass(frozen=True)
class SyncPlan:
    """What a sync would ingest, oldest first, and what it would leave."""

    arrivals: tuple[Arrival, ...]
    #: Waiting files that hold another dataset than the one asked for.
    skipped: tuple[Arrival, ...]
    #: Last answers to what is judged again then, since rows of it may be freed by now.
    replayed: tuple[Receipt, ...]
    #: Last answers to what others sent and may be freed by now; a night judges it.
    left_to_nightly: tuple[Receipt, ...] = ()


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
    left = tuple(item for item in find_waiting(workspace) if item not in again)
    if dataset is None:
        return SyncPlan(tuple(waiting), (), again, left)
    wanted = [item for item in waiting if dataset in _datasets_in(workspace, item)]
    skipped = tuple(item for item in waiting if item not in wanted)
    return SyncPlan(tuple(wanted), skipped, again, left)


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
        held |= {item.contract.dataset for item in reading.refused if item.contract}
        # Rows are read from the file when asked, so this is asked while it is there.
        for item in reading.refused:
            held |= _datasets_of_a_list(workspace, arrival.sender_id, item)
    return held


def _datasets_of_a_list(
    workspace: Workspace, sender_id: str, item: Recognition
) -> set[str]:
    """Return what the files held that a list of ours is about, if it is one."""
    named = dict(zip(item.table.headers, item.table.columns, strict=True))
    if item.contract is not None or _NAMES_A_FILE not in named:
        return set()
    about = pl.col(named[_NAMES_A_FILE]).filter(
        pl.col(named[_NAMES_A_FILE]).str.contains(_SUBMISSION_ID)
    )
    ids = item.table.rows.select(about.unique()).head(_FILES_OF_A_LIST).collect()
    receipts = (
        workspace.ledger.find_receipt(sender_id, submission_id)
        for submission_id in ids.to_series()
    )
    parts = (part for receipt in receipts if receipt for part in receipt.parts)
    return {part.dataset for part in parts if part.dataset}
