"""`pcbl release`: look at releases, and decide about them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson, DecidedBy, Invocation, said
from pcbl_pipeline.cli.running import place_of

if TYPE_CHECKING:
    from pcbl_pipeline.operations.releases import Approval
    from pcbl_pipeline.publication.approval import KnownRelease

app = typer.Typer(
    no_args_is_help=True,
    help="Look at releases, approve them, take them back, say what was wrong.",
)
ReleaseArgument = Annotated[
    str, typer.Argument(help="The release's number, such as 2026.11.1.")
]
ReasonOption = Annotated[
    str,
    typer.Option(
        "--reason", callback=said, help="Why. Of a withdrawal, readers see it."
    ),
]


@app.command(name="list")
def list_all(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List all releases, the newest first, and where each stands.

    For instance:

    - `pcbl release list`
    """
    from pcbl_pipeline.publication.approval import known_releases

    call = invocation.of(context)
    found = known_releases(call.open_workspace().store)
    call.answer_json([_plain(item) for item in found])
    if call.as_json:
        return
    if not found:
        call.say("There is no release yet. `pcbl publish` makes the first.")
        return
    table = Table("release", "stands as", "data up to", "decided by", box=None)
    for item in found:
        who = next((event.by for event in reversed(item.events) if event.by), "")
        standing = item.standing.value.replace("_", " ")
        table.add_row(item.release_id, standing, str(item.plan.facts.as_of), who)
    call.answers.print(table)


@app.command()
def show(
    context: typer.Context, release: ReleaseArgument, *, as_json: AsJson = False
) -> None:
    """Show a release: where it stands, what happened to it, whether it is whole.

    For instance:

    - `pcbl release show 2026.11.1`
    """
    from pcbl_pipeline.operations.releases import find_release
    from pcbl_pipeline.publication.home import home_of
    from pcbl_pipeline.publication.verify import verify_release

    call = invocation.of(context)
    workspace = call.open_workspace()
    known = find_release(workspace, release)
    problems = verify_release(workspace.store, release)
    call.answer_json({**_plain(known), "problems": problems})
    call.say(f"Release {release}: {known.standing.value.replace('_', ' ')}.")
    for event in known.events:
        who = f" by {event.by}" if event.by else ""
        why = f": {event.reason}" if event.reason else ""
        call.say(f"  {event.happened_at:%Y-%m-%d %H:%M}  {event.kind}{who}{why}")
    call.say(
        f"  files          {place_of(workspace, home_of(workspace.store, release))}"
    )
    for problem in problems:
        call.say(f"  problem        {problem}", style="red")
    if not problems:
        call.say("  Everything is as the release's manifest says.")


@app.command()
def preview(
    context: typer.Context,
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day of the data."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a release that nothing leads to, to look at before it is approved.

    For instance:

    - `pcbl release preview`
    """
    from pcbl_pipeline.operations.publish import preview as make
    from pcbl_pipeline.publication.keys import candidate_folder

    call = invocation.of(context)
    workspace = call.open_workspace()
    candidate = make(workspace, as_of=as_of.date() if as_of else None)
    call.answer_json(candidate)
    call.say(f"Release {candidate.release_id} waits for approval.", style="bold")
    folder = candidate_folder(candidate.release_id)
    for edition in candidate.editions:
        key = f"{folder}{edition}/index.html"
        call.say(f"  {edition:20} {place_of(workspace, key)}")


@app.command()
def approve(
    context: typer.Context,
    release: ReleaseArgument,
    *,
    by: DecidedBy,
    older: Annotated[
        bool,
        typer.Option("--older", help="Pass over newer releases that wait as well."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a release that waits the current one, in the name of a person.

    For instance:

    - `pcbl release approve 2026.11.2 --by "Director of data"`
    """
    from pcbl_pipeline.operations import releases

    call = invocation.of(context)
    approval = releases.approve(call.open_workspace(), release, by=by, older=older)
    call.answer_json(
        {
            **approval.release.model_dump(mode="json"),
            "approved_by": approval.by,
            "was_current": approval.was_current,
            "passed_over": approval.passed_over,
        }
    )
    call.say(_approved(approval))


@app.command()
def reject(
    context: typer.Context,
    release: ReleaseArgument,
    *,
    by: DecidedBy,
    reason: ReasonOption,
    as_json: AsJson = False,
) -> None:
    """Refuse a release that waits; its files go.

    For instance:

    - `pcbl release reject 2026.11.2 --by "Director of data" --reason "Wrong year"`
    """
    from pcbl_pipeline.operations import releases

    call = invocation.of(context)
    workspace = call.open_workspace()
    releases.reject(workspace, release, by=by, reason=reason)
    call.answer_json(_plain(releases.find_release(workspace, release)))
    call.say(f"Release {release} was rejected, and its files are gone.")


@app.command()
def withdraw(
    context: typer.Context,
    release: ReleaseArgument,
    *,
    by: DecidedBy,
    reason: ReasonOption,
    as_json: AsJson = False,
) -> None:
    """Take a published release back. A notice with the reason stays on its pages.

    For instance:

    - `pcbl release withdraw 2026.11.1 --by "Data office" --reason "A wrong table"`
    """
    from pcbl_pipeline.operations import releases

    call = invocation.of(context)
    workspace = call.open_workspace()
    current = releases.withdraw(workspace, release, by=by, reason=reason)
    call.answer_json(
        {**_plain(releases.find_release(workspace, release)), "current": current}
    )
    call.say(f"Release {release} was withdrawn. Nothing of its data is left.")
    _say_current(call, current.release_id if current else None)


@app.command()
def erratum(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What is wrong, in plain words.")],
    *,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="NAME", help="A table that it is about."),
    ] = None,
    by: DecidedBy,
    as_json: AsJson = False,
) -> None:
    """Say what published releases have wrong; the next release tells its readers.

    For instance:

    - `pcbl release erratum "Costs were counted twice." --table pub2_topics --by "Data office"`
    """
    from pcbl_pipeline.operations import releases

    call = invocation.of(context)
    recorded = releases.add_erratum(
        call.open_workspace(), text, tables=tuple(table or ()), by=by
    )
    call.answer_json(recorded)
    call.say(f"Erratum {recorded.number} is recorded. The next release tells it.")


def _approved(approval: "Approval") -> str:
    name, by = approval.release.release_id, approval.by
    if approval.was_current:
        how = f"{by} approved it" if by else "it needed no approval"
        return f"Release {name} is current already: {how}. Nothing was recorded."
    told = f"Release {name} is current, approved by {by}."
    if approval.passed_over:
        told += f" Passed over: {', '.join(approval.passed_over)}."
    return told


def _plain(item: "KnownRelease") -> dict[str, object]:
    return {
        "release_id": item.release_id,
        "standing": item.standing.value,
        "as_of": item.plan.facts.as_of,
        "previous_release_id": item.plan.previous_release_id,
        "events": list(item.events),
    }


def _say_current(call: Invocation, release_id: str | None) -> None:
    if release_id is None:
        call.say("No release is current now. `pcbl publish` makes the next one.")
    else:
        call.say(f"Release {release_id} is current now.")
