"""Ingest: one submission, from its inbox to its receipt."""

from collections.abc import Iterable
from typing import Any

from prefect import flow
from prefect.futures import PrefectFuture

from flows.artifacts import record_receipt
from flows.opened import current_workspace
from flows.progress import Step, tell
from flows.steps import step
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.outcome import Outcome, raise_failures


@step
def ingest_submission(inbox_key: str) -> Receipt:
    """Take one submission all the way, and leave its receipt as an artifact."""
    receipt = ingest_arrival(current_workspace(), inbox_key)
    record_receipt(receipt)
    return receipt


@flow(name="ingest", flow_run_name="ingest-{inbox_key}")
def ingest(inbox_key: str) -> Receipt | None:
    """Ingest the file that lies in an inbox."""
    (outcome,) = ingest_each([inbox_key])
    raise_failures([outcome])
    return outcome.receipt


def ingest_each(inbox_keys: Iterable[str]) -> list[Outcome]:
    """Ingest submissions; one that fails does not stop the others."""
    runs = [(key, ingest_submission.submit(key)) for key in inbox_keys]
    outcomes = []
    for number, (key, future) in enumerate(runs, start=1):
        outcomes.append(_outcome(key, future))
        tell(Step(number, len(runs), outcomes[-1]))
    return outcomes


def _outcome(inbox_key: str, future: PrefectFuture[Receipt]) -> Outcome:
    result: Any = future.result(raise_on_failure=False)
    if isinstance(result, Receipt):
        return Outcome(inbox_key, receipt=result)
    return Outcome(inbox_key, error=result)
