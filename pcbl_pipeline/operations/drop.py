"""Drop: put a local file into a sender's inbox, as the sender would."""

from pathlib import Path

from pcbl_pipeline.errors import SubmissionUnreadable
from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.receive import arrival_of
from pcbl_pipeline.workspace import Workspace


def drop_file(workspace: Workspace, path: Path, *, sender_id: str) -> str:
    """Copy a local file into an inbox and return its key.

    What lay there unanswered under the same name is answered first, so that no file
    is ever overwritten unread.

    Raises:
        UnknownSender: If the sender is not of the network.
        SubmissionUnreadable: If there is no such file, or its name is one that
            programs give to half-written files.
    """
    workspace.network.get_sender(sender_id)
    key = f"{layout.inbox(sender_id)}{path.name}"
    if not path.is_file():
        raise SubmissionUnreadable(f"There is no file {path}.")
    if layout.sender_of_inbox_key(key) is None:
        raise SubmissionUnreadable(
            f"`{path.name}` is a name that programs give to files they still write. "
            "Rename the file and try again."
        )
    _answer_what_lies_there(workspace, key, sender_id)
    workspace.store.upload(key, path)
    return key


def _answer_what_lies_there(workspace: Workspace, key: str, sender_id: str) -> None:
    info = workspace.store.head(key)
    arrival = arrival_of(info) if info else None
    if arrival is None:
        return
    if arrival.arrival_id not in workspace.ledger.answered_ids(sender_id):
        ingest_arrival(workspace, key)
