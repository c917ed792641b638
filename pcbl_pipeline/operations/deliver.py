"""Deliver: write an answer into the sender's outbox.

`receipt.json`, `receipt.html`, `findings.csv` and `findings.parquet` are the answer to
a submission; a later replay adds its own receipt under its number. All of it can be
written again from the ledger and the raw bytes.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.model.submission import Arrival, Submission
from pcbl_pipeline.operations.answer import build_receipt
from pcbl_pipeline.operations.groups import FINDINGS_FILE
from pcbl_pipeline.operations.listing import write_csv, write_parquet
from pcbl_pipeline.operations.progress import note_tries
from pcbl_pipeline.operations.receipt_page import render_receipt
from pcbl_pipeline.workspace import Workspace

FINDINGS_TABLE = "findings.parquet"
_HTML, _JSON, _CSV = "text/html; charset=utf-8", "application/json", "text/csv"
_PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class AnswerFile:
    """One file of an answer; what may be large lies in a local file."""

    name: str
    content: bytes | Path
    content_type: str


def answer_files(
    receipt: Receipt,
    listing: pl.LazyFrame,
    folder: Path,
    beside: Sequence[str] = (),
    rule_pages: str | None = None,
) -> list[AnswerFile]:
    """Make all files of an answer, the receipt last; large ones are made in a folder.

    `beside` names what else lies there to help with the correction; each rule's page
    is linked under `rule_pages`.
    """
    csv, parquet = folder / FINDINGS_FILE, folder / FINDINGS_TABLE
    write_csv(listing, csv)
    write_parquet(listing, parquet)
    name = "receipt" if receipt.revision == 1 else f"receipt-{receipt.revision}"
    return [
        AnswerFile(FINDINGS_FILE, csv, _CSV),
        AnswerFile(FINDINGS_TABLE, parquet, _PARQUET),
        *receipt_files(receipt, name, beside, rule_pages),
    ]


def deliver(
    workspace: Workspace,
    receipt: Receipt,
    listing: pl.LazyFrame,
    beside: Sequence[str] = (),
) -> None:
    """Write a submission's answer into the outbox; writing it again changes nothing."""
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        files = answer_files(
            receipt, listing, Path(folder), beside, workspace.network.rule_pages
        )
        _put(workspace, receipt, files)
    note_tries(workspace, receipt)


def deliver_repeat(workspace: Workspace, receipt: Receipt, arrival: Arrival) -> None:
    """Tell a sender that these very bytes had been received before."""
    name = f"already-received-{arrival.arrival_id}"
    pages = workspace.network.rule_pages
    _put(workspace, receipt, receipt_files(receipt, name, rule_pages=pages))


def deliver_fault(workspace: Workspace, submission: Submission) -> None:
    """Tell a sender that we failed, that nothing is lost, and that we try again.

    The same names as the real answer, which will take its place.
    """
    sender = workspace.network.get_sender(submission.sender_id)
    receipt = build_receipt(
        submission,
        sender_name=sender.name,
        fictional=workspace.network.fictional,
        findings=(),
        parts=(),
    ).model_copy(update={"status": Status.FAILED})
    _put(workspace, receipt, receipt_files(receipt, "receipt"))


def receipt_files(
    receipt: Receipt,
    name: str,
    beside: Sequence[str] = (),
    rule_pages: str | None = None,
) -> list[AnswerFile]:
    """Make a receipt as page and as JSON, under a name."""
    return [
        AnswerFile(f"{name}.html", render_receipt(receipt, beside, rule_pages), _HTML),
        AnswerFile(f"{name}.json", to_json(receipt), _JSON),
    ]


def _put(workspace: Workspace, receipt: Receipt, files: Iterable[AnswerFile]) -> None:
    for file in files:
        key = layout.answer(receipt.sender_id, receipt.submission_id, file.name)
        if isinstance(file.content, bytes):
            workspace.store.put(key, file.content, content_type=file.content_type)
        else:
            workspace.store.upload(key, file.content, content_type=file.content_type)
