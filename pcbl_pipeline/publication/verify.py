"""Checking a release: whether it is still, byte for byte, what its manifest says."""

from collections.abc import Iterator

from pydantic import ValidationError

from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.model.release import (
    EditionManifest,
    EditionName,
    Manifest,
    ReleaseFile,
    edition_of,
)
from pcbl_pipeline.publication.home import home_of, is_dropped
from pcbl_pipeline.publication.keys import MANIFEST, PLAN
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.publication.register import ending_of
from pcbl_pipeline.publication.release import digest_of_data
from pcbl_pipeline.publication.tombstones import remains_of
from pcbl_pipeline.storage.store import Store


def verify_release(store: Store, release_id: str) -> list[str]:
    """Return everything that is wrong with a release, or nothing.

    Of one that was withdrawn or rejected, everything that is left of it. Reads every file: its digest and size against the manifest, each edition's own
    manifest against the whole one, and files that no manifest names.
    """
    folder = home_of(store, release_id)
    ending = ending_of(store, release_id)
    if is_dropped(store, release_id) or (ending and ending.kind == "rejected"):
        return [
            f"{item.key} is still there, though the release never became current."
            for item in store.list(folder)
        ]
    key = folder + MANIFEST
    if store.head(key) is None:
        return [f"{key} is missing: the release was never finished."]
    content = store.get(key)
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        return [f"{key} cannot be read: {error}"]
    if ending is not None:
        return list(remains_of(store, folder, manifest, ending))
    return [
        *_pointer_problems(store, manifest, content),
        *_file_problems(store, folder, manifest),
        *_edition_problems(store, folder, manifest),
    ]


def _pointer_problems(
    store: Store, manifest: Manifest, content: bytes
) -> Iterator[str]:
    current = read_pointer(store).release
    if current is None or current.release_id != manifest.release_id:
        return
    if current.manifest_sha256 != sha256_hex(content):
        yield f"{current.manifest_key} is not the one that the pointer names."


def _file_problems(store: Store, folder: str, manifest: Manifest) -> Iterator[str]:
    there = {item.key for item in store.list(folder)}
    for file in manifest.files:
        key = folder + file.path
        if key not in there:
            yield f"{key} is missing."
            continue
        content = store.get(key)
        if (sha256_hex(content), len(content)) != (file.sha256, file.size):
            yield f"{key} is not what was published."
    named = {folder + file.path for file in manifest.files}
    for key in sorted(there - named - {folder + PLAN, folder + MANIFEST}):
        yield f"{key} is in no manifest."
    data = ((file.path, file.sha256) for file in manifest.files if file.is_data)
    if digest_of_data(data) != manifest.content_digest:
        yield f"{folder}{MANIFEST}: the content digest is not that of the data files."


def _edition_problems(store: Store, folder: str, manifest: Manifest) -> Iterator[str]:
    files = _files_by_edition(manifest)
    for edition in manifest.editions:
        key = f"{folder}{edition}/{MANIFEST}"
        if store.head(key) is None:
            continue  # Reported with the files.
        try:
            own = EditionManifest.model_validate_json(store.get(key))
        except ValidationError as error:
            yield f"{key} cannot be read: {error}"
            continue
        if own.files != tuple(files[edition]):
            yield f"{key} does not name the edition's files as the release does."


def _files_by_edition(manifest: Manifest) -> dict[EditionName, list[ReleaseFile]]:
    """Return the files of each edition, as its own manifest names them."""
    found: dict[EditionName, list[ReleaseFile]] = {}
    for edition in manifest.editions:
        found[edition] = []
    for file in manifest.files:
        edition = edition_of(file.path)
        path = file.path.removeprefix(f"{edition}/")
        if path != MANIFEST:
            found[edition].append(file.model_copy(update={"path": path}))
    return found
