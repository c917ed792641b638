"""`pcbl queue`: sentences that are held, and what their site decides about them."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson, DecidedBy
from pcbl_pipeline.model.narrative import Choice

if TYPE_CHECKING:
    from pcbl_pipeline.operations.release_queue_files import QueueLine

app = typer.Typer(
    no_args_is_help=True,
    help="Sentences that may point to a person, and what their site decides on each.",
)
_COLUMNS = (*("line", "dataset", "id", "field", "sentence", "why", "may", "decision"),)
SiteOfQueue = Annotated[
    str, typer.Option("--site", help="The sender whose sentences they are.")
]


@app.command(name="list")
def list_held(
    context: typer.Context, *, site: SiteOfQueue, as_json: AsJson = False
) -> None:
    """List a site's held sentences with the reasons.

    The same list lies in the site's outbox as `release_queue.xlsx`.

    For instance:

    - `pcbl queue list --site 0499901`
    - `pcbl queue list --site 0499901 --json`
    """
    from pcbl_pipeline.operations.release_queue import queue_of

    call = invocation.of(context)
    workspace = call.open_workspace()
    workspace.network.get_sender(site)
    lines = queue_of(workspace, site)
    call.answer_json([dict(zip(_COLUMNS, _cells(line), strict=True)) for line in lines])
    if call.as_json:
        return
    if not lines:
        call.say("No sentence waits.")
        return
    table = Table(*_COLUMNS, box=None)
    for line in lines:
        table.add_row(*_cells(line))
    call.answers.print(table)


@app.command()
def decide(  # noqa: PLR0913 - each is one option of the command
    context: typer.Context,
    line: Annotated[str, typer.Argument(help="The line, as `list` names it.")],
    choice: Annotated[Choice, typer.Argument(help="What to do with the sentence.")],
    *,
    site: SiteOfQueue,
    by: DecidedBy,
    rewrite: Annotated[
        str, typer.Option("--rewrite", help="The new sentence, for `rewrite`.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Release a sentence, write it anew, or withhold it; the site has the word.

    For instance:

    - `pcbl queue decide 1f2e3d4c5b6a7988 release --site 0499901 --by "Site office"`
    - `pcbl queue decide 1f2e3d4c5b6a7988 rewrite --site 0499901 --by "Site office" --rewrite "Some learners asked."`
    """
    from pcbl_pipeline.operations.decide import decide_line
    from pcbl_pipeline.operations.release_queue import renew_queue_of

    call = invocation.of(context)
    workspace = call.open_workspace()
    decision = decide_line(workspace, site, line, choice, by=by, rewrite=rewrite)
    renew_queue_of(workspace, site)
    call.answer_json(decision)
    call.say(f"{line}: {choice.value}. It counts from the next release on.")


def _cells(line: "QueueLine") -> tuple[str, ...]:
    return line.cells[:-1]
