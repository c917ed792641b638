"""Site mappings: every version of what each sender confirmed, kept for ever.

A version is put if absent, so that two people who confirm at once cannot lose anything:
whoever comes second is told, and adds to what the first one left.
"""

from collections.abc import Callable

from pcbl_pipeline.errors import StoreConflict
from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.ledger import to_json
from pcbl_pipeline.model.site_mapping import SiteMapping
from pcbl_pipeline.storage.store import Store

_ATTEMPTS = 20


class SiteMappings:
    """The mappings of all senders."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def newest(self, sender_id: str) -> SiteMapping:
        """Return a sender's newest mapping; version 0 where there is none."""
        keys = [item.key for item in self._store.list(layout.mappings(sender_id))]
        if not keys:
            return SiteMapping(sender_id=sender_id)
        return SiteMapping.model_validate_json(self._store.get(keys[-1]))

    def at(self, sender_id: str, version: int) -> SiteMapping:
        """Return a sender's mapping as it was at one version.

        Raises:
            KeyNotFound: If there is no such version.
        """
        if version == 0:
            return SiteMapping(sender_id=sender_id)
        key = layout.mapping(sender_id, version)
        return SiteMapping.model_validate_json(self._store.get(key))

    def change(
        self, sender_id: str, change: Callable[[SiteMapping], SiteMapping]
    ) -> SiteMapping:
        """Add a version made from the newest; return it, or the newest if it is equal.

        Raises:
            StoreConflict: If others kept coming first.
        """
        for _ in range(_ATTEMPTS):
            newest = self.newest(sender_id)
            changed = change(newest)
            if changed == newest:
                return newest
            key = layout.mapping(sender_id, changed.version)
            if self._store.put_if_absent(
                key, to_json(changed), content_type="application/json"
            ):
                return changed
        raise StoreConflict(f"{_ATTEMPTS} versions of others came first; try again.")
