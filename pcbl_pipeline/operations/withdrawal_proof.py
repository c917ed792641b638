"""The proof of a withdrawal: a search of every file for what its rows alone could say.

Searched are the lake with its logs and older versions, all outboxes, the ledger and all
publications but those older than the submission. In the tables every row says whose it is, so that a value in a row of
another submission is no trace of this one. Not searched are the bytes as sent: `raw/` and the inboxes. A value that is
found in the answer to another submission is no trace of this one if that submission was
sent with it. What does not belong here: what tells rows apart (`tell_tales`).
"""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.forgetting import LOG
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.withdrawal import Proof, RawBytes, Searched, Withdrawal
from pcbl_pipeline.operations.examine import FileReading, read_submission
from pcbl_pipeline.operations.file_texts import DRAWN, texts_of
from pcbl_pipeline.operations.receive import submission_of
from pcbl_pipeline.operations.tell_tales import TellTales, repeats_any, tell_tales
from pcbl_pipeline.publication.approval import known_releases
from pcbl_pipeline.publication.home import home_of
from pcbl_pipeline.storage.store import ObjectInfo
from pcbl_pipeline.workspace import Workspace

_PLACES = {
    "lake": layout.LAKE,
    "outboxes": f"{layout.SITES}/",
    "ledger": layout.LEDGER,
    "mappings": layout.mappings(),
    "publications": layout.PUBLICATIONS,
}
#: Texts that are searched at a time.
_BATCH_BYTES = 16_000_000


@dataclass
class _Search:
    """A search as it goes on."""

    tales: TellTales
    submission_id: str
    #: Key → values found there.
    found: dict[str, set[str]] = field(default_factory=dict)
    _keys: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _size: int = 0

    def read(self, key: str, content: bytes) -> None:
        """Take in a file's texts."""
        is_table = _is_of_a_table(key)
        for text in texts_of(key, content):
            if self.submission_id in text and (is_table or _is_published(key)):
                self.found.setdefault(key, set()).add(self.submission_id)
            if is_table:
                continue
            self._keys.append(key)
            self._texts.append(text)
            self._size += len(text)
        if self._size > _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Search what was taken in."""
        for key, values in zip(
            self._keys, self.tales.found_in(self._texts), strict=True
        ):
            if values:
                self.found.setdefault(key, set()).update(values)
        self._keys, self._texts, self._size = [], [], 0


def prove(workspace: Workspace, withdrawal: Withdrawal) -> Proof:
    """Search every file for a withdrawn submission's rows.

    Its rows must have left the lake, and its bytes must still be there.
    """
    receipt = workspace.ledger.find_receipt(
        withdrawal.sender_id, withdrawal.submission_id
    )
    if receipt is None:
        raise AssertionError(withdrawal.submission_id)
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        reading = _reading_of(workspace, receipt, Path(folder) / "file")
        tales = tell_tales(workspace, reading, receipt.submission_id)
    search, digest = _Search(tales, withdrawal.submission_id), hashlib.sha256()
    places = [
        _searched(workspace, withdrawal, search, digest, place) for place in _PLACES
    ]
    search.flush()
    sent_with = _SentWith(workspace, tales)
    left = {
        key for key, values in search.found.items() if values - sent_with.values_of(key)
    }
    return Proof(
        submission_id=withdrawal.submission_id,
        searched_at=workspace.clock(),
        values=len(tales.values),
        values_in_file=tales.in_file,
        searched=tuple(places),
        files_digest=digest.hexdigest(),
        found=tuple(sorted(left)),
        raw=RawBytes.KEPT,
        also_sent_in=tuple(sorted(_also_sent_in(workspace, withdrawal, sent_with))),
    )


def repeats_the_file(workspace: Workspace, receipt: Receipt, text: str) -> bool:
    """Tell whether a text has something that only the file of a submission says."""
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        reading = _reading_of(workspace, receipt, Path(folder) / "file")
        if not repeats_any(reading, text):
            return False
        tales = tell_tales(workspace, reading, receipt.submission_id)
    return bool(tales.found_in([text])[0])


def _reading_of(workspace: Workspace, receipt: Receipt, path: Path) -> FileReading:
    workspace.store.download(submission_of(receipt).raw_key, path)
    return read_submission(
        path,
        receipt.file_name,
        workspace.catalogue,
        sender=workspace.network.get_sender(receipt.sender_id),
        size_limit_bytes=receipt.size_bytes + 1,
    )


def _searched(
    workspace: Workspace,
    withdrawal: Withdrawal,
    search: _Search,
    digest: "hashlib._Hash",
    place: str,
) -> Searched:
    files = size = unread = 0
    for item in _files_in(workspace, withdrawal, place):
        digest.update(f"{item.key}\n{item.size}\n{item.etag}\n".encode())
        files, size = files + 1, size + item.size
        if PurePosixPath(item.key).suffix in DRAWN:
            unread += 1
        else:
            search.read(item.key, workspace.store.get(item.key))
    return Searched(place=place, files=files, size_bytes=size, unread=unread)


def _files_in(
    workspace: Workspace, withdrawal: Withdrawal, place: str
) -> Iterator[ObjectInfo]:
    earlier = tuple(_made_before(workspace, withdrawal))
    for item in workspace.store.list(_PLACES[place]):
        parts = PurePosixPath(item.key).parts
        if place == "outboxes" and parts[2:3] != ("outbox",):
            continue
        if place == "ledger" and _is_its_own(parts, withdrawal):
            continue
        if place == "publications" and item.key.startswith(earlier):
            continue
        yield item


def _made_before(workspace: Workspace, withdrawal: Withdrawal) -> Iterator[str]:
    """Yield the folders of releases that are older than the submission."""
    for item in known_releases(workspace.store):
        if item.events[0].happened_at < withdrawal.received_at:
            yield home_of(workspace.store, item.release_id)


def _is_its_own(parts: Sequence[str], withdrawal: Withdrawal) -> bool:
    """Tell what the ledger keeps of a submission that is not erased, or of its end."""
    if parts[1] == "withdrawals":
        return True
    if withdrawal.erase:
        return False
    return parts[1] == "waivers" or withdrawal.submission_id in parts


def _is_of_a_table(key: str) -> bool:
    in_lake = key.startswith(layout.LAKE) and f"/{LOG}/" not in key
    return in_lake and key.endswith(".parquet")


def _is_published(key: str) -> bool:
    return key.startswith(layout.PUBLICATIONS)


@dataclass
class _SentWith:
    """Which of the values stand in the bytes of other submissions."""

    workspace: Workspace
    tales: TellTales
    _known: dict[str, set[str]] = field(default_factory=dict)

    def values_of(self, key: str) -> set[str]:
        """Return the values that an answer's submission was sent with."""
        parts = PurePosixPath(key).parts
        is_answer = parts[2:3] == ("outbox",) or parts[:2] == ("ledger", "receipts")
        if not is_answer or len(parts) < 5:
            return set()
        sender_id, name = (
            (parts[1], parts[3]) if parts[0] == layout.SITES else (parts[2], parts[3])
        )
        found = self.workspace.ledger.find_receipt(sender_id, name)
        return set() if found is None else self.sent_in(found)

    def sent_in(self, receipt: Receipt) -> set[str]:
        """Return the values in the bytes of a submission that stands."""
        name = receipt.submission_id
        if receipt.withdrawal is not None:
            return set()
        if name not in self._known:
            content = self.workspace.store.get(submission_of(receipt).raw_key)
            texts = list(texts_of(receipt.file_name, content))
            found = self.tales.found_in(texts)
            self._known[name] = set[str]().union(*found)
        return self._known[name]


def _also_sent_in(
    workspace: Workspace, withdrawal: Withdrawal, sent_with: _SentWith
) -> Iterator[str]:
    """Yield the sender's other submissions whose bytes hold some of the values."""
    for receipt in workspace.ledger.receipts(withdrawal.sender_id):
        is_other = receipt.submission_id != withdrawal.submission_id
        if is_other and sent_with.sent_in(receipt):
            yield receipt.submission_id
