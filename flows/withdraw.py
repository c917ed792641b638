"""Withdraw: take a release or a submission back, in the name of a person."""

from prefect import flow

from flows.opened import current_workspace
from flows.steps import step
from pcbl_pipeline.model.release import Release
from pcbl_pipeline.operations import releases
from pcbl_pipeline.operations import withdraw as withdrawing
from pcbl_pipeline.operations.withdraw import Withdrawn


@flow(name="withdraw")
def withdraw(release_id: str, *, by: str, reason: str) -> Release | None:
    """Withdraw a release; return the one that is current afterwards, if any."""
    return withdraw_release(release_id, by=by, reason=reason)


@flow(name="withdraw-submission")
def withdraw_submission(
    submission_id: str, *, by: str, reason: str, erase: bool = False
) -> list[Withdrawn]:
    """Withdraw a submission with everything that was made of it."""
    return take_back(submission_id, by=by, reason=reason, erase=erase)


@step
def withdraw_release(release_id: str, *, by: str, reason: str) -> Release | None:
    """Put it on record, lead readers away, remove its files, and prove it."""
    return releases.withdraw(current_workspace(), release_id, by=by, reason=reason)


@step
def take_back(
    submission_id: str, *, by: str, reason: str, erase: bool
) -> list[Withdrawn]:
    """Note it, take its rows out, bring back what they replaced, and prove it."""
    return withdrawing.withdraw(
        current_workspace(), submission_id, by=by, reason=reason, erase=erase
    )
