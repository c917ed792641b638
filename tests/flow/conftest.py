"""One Prefect for all flow tests, apart from the machine's own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.environment import prepare_prefect
from pcbl_pipeline.workspace import Workspace
from tests.support.workspaces import make_workspace

# Before any test module imports Prefect, which reads its environment only then.
_PREFECT = tempfile.TemporaryDirectory(prefix="pcbl-prefect-")
_ENVIRONMENT = pytest.MonkeyPatch()
_ENVIRONMENT.delenv("PREFECT_API_URL", raising=False)
_ENVIRONMENT.setenv("PCBL_STORE_URL", "file:nowhere")
_ENVIRONMENT.setenv("PREFECT_HOME", _PREFECT.name)
_ENVIRONMENT.setenv("PREFECT_PROFILES_PATH", f"{_PREFECT.name}/profiles.toml")
prepare_prefect("file:nowhere", quiet=True)


@pytest.fixture(scope="session")
def prefect() -> Iterator[None]:
    """Run flows for real, against a temporary server; it takes a while to start."""
    from prefect import settings  # noqa: PLC0415
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415

    # Without a heartbeat each run ends a second sooner.
    no_heartbeat = {settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    with (
        prefect_test_harness(server_startup_timeout=120),
        settings.temporary_settings(no_heartbeat),
    ):
        yield


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Set up a workspace that the flows find through the settings."""
    monkeypatch.setenv("PCBL_STORE_URL", f"file:{tmp_path / 'store'}")
    return make_workspace(tmp_path / "store")
