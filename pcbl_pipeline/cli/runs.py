"""`pcbl nightly`, `sync`, `listen`, `serve` and `publish`: whole runs."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli.invocation import AsJson, Invocation, SiteOption
from pcbl_pipeline.errors import SettingsInvalid, SubmissionsFailed

if TYPE_CHECKING:
    from flows.progress import Outcome, Step
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
    from flows.nightly import nightly as run

    with progress_of(call) as done:
        night = run(as_of=as_of.date() if as_of else None)
    for receipt in night.replayed:
        call.say(f"rows freed from quarantine: {receipt.file_name}", style="green")
    call.answer_json(
        {**outcomes_json(done), "replayed": night.replayed}
        | publication_json(night.publication)
    )
    show_publication(call, workspace, night.publication)


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

    For instance:

    - `pcbl sync --dry-run`
    - `pcbl sync --site 0499991 --dataset lesson_learned`
    """
    call = invocation.of(context)
    if dry_run:
        _show_plan(call, site, dataset)
        return
    prepare(call)
    from flows.sync import sync as run

    with progress_of(call) as done:
        synced = run(site=site, dataset=dataset)
    call.answer_json({**outcomes_json(done), "skipped": synced.plan.skipped})
    call.say(f"{len(done)} files answered, {len(synced.plan.skipped)} left waiting.")


def _show_plan(call: Invocation, site: str | None, dataset: str | None) -> None:
    from pcbl_pipeline.operations.sync import plan_sync

    plan = plan_sync(call.open_workspace(), sender_id=site, dataset=dataset)
    call.answer_json({"planned": plan.arrivals, "skipped": plan.skipped})
    for arrival in plan.arrivals:
        call.say(f"would ingest  {arrival.key}")
    for arrival in plan.skipped:
        call.say(f"would leave   {arrival.key}", style="dim")
    if not plan.arrivals:
        call.say("Nothing to ingest.")


def listen(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Answer what waits, then each file within seconds of its drop, until stopped.

    With PREFECT_API_URL each file becomes a run on that server (see `pcbl serve`);
    without it the work is done here. Stop with Ctrl-C; nothing is lost.

    For instance:

    - `pcbl listen`
    - `pcbl listen --json | tee receipts.jsonl`
    """
    call = invocation.of(context)
    workspace = prepare(call)
    from flows.listen import listen as run
    from flows.progress import told
    from flows.server import wait_until_ready

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    wait_until_ready()
    call.note("Listening. Stop with Ctrl-C.")
    with told(lambda step: _show_step(call, step)):
        run(workspace, stop)


def _show_step(call: Invocation, step: "Step") -> None:
    outcome = step.outcome
    if outcome.receipt is None:
        line = show.failure_line(outcome.inbox_key, outcome.error)
        call.notes.print(line, soft_wrap=True)
        return
    call.answer_json_line(outcome.receipt)
    if not call.as_json:
        call.answers.print(show.receipt_line(outcome.receipt), soft_wrap=True)


def serve(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Offer all flows to a Prefect server and run what it schedules, until stopped.

    The server is the one in PREFECT_API_URL: `prefect server start` brings one up.
    Among the schedules is the nightly run, in the network's time zone.

    For instance:

    - `PREFECT_API_URL=http://127.0.0.1:4200/api pcbl serve`
    """
    call = invocation.of(context)
    workspace = prepare(call, quiet=False)
    from flows.deployments import deployments
    from flows.deployments import serve as run
    from flows.server import has_server

    if not has_server():
        raise SettingsInvalid(
            "PREFECT_API_URL is not set, so there is no server to serve. Start one "
            "with `prefect server start` and set PREFECT_API_URL to its address."
        )
    time_zone = workspace.network.time_zone
    call.answer_json_line(
        {"deployments": [d.full_name for d in deployments(time_zone)]}
    )
    run(time_zone)


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


def prepare(call: Invocation, *, quiet: bool = True) -> "Workspace":
    """Open the workspace and make Prefect ready; only then may flows be imported."""
    from flows.environment import prepare_prefect
    from pcbl_pipeline.storage.local import LocalStore

    workspace = call.open_workspace()
    store = workspace.store
    # A run in a process of its own may begin in another folder.
    absolute = f"file:{store.root}" if isinstance(store, LocalStore) else None
    prepare_prefect(absolute or workspace.settings.store_url, quiet=quiet)
    return workspace


@contextmanager
def progress_of(call: Invocation) -> Iterator[list["Outcome"]]:
    """Show a line per submission of the run inside the block, and collect them."""
    from flows.progress import told

    done: list[Outcome] = []
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, console=call.notes, transient=True) as bar:
        task = bar.add_task("Starting Prefect", total=None)

        def tell(step: "Step") -> None:
            done.append(step.outcome)
            bar.console.print(_line(step.outcome), soft_wrap=True)
            doing = "Ingesting" if step.number < step.total else "Finishing"
            bar.update(task, total=step.total, completed=step.number, description=doing)

        try:
            with told(tell):
                yield done
        except SubmissionsFailed:
            call.answer_json(outcomes_json(done))
            raise


def _line(outcome: "Outcome") -> Any:  # noqa: ANN401 - rich's own renderable
    if outcome.receipt is None:
        return show.failure_line(outcome.inbox_key, outcome.error)
    return show.receipt_line(outcome.receipt)


def outcomes_json(outcomes: list["Outcome"]) -> dict[str, Any]:
    """Return what became of submissions, as plain data."""
    return {
        "receipts": [item.receipt for item in outcomes if item.receipt],
        "failed": {
            item.inbox_key: type(item.error).__name__
            for item in outcomes
            if item.receipt is None
        },
    }


def publication_json(outcome: "PublishOutcome") -> dict[str, Any]:
    """Return what was published, as plain data."""
    return {"release": outcome.release, "reason": outcome.reason}


def show_publication(
    call: Invocation, workspace: "Workspace", outcome: "PublishOutcome"
) -> None:
    """Say what was published and where to look."""
    from pcbl_pipeline.storage.local import LocalStore

    if outcome.release is None:
        call.say(f"Nothing was published: {outcome.reason}")
    else:
        call.say(f"Published release {outcome.release.release_id}.", style="bold")
    if isinstance(workspace.store, LocalStore):
        call.say(f"Workspace: {workspace.store.root}")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (nightly, sync, listen, serve, publish):
        app.command()(command)
