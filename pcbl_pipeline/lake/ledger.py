"""The ledger: the set of receipts, and which arrivals they answered.

A receipt is written with put-if-absent, last; whoever comes second finds it and returns
it. An arrival is marked answered after its receipt, so that a crash at any point leaves
the arrival to the next sweep.
"""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import polars as pl
from pydantic import BaseModel, ConfigDict

from pcbl_pipeline.errors import LedgerInconsistent
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.progress import TryNote
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.submission import Arrival, Submission
from pcbl_pipeline.storage.store import Store

_JSON, _PARQUET = "application/json", "application/vnd.apache.parquet"
#: Receipts are small; reading them is waiting for the network.
_READERS = 16


class Failure(BaseModel):
    """An arrival that we could not answer yet, through a fault of ours."""

    model_config = ConfigDict(frozen=True)

    arrival_id: str
    sender_id: str
    key: str
    #: How often we tried.
    attempts: int
    #: The class of the last error; its text may hold a row's values and is not kept.
    error: str


class Replay(BaseModel):
    """A submission that is being judged again, and the number of its next answer."""

    model_config = ConfigDict(frozen=True)

    sender_id: str
    submission_id: str
    revision: int
    #: The submission whose withdrawal is the reason, if one is.
    because_of: str | None = None


class Ledger:
    """What was seen and what was answered."""

    def __init__(self, store: Store) -> None:
        """Take where the ledger lies."""
        self._store = store

    def record(self, receipt: Receipt) -> Receipt:
        """Write a receipt once; return the one that stands.

        Raises:
            LedgerInconsistent: If another submission's receipt stands under that id.
        """
        key = layout.receipt(receipt.sender_id, receipt.submission_id, receipt.revision)
        if self._store.put_if_absent(key, to_json(receipt), content_type=_JSON):
            return receipt
        standing = Receipt.model_validate_json(self._store.get(key))
        if standing.sha256 != receipt.sha256:
            raise LedgerInconsistent(
                f"{key} holds the receipt of other bytes ({standing.sha256})."
            )
        return standing

    def keep_validation(
        self, submission: Submission, dataset: str, content: bytes, *, revision: int
    ) -> None:
        """Keep Great Expectations' record of a run beside the receipt."""
        key = layout.validation(
            submission.sender_id, submission.submission_id, dataset, revision
        )
        self._store.put(key, content, content_type=_JSON)

    def keep_measures(
        self, submission: Submission, dataset: str, rows: pl.DataFrame, *, revision: int
    ) -> None:
        """Keep what was measured before a submission landed, once.

        A second run, after a crash between landing and receipt, must not compare the
        submission with itself.
        """
        buffer = io.BytesIO()
        rows.write_parquet(buffer)
        key = layout.measures(
            submission.sender_id, submission.submission_id, dataset, revision
        )
        self._store.put_if_absent(key, buffer.getvalue(), content_type=_PARQUET)

    def find_measures(
        self, submission: Submission, dataset: str, *, revision: int
    ) -> pl.DataFrame | None:
        """Return what an earlier run of the same work measured, or None."""
        key = layout.measures(
            submission.sender_id, submission.submission_id, dataset, revision
        )
        if self._store.head(key) is None:
            return None
        return pl.read_parquet(io.BytesIO(self._store.get(key)))

    def begin_replay(self, replay: Replay) -> None:
        """Note that a replay begins; a crash then leaves it to the next one."""
        key = layout.replay(replay.sender_id, replay.submission_id)
        self._store.put(key, to_json(replay), content_type=_JSON)

    def end_replay(self, replay: Replay) -> None:
        """Note that a replay was answered."""
        self._store.delete(layout.replay(replay.sender_id, replay.submission_id))

    def begun_replays(self) -> list[Replay]:
        """Return the replays that were begun and never answered."""
        keys = [item.key for item in self._store.list(layout.replays())]
        return [Replay.model_validate_json(self._store.get(key)) for key in keys]

    def find_receipt(self, sender_id: str, submission_id: str) -> Receipt | None:
        """Return a submission's newest receipt, or None."""
        prefix = f"{layout.receipts(sender_id)}{submission_id}/"
        keys = [item.key for item in self._store.list(prefix)]
        return Receipt.model_validate_json(self._store.get(keys[-1])) if keys else None

    def history(self, sender_id: str, submission_id: str) -> Iterator[Receipt]:
        """Yield every receipt of a submission, the first one first."""
        for item in self._store.list(f"{layout.receipts(sender_id)}{submission_id}/"):
            yield Receipt.model_validate_json(self._store.get(item.key))

    def receipts(self, sender_id: str = "") -> list[Receipt]:
        """Return the newest receipt of every submission, in order of receipt."""
        keys = self._newest_keys(sender_id)
        with ThreadPoolExecutor(_READERS) as pool:
            contents = list(pool.map(self._store.get, keys))
        found = [Receipt.model_validate_json(content) for content in contents]
        return sorted(found, key=lambda item: (item.received_at, item.submission_id))

    def count(self) -> int:
        """Return how many submissions were answered."""
        return len(self._newest_keys())

    def each_receipt(self) -> Iterator[Receipt]:
        """Yield the newest receipt of every submission, one at a time, by sender."""
        for key in self._newest_keys():
            yield Receipt.model_validate_json(self._store.get(key))

    def _newest_keys(self, sender_id: str = "") -> list[str]:
        newest: dict[str, str] = {}
        for item in self._store.list(layout.receipts(sender_id)):
            newest[item.key.rpartition("/")[0]] = item.key
        return list(newest.values())

    def note_try(self, note: TryNote) -> None:
        """Note what the sender's next try will be compared with."""
        this = note.this
        key = layout.try_note(
            note.sender_id, note.dataset, this.received_at, this.submission_id
        )
        self._store.put(key, to_json(note), content_type=_JSON)

    def earlier_tries(
        self, sender_id: str, dataset: str, submission_id: str, before: datetime | None
    ) -> Iterator[TryNote]:
        """Yield the tries before a submission, the last first.

        `before` is when the submission came in; None: all that came before now. A
        submission that has a note already is known by it.
        """
        keys = [item.key for item in self._store.list(layout.tries(sender_id, dataset))]
        own = [key for key in keys if key.endswith(f"-{submission_id}.json")]
        if before is not None and not own:
            own = [layout.try_note(sender_id, dataset, before, submission_id)]
        for key in reversed(keys):
            if not own or key < own[0]:
                yield TryNote.model_validate_json(self._store.get(key))

    def withdraw(self, submission: Submission) -> None:
        """Forget what was measured of a submission and what its next one is told."""
        sender_id, name = submission.sender_id, submission.submission_id
        keys = [
            *(item.key for item in self._store.list(layout.tries(sender_id))),
            *(item.key for item in self._store.list(layout.replays())),
        ]
        endings = (f"-{name}.json", f"/{sender_id}/{name}.json")
        gone = [key for key in keys if key.endswith(endings)]
        measured = self._store.list(layout.all_measures(sender_id, name))
        for key in (*gone, *(item.key for item in measured)):
            self._store.delete(key)

    def erase(self, submission: Submission, standing: Receipt) -> None:
        """Leave of a submission its last receipt alone, and no name of its file."""
        sender_id, name = submission.sender_id, submission.submission_id
        keep = layout.receipt(sender_id, name, standing.revision)
        prefixes = (
            f"{layout.receipts(sender_id)}{name}/",
            layout.validations(sender_id, name),
        )
        for prefix in prefixes:
            for item in list(self._store.list(prefix)):
                if item.key != keep:
                    self._store.delete(item.key)
        for item in list(self._store.list(layout.arrivals(sender_id))):
            content = json.loads(self._store.get(item.key))
            if (
                content["submission_id"] == name
                and content["key"] != standing.source_object
            ):
                content["key"] = standing.source_object
                self._store.put(item.key, _dump(content), content_type=_JSON)

    def mark_answered(self, arrival: Arrival, submission_id: str) -> bool:
        """Note which submission an arrival turned out to be; tell whether it was new."""
        content = {**arrival.model_dump(mode="json"), "submission_id": submission_id}
        key = layout.arrival(arrival.sender_id, arrival.arrival_id)
        # First, because nobody would look for it once the arrival is answered.
        self._store.delete(layout.failure(arrival.sender_id, arrival.arrival_id))
        return self._store.put_if_absent(key, _dump(content), content_type=_JSON)

    def answered_ids(self, sender_id: str) -> set[str]:
        """Return the ids of a sender's answered arrivals."""
        prefix = layout.arrivals(sender_id)
        return {
            item.key.removeprefix(prefix).removesuffix(".json")
            for item in self._store.list(prefix)
        }

    def note_failure(self, arrival: Arrival, error: BaseException) -> Failure:
        """Count a failure of ours; the arrival stays unanswered."""
        key = layout.failure(arrival.sender_id, arrival.arrival_id)
        known = self._store.head(key)
        attempts = json.loads(self._store.get(key))["attempts"] if known else 0
        failure = Failure(
            arrival_id=arrival.arrival_id,
            sender_id=arrival.sender_id,
            key=arrival.key,
            attempts=attempts + 1,
            error=type(error).__name__,
        )
        self._store.put(key, to_json(failure), content_type=_JSON)
        return failure

    def failures(self) -> Iterator[Failure]:
        """Yield what we could not answer so far."""
        for item in self._store.list(layout.failures()):
            yield Failure.model_validate_json(self._store.get(item.key))


def to_json(value: BaseModel) -> bytes:
    """Write a frozen value as JSON, the same bytes every time."""
    return (value.model_dump_json(indent=2) + "\n").encode()


def _dump(content: dict[str, object]) -> bytes:
    return (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()
