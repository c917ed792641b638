"""Status: what was received, what waits, what is published. Reads only."""

from collections import Counter

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.lake.ledger import Failure
from pcbl_pipeline.model.receipt import Receipt, RowCounts, Status
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.publication.approval import find_candidate
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.workspace import Workspace


class SubmissionStatus(BaseModel):
    """Where one submission stands."""

    model_config = ConfigDict(frozen=True)

    submission_id: str
    sender_id: str
    sender_name: str
    file_name: str
    datasets: tuple[str, ...]
    received_at: AwareDatetime
    status: Status
    rows: RowCounts


class NetworkStatus(BaseModel):
    """Where the whole network stands."""

    model_config = ConfigDict(frozen=True)

    network: str
    submissions: tuple[SubmissionStatus, ...]
    #: Status → number of submissions.
    counts: dict[Status, int]
    #: Dropped, not answered yet.
    waiting: tuple[Arrival, ...]
    #: Of those, the ones on which we failed so far.
    failures: tuple[Failure, ...]
    #: Senders from whom nothing came yet.
    silent: tuple[str, ...]
    current_release: str | None
    #: The release that waits for a person's approval.
    waiting_release: str | None


def network_status(workspace: Workspace) -> NetworkStatus:
    """Return the state of the ledger, the inboxes and the publication.

    Raises:
        StoreUnavailable: If the store is out; try again.
    """
    submissions = tuple(_status_of(item) for item in workspace.ledger.receipts())
    heard_from = {item.sender_id for item in submissions}
    current = find_current(workspace.store)
    candidate = find_candidate(workspace.store)
    return NetworkStatus(
        network=workspace.network.name,
        submissions=submissions,
        counts=dict(Counter(item.status for item in submissions)),
        waiting=tuple(find_arrivals(workspace)),
        # A file that was taken out of the inbox is not tried again.
        failures=tuple(
            failure
            for failure in workspace.ledger.failures()
            if workspace.store.head(failure.key) is not None
        ),
        silent=tuple(s for s in workspace.network.senders if s not in heard_from),
        current_release=current.release_id if current else None,
        waiting_release=candidate.release_id if candidate else None,
    )


def _status_of(receipt: Receipt) -> SubmissionStatus:
    return SubmissionStatus(
        submission_id=receipt.submission_id,
        sender_id=receipt.sender_id,
        sender_name=receipt.sender_name,
        file_name=receipt.file_name,
        datasets=tuple(part.dataset for part in receipt.parts if part.dataset),
        received_at=receipt.received_at,
        status=receipt.status,
        rows=receipt.rows,
    )
