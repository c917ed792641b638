"""The guard around readers written in Rust: what they cannot bear is damage in a file.

What does not belong here: what is said about the damage.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class GaveUp(Exception):
    """A reader could not bear a file. Caught within this room."""


def guarded(call: Callable[[], T], *errors: type[Exception]) -> T:
    """Call a reader that ends damaged files with some errors, or with a panic.

    Raises:
        GaveUp: Instead of those errors and panics.
    """
    try:
        return call()
    except errors as error:
        raise GaveUp(str(error)) from error
    except BaseException as error:
        # A panic in Rust code arrives as a type that cannot be imported and that is
        # no Exception, so that nobody catches it by accident.
        if type(error).__name__ != "PanicException":
            raise
        raise GaveUp(str(error)) from error
