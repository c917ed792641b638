"""Where everything lies in the store. Keys are made here and nowhere else."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

NETWORK_FILE = "network.yaml"
#: Random bytes from which public ids of lessons are derived; never published.
PUBLIC_ID_SALT = "secrets/public-id-salt"
#: Everyone with an inbox, agencies too.
SITES = "sites"


def inbox(sender_id: str) -> str:
    """Return the prefix of a sender's inbox."""
    return f"{SITES}/{sender_id}/inbox/"


def outbox(sender_id: str) -> str:
    """Return the prefix of a sender's outbox."""
    return f"{SITES}/{sender_id}/outbox/"


def answer(sender_id: str, submission_id: str, name: str) -> str:
    """Return the key of one file of a submission's answer."""
    return f"{outbox(sender_id)}{submission_id}/{name}"


def sender_of_inbox_key(key: str) -> str | None:
    """Return whose inbox a key lies in; None when it is in nobody's.

    Names that programs give to half-written or lock files are in nobody's inbox.
    """
    parts = PurePosixPath(key).parts
    if len(parts) < 4 or parts[0] != SITES or parts[2] != "inbox":
        return None
    return None if is_temporary(parts[-1]) else parts[1]


def is_temporary(name: str) -> bool:
    """Tell whether a file name is one that a program uses while it still writes."""
    lowered = name.lower()
    return lowered.startswith((".", "~$")) or lowered.endswith(
        (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", "~")
    )


def raw(sha256: str) -> str:
    """Return the key under which some bytes are kept for ever."""
    return f"raw/{sha256[:2]}/{sha256}"


def receipts(sender_id: str = "") -> str:
    """Return the prefix of the ledger's receipts, of one sender or of all."""
    return f"ledger/receipts/{sender_id}/" if sender_id else "ledger/receipts/"


def receipt(sender_id: str, submission_id: str, revision: int) -> str:
    """Return the ledger's key of one receipt."""
    return f"{receipts(sender_id)}{submission_id}/{revision:04d}.json"


def validation(sender_id: str, submission_id: str, dataset: str, revision: int) -> str:
    """Return the ledger's key of Great Expectations' record of one run."""
    name = f"{dataset}-{revision:04d}.json"
    return f"ledger/validations/{sender_id}/{submission_id}/{name}"


def tries(sender_id: str, dataset: str) -> str:
    """Return the prefix of the notes on a sender's tries for a dataset."""
    return f"ledger/tries/{sender_id}/{dataset}/"


def try_note(
    sender_id: str, dataset: str, received_at: datetime, submission_id: str
) -> str:
    """Return the ledger's key of the note on one try; keys sort by time of receipt."""
    moment = received_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return f"{tries(sender_id, dataset)}{moment}-{submission_id}.json"


def arrivals(sender_id: str) -> str:
    """Return the prefix of a sender's answered arrivals."""
    return f"ledger/arrivals/{sender_id}/"


def arrival(sender_id: str, arrival_id: str) -> str:
    """Return the ledger's key of one answered arrival."""
    return f"{arrivals(sender_id)}{arrival_id}.json"


def failures(sender_id: str = "") -> str:
    """Return the prefix of arrivals that we failed to answer so far."""
    return f"ledger/failures/{sender_id}/" if sender_id else "ledger/failures/"


def failure(sender_id: str, arrival_id: str) -> str:
    """Return the ledger's key of one arrival that we failed to answer so far."""
    return f"{failures(sender_id)}{arrival_id}.json"


def table(dataset: str) -> str:
    """Return the key of a dataset's Delta table of accepted rows."""
    return f"lake/{dataset}"


QUARANTINE_TABLE = "lake/quarantine"
PUBLICATIONS = "publications/"
