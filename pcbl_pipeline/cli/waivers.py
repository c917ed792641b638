"""`pcbl waiver`: explain a finding, and let it through or not."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson, DecidedBy, Invocation, SiteOption

if TYPE_CHECKING:
    from pcbl_pipeline.model.waiver import Waiver

app = typer.Typer(
    no_args_is_help=True,
    help="Explain what stands out in a submission, and let it through or not.",
)
WaiverArgument = Annotated[str, typer.Argument(help="The waiver, as `list` names it.")]


@app.command()
def explain(
    context: typer.Context,
    submission: Annotated[
        str, typer.Argument(help="The submission's id, as its receipt gives it.")
    ],
    code: Annotated[str, typer.Argument(help="The rule, such as E532.")],
    *,
    site: Annotated[str, typer.Option("--site", help="The sender of the submission.")],
    because: Annotated[str, typer.Option("--because", help="The explanation.")],
    as_json: AsJson = False,
) -> None:
    """Explain a warning, or a finding that holds a submission back.

    The state's office sees the explanation in `pcbl waiver list` and decides.

    For instance:

    - `pcbl waiver explain 0499901-1f2e E532 --site 0499901 --because "Two schools left"`
    """
    from pcbl_pipeline.operations import waive

    call = invocation.of(context)
    workspace = call.open_workspace()
    found = waive.explain(workspace, site, submission, code, because)
    call.answer_json(found)
    for item in found:
        call.say(f"{item.waiver_id}: explained. The state's office decides.")


@app.command(name="list")
def list_all(
    context: typer.Context, *, site: SiteOption = None, as_json: AsJson = False
) -> None:
    """List explanations and what was decided on them.

    For instance:

    - `pcbl waiver list`
    - `pcbl waiver list --site 0499901 --json`
    """
    call = invocation.of(context)
    found = call.open_workspace().waivers.all(site or "")
    call.answer_json(found)
    if call.as_json:
        return
    if not found:
        call.say("Nothing was explained yet.")
        return
    table = Table("waiver", "site", "rule", "what", "why", "decision", box=None)
    for item in found:
        about = item.explanation
        table.add_row(
            item.waiver_id,
            about.sender_id,
            about.concern.code,
            escape(about.message),
            escape(about.text),
            _decision_words(item),
        )
    call.answers.print(table)


@app.command()
def accept(
    context: typer.Context,
    waiver: WaiverArgument,
    *,
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day it holds."),
    ],
    by: DecidedBy,
    remark: Annotated[str, typer.Option("--remark", help="A remark.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let a finding through until a day, as long as its numbers stay the same.

    Rows that it held are taken by the next `pcbl nightly`.

    For instance:

    - `pcbl waiver accept 1f2e3d4c5b6a --until 2027-06-30 --by "Pilot office"`
    """
    from pcbl_pipeline.operations import waive

    call = invocation.of(context)
    workspace = call.open_workspace()
    decided = waive.accept(workspace, waiver, until=until.date(), by=by, remark=remark)
    _show(call, decided)


@app.command()
def decline(
    context: typer.Context,
    waiver: WaiverArgument,
    *,
    by: DecidedBy,
    remark: Annotated[str, typer.Option("--remark", help="What the site is to do.")],
    as_json: AsJson = False,
) -> None:
    """Decline an explanation; the site has to correct what it is about.

    For instance:

    - `pcbl waiver decline 1f2e3d4c5b6a --by "Pilot office" --remark "Send all rows"`
    """
    from pcbl_pipeline.operations import waive

    call = invocation.of(context)
    _show(call, waive.decline(call.open_workspace(), waiver, by=by, remark=remark))


def _show(call: Invocation, waiver: "Waiver") -> None:
    call.answer_json(waiver)
    call.say(f"{waiver.waiver_id}: {_decision_words(waiver)}.")


def _decision_words(waiver: "Waiver") -> str:
    decision = waiver.decision
    if decision is None:
        return "waits for a decision"
    if not decision.accepted:
        return f"declined by {decision.decided_by}: {decision.remark}"
    return f"let through until {decision.until} by {decision.decided_by}"
