"""Where a finished release lies: among the releases, or still among the candidates."""

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.model.release import Manifest, ReleaseId, ReleasePlan
from pcbl_pipeline.publication.keys import (
    MANIFEST,
    PLAN,
    candidate_folder,
    content_type,
    dropped_plan,
    release_folder,
)
from pcbl_pipeline.publication.release_files import write_once
from pcbl_pipeline.storage.store import Store


def home_of(store: Store, release_id: ReleaseId) -> str:
    """Return the folder of a release. Its manifest, written last, decides."""
    folder = release_folder(release_id)
    is_published = store.head(folder + MANIFEST) is not None
    return folder if is_published else candidate_folder(release_id)


def read_plan(store: Store, release_id: ReleaseId) -> ReleasePlan:
    """Return what a release was made as."""
    key = dropped_plan(release_id)
    if store.head(key) is None:
        key = home_of(store, release_id) + PLAN
    return ReleasePlan.model_validate_json(store.get(key))


def read_manifest(store: Store, release_id: ReleaseId) -> Manifest:
    """Return everything about a release.

    Raises:
        ReleaseImpossible: If there is no such release.
    """
    key = home_of(store, release_id) + MANIFEST
    if store.head(key) is None:
        raise ReleaseImpossible(
            f"There is no finished release {release_id}. `pcbl release list` has all."
        )
    return Manifest.model_validate_json(store.get(key))


def move_in(store: Store, release_id: ReleaseId) -> None:
    """Bring a candidate to the releases, its manifest last; safe to repeat.

    Raises:
        ReleaseImpossible: If something else lies at its place.
    """
    folder = candidate_folder(release_id)
    keys = [item.key for item in store.list(folder)]
    for key in sorted(keys, key=lambda key: key == folder + MANIFEST):
        target = release_folder(release_id) + key.removeprefix(folder)
        if not write_once(store, target, store.get(key)):
            raise ReleaseImpossible(f"{target} is there already, with other content.")


def drop(store: Store, release_id: ReleaseId) -> None:
    """Remove every file of a release that never becomes current; safe to repeat.

    What stays is its plan, apart from the candidates: who it was made to follow, and
    the digest by which the same data are not proposed again.
    """
    folder = home_of(store, release_id)
    if store.head(folder + PLAN) is not None:
        key = dropped_plan(release_id)
        store.put(key, store.get(folder + PLAN), content_type=content_type(key))
    for item in list(store.list(folder)):
        store.delete(item.key)


def is_dropped(store: Store, release_id: ReleaseId) -> bool:
    """Tell whether a release's files are gone, and it never becomes current."""
    return store.head(dropped_plan(release_id)) is not None


def clear_candidate(store: Store, release_id: ReleaseId) -> None:
    """Remove what a candidate leaves behind once it is among the releases."""
    for item in list(store.list(candidate_folder(release_id))):
        store.delete(item.key)
