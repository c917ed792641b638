"""Nightly and sync as flows, and what they leave to the operations."""

from datetime import date

import pytest

import flows.ingest
import flows.nightly
import flows.publish
from flows.nightly import nightly
from flows.sync import sync
from pcbl_pipeline.errors import (
    LedgerInconsistent,
    PublicationBlocked,
    SubmissionsFailed,
)
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.publish import PublishOutcome
from tests.support.workspaces import drop, lessons_csv

pytestmark = pytest.mark.usefixtures("prefect", "workspace")
AS_OF = date(2026, 11, 20)


@pytest.fixture
def published(monkeypatch):
    """Record when something is published instead of doing it."""
    days = []

    def publish(_workspace, *, as_of, force):
        days.append(as_of)
        return PublishOutcome(None, "recorded")

    monkeypatch.setattr(flows.publish.publishing, "publish", publish)
    return days


def test_a_night_answers_everything_and_publishes(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    drop(workspace, "b.csv", b"")

    night = nightly(as_of=AS_OF)

    statuses = [outcome.receipt.status for outcome in night.outcomes]
    assert statuses == [Status.ACCEPTED, Status.REFUSED]
    assert night.publication.release.as_of == AS_OF


def test_a_second_night_finds_nothing_new(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    nightly(as_of=AS_OF)

    night = nightly(as_of=AS_OF)

    assert night.outcomes == []
    assert night.publication.release is None


def test_files_are_taken_in_the_order_of_their_arrival(workspace, published):
    for name in ("c.csv", "a.csv", "b.csv"):
        drop(workspace, name, lessons_csv(workspace, 1, title=name))

    night = nightly()

    taken = [outcome.receipt.file_name for outcome in night.outcomes]
    assert taken == ["c.csv", "a.csv", "b.csv"]


def test_a_failure_stops_neither_the_others_nor_the_publication(
    workspace, published, monkeypatch
):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    broken = drop(workspace, "b.csv", lessons_csv(workspace, 2))
    drop(workspace, "c.csv", lessons_csv(workspace, 3))
    real = flows.ingest.ingest_arrival

    def operation(workspace, key):
        if key == broken:
            raise LedgerInconsistent("x")
        return real(workspace, key)

    monkeypatch.setattr(flows.ingest, "ingest_arrival", operation)
    with pytest.raises(SubmissionsFailed, match=r"b\.csv \(LedgerInconsistent\)"):
        nightly(as_of=AS_OF)

    assert len(workspace.ledger.receipts()) == 2
    assert published == [AS_OF]


def test_replay_comes_after_ingest_and_before_publication(published, monkeypatch):
    monkeypatch.setattr(flows.nightly, "find_settled", lambda _: [])
    monkeypatch.setattr(
        flows.nightly, "replay_waiting", lambda _: published.append("replay") or []
    )

    nightly(as_of=AS_OF)

    assert published == ["replay", AS_OF]


def test_a_blocked_publication_is_the_runs_failure(monkeypatch):
    def blocked(_workspace, *, as_of, force):
        raise PublicationBlocked("not safe")

    monkeypatch.setattr(flows.publish.publishing, "publish", blocked)

    with pytest.raises(PublicationBlocked, match="not safe"):
        nightly()


def test_publish_passes_on_what_was_asked(published):
    flows.publish.publish(as_of=AS_OF, force=True)

    assert published == [AS_OF]


def test_sync_takes_one_site_and_leaves_the_others(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    other = drop(workspace, "b.csv", b"", sender="3899901")

    synced = sync(site="3899901")

    assert [outcome.inbox_key for outcome in synced.outcomes] == [other]
    assert len(workspace.ledger.receipts()) == 1


def test_sync_takes_one_dataset(workspace):
    key = drop(workspace, "a.csv", lessons_csv(workspace, 1))
    drop(workspace, "b.csv", b"")

    synced = sync(dataset="lesson_learned")

    assert [outcome.inbox_key for outcome in synced.outcomes] == [key]
    assert [item.file_name for item in synced.plan.skipped] == ["b.csv"]


def test_a_dry_run_takes_nothing(workspace):
    key = drop(workspace, "a.csv", lessons_csv(workspace, 1))

    synced = sync(dry_run=True)

    assert [arrival.key for arrival in synced.plan.arrivals] == [key]
    assert workspace.ledger.receipts() == []
