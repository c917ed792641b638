"""The doors: one small page per edition that leads to the current release.

They are derived from the pointer and may lag behind it for a moment; every run that
publishes puts them right.
"""

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.model.release import Release
from pcbl_pipeline.publication.keys import content_type, door
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.render import door_page
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.storage.store import Store


def point_doors(store: Store, release: Release) -> None:
    """Make every door of a release lead to it, or to a newer one by then.

    The pointer is read again after the doors were written: whoever writes last also
    looks last, so that two runs at once cannot leave a door at the older release.
    """
    latest: Release | None = release
    while latest is not None:
        release = latest
        for edition in release.editions:
            _put_if_different(store, door(edition), _door(edition, release))
        now = read_pointer(store).release
        latest = now if now != release else None


def _door(edition: Edition, release: Release) -> bytes:
    messages = load_messages()
    return door_page(
        messages,
        edition_name=messages.plain(f"shell.edition_{edition}"),
        release_id=release.release_id,
        to=f"../releases/{release.release_id}/{edition}/index.html",
    )


def _put_if_different(store: Store, key: str, content: bytes) -> None:
    if store.head(key) is None or store.get(key) != content:
        store.put(key, content, content_type=content_type(key))
