"""Listen: bridge what is dropped to runs of the `ingest` flow.

With a Prefect server a run is scheduled there; without one it happens in this process,
within seconds of the drop. Whoever listens twice does no harm: a run is identified by
the arrival.
"""

from threading import Event

from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.ingest import ingest
from flows.server import has_server
from pcbl_pipeline.errors import DeploymentMissing, PipelineError
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.watch import watch_inboxes
from pcbl_pipeline.storage.open_queue import open_queue
from pcbl_pipeline.workspace import Workspace

INGEST_DEPLOYMENT = "ingest/on-drop"
_log = get_logger("listen")


def listen(workspace: Workspace, stop: Event) -> None:
    """Answer what waits, then each dropped file, until told to stop.

    Raises:
        DeploymentMissing: If there is a server, but nobody serves our flows on it.
    """
    deliver = schedule if has_server() else ingest_here
    url = workspace.settings.queue_url
    queue = open_queue(url) if url else None
    for arrival in watch_inboxes(workspace, stop, queue=queue):
        deliver(arrival)


def schedule(arrival: Arrival) -> None:
    """Have the server run an ingest; asking again finds the same run."""
    try:
        run_deployment(
            INGEST_DEPLOYMENT,
            parameters={"inbox_key": arrival.key},
            idempotency_key=arrival.arrival_id,
            timeout=0,
        )
    except ObjectNotFound as error:
        raise DeploymentMissing(INGEST_DEPLOYMENT) from error


def ingest_here(arrival: Arrival) -> None:
    """Run an ingest in this process; a failure of ours waits for the next look."""
    # Without a heartbeat a run ends a second sooner; nobody watches for it here.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            ingest(arrival.key)
        except PipelineError as error:
            _log.error("%s was not answered: %s", arrival.key, type(error).__name__)
