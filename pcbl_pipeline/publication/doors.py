"""The doors: small pages that lead into the current release.

One per edition leads to its start; beside it lie the feed and the catalog of the
current release, at addresses that stay the same. One per rule leads to the rule's page,
so that a receipt can link it by an address that stays. All are derived from the pointer
and may lag behind it for a moment; every run that publishes puts them right.
"""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from pcbl_pipeline.model.release import EditionName, Manifest, Release, site_of
from pcbl_pipeline.publication.keys import (
    CATALOG,
    FEED,
    RULE_PAGES,
    above_door,
    content_type,
    door,
    door_folder,
    permalink,
    release_folder,
    rule_door,
)
from pcbl_pipeline.publication.messages import Messages, load_messages
from pcbl_pipeline.publication.pages.render import closed_door_page, door_page
from pcbl_pipeline.publication.pointer import Pointer, read_pointer
from pcbl_pipeline.storage.store import Store

#: Doors are small; writing them is waiting for the network.
_WRITERS = 16
_CODE = re.compile(r"[A-Z][0-9]{3}")
_LEADING = (FEED, CATALOG)
_OWN_ADDRESS = re.compile(rb'(?<!\\)"\./')


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
            for key, content in _behind(store, edition, release):
                _put_if_different(store, key, content)
        now = read_pointer(store).release
        latest = now if now != release else None


def close_doors(store: Store, pointer: Pointer, editions: tuple[str, ...]) -> None:
    """Make doors say that there is no release, where the current one has none."""
    open_ones = pointer.live.editions if pointer.live else ()
    for edition in editions:
        if edition not in open_ones:
            _close(store, edition)


def edition_words(messages: Messages, edition: EditionName) -> str:
    """Return what an edition is called."""
    name = "site" if site_of(edition) else edition
    return messages.plain(f"shell.edition_{name}")


def _behind(
    store: Store, edition: EditionName, release: Release
) -> Iterator[tuple[str, bytes]]:
    if release.withdrawn:
        _close(store, edition)
        return
    up = above_door(edition)
    messages = load_messages()
    # What leads on comes first: whoever sees the page finds the rest.
    folder = f"{release_folder(release.release_id)}{edition}/"
    for name in _LEADING:
        if store.head(folder + name) is not None:
            to = up + permalink(release.release_id, edition, "")
            yield door_folder(edition) + name, _moved(store.get(folder + name), to)
    yield (
        door(edition),
        door_page(
            messages,
            edition_name=edition_words(messages, edition),
            release_id=release.release_id,
            to=up + permalink(release.release_id, edition, "index.html"),
        ),
    )


def _moved(content: bytes, to: str) -> bytes:
    """Return a file for a place from which its release is reached by another way.

    The feed has one address that all others start from, `./`, in its first element;
    in the catalog every address of the release begins with it. A quotation mark
    inside of a JSON text has a backslash before it.
    """
    if content.startswith(b"<"):
        return content.replace(b'="./"', f'="{to}"'.encode(), 1)
    return _OWN_ADDRESS.sub(f'"{to}'.encode(), content)


def _close(store: Store, edition: EditionName) -> None:
    messages = load_messages()
    for name in _LEADING:
        store.delete(door_folder(edition) + name)
    page = closed_door_page(messages, edition_name=edition_words(messages, edition))
    _put_if_different(store, door(edition), page)


def _rule_doors(store: Store, release: Release) -> Iterator[tuple[str, bytes]]:
    if release.withdrawn:
        return
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
