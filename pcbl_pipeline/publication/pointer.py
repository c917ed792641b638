"""Reading the pointer: which release is current, and in which version we saw it."""

from dataclasses import dataclass

from pcbl_pipeline.model.release import Release
from pcbl_pipeline.publication.keys import CURRENT
from pcbl_pipeline.storage.store import Store


@dataclass(frozen=True)
class Pointer:
    """The pointer as it was read. Without a release there is no etag either."""

    release: Release | None = None
    etag: str | None = None

    @property
    def live(self) -> Release | None:
        """The current release; None also where the last one was withdrawn."""
        if self.release is None or self.release.withdrawn:
            return None
        return self.release


def read_pointer(store: Store) -> Pointer:
    """Read the pointer.

    The etag is taken before the content: if the pointer moves in between, the etag
    is the older one, and a switch that is based on it fails as it should.
    """
    seen = store.head(CURRENT)
    if seen is None:
        return Pointer()
    release = Release.model_validate_json(store.get(CURRENT))
    return Pointer(release, seen.etag)
