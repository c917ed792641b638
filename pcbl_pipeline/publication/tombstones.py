"""What is left of a release that ended: its plan, its manifest, and notices.

A notice stands where a page was that people had an address of. What does not belong
here: deciding that a release ends (`withdrawal`).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from pcbl_pipeline.model.release import (
    EditionName,
    Manifest,
    ReleaseEvent,
    edition_of,
)
from pcbl_pipeline.publication.keys import MANIFEST, PLAN, door
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.render import tombstone_page
from pcbl_pipeline.storage.store import Store

#: What stays, for those who answer for the releases.
KEPT = (PLAN, MANIFEST)
_PAGE = ".html"


def tombstones(manifest: Manifest, event: ReleaseEvent) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of what stands in the place of each page."""
    for file in manifest.files:
        if PurePosixPath(file.path).suffix == _PAGE:
            edition = edition_of(file.path)
            yield file.path, _tombstone(event, edition, file.path)


def remains_of(
    store: Store, folder: str, manifest: Manifest, event: ReleaseEvent
) -> Iterator[str]:
    """Yield everything that an ended release still has and should not have."""
    stones = dict(tombstones(manifest, event))
    for item in store.list(folder):
        path = item.key.removeprefix(folder)
        if path in KEPT:
            continue
        if path not in stones:
            yield f"{item.key} is still there, though the release was {event.kind}."
        elif store.get(item.key) != stones[path]:
            yield f"{item.key} is not the notice of the withdrawal."


def _tombstone(event: ReleaseEvent, edition: EditionName, path: str) -> bytes:
    up = "../" * (path.count("/") + 2)
    messages = load_messages()
    return tombstone_page(
        messages,
        release_id=event.release_id,
        day=messages.date(event.happened_at.date()),
        reason=event.reason,
        to=up + door(edition).removeprefix("publications/"),
    )
