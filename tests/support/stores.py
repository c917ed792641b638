"""Stores that misbehave on purpose, around a real one."""

from collections.abc import Callable
from typing import Any

from pcbl_pipeline.errors import StoreUnavailable
from pcbl_pipeline.storage.store import Store

_WRITES = ("put", "put_if_absent", "put_if_unchanged")


class CrashingStore:
    """A store that is out from its n-th write on; counts writes from 1.

    `late` lets the n-th write through and loses only its answer, as a broken
    connection does.
    """

    def __init__(self, store: Store, *, crash_at: int | None, late: bool = False):
        self._store = store
        self._crash_at = crash_at
        self._late = late
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return self._counted(method) if name in _WRITES else method

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.writes += 1
            crashes = self._crash_at is not None and self.writes >= self._crash_at
            if crashes and not (self._late and self.writes == self._crash_at):
                raise StoreUnavailable("crashed on purpose")
            answer = write(*args, **kwargs)
            if crashes:
                raise StoreUnavailable("crashed on purpose, after the write")
            return answer

        return call


class MeddlingStore:
    """A store in which something else happens just before the n-th write."""

    def __init__(self, store: Store, *, before: int, meddle: Callable[[], object]):
        self._store = store
        self._before = before
        self._meddle = meddle
        self._writes = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in _WRITES:
            return method

        def call(*args: Any, **kwargs: Any) -> Any:
            self._writes += 1
            if self._writes == self._before:
                self._meddle()
            return method(*args, **kwargs)

        return call
