"""Outcome: what became of one submission of a run, and how a run with failures ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from pcbl_pipeline.errors import OperatorError, SubmissionsFailed
from pcbl_pipeline.model.receipt import Receipt


@dataclass(frozen=True)
class Outcome:
    """A receipt (also that of a refused file), or an error and no answer."""

    inbox_key: str
    receipt: Receipt | None = None
    error: BaseException | None = None


def raise_failures(outcomes: Iterable[Outcome]) -> None:
    """Fail a run in which some submission got no answer.

    Raises:
        OperatorError: The one there was, if nothing else went wrong.
        SubmissionsFailed: With the keys and the kinds of fault; never their texts,
            which may hold a row's values.
    """
    errors = {item.inbox_key: item.error for item in outcomes if item.error}
    if not errors:
        return
    first = next(iter(errors.values()))
    if len(errors) == 1 and isinstance(first, OperatorError):
        raise first
    faults = {key: type(error).__name__ for key, error in errors.items()}
    raise SubmissionsFailed(faults) from first
