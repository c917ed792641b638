"""The whole demo, ingested: by this process, or by the `make demo` that ran beside it.

CI makes the demo anyway. With PCBL_DEMO_RESULT, a file that will hold how that ended,
the tests look at what it made, and nothing is ingested twice.
"""

import os
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pcbl_pipeline.demo.answer_key import AnswerKey, FileKey
from pcbl_pipeline.demo.files import write_demo_files
from pcbl_pipeline.demo.network import demo_network
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import Workspace, build_workspace

RESULT = "PCBL_DEMO_RESULT"
_MADE = Path(__file__).parents[2] / "demo"
_PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class DemoRun:
    """What the demo plants, and what became of it."""

    key: AnswerKey
    workspace: Workspace
    #: The first answer to each file, by the file's path.
    receipts: dict[str, Receipt]


def run_of_demo(folder: Path) -> DemoRun:
    """Return the demo's run in a workspace of its own, which may be changed."""
    files = folder / "files"
    files.mkdir()
    key = write_demo_files(files)
    result = os.environ.get(RESULT)  # noqa: TID251 - of the tests alone
    if result is None:
        return _ingest(key, files, folder / "store")
    wait_for_demo(Path(result))
    shutil.copytree(_MADE, folder / "store")
    return _read(key, files, folder / "store")


def wait_for_demo(result: Path) -> None:
    """Wait until `make demo` ended; it must have ended well."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not (said := result.read_text() if result.exists() else ""):
        assert time.monotonic() < ends, "`make demo` does not end"
        time.sleep(1)
    assert said.strip() == "0", f"`make demo` ended with {said}"


def _ingest(key: AnswerKey, files: Path, folder: Path) -> DemoRun:
    """Drop and ingest every file in its order."""
    workspace = build_workspace(Settings(), LocalStore(folder), demo_network())
    receipts = {}
    for number in sorted(Counter(item.round for item in key.files)):
        for item in key.files:
            if item.round == number:
                inbox_key = f"{layout.inbox(item.sender_id)}{item.file_name}"
                workspace.store.upload(inbox_key, files / item.path)
                receipts[item.path] = ingest_arrival(workspace, inbox_key)
        replay_waiting(workspace)
    return DemoRun(key, workspace, receipts)


def _read(key: AnswerKey, files: Path, folder: Path) -> DemoRun:
    """Find the first answer to each file in what was made."""
    workspace = build_workspace(Settings(), LocalStore(folder), demo_network())
    standing = {
        (item.sender_id, item.sha256): item for item in workspace.ledger.receipts()
    }
    receipts = {}
    for item in key.files:
        if item.repeat_of is not None:
            receipts[item.path] = _repeat(item, folder)
            continue
        digest = sha256_hex((files / item.path).read_bytes())
        found = standing[item.sender_id, digest]
        history = workspace.ledger.history(item.sender_id, found.submission_id)
        receipts[item.path] = min(history, key=lambda receipt: receipt.revision)
    return DemoRun(key, workspace, receipts)


def _repeat(item: FileKey, folder: Path) -> Receipt:
    """Return the answer that a file's bytes had come before."""
    outbox = folder / "sites" / item.sender_id / "outbox"
    answers = [
        Receipt.model_validate_json(path.read_bytes())
        for path in outbox.glob("*/already-received-*.json")
    ]
    (found,) = (answer for answer in answers if answer.file_name == item.file_name)
    return found
