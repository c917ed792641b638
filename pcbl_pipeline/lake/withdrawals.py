"""Withdrawals in the store: noted before anything is taken away, proven at the end.

A withdrawal without a proof was begun and is finished by the next run. What does not
belong here: taking anything away (`operations/withdraw`).
"""

from collections.abc import Iterator

from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.withdrawal import JudgedAgain, Proof, Withdrawal
from pcbl_pipeline.storage.store import Store

_JSON = "application/json"


class Withdrawals:
    """All withdrawals, by the sender whose submission it was."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def begin(self, withdrawal: Withdrawal, *, erase: bool = False) -> Withdrawal:
        """Note a withdrawal once; return the note that stands.

        To erase what was withdrawn without that, it begins again.
        """
        key = layout.withdrawal(withdrawal.sender_id, withdrawal.submission_id)
        if self._store.put_if_absent(key, to_json(withdrawal), content_type=_JSON):
            return withdrawal
        standing = Withdrawal.model_validate_json(self._store.get(key))
        if erase and not standing.erase:
            standing = standing.model_copy(update={"erase": True})
            self._store.put(key, to_json(standing), content_type=_JSON)
            for name in (layout.SEARCHED, layout.PROOF):
                self._store.delete(_beside(standing, name))
        return standing

    def find(self, sender_id: str, submission_id: str) -> Withdrawal | None:
        """Return a submission's withdrawal, begun or finished; None if it stands."""
        key = layout.withdrawal(sender_id, submission_id)
        if self._store.head(key) is None:
            return None
        return Withdrawal.model_validate_json(self._store.get(key))

    def ids(self, sender_id: str = "") -> set[str]:
        """Return the ids of the submissions that were withdrawn, of one sender or all."""
        return {
            item.key.split("/")[-2]
            for item in self._store.list(layout.withdrawals(sender_id))
            if item.key.endswith(f"/{layout.WITHDRAWN}")
        }

    def begun(self) -> list[Withdrawal]:
        """Return the withdrawals that were begun and have no proof yet."""
        keys = {item.key for item in self._store.list(layout.withdrawals())}
        notes = [key for key in sorted(keys) if key.endswith(f"/{layout.WITHDRAWN}")]
        return [
            Withdrawal.model_validate_json(self._store.get(key))
            for key in notes
            if key.removesuffix(layout.WITHDRAWN) + layout.PROOF not in keys
        ]

    def note_again(self, withdrawal: Withdrawal, item: JudgedAgain) -> None:
        """Note that another submission is judged again because of a withdrawal."""
        key = layout.judged_again(
            withdrawal.sender_id, withdrawal.submission_id, item.submission_id
        )
        self._store.put(key, to_json(item), content_type=_JSON)

    def judged_again(self, withdrawal: Withdrawal) -> Iterator[JudgedAgain]:
        """Yield what was judged again because of a withdrawal."""
        prefix = layout.judged_again(withdrawal.sender_id, withdrawal.submission_id)
        for item in self._store.list(prefix):
            yield JudgedAgain.model_validate_json(self._store.get(item.key))

    def keep_search(self, withdrawal: Withdrawal, found: Proof) -> None:
        """Keep what a search found, before the last step."""
        key = _beside(withdrawal, layout.SEARCHED)
        self._store.put(key, to_json(found), content_type=_JSON)

    def search_of(self, withdrawal: Withdrawal) -> Proof | None:
        """Return what a search found, if it was done."""
        return self._proof(_beside(withdrawal, layout.SEARCHED))

    def finish(self, withdrawal: Withdrawal, proof: Proof) -> None:
        """Keep the proof; the withdrawal is finished with it."""
        key = _beside(withdrawal, layout.PROOF)
        self._store.put(key, to_json(proof), content_type=_JSON)

    def proof_of(self, withdrawal: Withdrawal) -> Proof | None:
        """Return the proof of a finished withdrawal."""
        return self._proof(_beside(withdrawal, layout.PROOF))

    def _proof(self, key: str) -> Proof | None:
        if self._store.head(key) is None:
            return None
        return Proof.model_validate_json(self._store.get(key))


def _beside(withdrawal: Withdrawal, name: str) -> str:
    key = layout.withdrawal(withdrawal.sender_id, withdrawal.submission_id)
    return key.removesuffix(layout.WITHDRAWN) + name
