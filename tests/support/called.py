"""Which command of `pcbl` some arguments call, without calling it."""

from collections.abc import Sequence
from typing import Any

import typer

from pcbl_pipeline.cli.app import app


def called_by(arguments: Sequence[str]) -> Any:
    """Parse arguments as `pcbl` would and return the command; raise if it would."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("pcbl", list(arguments))
    while hasattr(command, "commands"):
        _, command, rest = command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        context = command.make_context(command.name, rest, parent=context)
    return command
