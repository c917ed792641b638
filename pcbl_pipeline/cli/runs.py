"""`pcbl nightly`, `sync` and `publish`: whole runs, from here to their end."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli.invocation import AsJson, Invocation, SiteOption
from pcbl_pipeline.cli.running import outcomes_json, place_of, prepare, progress_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcbl_pipeline.model.receipt import Receipt
    from pcbl_pipeline.operations.outcome import Outcome
    from pcbl_pipeline.operations.publish import PublishOutcome
    from pcbl_pipeline.workspace import Workspace

AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="The day up to which data count. Default: today, in the network's zone.",
    ),
]


def nightly(
    context: typer.Context, *, as_of: AsOfOption = None, as_json: AsJson = False
) -> None:
    """Answer everything that waits in the inboxes, then publish what is new.

    Runs as a Prefect flow, in this process unless PREFECT_API_URL names a server.
    A file that we fail on does not stop the others; the next run takes it up again.

    For instance:

    - `pcbl nightly`
    - `pcbl --workspace s3://pilots nightly --as-of 2026-11-20`
    """
    call = invocation.of(context)
    workspace = prepare(call)
    with progress_of(call) as done:
        from flows.nightly import nightly as run

        night = run(as_of=as_of.date() if as_of else None)
    _say_what_changed(call, workspace, night.replayed)
    call.answer_json(
        {**outcomes_json(done), "replayed": night.replayed}
        | publication_json(night.publication)
    )
    show_publication(call, workspace, night.publication)
    show_places(call, workspace, done)


def sync(
    context: typer.Context,
    *,
    site: SiteOption = None,
    dataset: Annotated[
        str | None,
        typer.Option("--dataset", metavar="NAME", help="Only files that hold it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be ingested.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ingest what waits of one site or one dataset, without publishing.

    Rows that were set aside, and that may be taken by now, are judged again too.

    For instance:

    - `pcbl sync --dry-run`
    - `pcbl sync --site 0499991 --dataset lesson_learned`
    """
    call = invocation.of(context)
    if dry_run:
        _show_plan(call, site, dataset)
        return
    workspace = prepare(call)
    with progress_of(call) as done:
        from flows.sync import sync as run

        synced = run(site=site, dataset=dataset)
    _say_what_changed(call, workspace, synced.replayed)
    call.answer_json(
        {
            **outcomes_json(done),
            "skipped": synced.plan.skipped,
            "replayed": synced.replayed,
            "left_to_nightly": _ids(synced.plan.left_to_nightly),
        }
    )
    call.say(f"{len(done)} files answered, {len(synced.plan.skipped)} left waiting.")
    _say_what_is_left(call, synced.plan.left_to_nightly)


def _say_what_changed(
    call: Invocation, workspace: "Workspace", replayed: "Iterable[Receipt]"
) -> None:
    """Name what a second look changed; of the others only how many there were."""
    from pcbl_pipeline.operations.receipt_words import count_words
    from pcbl_pipeline.operations.replayed import changes_of

    changes = changes_of(workspace.ledger, replayed)
    for change in changes:
        if change.freed:
            call.say(
                f"{count_words(change.freed, 'row')} freed from quarantine: "
                f"{change.receipt.file_name}",
                style="green",
            )
        elif change.is_changed:
            call.say(f"looked at again: {show.receipt_line(change.receipt).plain}")
    same = sum(not change.is_changed for change in changes)
    if same:
        call.say(f"{count_words(same, 'file')} looked at again; nothing changed.")


def _show_plan(call: Invocation, site: str | None, dataset: str | None) -> None:
    from pcbl_pipeline.operations.sync import plan_sync

    plan = plan_sync(call.open_workspace(), sender_id=site, dataset=dataset)
    planned = {
        "planned": plan.arrivals,
        "skipped": plan.skipped,
        "replayed": _ids(plan.replayed),
        "left_to_nightly": _ids(plan.left_to_nightly),
    }
    call.answer_json(planned)
    for arrival in plan.arrivals:
        call.say(f"would ingest  {arrival.key}")
    for arrival in plan.skipped:
        call.say(f"would leave   {arrival.key}", style="dim")
    for receipt in plan.replayed:
        call.say(f"would judge again  {receipt.submission_id} {receipt.file_name}")
    if not plan.arrivals:
        call.say("Nothing to ingest.")
    _say_what_is_left(call, plan.left_to_nightly)


def _ids(receipts: "tuple[Receipt, ...]") -> list[str]:
    return [receipt.submission_id for receipt in receipts]


def _say_what_is_left(call: Invocation, receipts: "tuple[Receipt, ...]") -> None:
    """Say that rows of others wait too, perhaps for what has just come."""
    if receipts:
        call.say(
            f"Rows of {len(receipts)} other files wait too. The next `pcbl nightly` "
            "judges them again."
        )


def publish(
    context: typer.Context,
    *,
    as_of: AsOfOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Publish even when nothing is new.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish a release of what the lake holds, if there is anything new.

    For instance:

    - `pcbl publish`
    - `pcbl publish --as-of 2026-11-20 --force`
    """
    call = invocation.of(context)
    workspace = call.open_workspace()
    from pcbl_pipeline.operations.publish import publish as publish_now

    day = as_of.date() if as_of else None
    outcome = publish_now(workspace, as_of=day, force=force)
    call.answer_json(publication_json(outcome))
    show_publication(call, workspace, outcome)


def publication_json(outcome: "PublishOutcome") -> dict[str, Any]:
    """Return what was published, as plain data."""
    return {
        "release": outcome.release,
        "candidate": outcome.candidate,
        "reason": outcome.reason,
    }


def show_publication(
    call: Invocation, workspace: "Workspace", outcome: "PublishOutcome"
) -> None:
    """Say what was published and where to look."""
    from pcbl_pipeline.model.release import site_edition, site_of
    from pcbl_pipeline.publication.keys import door
    from pcbl_pipeline.publication.release import find_current

    if outcome.release is None:
        call.say(f"Nothing was published. {outcome.reason}")
    else:
        call.say(f"Published release {outcome.release.release_id}.", style="bold")
    current = find_current(workspace.store)
    for edition in current.editions if current else ():
        if site_of(edition) is None:
            name = f"{edition} pages"
            call.say(f"  {name:14} {place_of(workspace, door(edition))}")
    if current and any(site_of(edition) for edition in current.editions):
        pattern = door(site_edition("<site_id>"))
        call.say(f"  each site's    {place_of(workspace, pattern)}")


def show_places(
    call: Invocation, workspace: "Workspace", outcomes: list["Outcome"]
) -> None:
    """Say where one of the receipts lies, one with something to do, and the lake."""
    from pcbl_pipeline.lake import layout

    receipts = [item.receipt for item in outcomes if item.receipt]
    if receipts:
        # In the middle of what people see: some rows are in, some wait for a fix.
        receipt = max(receipts, key=lambda it: (it.rows.accepted > 0, it.to_correct))
        key = layout.answer(receipt.sender_id, receipt.submission_id, "receipt.html")
        call.say(f"  a receipt      {place_of(workspace, key)}")
    call.say(f"  the lake       {place_of(workspace, layout.table(''))}")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (nightly, sync, publish):
        app.command()(command)
