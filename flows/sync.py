"""Sync: take up, at somebody's request, what one site or all have waiting."""

from dataclasses import dataclass

from prefect import flow

from flows.ingest import ingest_each
from flows.opened import current_workspace
from flows.steps import step
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.outcome import Outcome, raise_failures
from pcbl_pipeline.operations.replay import replay_waiting
from pcbl_pipeline.operations.sync import SyncPlan, plan_sync


@dataclass(frozen=True)
class Synced:
    """What was planned, and what became of it (nothing, on a dry run)."""

    plan: SyncPlan
    outcomes: list[Outcome]
    #: Submissions of which a replay freed rows from quarantine.
    replayed: list[Receipt]


@flow(name="sync")
def sync(
    site: str | None = None, dataset: str | None = None, *, dry_run: bool = False
) -> Synced:
    """Ingest and replay what waits, of one site and one dataset if they are named."""
    plan = plan_work(site, dataset)
    outcomes = ingest_each([] if dry_run else [item.key for item in plan.arrivals])
    replayed = [] if dry_run else replay_scope(site, dataset)
    raise_failures(outcomes)
    return Synced(plan, outcomes, replayed)


@step
def plan_work(site: str | None, dataset: str | None) -> SyncPlan:
    """Find what waits, without touching it."""
    return plan_sync(current_workspace(), sender_id=site, dataset=dataset)


@step
def replay_scope(site: str | None, dataset: str | None) -> list[Receipt]:
    """Free rows from quarantine whose references have arrived meanwhile."""
    return replay_waiting(current_workspace(), sender_id=site, dataset=dataset)
