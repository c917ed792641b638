"""Decisions on held sentences in the store. Nothing is overwritten.

A decision is taken away with the sheet that brought it, and only so. The latest decision on a sentence counts; those before it stay beside it.
"""

from collections.abc import Iterable, Iterator, Mapping

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.release_queue import SentenceDecision
from pcbl_pipeline.storage.store import Store

_JSON = "application/json"


class SentenceDecisions:
    """All decisions, by the site that made them."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def keep(self, decisions: Iterable[SentenceDecision]) -> None:
        """Keep decisions; keeping them again changes nothing."""
        for item in decisions:
            key = layout.sentence_decision(
                item.sender_id, item.sentence_key, item.decided_at, item.source
            )
            self._store.put_if_absent(key, to_json(item), content_type=_JSON)

    def withdraw(self, sender_id: str, source: str) -> None:
        """Take away what a withdrawn sheet decided; what was decided before counts."""
        for item in list(self._store.list(layout.sentence_decisions(sender_id))):
            if item.key.endswith(f"-{source}.json"):
                self._store.delete(item.key)

    def standing(self, sender_id: str = "") -> Mapping[str, SentenceDecision]:
        """Return the decision that counts, by sentence key."""
        newest: dict[str, str] = {}
        for item in self._store.list(layout.sentence_decisions(sender_id)):
            newest[item.key.rpartition("/")[0]] = item.key
        found = (self._load(key) for key in newest.values())
        return {item.sentence_key: item for item in found}

    def history(self, sender_id: str, sentence_key: str) -> Iterator[SentenceDecision]:
        """Yield every decision on a sentence, the first one first."""
        prefix = f"{layout.sentence_decisions(sender_id)}{sentence_key}/"
        for item in self._store.list(prefix):
            yield self._load(item.key)

    def _load(self, key: str) -> SentenceDecision:
        return SentenceDecision.model_validate_json(self._store.get(key))
