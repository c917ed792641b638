"""Telling whoever started a run in this process what became of each submission."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pcbl_pipeline.operations.outcome import Outcome


@dataclass(frozen=True)
class Step:
    """One submission of a run is done."""

    number: int
    total: int
    outcome: Outcome


Listener = Callable[[Step], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told(listener: Listener) -> Iterator[None]:
    """Call a listener after each submission of the runs inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(step: Step) -> None:
    """Tell the listener, if there is one in this process."""
    listener = _listener.get()
    if listener is not None:
        listener(step)
