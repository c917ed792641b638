"""`pcbl check` and `pcbl ingest`: files, answered at once and without Prefect."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcbl_pipeline.cli import invocation, show
from pcbl_pipeline.cli.invocation import AsJson, Invocation, SiteOption
from pcbl_pipeline.cli.running import outcomes_json
from pcbl_pipeline.errors import SubmissionUnreadable, WorkspaceMissing

if TYPE_CHECKING:
    from pcbl_pipeline.contracts.catalogue import Catalogue
    from pcbl_pipeline.model.receipt import Receipt
    from pcbl_pipeline.operations.outcome import Outcome
    from pcbl_pipeline.workspace import Workspace

VerboseOption = Annotated[
    bool,
    typer.Option("--verbose", help="Show the remarks too, which ask for nothing."),
]
#: A file has findings of severity error.
TO_CORRECT = 1


def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to check.")],
    *,
    site: SiteOption = None,
    output: Annotated[
        Path | None,
        typer.Option(help="A folder for all files that sending it would bring."),
    ] = None,
    verbose: VerboseOption = False,
    as_json: AsJson = False,
) -> None:
    """Check a file before it is sent; nothing is sent or kept.

    The answer is the receipt that sending it would bring. Without `--site` the file
    is judged by the contracts alone. With it, the file is judged as that site's, and
    against what the workspace already holds, if there is one.

    For instance:

    - `pcbl check lessons.csv`
    - `pcbl check lessons.xlsx --site 0499991`
    - `pcbl check lessons.xlsx --site 0499991 --output answer`

    Exit code 1 means that there is something to correct.
    """
    from pcbl_pipeline.operations.check import checked
    from pcbl_pipeline.operations.check_answer import write_answer
    from pcbl_pipeline.operations.release_queue import HELD

    call = invocation.of(context)
    workspace = _workspace_for(call, site)
    catalogue = _catalogue(call, workspace)
    with checked(
        file, catalogue=catalogue, workspace=workspace, sender_id=site
    ) as found:
        if output is not None:
            pages = workspace.network.rule_pages if workspace else None
            write_answer(found, file, output, rule_pages=pages)
            call.note(f"The answer lies in {output}: open receipt.html.")
            if site is None and any(f.code == HELD for f in found.receipt.all_findings):
                call.note("With --site, release_queue.xlsx is written there as well.")
    receipt = found.receipt
    call.answer_json(receipt)
    if not call.as_json:
        show.print_receipt(receipt, call.answers, verbose=verbose)
    _exit_with(receipt)


def _catalogue(call: Invocation, workspace: "Workspace | None") -> "Catalogue":
    from pcbl_pipeline.contracts.catalogue import load_catalogue

    if workspace is not None:
        return workspace.catalogue
    return load_catalogue(call.settings().expectations_dir)


def _workspace_for(call: Invocation, site: str | None) -> "Workspace | None":
    if site is None:
        return None
    try:
        return call.open_workspace()
    except WorkspaceMissing:
        if call.store_url is not None:
            raise
        call.note("There is no workspace here: checked by the contracts alone.")
        return None


def ingest(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY or FILE]",
            help="Keys in inboxes, or with --site local files. Default: all that waits.",
        ),
    ] = None,
    *,
    site: SiteOption = None,
    verbose: VerboseOption = False,
    as_json: AsJson = False,
) -> None:
    """Ingest files now, and show each receipt. No Prefect is needed.

    A key such as `sites/0499991/inbox/lessons.csv` names what lies in an inbox. With
    `--site`, a local file is first dropped into that site's inbox. Ingesting a file
    again changes nothing.

    For instance:

    - `pcbl ingest`
    - `pcbl ingest sites/0499991/inbox/lessons.csv`
    - `pcbl ingest --site 0499991 lessons.csv`

    Exit code 1 means that a file has something to correct.
    """
    from pcbl_pipeline.operations.outcome import raise_failures

    call = invocation.of(context)
    workspace = call.open_workspace()
    outcomes = []
    for key in _keys(workspace, files or [], site):
        outcomes.append(_ingested(workspace, key))
        if not call.as_json:
            show.print_outcome(outcomes[-1], call.answers, verbose=verbose)
    call.answer_json(outcomes_json(outcomes))
    if not outcomes:
        call.say("Nothing waits in the inboxes.")
    raise_failures(outcomes)
    _exit_with(*[item.receipt for item in outcomes if item.receipt])


def _ingested(workspace: "Workspace", key: str) -> "Outcome":
    from pcbl_pipeline.operations.ingest import ingest_arrival
    from pcbl_pipeline.operations.outcome import Outcome

    try:
        return Outcome(key, receipt=ingest_arrival(workspace, key))
    except Exception as error:  # noqa: BLE001 - told at the end; the others go on
        return Outcome(key, error=error)


def _keys(workspace: "Workspace", files: list[str], site: str | None) -> Iterator[str]:
    """Yield inbox keys; local files are dropped as their turn comes."""
    from pcbl_pipeline.operations.drop import drop_file
    from pcbl_pipeline.operations.receive import find_settled

    if not files:
        senders = None if site is None else [site]
        arrivals = find_settled(workspace, sender_ids=senders)
        yield from (arrival.key for arrival in arrivals)
    for name in files:
        if site is not None and Path(name).is_file():
            yield drop_file(workspace, Path(name), sender_id=site)
        elif site is None and Path(name).is_file():
            raise SubmissionUnreadable(
                f"Whose file is {name}? Name the site: "
                f"`pcbl ingest --site ID {name}`, or give the key of a file in an inbox."
            )
        else:
            yield name


def _exit_with(*receipts: "Receipt") -> None:
    from pcbl_pipeline.model.finding import Severity

    findings = [group for receipt in receipts for group in receipt.all_findings]
    if any(group.severity is Severity.ERROR for group in findings):
        raise typer.Exit(TO_CORRECT)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)
    app.command()(ingest)
