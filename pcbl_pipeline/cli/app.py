"""The application: its commands, and how what went wrong becomes an exit code."""

import sys
import traceback
from typing import Annotated

import typer
from typer.core import TyperGroup

from pcbl_pipeline import __version__
from pcbl_pipeline.cli import (
    contracts,
    files,
    invocation,
    mapping,
    pairs,
    queue,
    releases,
    runs,
    services,
    waivers,
    withdrawals,
    workspaces,
)
from pcbl_pipeline.cli.invocation import Invocation, error_json
from pcbl_pipeline.errors import PipelineError, SystemFault


class ExitCodes(TyperGroup):
    """Turns an error into its message and exit code; operators see no traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command."""
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            _report(error, invocation.of(ctx))
            raise typer.Exit(error.exit_code) from error


def _report(error: PipelineError, call: Invocation) -> None:
    if isinstance(error, SystemFault):
        sys.stderr.write("".join(traceback.format_exception(error)))
    call.note(f"pcbl: {error}", style="red")
    call.answer_json(error_json(error))


app = typer.Typer(
    name="pcbl",
    cls=ExitCodes,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit codes: 0 done and nothing to correct · 1 a file has errors (`check`, "
        "`ingest`) · 2 wrong arguments · 10-19 and 30-39 something the operator can put "
        "right · 20-29 a fault of ours."
    ),
)


def _show_version(value: bool) -> None:  # noqa: FBT001 - Typer's form of a callback
    if value:
        sys.stdout.write(f"pcbl {__version__}\n")
        raise typer.Exit


@app.callback()
def begin(
    context: typer.Context,
    *,
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="URL",
            help="The workspace: a folder, or s3://BUCKET/PREFIX. Default: "
            "PCBL_STORE_URL, else the folder pcbl-workspace.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, help="Show the version."),
    ] = False,
) -> None:
    """From a pilot site's dropped file to the network's published page.

    To begin: `pcbl init` sets up a workspace. Sites drop files into their inboxes.
    `pcbl nightly` answers each with a receipt and publishes what is new.
    To check a file before it is sent: `pcbl check FILE`.
    """
    invocation.of(context).store_url = workspace


workspaces.add_to(app)
files.add_to(app)
runs.add_to(app)
services.add_to(app)
withdrawals.add_to(app)
app.add_typer(contracts.app, name="contracts")
app.add_typer(waivers.app, name="waiver")
app.add_typer(releases.app, name="release")
app.add_typer(mapping.app, name="mapping")
app.add_typer(queue.app, name="queue")
app.add_typer(pairs.app, name="pairs")
