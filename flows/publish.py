"""Publish: make a release of what the lake holds, and make it current."""

from datetime import date

from prefect import flow

from flows.opened import current_workspace
from flows.steps import step
from pcbl_pipeline.operations import publish as publishing
from pcbl_pipeline.operations.publish import PublishOutcome


@flow(name="publish")
def publish(as_of: date | None = None, *, force: bool = False) -> PublishOutcome:
    """Publish a release if there is anything new, or anyway."""
    return publish_release(as_of, force=force)


@step
def publish_release(as_of: date | None, *, force: bool = False) -> PublishOutcome:
    """Summarise, protect, render and switch the pointer."""
    return publishing.publish(current_workspace(), as_of=as_of, force=force)
