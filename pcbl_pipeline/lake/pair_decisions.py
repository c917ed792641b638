"""Decisions on pairs of lessons in the store. Nothing is overwritten or taken away.

The latest decision on a pair counts; those before it stay beside it.
"""

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.pair_decision import PairDecision
from pcbl_pipeline.storage.store import Store

_JSON = "application/json"


class PairDecisions:
    """All decisions of the agencies."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def keep(self, decision: PairDecision) -> None:
        """Keep a decision; keeping it again changes nothing."""
        key = layout.pair_decision(
            decision.first_id, decision.second_id, decision.decided_at
        )
        self._store.put_if_absent(key, to_json(decision), content_type=_JSON)

    def standing(self) -> list[PairDecision]:
        """Return the decision that counts on each pair, in the order of ids."""
        newest: dict[str, str] = {}
        for item in self._store.list(layout.pair_decisions()):
            newest[item.key.rpartition("/")[0]] = item.key
        return [
            PairDecision.model_validate_json(self._store.get(key))
            for key in newest.values()
        ]
