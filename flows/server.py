"""Whether a Prefect server was configured, and being ready when none was."""

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL


def has_server() -> bool:
    """Tell whether runs are scheduled on a server instead of in this process."""
    return bool(PREFECT_API_URL.value())


def wait_until_ready() -> None:
    """Start Prefect's temporary server, or reach the configured one, before work."""
    with get_client(sync_client=True) as client:
        client.hello()
