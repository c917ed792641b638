"""What all our Prefect tasks have in common: they retry what the error allows."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from pcbl_pipeline.errors import PipelineError

P = ParamSpec("P")
R = TypeVar("R")

_RETRY_DELAYS_SECONDS = [2.0, 10.0, 60.0]


def step(call: Callable[P, R]) -> Task[P, R]:
    """Make a function a task: one operation, retried when its error is retryable.

    Nothing is cached: operations are idempotent by themselves.
    """
    as_step = task(
        retries=len(_RETRY_DELAYS_SECONDS),
        retry_delay_seconds=_RETRY_DELAYS_SECONDS,
        retry_jitter_factor=0.5,
        retry_condition_fn=is_retryable,
        cache_policy=NO_CACHE,
    )
    return as_step(call)


def is_retryable(_task: object, _task_run: object, state: State[Any]) -> bool:
    """Ask the error itself whether trying again may help."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, PipelineError) and error.retryable
