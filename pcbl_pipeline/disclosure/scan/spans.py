"""What a detector yields: a kind of hit and its place in the folded text."""

from typing import NamedTuple

from pcbl_pipeline.model.narrative import HitKind


class Span(NamedTuple):
    """A place in a folded text."""

    kind: HitKind
    start: int
    end: int
