"""Replayed: what a second look at a submission changed, if anything. Reads only.

What does not belong here: which submissions are looked at again (`replay`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.model.receipt import Receipt


@dataclass(frozen=True)
class Change:
    """One submission's newest answer beside the one before."""

    receipt: Receipt
    #: Rows that were taken now and had not been before.
    freed: int
    #: Whether anything that its sender reads is another than before.
    is_changed: bool


def changes_of(ledger: Ledger, receipts: Iterable[Receipt]) -> list[Change]:
    """Set answers to submissions that were judged again beside those before them."""
    return [_change(item, _before(ledger, item)) for item in receipts]


def _before(ledger: Ledger, now: Receipt) -> Receipt | None:
    earlier = [
        item
        for item in ledger.history(now.sender_id, now.submission_id)
        if item.revision < now.revision
    ]
    return earlier[-1] if earlier else None


def _change(now: Receipt, before: Receipt | None) -> Change:
    if before is None:
        return Change(now, now.rows.accepted, is_changed=True)
    freed = max(0, now.rows.accepted - before.rows.accepted)
    return Change(now, freed, is_changed=_said(now) != _said(before))


def _said(receipt: Receipt) -> tuple[object, ...]:
    """Return what an answer says, without what tells one answer from the next."""
    found = [(g.code, g.field, g.count, g.message) for g in receipt.all_findings]
    return receipt.status, receipt.rows, found
