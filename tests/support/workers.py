"""How tests are shared out where they run in several processes (`pytest -n 2`).

Files stay whole, so that their fixtures are made once. Rooms that start a server stay
in one process. What takes longest comes first, so that no process ends alone with it.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

#: Where tests take long → the group that stays in one process.
GROUPS = {
    "tests/flow/": "prefect",
    "tests/e2e/test_demo": "demo",
    "tests/e2e/": "s3",
    "tests/storage/": "s3",
    "tests/infra/": "s3",
}


def group_of(node_id: str) -> str | None:
    """Return the group that a test belongs to, if to any."""
    found = (group for start, group in GROUPS.items() if node_id.startswith(start))
    return next(found, None)


class ByGroup(LoadFileScheduling):
    """Gives each process whole files, and all files of a group to one."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False  # ours is the order of collection
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> ByGroup:
    """Share the tests out by group and file."""
    return ByGroup(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the groups come first; all others keep their random order.

    The demo comes between them: what it looks at may still be made beside the tests.
    """
    order = {"prefect": 0, "s3": 1, "demo": 3}
    items.sort(key=lambda item: order.get(group_of(item.nodeid) or "", _half(item)))


def _half(item: pytest.Item) -> int:
    return 2 if item.nodeid < "tests/m" else 4
