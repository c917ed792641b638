"""How tests are shared out where they run in several processes (`pytest -n 2`).

Files stay whole, so that their fixtures are made once. Rooms that start a server stay
in one process, and come first, because they take longest.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

#: Folder → the server that its tests share.
SERVERS = {
    "tests/flow/": "prefect",
    "tests/storage/": "s3",
    "tests/e2e/": "s3",
    "tests/infra/": "s3",
}


def server_of(node_id: str) -> str | None:
    """Return the server that a test shares with others."""
    shared = (SERVERS[folder] for folder in SERVERS if node_id.startswith(folder))
    return next(shared, None)


class ByServer(LoadFileScheduling):
    """Gives each process whole files, and all files that share a server to one."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False  # ours is the order of collection
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return server_of(nodeid) or super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> ByServer:
    """Share the tests out by server and file."""
    return ByServer(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the rooms with a server come first; the others keep their random order."""
    items.sort(key=lambda item: server_of(item.nodeid) or "~")
