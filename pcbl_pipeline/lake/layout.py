"""Where everything lies in the store. Keys are made here and nowhere else."""

from datetime import UTC, date, datetime
from pathlib import PurePosixPath

NETWORK_FILE = "network.yaml"
#: Random bytes from which public ids of lessons are derived; never published.
PUBLIC_ID_SALT = "secrets/public-id-salt"
#: Random bytes with which ids of learners and teachers are hashed, where the settings
#: name no secret of the agency's own; never published.
LEARNER_KEY = "secrets/learner-key"
#: Tells, without telling the secret, whether it is still the same one.
LEARNER_KEY_CHECK = "secrets/learner-key-check"
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


def release_queue(sender_id: str, suffix: str) -> str:
    """Return the key of a sender's release queue, as `.xlsx` or `.csv`."""
    return f"{outbox(sender_id)}release_queue{suffix}"


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
    """Return the key under which some bytes are kept; only an erasure ends that."""
    return f"raw/{sha256[:2]}/{sha256}"


def receipts(sender_id: str = "") -> str:
    """Return the prefix of the ledger's receipts, of one sender or of all."""
    return f"ledger/receipts/{sender_id}/" if sender_id else "ledger/receipts/"


def receipt(sender_id: str, submission_id: str, revision: int) -> str:
    """Return the ledger's key of one receipt."""
    return f"{receipts(sender_id)}{submission_id}/{revision:04d}.json"


def validations(sender_id: str, submission_id: str) -> str:
    """Return the prefix of Great Expectations' records of a submission."""
    return f"ledger/validations/{sender_id}/{submission_id}/"


def validation(sender_id: str, submission_id: str, dataset: str, revision: int) -> str:
    """Return the ledger's key of Great Expectations' record of one run."""
    return f"{validations(sender_id, submission_id)}{dataset}-{revision:04d}.json"


def all_measures(sender_id: str, submission_id: str) -> str:
    """Return the prefix of what was measured of a submission."""
    return f"ledger/measures/{sender_id}/{submission_id}/"


def measures(sender_id: str, submission_id: str, dataset: str, revision: int) -> str:
    """Return the ledger's key of what was measured before a submission landed."""
    return f"{all_measures(sender_id, submission_id)}{dataset}-{revision:04d}.parquet"


def replays() -> str:
    """Return the prefix of replays that were begun and have not ended yet."""
    return "ledger/replays/"


def replay(sender_id: str, submission_id: str) -> str:
    """Return the key of a replay that was begun."""
    return f"{replays()}{sender_id}/{submission_id}.json"


def withdrawals(sender_id: str = "") -> str:
    """Return the prefix of withdrawals, of one sender or of all."""
    return f"ledger/withdrawals/{sender_id}/" if sender_id else "ledger/withdrawals/"


def withdrawal(sender_id: str, submission_id: str) -> str:
    """Return the key of the note that a submission is withdrawn."""
    return f"{withdrawals(sender_id)}{submission_id}/{WITHDRAWN}"


def judged_again(sender_id: str, submission_id: str, other: str = "") -> str:
    """Return the key of the note on another submission, or the prefix of all."""
    prefix = f"{withdrawals(sender_id)}{submission_id}/again/"
    return f"{prefix}{other}.json" if other else prefix


#: Names of a withdrawal's note, of what a search found, and of the proof at its end.
WITHDRAWN, SEARCHED, PROOF = "withdrawn.json", "searched.json", "proof.json"


def kept_statistics(school_year: str = "") -> str:
    """Return the prefix of statistics kept apart from releases, of a year or of all."""
    return f"ledger/statistics/{school_year}/" if school_year else "ledger/statistics/"


def kept_tables(as_of: date | None = None, edition: str = "") -> str:
    """Return the prefix of tables kept apart from releases: an edition's, or all."""
    prefix = "ledger/repeated/"
    return prefix if as_of is None else f"{prefix}{as_of.isoformat()}/{edition}/"


def day_of_kept_tables(key: str) -> date:
    """Return as of which day a table told what is kept of it."""
    return date.fromisoformat(PurePosixPath(key).parts[2])


#: Ending of every explanation's key.
EXPLANATION = "/explanation.json"


def waivers(sender_id: str = "") -> str:
    """Return the prefix of waivers, of one sender or of all."""
    return f"ledger/waivers/{sender_id}/" if sender_id else "ledger/waivers/"


def waiver_explanation(sender_id: str, waiver_id: str) -> str:
    """Return the key of a site's explanation."""
    return f"{waivers(sender_id)}{waiver_id}{EXPLANATION}"


def waiver_decisions(sender_id: str, waiver_id: str) -> str:
    """Return the prefix of the decisions on an explanation, the last one counting."""
    return f"{waivers(sender_id)}{waiver_id}/decision-"


def waiver_decision(sender_id: str, waiver_id: str, number: int) -> str:
    """Return the key of one decision."""
    return f"{waiver_decisions(sender_id, waiver_id)}{number:04d}.json"


def sentence_decisions(sender_id: str = "") -> str:
    """Return the prefix of decisions on held sentences, of one sender or of all."""
    return f"ledger/sentences/{sender_id}/" if sender_id else "ledger/sentences/"


def sentence_decision(
    sender_id: str, sentence_key: str, decided_at: datetime, source: str
) -> str:
    """Return the key of one decision; of a sentence, the keys sort by time."""
    moment = decided_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return f"{sentence_decisions(sender_id)}{sentence_key}/{moment}-{source}.json"


def pair_decisions() -> str:
    """Return the prefix of decisions on pairs of lessons."""
    return "ledger/pairs/"


def pair_decision(first_id: str, second_id: str, decided_at: datetime) -> str:
    """Return the key of one decision; of a pair, the keys sort by time."""
    moment = decided_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return f"{pair_decisions()}{first_id}-{second_id}/{moment}.json"


def tries(sender_id: str, dataset: str = "") -> str:
    """Return the prefix of the notes on a sender's tries, for a dataset or for all."""
    prefix = f"ledger/tries/{sender_id}/"
    return f"{prefix}{dataset}/" if dataset else prefix


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


def published() -> str:
    """Return the prefix of what releases told of hidden and shown cells; agency only."""
    return "ledger/published/"


def published_cells(as_of: date, digest: str) -> str:
    """Return the ledger's key of what one release told; keys sort by day."""
    return f"{published()}{as_of.isoformat()}-{digest}.parquet"


def mappings(sender_id: str = "") -> str:
    """Return the prefix of the versions of mappings, of a sender or of all."""
    return f"mappings/{sender_id}/" if sender_id else "mappings/"


def mapping(sender_id: str, version: int) -> str:
    """Return the key of one version of a sender's mapping."""
    return f"{mappings(sender_id)}{version:04d}.json"


def table(dataset: str) -> str:
    """Return the key of a dataset's Delta table of accepted rows."""
    return f"{LAKE}{dataset}"


LAKE, LEDGER = "lake/", "ledger/"
QUARANTINE_TABLE = f"{LAKE}quarantine"
PUBLICATIONS = "publications/"
