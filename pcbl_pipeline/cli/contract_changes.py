"""`pcbl contracts diff` and `try`: what a changed contract would do, before it counts.

Reads and shows; what a change means is decided in `contracts.diff` and
`operations.trial`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli.invocation import AsJson, Invocation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcbl_pipeline.contracts.catalogue import Catalogue
    from pcbl_pipeline.contracts.diff import Change
    from pcbl_pipeline.operations.trial import Standing, Trial

#: Exit code: something breaks, or some verdict would change.
DIFFERENT = 1
#: Files between two words of progress.
PROGRESS_EVERY = 100


def catalogue_of(call: Invocation) -> "Catalogue":
    """Load the contracts that this call is about."""
    from pcbl_pipeline.contracts.catalogue import load_catalogue

    return load_catalogue(call.settings().expectations_dir)


def diff(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="DATASET V1 V2 | OLD.yaml NEW.yaml",
            help="A dataset and two of its versions, or two files of contracts "
            "or of code lists.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """List what changed between two versions of a contract, what breaks first.

    A change breaks when a file that was right may no longer be, or when readers of
    the data must change. Of two contract files the code lists are compared too that
    lie in `codelists/` beside each.

    For instance:

    - `pcbl contracts diff lesson_learned 1.0 1.1`
    - `pcbl contracts diff expectations/ta_event/contract.yaml new.yaml`

    Exit code 1 means that a change breaks something.
    """
    call = invocation.of(context)
    changes = _changes_between(catalogue_of(call), what)
    call.answer_json([item.as_json() for item in changes])
    if not call.as_json:
        table = Table("", "where", "what", "before", "after", box=None)
        for item in changes:
            mark = "breaks" if item.breaking else ""
            cells = (item.where, item.what, item.before, item.after)
            table.add_row(mark, *(escape(cell) for cell in cells))
        call.answers.print(table if changes else "Nothing changed.")
    if any(item.breaking for item in changes):
        raise typer.Exit(DIFFERENT)


def _changes_between(catalogue: "Catalogue", what: list[str]) -> "tuple[Change, ...]":
    from pcbl_pipeline.contracts.diff import diff_contracts
    from pcbl_pipeline.contracts.diff_files import diff_files

    if len(what) == 3:
        dataset, *versions = what
        old, new = (catalogue.version(dataset, version) for version in versions)
        return diff_contracts(old, new, catalogue.code_lists, catalogue.code_lists)
    if len(what) == 2:
        return diff_files(Path(what[0]), Path(what[1]), catalogue)
    raise typer.BadParameter("Name a dataset and two versions, or two files.")


def try_out(
    context: typer.Context,
    new: Annotated[
        Path,
        typer.Argument(help="A changed contract file, or a folder like expectations/."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Judge everything ever received against a changed contract; write nothing.

    Shows whose files would be answered otherwise, before anyone merges the change.

    For instance:

    - `pcbl contracts try new/site_profile.yaml`
    - `pcbl contracts try ../changed/expectations`

    Exit code 1 means that some verdict would change.
    """
    from pcbl_pipeline.operations.trial import changed_catalogue, try_catalogue

    call = invocation.of(context)
    workspace = call.open_workspace()
    changed = changed_catalogue(workspace.catalogue, new)
    trial = try_catalogue(workspace, changed, on_progress=_progress_of(call))
    call.answer_json(trial)
    if not call.as_json:
        _print_trial(call, trial)
    if trial.sites:
        raise typer.Exit(DIFFERENT)


def _progress_of(call: Invocation) -> "Callable[[int, int], None]":
    def tell(done: int, total: int) -> None:
        if done == total or done % PROGRESS_EVERY == 0:
            call.note(f"{done} of {total} files tried")

    return tell


def _print_trial(call: Invocation, trial: "Trial") -> None:
    table = Table("sender", "file", "dataset", "before", "after", box=None)
    for item in trial.shifts:
        table.add_row(
            item.sender_id,
            escape(item.file_name),
            item.dataset or "none",
            _standing_words(item.before),
            _standing_words(item.after),
        )
    if trial.shifts:
        call.answers.print(table)
    changed = [item for item in trial.shifts if item.changes_verdict]
    call.say(
        f"{trial.tried} files tried: {len(changed)} verdicts would change, at "
        f"{len(trial.sites)} senders. {len(trial.shifts) - len(changed)} would only "
        "get other findings."
    )
    if trial.not_tried:
        call.say(f"Not tried, their bytes or sender are gone: {len(trial.not_tried)}.")


def _standing_words(standing: "Standing | None") -> str:
    if standing is None:
        return "not a dataset"
    rows = f"{standing.rows.accepted}/{standing.rows.received} rows"
    found = " ".join(f"{code}x{n}" for code, n in standing.findings.items())
    return f"{show.status_name(standing.verdict)}, {rows} {found}".strip()


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(diff)
    app.command(name="try")(try_out)
