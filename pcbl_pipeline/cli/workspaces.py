"""`pcbl init`, `status` and `settings`: the workspace itself."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli.invocation import AsJson, Invocation, to_json
from pcbl_pipeline.cli.running import place_of

if TYPE_CHECKING:
    from pcbl_pipeline.operations.status import NetworkStatus
    from pcbl_pipeline.workspace import Workspace


_DEMO_SALT = b"the demo's network is invented, so its salt need not be secret"


def init(
    context: typer.Context,
    *,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="An invented network, with files in its inboxes."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Set up a workspace: a commented network.yaml and an inbox for each sender.

    A network.yaml that is already there is kept. Edit it, then run `pcbl init` again
    to make the inboxes of sites that you added.

    For instance:

    - `pcbl init`
    - `pcbl --workspace s3://pilots init`
    - `pcbl --workspace demo init --demo`
    """
    from pcbl_pipeline.lake.layout import NETWORK_FILE
    from pcbl_pipeline.workspace import create_workspace

    call = invocation.of(context)
    workspace = create_workspace(call.settings(), _network_text(demo=demo))
    dropped = _drop_demo_files(workspace) if demo else []
    network = workspace.network
    where = place_of(workspace, NETWORK_FILE)
    call.answer_json(
        {
            "workspace": workspace.settings.store_url,
            "network": network.name,
            "senders": list(network.senders),
            "dropped": dropped,
        }
    )
    call.say(f"{network.name}: {len(network.senders)} inboxes, defined in {where}.")
    if demo:
        call.say(f"{len(dropped)} invented files lie in them. Next: `pcbl nightly`.")
    else:
        call.say(_next_step(workspace))


def _next_step(workspace: "Workspace") -> str:
    """Say what to do after `init`: edit the network first, then send a file."""
    from pcbl_pipeline.lake.layout import NETWORK_FILE

    standing = workspace.store.get(NETWORK_FILE).decode()
    if standing == _network_text(demo=False):
        return "Next: edit that file, then run `pcbl init` again."
    site = next(iter(workspace.network.senders))
    return (
        f"Next: get templates with `pcbl contracts template --site {site}`, and send a "
        f"file with `pcbl ingest --site {site} FILE`."
    )


def _network_text(*, demo: bool) -> str:
    from pcbl_pipeline.demo.network import example_network_yaml, network_yaml

    return network_yaml() if demo else example_network_yaml()


def _drop_demo_files(workspace: "Workspace") -> list[str]:
    """Drop the invented files in their order; beside them lies what must be found."""
    from pcbl_pipeline.demo.files import write_demo_files
    from pcbl_pipeline.lake.layout import PUBLIC_ID_SALT
    from pcbl_pipeline.operations.drop import drop_file

    with TemporaryDirectory(prefix="pcbl-demo-") as folder:
        key = write_demo_files(Path(folder), catalogue=workspace.catalogue)
        dropped = [
            drop_file(workspace, Path(folder, item.path), sender_id=item.sender_id)
            for item in key.files
        ]
    answers = to_json(key, indent=2).encode()
    workspace.store.put("answer-key.json", answers, content_type="application/json")
    # Known to everybody, so that the demo's links are the same on every machine.
    workspace.store.put_if_absent(
        PUBLIC_ID_SALT, _DEMO_SALT, content_type="application/octet-stream"
    )
    return dropped


def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show what was received, what waits, and what is published.

    For instance:

    - `pcbl status`
    - `pcbl status --json | jq .counts`
    """
    from pcbl_pipeline.operations.status import network_status

    call = invocation.of(context)
    network = network_status(call.open_workspace())
    call.answer_json(network)
    if not call.as_json:
        _print_status(call, network)


def _print_status(call: Invocation, network: "NetworkStatus") -> None:
    call.say(network.network, style="bold")
    if network.submissions:
        table = Table("received (UTC)", "sender", "status", "rows", "file", box=None)
        for item in network.submissions:
            table.add_row(
                f"{item.received_at:%Y-%m-%d %H:%M}",
                item.sender_id,
                show.status_name(item.status),
                f"{item.rows.accepted}/{item.rows.received}",
                item.file_name,
            )
        call.answers.print(table)
    for arrival in network.waiting:
        call.say(f"waiting       {arrival.key}", style="yellow")
    for failure in network.failures:
        tries = f"{_tries(failure.attempts)}, {failure.error}"
        call.say(f"our fault     {failure.key} ({tries})", style="red")
    if network.silent:
        call.say(f"Nothing yet from: {', '.join(network.silent)}")
    call.say(f"Current release: {network.current_release or 'none'}")
    if network.waiting_release:
        call.say(f"Waits for approval: {network.waiting_release}")


def _tries(count: int) -> str:
    return f"{count} {'try' if count == 1 else 'tries'}"


def settings(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show the settings in force, and the variables that change them.

    For instance:

    - `PCBL_STORE_URL=s3://pilots pcbl settings`
    """
    call = invocation.of(context)
    in_force = call.settings()
    call.answer_json(in_force)
    if call.as_json:
        return
    for name, field in type(in_force).model_fields.items():
        value = getattr(in_force, name)
        call.say(f"PCBL_{name.upper()}={'' if value is None else value}", "bold")
        call.say(f"    {field.description}")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (init, status, settings):
        app.command()(command)
