"""`pcbl withdraw`: take a submission back, with everything that was made of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson, DecidedBy, Invocation, said

if TYPE_CHECKING:
    from pcbl_pipeline.model.withdrawal import Proof
    from pcbl_pipeline.operations.withdraw import WithdrawalPlan, Withdrawn


def withdraw(  # noqa: PLR0913 - each is one option of the command
    context: typer.Context,
    submission: Annotated[
        str, typer.Argument(help="The submission's id, as its receipt gives it.")
    ],
    *,
    reason: Annotated[
        str, typer.Option("--reason", callback=said, help="Why. The sender reads it.")
    ],
    by: DecidedBy,
    erase: Annotated[
        bool,
        typer.Option(
            "--erase",
            help="Delete the bytes as sent too, as for a file that names students.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be taken back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take a submission back, as if it had never come, and prove that nothing is left.

    What it had replaced counts again. Releases that were made with its rows are
    withdrawn, and one without them is made or proposed. Asking again finishes what
    broke off.

    For instance:

    - `pcbl withdraw 0499901-1f2e --reason "Wrong year" --by "Data office" --dry-run`
    - `pcbl withdraw 0499901-1f2e --reason "It names students" --by "Data office" --erase`
    """
    from pcbl_pipeline.operations import withdraw as withdrawing

    call = invocation.of(context)
    workspace = call.open_workspace()
    if dry_run:
        _show_plan(call, withdrawing.plan_withdrawal(workspace, submission))
        return
    done = withdrawing.withdraw(
        workspace, submission, reason=reason, by=by, erase=erase
    )
    call.answer_json([_plain(item) for item in done])
    for item in done:
        _show(call, item)


def _show_plan(call: Invocation, plan: "WithdrawalPlan") -> None:
    call.answer_json(
        {
            "submissions": [item.submission_id for item in plan.receipts],
            "rows": sum(item.rows.accepted for item in plan.receipts),
            "releases": plan.releases,
        }
    )
    for item in plan.receipts:
        call.say(
            f"would take back  {item.submission_id} {item.file_name}: "
            f"{item.rows.accepted:,} rows"
        )
    for release_id in plan.releases:
        call.say(f"would withdraw   release {release_id}")


def _show(call: Invocation, item: "Withdrawn") -> None:
    note, proof = item.withdrawal, item.proof
    call.say(f"{note.submission_id} was withdrawn by {note.by}.", style="bold")
    for other in item.again:
        call.say(
            f"  judged again   {other.submission_id}: {other.back:,} rows count again, "
            f"{other.set_aside:,} are set aside"
        )
    for release_id in proof.releases:
        call.say(f"  withdrawn      release {release_id}")
    if item.publication is not None:
        call.say(f"  published      {item.publication}")
    call.say(f"  bytes as sent  {proof.raw.value}")
    _show_proof(call, proof)


def _show_proof(call: Invocation, proof: "Proof") -> None:
    call.say(
        f"  searched for   {proof.values:,} of {proof.values_in_file:,} cells and "
        "sentences, and for its id: none was found"
    )
    for place in proof.searched:
        unread = (
            f", {place.unread:,} of them drawn and not read" if place.unread else ""
        )
        call.say(
            f"    {place.place:13} {place.files:,} files, "
            f"{place.size_bytes:,} bytes{unread}"
        )
    call.say(f"  digest         {proof.files_digest}")
    for other in proof.also_sent_in:
        call.say(
            f"  look at        {other}: its file holds some of the same", style="yellow"
        )


def _plain(item: "Withdrawn") -> dict[str, object]:
    return {
        "withdrawal": item.withdrawal,
        "proof": item.proof,
        "again": list(item.again),
        "publication": item.publication,
    }


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(withdraw)
