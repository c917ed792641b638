"""`pcbl pairs`: lessons that may say the same, and what the agency found."""

from typing import Annotated

import typer
from rich.table import Table

from pcbl_pipeline.cli import invocation
from pcbl_pipeline.cli.invocation import AsJson, DecidedBy
from pcbl_pipeline.model.lesson_pair import PairChoice

app = typer.Typer(
    no_args_is_help=True,
    help="Lessons that may say the same, and what the agency found when it read them.",
)
_COLUMNS = ("first_id", "second_id", "likeness", "decision")


@app.command(name="list")
def list_pairs(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the pairs of the current release.

    Both texts stand side by side on the agency edition's page of near duplicates.

    For instance:

    - `pcbl pairs list`
    - `pcbl pairs list --json`
    """
    from pcbl_pipeline.operations.lesson_pairs import published_pairs

    call = invocation.of(context)
    pairs = list(published_pairs(call.open_workspace()))
    call.answer_json(pairs)
    if call.as_json:
        return
    if not pairs:
        call.say("The current release has no two lessons that are much alike.")
        return
    table = Table(*_COLUMNS, box=None)
    for pair in pairs:
        table.add_row(*(str(pair[name] or "") for name in _COLUMNS))
    call.answers.print(table)


@app.command()
def decide(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="Public id of one lesson.")],
    second: Annotated[str, typer.Argument(help="Public id of the other lesson.")],
    choice: Annotated[PairChoice, typer.Argument(help="What they turned out to be.")],
    *,
    by: DecidedBy,
    as_json: AsJson = False,
) -> None:
    """Say of two lessons that they say the same, or different things.

    Nothing is merged. Sites whose lessons say the same are told so in their report. A
    pair that says different things is not proposed again, until a text changes.

    For instance:

    - `pcbl pairs decide 792922537ebd 90e222ecbedb same --by "Pilot office"`
    """
    from pcbl_pipeline.operations.lesson_pairs import decide_pair

    call = invocation.of(context)
    decision = decide_pair(call.open_workspace(), first, second, choice, by=by)
    call.answer_json(decision)
    call.say(f"{first}, {second}: {choice.value}. It counts from the next release on.")
