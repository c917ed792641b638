"""A workspace that the command line finds through its own settings."""

import pytest

from pcbl_pipeline.workspace import Workspace
from tests.support.workspaces import make_workspace


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Call `pcbl` in an empty folder, without the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PCBL_STORE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """Set up a workspace where `pcbl` looks by default."""
    return make_workspace(tmp_path / "pcbl-workspace")
