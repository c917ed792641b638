"""Read again: what was taken by an earlier version of a sender's own mapping.

The nightly run never takes rows away by itself. Whoever corrected a mapping may want
exactly that, so it is done where it is asked for. What does not belong here: files that
were refused and wait for a mapping; the nightly run judges those (`replay`).
"""

from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.model.site_mapping import SiteMapping
from pcbl_pipeline.operations.replay import answer_anew
from pcbl_pipeline.workspace import Workspace


def find_read_before(
    workspace: Workspace, newest: SiteMapping, source: str
) -> list[Receipt]:
    """Return the last answers that an earlier version of a mapping made, oldest first."""
    since = next(item.since_version for item in newest.sources if item.source == source)
    return [
        receipt
        for receipt in workspace.ledger.receipts(newest.sender_id)
        if receipt.mapping_version < since
        and any(_name_of(part.mapping) == source for part in receipt.parts)
    ]


def read_again(
    workspace: Workspace, newest: SiteMapping, source: str
) -> list[tuple[Receipt, Receipt]]:
    """Read those files by the newest version; return each answer before and after.

    What the earlier answer brought into the lake and the new one does not is taken away.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    return [
        (last, answer_anew(workspace, last))
        for last in find_read_before(workspace, newest, source)
    ]


def _name_of(label: str | None) -> str:
    """Return a mapping's name without its version."""
    return (label or "").rpartition(" v")[0]
