"""Withdraw: take a published release back, in the name of a person."""

from prefect import flow

from flows.opened import current_workspace
from flows.steps import step
from pcbl_pipeline.model.release import Release
from pcbl_pipeline.operations import releases


@flow(name="withdraw")
def withdraw(release_id: str, *, by: str, reason: str) -> Release | None:
    """Withdraw a release; return the one that is current afterwards, if any."""
    return withdraw_release(release_id, by=by, reason=reason)


@step
def withdraw_release(release_id: str, *, by: str, reason: str) -> Release | None:
    """Put it on record, lead readers away, remove its files, and prove it."""
    return releases.withdraw(current_workspace(), release_id, by=by, reason=reason)
