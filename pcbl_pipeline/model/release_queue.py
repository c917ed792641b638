"""The release queue: sentences that wait for their site, and what it decided.

What does not belong here: why a sentence is held (`disclosure`), and where decisions
are kept (`lake`).
"""

import hashlib
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.model.narrative import Choice


class SentenceDecision(BaseModel):
    """What a site decided about one sentence; a later decision replaces it."""

    model_config = ConfigDict(frozen=True)

    sender_id: str
    #: Digest of the sender and the very sentence (`sentence_key`).
    sentence_key: str
    choice: Choice
    #: The sentence to publish in its place, for a rewrite.
    rewrite: str = ""
    #: Who decided, and how: a dropped file, or a person at the command line.
    decided_by: str
    decided_at: AwareDatetime
    #: The submission that brought it, or a mark of the command line.
    source: str


@dataclass(frozen=True)
class DecidedQueue:
    """A sheet of decisions that a site sent back."""

    decisions: tuple[SentenceDecision, ...]
    #: Lines with anything in `decision`.
    lines: int
    #: Lines whose decision was taken; two may be about one sentence.
    taken: int


def sentence_key(sender_id: str, sentence: str) -> str:
    """Name a sentence of a sender, so that an edited one is another one."""
    return hashlib.sha256(f"{sender_id}\n{sentence}".encode()).hexdigest()
