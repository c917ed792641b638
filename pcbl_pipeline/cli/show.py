"""Showing people a receipt, as a line and in full. Nothing here decides anything."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from pcbl_pipeline.model.finding import FindingGroup, Place
    from pcbl_pipeline.model.progress import SinceLast
    from pcbl_pipeline.model.receipt import (
        Receipt,
        ReceiptPart,
        RowCounts,
        Status,
        Verdict,
    )
    from pcbl_pipeline.operations.outcome import Outcome

#: Longer lists are cut here for the screen; `--json` and the receipt have all.
_PLACES_SHOWN = 10
_STYLES = {
    "accepted": "green",
    "accepted_with_quarantine": "yellow",
    "superseded": "yellow",
    "held": "red",
    "refused": "red",
    "failed": "bold red",
}
_SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def receipt_line(receipt: "Receipt") -> Text:
    """Say in one line what became of a submission."""
    status = "already received" if receipt.repeat else status_name(receipt.status)
    line = Text(f"{status:24}", style=_STYLES.get(receipt.status.value, ""))
    line.append(f" {receipt.sender_id:13}", style="dim")
    line.append(f" {receipt.file_name}", style="default")
    if not receipt.repeat:
        line.append(f"  {_counts(receipt.rows)}", style="dim")
    return line


def outcome_line(outcome: "Outcome") -> Text:
    """Say in one line what became of a submission, or that it has no answer yet."""
    if outcome.receipt is not None:
        return receipt_line(outcome.receipt)
    line = Text(f"{'not answered':24}", style="bold red")
    error = type(outcome.error).__name__
    return line.append(f" {outcome.inbox_key}  {error}", style="default")


def print_outcome(
    outcome: "Outcome", console: "Console", *, verbose: bool = True
) -> None:
    """Show a receipt whole, or that there is none."""
    if outcome.receipt is None:
        console.print(outcome_line(outcome), soft_wrap=True)
    else:
        print_receipt(outcome.receipt, console, verbose=verbose)


def print_receipt(
    receipt: "Receipt", console: "Console", *, verbose: bool = True
) -> None:
    """Show a whole receipt: what arrived, what was decided, what to do.

    Errors come first, then warnings. Remarks ask for nothing and are many: they are
    only counted unless `verbose`.
    """
    from pcbl_pipeline.model.finding import Severity
    from pcbl_pipeline.operations.receipt_words import WORDS
    from pcbl_pipeline.operations.waive import can_be_waived

    console.print(receipt_line(receipt), soft_wrap=True)
    remarks = [g for g in receipt.all_findings if g.severity is Severity.INFO]
    hidden = () if verbose else remarks
    for group in _shown(receipt.findings, hidden):
        _print_finding(group, console)
    for part in receipt.parts:
        _print_part(part, console, hidden)
    if len(remarks) == len(receipt.all_findings):
        console.print("  Nothing to correct.", style="green")
    if hidden:
        noun = "remark" if len(hidden) == 1 else "remarks"
        told = f"{len(hidden):,} {noun}: `--verbose` shows them, and receipt.html."
        console.print(Padding(Text(told, style="dim"), (1, 0, 0, 2)))
    if not receipt.check_only and any(map(can_be_waived, receipt.all_findings)):
        console.print(Padding(Text(WORDS["explain_how"]), (1, 0, 0, 2)))


def status_name(status: "Status | Verdict") -> str:
    """Call what became of a file as its page does."""
    from pcbl_pipeline.model.receipt import Status
    from pcbl_pipeline.operations.receipt_words import STATUSES

    return STATUSES[Status(status.value)].lower()


def _shown(
    groups: "Iterable[FindingGroup]", hidden: "Collection[FindingGroup]"
) -> "list[FindingGroup]":
    """Return what is shown, errors first, then warnings."""
    order = list(_SEVERITY_STYLES)
    shown = [group for group in groups if group not in hidden]
    return sorted(shown, key=lambda group: order.index(group.severity.value))


def _print_part(
    part: "ReceiptPart", console: "Console", hidden: "Collection[FindingGroup]"
) -> None:
    title = part.title or "Not recognised"
    sheet = f", sheet {part.sheet}" if part.sheet else ""
    heading = f"{title}{sheet}: {status_name(part.verdict)}, {_counts(part.rows)}"
    console.print(Padding(Text(heading, style="bold"), (1, 0, 0, 2)))
    if part.read_as:
        _print_indented(" ".join(part.read_as), console, style="dim")
    if part.not_checked:
        listed = ", ".join(part.not_checked)
        _print_indented(
            f"Not checked here, because only the network knows: {listed}",
            console,
            style="dim",
        )
    if part.since_last is not None:
        _print_indented(_since_words(part.since_last), console)
    for group in _shown(part.findings, hidden):
        _print_finding(group, console)


def _since_words(since: "SinceLast") -> str:
    told = (
        (since.fixed, "fixed"),
        (since.still_open, "still open"),
        (since.new, "new"),
        (since.left_out, "no longer in the file"),
    )
    listed = ", ".join(f"{count:,} {name}" for count, name in told)
    return f"Since the last file: {listed}."


def _print_finding(group: "FindingGroup", console: "Console") -> None:
    heading = Text(f"{group.severity.value} ", _SEVERITY_STYLES[group.severity.value])
    heading.append(f"{group.code} {group.name}", style="bold")
    console.print(Padding(heading, (1, 0, 0, 2)))
    _print_indented(group.message, console)
    where = "; ".join(_places(group))
    if where:
        _print_indented(f"Where: {where}", console)
    if group.note:
        _print_indented(group.note, console)
    _print_indented(f"Expected: {group.expected}", console)
    _print_indented(f"To do: {group.fix}", console)
    gain = " ".join(_gain(group))
    if gain:
        _print_indented(gain, console, style="green")


def _gain(group: "FindingGroup") -> Iterator[str]:
    if group.rows_freed:
        noun = "row" if group.rows_freed == 1 else "rows"
        yield f"Fixing this frees {group.rows_freed:,} {noun}."
    if group.explains:
        noun = "finding" if group.explains == 1 else "findings"
        yield f"It explains {group.explains:,} other {noun}."


def _print_indented(text: str, console: "Console", style: str = "default") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 4)))


def _places(group: "FindingGroup") -> Iterator[str]:
    for place in group.places[:_PLACES_SHOWN]:
        described = _place(place)
        if described:
            yield described
    more = group.count - _PLACES_SHOWN
    if more > 0:
        yield f"and {more:,} more"


def _place(place: "Place") -> str:
    parts = [f"sheet {place.sheet}"] if place.sheet else []
    if place.row is not None:
        parts.append(f"row {place.row}")
    if place.cell:
        parts.append(f"cell {place.cell}")
    elif place.column:
        parts.append(f"column {place.column}")
    value = f": {place.value!r}" if place.value is not None else ""
    return ", ".join(parts) + value


def _counts(rows: "RowCounts") -> str:
    counts = (
        (rows.accepted, "accepted"),
        (rows.quarantined, "in quarantine"),
        (rows.refused, "refused"),
        (rows.superseded, "replaced by a newer file"),
    )
    listed = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    noun = "row" if rows.received == 1 else "rows"
    return f"{rows.received:,} {noun}: {listed}" if listed else f"{rows.received} rows"
