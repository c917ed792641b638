"""Confirmed: which answers a sender's later confirmation is about.

What does not belong here: judging them again (`replay`).
"""

from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, Verdict
from pcbl_pipeline.model.site_mapping import SiteMapping
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.workspace import Workspace

#: A column that was left out, because its header means nothing.
_LEFT_OUT = "C202"


def confirmed_since(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the submissions whose answer may change by what was confirmed after it.

    Shape: sender id and submission id, in order of receipt.
    """
    found = []
    for sender_id in workspace.network.senders:
        newest = workspace.site_mappings.newest(sender_id)
        if newest.version == 0:
            continue
        found += [
            (sender_id, receipt.submission_id)
            for receipt in workspace.ledger.receipts(sender_id)
            if receipt.mapping_version < newest.version and _concerns(newest, receipt)
        ]
    return found


def _concerns(site: SiteMapping, receipt: Receipt) -> bool:
    seen = receipt.mapping_version
    new = site.model_copy(
        update={
            "headers": tuple(i for i in site.headers if i.since_version > seen),
            "codes": tuple(i for i in site.codes if i.since_version > seen),
            "sources": tuple(i for i in site.sources if i.since_version > seen),
        }
    )
    return any(_concerns_part(new, part) for part in receipt.parts)


def _concerns_part(new: SiteMapping, part: ReceiptPart) -> bool:
    refused = part.verdict is Verdict.REFUSED
    left_out = {
        header_key(place.column)
        for group in part.findings
        if group.code == _LEFT_OUT
        for place in group.places
        if place.column
    }
    fields = {group.field for group in part.findings}
    return (
        (refused and part.dataset is None and bool(new.headers or new.sources))
        or any(
            item.dataset == part.dataset
            and (refused or header_key(item.header) in left_out)
            for item in new.headers
        )
        or any(i.dataset == part.dataset and i.field in fields for i in new.codes)
        or (bool(new.sources) and (refused or part.mapping is not None))
    )
