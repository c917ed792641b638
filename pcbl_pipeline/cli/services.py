"""`pcbl listen` and `serve`: what runs until it is stopped."""

import signal
import threading

import typer

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson
from pcbl_pipeline.cli.running import prepare, show_outcome
from pcbl_pipeline.errors import SettingsInvalid


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
    with told(lambda step: show_outcome(call, step.outcome)):
        run(workspace, stop)


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


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(listen)
    app.command()(serve)
