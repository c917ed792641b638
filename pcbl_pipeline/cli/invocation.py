"""One call of the command line: which workspace it is about and how it answers."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pcbl_pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pcbl_pipeline.settings import Settings
    from pcbl_pipeline.workspace import Workspace


@dataclass
class Invocation:
    """What the options said that every command shares."""

    store_url: str | None = None
    as_json: bool = False
    #: Whether JSON was written already; an answer is one document.
    answered: bool = False
    #: Answers go to stdout; what happens meanwhile goes to stderr.
    answers: Console = field(default_factory=lambda: Console(highlight=False))
    notes: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False)
    )

    def settings(self) -> "Settings":
        """Read the settings; `--workspace` has the last word."""
        from pcbl_pipeline.settings import load_settings

        named = {} if self.store_url is None else {"store_url": self.store_url}
        return load_settings(**named)

    def open_workspace(self) -> "Workspace":
        """Open the workspace that this call is about."""
        from pcbl_pipeline.workspace import open_workspace

        return open_workspace(self.settings())

    def say(self, text: str, style: str | None = None) -> None:
        """Show a person a line of the answer; nothing where JSON was asked for."""
        if not self.as_json:
            self.answers.print(text, style=style, markup=False, soft_wrap=True)

    def note(self, text: str, style: str | None = None) -> None:
        """Say on stderr what is happening."""
        self.notes.print(text, style=style, markup=False, soft_wrap=True)

    def answer_json(self, content: object) -> None:
        """Write one JSON document to stdout, where JSON was asked for."""
        if self.as_json and not self.answered:
            self.answered = True
            sys.stdout.write(to_json(content, indent=2))

    def answer_json_line(self, content: object) -> None:
        """Write one JSON document on a line of its own, and let readers have it."""
        if self.as_json:
            sys.stdout.write(to_json(content))
            sys.stdout.flush()


def error_json(error: PipelineError) -> dict[str, Any]:
    """Return an error as plain data."""
    return {
        "error": type(error).__name__,
        "message": str(error),
        "exit_code": error.exit_code,
    }


def to_json(content: object, *, indent: int | None = None) -> str:
    """Write models, and plain data with models inside, as JSON."""
    return json.dumps(content, indent=indent, default=_plain) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - json asks about whatever it meets
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


def of(context: typer.Context) -> Invocation:
    """Return what the options said, for this call."""
    return context.ensure_object(Invocation)


def _remember_json(context: typer.Context, value: bool) -> bool:  # noqa: FBT001
    of(context).as_json = value
    return value


def said(value: str | None) -> str | None:
    """Refuse a name or a reason of blanks alone: it stands on record for nothing."""
    if value is not None and not value.strip():
        raise typer.BadParameter("It is blank. Write who decides, or why.")
    return value if value is None else value.strip()


#: The option that every command has.
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        callback=_remember_json,
        help="Answer with JSON on stdout; everything else goes to stderr.",
    ),
]
SiteOption = Annotated[
    str | None,
    typer.Option(
        "--site",
        metavar="ID",
        help="NCES id of a site (7 digits for a district, 12 for a school), "
        "or an agency such as sea-04.",
    ),
]
#: Who answers for a decision that is kept.
DecidedBy = Annotated[
    str,
    typer.Option(
        "--by",
        callback=said,
        help="Who decides: a name or an office, for the record.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write."),
]
