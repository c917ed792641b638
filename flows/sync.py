"""Sync: take up, at somebody's request, what one site or all have waiting."""

from dataclasses import dataclass

from prefect import flow

from flows.ingest import ingest_each
from flows.opened import current_workspace
from flows.steps import step
from pcbl_pipeline.operations.outcome import Outcome, raise_failures
from pcbl_pipeline.operations.sync import SyncPlan, plan_sync


@dataclass(frozen=True)
class Synced:
    """What was planned, and what became of it (nothing, on a dry run)."""

    plan: SyncPlan
    outcomes: list[Outcome]


@flow(name="sync")
def sync(
    site: str | None = None, dataset: str | None = None, *, dry_run: bool = False
) -> Synced:
    """Ingest what waits, of one site and one dataset if they are named."""
    plan = plan_work(site, dataset)
    outcomes = ingest_each([] if dry_run else [item.key for item in plan.arrivals])
    raise_failures(outcomes)
    return Synced(plan, outcomes)


@step
def plan_work(site: str | None, dataset: str | None) -> SyncPlan:
    """Find what waits, without touching it."""
    return plan_sync(current_workspace(), sender_id=site, dataset=dataset)
