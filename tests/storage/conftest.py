"""The stores that must all behave alike."""

import pytest

from pcbl_pipeline.storage.open_store import open_store


@pytest.fixture(params=["folder", "seaweed", "moto"])
def store(request, tmp_path):
    """An empty store: on a folder, on SeaweedFS, on moto's server."""
    if request.param == "folder":
        return open_store(f"file:{tmp_path / 'store'}")
    return open_store(request.getfixturevalue(request.param).store_url())
