"""Fixtures that more than one kind of test uses; they live in tests/support/."""

from tests.support.network import deployed_network
from tests.support.s3 import aws_environment, moto, seaweed

__all__ = ["aws_environment", "deployed_network", "moto", "seaweed"]
