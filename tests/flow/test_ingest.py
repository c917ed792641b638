"""The ingest flow: one submission, its retries, its artifact, its failure."""

import pytest
from prefect import flow
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State, StateType

import flows.ingest
from flows.ingest import ingest, ingest_each
from flows.progress import told
from flows.steps import is_retryable
from pcbl_pipeline.errors import (
    LakeConflict,
    LedgerInconsistent,
    StoreUnavailable,
    SubmissionsFailed,
    SubmissionUnreadable,
)
from pcbl_pipeline.model.receipt import Status
from tests.support.workspaces import drop, lessons_csv

pytestmark = pytest.mark.usefixtures("prefect", "workspace")


@pytest.fixture
def without_delays(monkeypatch):
    """Retry at once."""
    monkeypatch.setattr(flows.ingest.ingest_submission, "retry_delay_seconds", 0)
    monkeypatch.setattr(flows.ingest.ingest_submission, "retry_jitter_factor", None)


def failing_with(*errors, then="answered"):
    """Stand in for the operation: raise these first, then answer."""
    calls = []

    def operation(_workspace, inbox_key):
        calls.append(inbox_key)
        if len(calls) <= len(errors):
            raise errors[len(calls) - 1]
        return then

    return operation, calls


def test_a_dropped_file_is_answered_and_leaves_an_artifact(workspace):
    key = drop(workspace, "a.csv", lessons_csv(workspace, 1, 2))

    receipt = ingest(key)

    assert receipt.status is Status.ACCEPTED
    artifact = Artifact.get(f"receipt-{receipt.submission_id}")
    assert "2 rows: 2 accepted" in artifact.data


def test_a_refused_file_is_a_successful_run(workspace):
    receipt = ingest(drop(workspace, "a.csv", b""))

    assert receipt.status is Status.REFUSED


def test_what_may_pass_is_tried_again(monkeypatch, without_delays):
    errors = (StoreUnavailable("out"), LakeConflict("busy"))
    operation, calls = failing_with(*errors)
    monkeypatch.setattr(flows.ingest, "ingest_arrival", operation)
    monkeypatch.setattr(flows.ingest, "record_receipt", lambda _: None)

    ingest_each_in_a_flow(["k"])

    assert calls == ["k"] * 3


@pytest.mark.parametrize("error", [LedgerInconsistent("x"), ZeroDivisionError()])
def test_what_cannot_pass_is_not_tried_again(monkeypatch, without_delays, error):
    operation, calls = failing_with(error)
    monkeypatch.setattr(flows.ingest, "ingest_arrival", operation)

    with pytest.raises(SubmissionsFailed, match=type(error).__name__):
        ingest("k")

    assert calls == ["k"]


def test_a_missing_file_is_the_operators_to_find():
    with pytest.raises(SubmissionUnreadable, match="There is no file to ingest"):
        ingest("sites/0499901/inbox/gone.csv")


def test_one_failure_does_not_stop_the_others_and_each_is_told(monkeypatch):
    def operation(_workspace, key):
        if key == "b":
            raise LedgerInconsistent("x")

    monkeypatch.setattr(flows.ingest, "ingest_arrival", operation)
    monkeypatch.setattr(flows.ingest, "record_receipt", lambda _: None)
    steps = []
    with told(steps.append):
        ingest_each_in_a_flow(["a", "b", "c"])

    assert [step.outcome.inbox_key for step in steps] == ["a", "b", "c"]
    assert [(step.number, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    kinds = [type(step.outcome.error) for step in steps]
    assert kinds == [type(None), LedgerInconsistent, type(None)]


@flow
def ingest_each_in_a_flow(keys: list[str]):
    ingest_each(keys)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (StoreUnavailable("out"), True),
        (LedgerInconsistent("x"), False),
        (SubmissionUnreadable("gone"), False),
        (ZeroDivisionError(), False),
    ],
)
def test_only_the_error_itself_says_whether_to_retry(error, expected):
    failed = State(type=StateType.FAILED, data=error)

    assert is_retryable(None, None, failed) is expected
