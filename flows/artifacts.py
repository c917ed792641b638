"""A receipt as a Prefect artifact: what the operator sees in Prefect's own pages.

Counts, codes and words of rules only; never a place or a row's value.
"""

from prefect.artifacts import create_markdown_artifact

from pcbl_pipeline.model.finding import FindingGroup
from pcbl_pipeline.model.receipt import Receipt


def record_receipt(receipt: Receipt) -> None:
    """Leave a receipt as an artifact of the task run that is under way."""
    create_markdown_artifact(
        key=f"receipt-{receipt.submission_id.lower()}",
        markdown=receipt_markdown(receipt),
        description=f"{receipt.file_name}: {receipt.status.value}",
    )


def receipt_markdown(receipt: Receipt) -> str:
    """Write a receipt as a short Markdown page."""
    rows = receipt.rows
    who = (
        f"{_cell(receipt.sender_name)} (`{receipt.sender_id}`), submission "
        f"`{receipt.submission_id}`, revision {receipt.revision}, "
        f"received {receipt.received_at:%Y-%m-%d %H:%M} UTC."
    )
    counts = (
        f"{rows.received} rows: {rows.accepted} accepted, "
        f"{rows.quarantined} in quarantine, {rows.refused} refused."
    )
    status = receipt.status.value.replace("_", " ")
    lines = [f"# {_cell(receipt.file_name)}: {status}", "", who, "", counts]
    if receipt.all_findings:
        lines += ["", "| rule | severity | where | times | what to do |", "|-|-|-|-|-|"]
        lines += [_row(group) for group in receipt.all_findings]
    return "\n".join(lines) + "\n"


def _row(group: FindingGroup) -> str:
    where = ".".join(part for part in (group.dataset, group.field) if part)
    cells = (
        f"{group.code} {group.name}",
        group.severity.value,
        where,
        str(group.count),
    )
    return "| " + " | ".join(_cell(cell) for cell in (*cells, group.fix)) + " |"


def _cell(text: str) -> str:
    """Keep a text that a sender chose from breaking or marking up the page."""
    plain = " ".join(text.split())
    for mark in "\\|<>[]`*_#":
        plain = plain.replace(mark, f"\\{mark}")
    return plain
