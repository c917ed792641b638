"""A store that breaks down at a chosen moment, as a killed process would."""

from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """Stands for the process dying: nothing catches it on the way."""


class MortalStore:
    """Passes everything on to a store until a given write, which dies before it."""

    WRITES = ("put", "put_if_absent", "put_if_unchanged", "upload", "delete")

    def __init__(self, store: Any, *, dies_at: int) -> None:
        self._store = store
        self._left = dies_at

    @property
    def survived(self) -> bool:
        """Whether the chosen write never came."""
        return self._left > 0

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._store, name)
        if name not in self.WRITES:
            return method

        def write(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left <= 0:
                raise Killed(name)
            return method(*args, **kwargs)

        return write
