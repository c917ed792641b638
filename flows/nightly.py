"""Nightly: answer everything that waits, then publish what is new."""

from dataclasses import dataclass
from datetime import date

from prefect import flow

from flows.ingest import ingest_each
from flows.opened import current_workspace
from flows.publish import publish_release
from flows.steps import step
from pcbl_pipeline.errors import OperatorError
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.outcome import Outcome, raise_failures
from pcbl_pipeline.operations.publish import PublishOutcome
from pcbl_pipeline.operations.receive import find_settled
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.operations.withdraw import finish_withdrawals, raise_unfinished


@dataclass(frozen=True)
class Night:
    """What one nightly run did."""

    outcomes: list[Outcome]
    #: Submissions of which a replay freed rows from quarantine.
    replayed: list[Receipt]
    publication: PublishOutcome


@flow(name="nightly")
def nightly(as_of: date | None = None) -> Night:
    """Answer what waits in the inboxes, replay what can be, publish.

    Publishes also when a submission failed: the others' data are not held back.
    """
    outcomes = ingest_each(find_waiting())
    replayed = replay()
    withdrawn = finish_withdrawing()
    publication = publish_release(as_of)
    raise_failures(outcomes)
    raise_unfinished(withdrawn)
    return Night(outcomes, replayed, publication)


@step
def find_waiting() -> list[str]:
    """Return the keys of what lies in the inboxes unanswered, oldest first."""
    return [arrival.key for arrival in find_settled(current_workspace())]


@step
def finish_withdrawing() -> dict[str, OperatorError | None]:
    """Finish the withdrawals that broke off, before anything is published."""
    return finish_withdrawals(current_workspace())


@step
def replay() -> list[Receipt]:
    """Free rows from quarantine whose references have arrived meanwhile."""
    return replay_waiting(current_workspace())
