"""Fixtures that more than one kind of test uses, and which tests stay together."""

import pytest
from hypothesis import settings

from tests.support.network import deployed_network
from tests.support.s3 import aws_environment, moto, seaweed

__all__ = ["aws_environment", "deployed_network", "moto", "seaweed"]

# A busy machine is no failure; how fast things are is the benchmarks' matter.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

#: Started once in a session, which takes long: where the tests run in several
#: processes, whoever needs one of them stays in one process.
SHARED = ("prefect", "seaweed", "moto")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, and those that share a server."""
    for item in items:
        used = [name for name in SHARED if name in getattr(item, "fixturenames", ())]
        group = used[0] if used else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
