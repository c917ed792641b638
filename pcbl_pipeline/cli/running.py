"""Running flows from the command line, and showing what they do meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from pcbl_pipeline.cli import show
from pcbl_pipeline.cli.invocation import Invocation, error_json
from pcbl_pipeline.errors import PipelineError

if TYPE_CHECKING:
    from flows.progress import Step
    from pcbl_pipeline.operations.outcome import Outcome
    from pcbl_pipeline.workspace import Workspace


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


def place_of(workspace: "Workspace", key: str) -> str:
    """Say where something lies, so that a person can open it."""
    from pcbl_pipeline.storage.local import LocalStore

    if isinstance(workspace.store, LocalStore):
        return str(workspace.store.root / key)
    return f"{key} in {workspace.settings.store_url}"


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
            bar.console.print(show.outcome_line(step.outcome), soft_wrap=True)
            doing = "Ingesting" if step.number < step.total else "Finishing"
            bar.update(task, total=step.total, completed=step.number, description=doing)

        try:
            with told(tell):
                yield done
        except PipelineError as error:
            # What was answered before the run failed stands, and is told.
            call.answer_json(outcomes_json(done) | error_json(error))
            raise


def show_outcome(call: Invocation, outcome: "Outcome") -> None:
    """Answer with what became of one submission, as soon as it is known."""
    if outcome.receipt is not None:
        call.answer_json_line(outcome.receipt)
    console = call.notes if call.as_json or outcome.error else call.answers
    console.print(show.outcome_line(outcome), soft_wrap=True)


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
