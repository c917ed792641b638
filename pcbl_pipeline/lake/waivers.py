"""Waivers in the store: explanations by sites, and what their state's office decided.

Nothing is overwritten: an explanation is written once, a decision gets the next number.
Both go with the list that brought the explanation, if that is withdrawn.
"""

import hashlib
from collections.abc import Mapping
from datetime import date

from pcbl_pipeline.errors import StoreConflict, WaiverImpossible
from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.waiver import (
    Concern,
    Decision,
    Explanation,
    Numbers,
    Waiver,
)
from pcbl_pipeline.storage.store import Store

_JSON = "application/json"


class Waivers:
    """All waivers, by the site that asked for them."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def explain(self, explanation: Explanation) -> Waiver:
        """Keep an explanation once; the first words on the same numbers stand."""
        waiver_id = waiver_id_of(explanation)
        key = layout.waiver_explanation(explanation.sender_id, waiver_id)
        self._store.put_if_absent(key, to_json(explanation), content_type=_JSON)
        return self.get(waiver_id)

    def decide(self, waiver_id: str, decision: Decision) -> Waiver:
        """Add a decision; it counts in place of those before.

        Raises:
            WaiverImpossible: If there is no such waiver.
            StoreConflict: If somebody else decided at the same time.
        """
        waiver = self.get(waiver_id)
        sender_id = waiver.explanation.sender_id
        number = len(self._decisions(sender_id, waiver_id)) + 1
        key = layout.waiver_decision(sender_id, waiver_id, number)
        if not self._store.put_if_absent(key, to_json(decision), content_type=_JSON):
            raise StoreConflict(f"{key} was written by somebody else meanwhile.")
        return waiver.model_copy(update={"decision": decision})

    def withdraw(self, waiver: Waiver) -> None:
        """Take an explanation away, and what was decided on it."""
        sender_id, waiver_id = waiver.explanation.sender_id, waiver.waiver_id
        # The explanation last: while it is there, the others are found.
        for key in self._decisions(sender_id, waiver_id):
            self._store.delete(key)
        self._store.delete(layout.waiver_explanation(sender_id, waiver_id))

    def get(self, waiver_id: str) -> Waiver:
        """Return a waiver.

        Raises:
            WaiverImpossible: If there is no such waiver.
        """
        for waiver in self.all():
            if waiver.waiver_id == waiver_id:
                return waiver
        raise WaiverImpossible(
            f"There is no waiver {waiver_id}. `pcbl waiver list` has them all."
        )

    def all(self, sender_id: str = "") -> list[Waiver]:
        """Return the waivers of one sender or of all, in order of explanation."""
        keys = [item.key for item in self._store.list(layout.waivers(sender_id))]
        found = [self._load(key) for key in keys if key.endswith(layout.EXPLANATION)]
        return sorted(
            found, key=lambda item: (item.explanation.explained_at, item.waiver_id)
        )

    def in_force(self, sender_id: str, day: date) -> Mapping[Concern, Waiver]:
        """Return what was accepted for a sender and has not run out on a day."""
        return {
            item.explanation.concern: item
            for item in self.all(sender_id)
            if item.holds_on(day)
        }

    def _load(self, key: str) -> Waiver:
        explanation = Explanation.model_validate_json(self._store.get(key))
        waiver_id = waiver_id_of(explanation)
        decisions = self._decisions(explanation.sender_id, waiver_id)
        decision = None
        if decisions:
            content = self._store.get(decisions[-1])
            decision = Decision.model_validate_json(content)
        return Waiver(waiver_id=waiver_id, explanation=explanation, decision=decision)

    def _decisions(self, sender_id: str, waiver_id: str) -> list[str]:
        prefix = layout.waiver_decisions(sender_id, waiver_id)
        return [item.key for item in self._store.list(prefix)]


def waiver_id_of(explanation: Explanation) -> str:
    """Name a waiver by what it is about, so that asking twice is asking once."""
    return waiver_id(explanation.sender_id, explanation.concern, explanation.numbers)


def waiver_id(sender_id: str, concern: Concern, numbers: Numbers) -> str:
    """Name the waiver of a sender's concern and its numbers."""
    text = f"{sender_id}\n{concern.model_dump_json()}\n{numbers}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
