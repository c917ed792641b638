"""A workspace on a folder, with three invented sites."""

from pathlib import Path

import pytest

from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import Workspace, create_workspace
from tests.support.builders import NETWORK_YAML


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    settings = Settings(store_url=f"file:{tmp_path / 'store'}", file_size_limit_mb=1)
    return create_workspace(settings, NETWORK_YAML)
