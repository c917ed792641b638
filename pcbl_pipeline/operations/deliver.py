"""Deliver: write an answer into the sender's outbox.

`receipt.json`, `receipt.html` and `findings.csv` are the answer to a submission; a later
replay adds its own under its number. All of it can be written again from the ledger.
"""

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.model.spreadsheet import FORMULA_PATTERN, NUMBER
from pcbl_pipeline.model.submission import Arrival, Submission
from pcbl_pipeline.operations.answer import FINDINGS_FILE, build_receipt
from pcbl_pipeline.operations.receipt_page import render_receipt
from pcbl_pipeline.workspace import Workspace

_HTML, _JSON, _CSV = "text/html; charset=utf-8", "application/json", "text/csv"


def deliver(workspace: Workspace, receipt: Receipt, listing: pl.DataFrame) -> None:
    """Write a submission's answer into the outbox; writing it again changes nothing."""
    _put(workspace, receipt, FINDINGS_FILE, findings_csv(listing), _CSV)
    name = "receipt" if receipt.revision == 1 else f"receipt-{receipt.revision}"
    _deliver_as(workspace, receipt, name)


def deliver_repeat(workspace: Workspace, receipt: Receipt, arrival: Arrival) -> None:
    """Tell a sender that these very bytes had been received before."""
    _deliver_as(workspace, receipt, f"already-received-{arrival.arrival_id}")


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
    _deliver_as(workspace, receipt, "receipt")


def findings_csv(listing: pl.DataFrame) -> bytes:
    """Write the list of findings so that no cell can run as a formula.

    Shape: one row per rule broken in one place (`LISTING_SCHEMA`), UTF-8 with a byte
    order mark, because Excel takes a CSV without one for its own code page.
    """
    quoted = listing.with_columns(
        pl.when(column.str.contains(FORMULA_PATTERN) & ~column.str.contains(NUMBER))
        .then(pl.concat_str(pl.lit("'"), column))
        .otherwise(column)
        .alias(name)
        for name, column in (
            (name, pl.col(name))
            for name, dtype in listing.schema.items()
            if dtype == pl.String
        )
    )
    return quoted.write_csv(include_bom=True).encode()


def _deliver_as(workspace: Workspace, receipt: Receipt, name: str) -> None:
    page = render_receipt(receipt)
    _put(workspace, receipt, f"{name}.html", page, _HTML)
    _put(workspace, receipt, f"{name}.json", to_json(receipt), _JSON)


def _put(
    workspace: Workspace, receipt: Receipt, name: str, content: bytes, content_type: str
) -> None:
    key = layout.answer(receipt.sender_id, receipt.submission_id, name)
    workspace.store.put(key, content, content_type=content_type)
