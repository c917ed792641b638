"""All deployments in one place: which flow runs when, and how many at once."""

from prefect import serve as serve_runners
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.schedules import Cron

from flows.ingest import ingest
from flows.listen import INGEST_DEPLOYMENT
from flows.nightly import nightly
from flows.publish import publish
from flows.sync import sync
from flows.withdraw import withdraw, withdraw_submission

#: After the day's drops, before anybody comes to work; minute and hour, local time.
_NIGHTLY_CRON = "15 2 * * *"
#: Others wait in the queue. The lake settles conflicts; this spares it the work.
_INGESTS_AT_ONCE = ConcurrencyLimitConfig(limit=2)
_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1)
#: For systems that announce a drop by themselves, through Prefect's events.
_DROPPED = DeploymentEventTrigger(
    expect={"submission.dropped"},
    match={"prefect.resource.id": "pcbl.inbox.*"},
    parameters={"inbox_key": "{{ event.payload.inbox_key }}"},
)


def deployments(time_zone: str) -> list[RunnerDeployment]:
    """Describe every deployment; the nightly one runs by the agency's clock."""
    return [
        RunnerDeployment.from_flow(
            ingest,
            INGEST_DEPLOYMENT.partition("/")[2],
            triggers=[_DROPPED],
            concurrency_limit=_INGESTS_AT_ONCE,
        ),
        RunnerDeployment.from_flow(
            nightly,
            "nightly",
            schedule=Cron(_NIGHTLY_CRON, timezone=time_zone),
            concurrency_limit=_ONE_AT_A_TIME,
        ),
        RunnerDeployment.from_flow(sync, "sync"),
        RunnerDeployment.from_flow(
            publish, "publish", concurrency_limit=_ONE_AT_A_TIME
        ),
        RunnerDeployment.from_flow(
            withdraw, "withdraw", concurrency_limit=_ONE_AT_A_TIME
        ),
        RunnerDeployment.from_flow(
            withdraw_submission,
            "withdraw-submission",
            concurrency_limit=_ONE_AT_A_TIME,
        ),
    ]


def serve(time_zone: str) -> None:
    """Serve all deployments from this process, until it is stopped.

    Stopping it leaves the schedules as they are: a restart at night must not cost a
    night's run.
    """
    serve_runners(*deployments(time_zone), pause_on_shutdown=False)
