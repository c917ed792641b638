"""The doors: small pages that lead into the current release.

One per edition leads to its start; one per rule to the rule's page, so that a receipt can
link it by an address that stays. They are derived from the pointer and may lag behind it for a moment; every run that
publishes puts them right.
"""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.model.release import Manifest, Release
from pcbl_pipeline.publication.keys import RULE_PAGES, content_type, door, rule_door
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.render import door_page
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.storage.store import Store

#: Doors are small; writing them is waiting for the network.
_WRITERS = 16
_CODE = re.compile(r"[A-Z][0-9]{3}")


def point_doors(store: Store, release: Release) -> None:
    """Make every door of a release lead to it, or to a newer one by then.

    The pointer is read again after the doors were written: whoever writes last also
    looks last, so that two runs at once cannot leave a door at the older release.
    """
    latest: Release | None = release
    while latest is not None:
        release = latest
        _put_all(store, dict(_rule_doors(store, release)))
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


def _rule_doors(store: Store, release: Release) -> Iterator[tuple[str, bytes]]:
    manifest = Manifest.model_validate_json(store.get(release.manifest_key))
    messages = load_messages()
    for file in manifest.files:
        code = file.path.removeprefix(RULE_PAGES).removesuffix(".html")
        if file.path.startswith(RULE_PAGES) and _CODE.fullmatch(code):
            page = door_page(
                messages,
                edition_name=messages.plain("door.rule", code=code),
                release_id=release.release_id,
                to=f"../../releases/{release.release_id}/{file.path}",
            )
            yield rule_door(code), page


def _put_all(store: Store, doors: Mapping[str, bytes]) -> None:
    with ThreadPoolExecutor(_WRITERS) as pool:
        # Looking at each result lets a failure be seen.
        list(pool.map(lambda item: _put_if_different(store, *item), doors.items()))


def _put_if_different(store: Store, key: str, content: bytes) -> None:
    if store.head(key) is None or store.get(key) != content:
        store.put(key, content, content_type=content_type(key))
