"""Fixtures that more than one kind of test uses, and how tests are shared out."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.network import deployed_network
from tests.support.s3 import aws_environment, moto, seaweed
from tests.support.workers import (
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)

__all__ = [
    "aws_environment",
    "deployed_network",
    "moto",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "seaweed",
]

# A busy machine is no failure; how fast things are is the benchmarks' matter.
settings.register_profile("unhurried", deadline=None)
# CI draws the same examples each time, so it needs fewer of them; it asks for this
# profile itself.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=20)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_files() -> Iterator[None]:
    """Take dropped files for whole at once: most tests drop them whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PCBL_LISTEN_QUIET_SECONDS", "0.01")
        yield
