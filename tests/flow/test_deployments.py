"""All deployments, and how a drop becomes a run of one."""

from datetime import UTC, datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitStrategy

import flows.listen
from flows.deployments import deployments
from flows.listen import INGEST_DEPLOYMENT, schedule
from pcbl_pipeline.errors import DeploymentMissing
from pcbl_pipeline.model.submission import Arrival

ZONE = "America/Phoenix"
ARRIVAL = Arrival(
    key="sites/0499901/inbox/a.csv",
    sender_id="0499901",
    size=1,
    etag="x",
    received_at=datetime(2026, 11, 1, tzinfo=UTC),
)


@pytest.fixture
def named():
    return {item.full_name: item for item in deployments(ZONE)}


def test_every_way_to_start_the_pipeline_is_deployed(named):
    assert set(named) == {
        INGEST_DEPLOYMENT,
        "nightly/nightly",
        "sync/sync",
        "publish/publish",
        "withdraw/withdraw",
        "withdraw-submission/withdraw-submission",
    }


def test_the_nightly_run_follows_the_agencys_clock(named):
    [item] = named["nightly/nightly"].schedules

    assert item.schedule.timezone == ZONE
    assert item.schedule.cron == "15 2 * * *"


def test_only_one_run_publishes_at_a_time_and_others_wait(named):
    for name in (
        *("nightly/nightly", "publish/publish", "withdraw/withdraw"),
        "withdraw-submission/withdraw-submission",
    ):
        assert named[name].concurrency_limit == 1
        options = named[name].concurrency_options
        assert options.collision_strategy is ConcurrencyLimitStrategy.ENQUEUE


def test_an_announced_drop_starts_an_ingest_of_its_key(named):
    [trigger] = named[INGEST_DEPLOYMENT].triggers

    assert trigger.parameters == {"inbox_key": "{{ event.payload.inbox_key }}"}


@pytest.mark.usefixtures("prefect")
def test_a_drop_noticed_twice_is_one_run(named):
    deployment_id = named[INGEST_DEPLOYMENT].apply()

    schedule(ARRIVAL)
    schedule(ARRIVAL)

    with get_client(sync_client=True) as client:
        runs = [
            run for run in client.read_flow_runs() if run.deployment_id == deployment_id
        ]
    assert [run.parameters for run in runs] == [{"inbox_key": ARRIVAL.key}]


@pytest.mark.usefixtures("prefect")
def test_a_server_that_nobody_serves_is_said(monkeypatch):
    monkeypatch.setattr(flows.listen, "INGEST_DEPLOYMENT", "ingest/nobody")

    with pytest.raises(DeploymentMissing, match="pcbl serve"):
        schedule(ARRIVAL)
