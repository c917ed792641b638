"""Stood before: the rows in the lake with which a submission as a whole is compared.

A file in our own columns replaces whole scopes, so it is compared with all that its
sender had there. What a mapping made of another tool's export replaces row by row, and
is compared with the rows of that same tool alone: the others stay where they are. What
does not belong here: measuring, and which measures there are (`validation`).
"""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, Delivery
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import DatasetTables, source_name
from pcbl_pipeline.validation.measures import Before
from pcbl_pipeline.workspace import Workspace


def delivery_of(contract: Contract, *, is_mapped: bool) -> Delivery:
    """Return how rows of a contract take the place of those that are there.

    A tool's export holds its own skills only, so it must not replace what another tool
    or another subject brought for the same site and year.
    """
    return Delivery(mode="upsert") if is_mapped else contract.delivery


def stood_before(
    workspace: Workspace, submission: Submission, tables: DatasetTables
) -> Before | None:
    """Return what a submission of a dataset is compared with; None without measures."""
    contract = tables.contract
    if contract.comparison is None:
        return None
    standing, others = workspace.lake.before(submission, contract.dataset)
    is_mapped = bool(tables.sources)
    if is_mapped:
        ours = _brought_by(workspace, submission, tables)
        standing = standing.filter(pl.col("submission_id").is_in(ours))
    delivery = delivery_of(contract, is_mapped=is_mapped)
    key = contract.key if delivery.mode == "upsert" else ()
    return Before(standing, others, replaced_by=key)


def _brought_by(
    workspace: Workspace, submission: Submission, tables: DatasetTables
) -> list[str]:
    """Return the sender's submissions that came from the same tools."""
    return [
        receipt.submission_id
        for receipt in workspace.ledger.receipts(submission.sender_id)
        for part in receipt.parts
        if part.dataset == tables.contract.dataset
        and source_name(part.mapping) in tables.sources
    ]
