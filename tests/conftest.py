"""Fixtures that more than one kind of test uses; they live in tests/support/."""

from tests.support.s3 import aws_environment, moto, seaweed

__all__ = ["aws_environment", "moto", "seaweed"]
