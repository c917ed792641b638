"""Fixtures that more than one kind of test uses, and which tests stay together."""

import pytest

from tests.support.s3 import aws_environment, moto, seaweed

__all__ = ["aws_environment", "moto", "seaweed"]

#: Started once in a session, which takes long: whoever needs one stays in one process
#: where the tests run in several.
SHARED = ("prefect", "seaweed", "moto")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, and those that share a server."""
    for item in items:
        used = [name for name in SHARED if name in getattr(item, "fixturenames", ())]
        group = used[0] if used else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
