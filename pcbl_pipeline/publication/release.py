"""Releases: immutable numbered sets of files, and the one pointer to the current.

A release comes about in this order, each step safe to repeat:

1. `plan.json` takes the number; a run with another plan takes the next one.
2. The files of each edition, then the edition's own manifest.
3. `manifest.json`: from here on the release is whole.
4. The register says that it was made. Where a person has to approve it first, the
   release is a candidate and ends here; `approval` takes the next step.
5. The pointer is switched, once, if nobody else has switched it since we read it.
6. The doors, small pages that lead to the current release, follow the pointer.

Nothing is ever overwritten but the pointer and the doors. A run that breaks off
before step 5 leaves the former release current; the next run completes the number
if it would write the same, and otherwise leaves it behind and takes the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count

from pcbl_pipeline.errors import StoreConflict
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.model.release import (
    EditionName,
    Manifest,
    Release,
    ReleaseEvent,
    ReleaseFacts,
    ReleaseFile,
    ReleasePlan,
    release_order,
)
from pcbl_pipeline.publication.doors import point_doors
from pcbl_pipeline.publication.keys import (
    CURRENT,
    MANIFEST,
    PLAN,
    candidate_folder,
    content_type,
    dropped_plan,
    release_folder,
)
from pcbl_pipeline.publication.pointer import Pointer, read_pointer
from pcbl_pipeline.publication.register import ending_of, record_event
from pcbl_pipeline.publication.release_files import (
    canonical_json,
    write_edition,
    write_once,
)
from pcbl_pipeline.storage.store import Store

#: Edition → path → bytes of its data files. Editions of sites may be made on asking,
#: so that those of a large network are never in memory all at once.
DataFiles = Mapping[EditionName, Mapping[str, bytes]]
#: From a release id to the other files of each edition: the number is on every page.
RenderPages = Callable[[str], Mapping[EditionName, Iterable[tuple[str, bytes]]]]

#: From a release's number to the folder that it is written into.
Place = Callable[[str], str]

_LOGGER = get_logger("publication")


@dataclass(frozen=True)
class Draft:
    """What a release is written from, before it has its number."""

    data: DataFiles
    render_pages: RenderPages
    facts: ReleaseFacts
    #: In the network's time zone: it decides the year and month of the number.
    created_at: datetime

    @cached_property
    def digest(self) -> str:
        """The digest of all data files."""
        return content_digest(self.data)


def find_current(store: Store) -> Release | None:
    """Return the current release, or None before the first one."""
    return read_pointer(store).live


def content_digest(data: DataFiles) -> str:
    """Return the digest of all data files; equal digests need no new release."""
    return digest_of_data(
        (f"{edition}/{path}", sha256_hex(content))
        for edition in data
        for path, content in data[edition].items()
    )


def digest_of_data(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of data files given as (path, SHA-256)."""
    lines = sorted(f"{path} {sha256}" for path, sha256 in files)
    return sha256_hex("\n".join(lines).encode())


def write_release(
    store: Store, draft: Draft, *, even_if_unchanged: bool = False
) -> Release:
    """Publish a release and return the one that is current afterwards.

    If the data files are those of the current release, and the same version of the
    pipeline made it, nothing is written but a door that does not lead to it.

    Raises:
        StoreConflict: If another release was made current meanwhile. Start again
            from the lake: what it holds may have changed as well.
        PublicationBlocked: If an edition has two files of one name.
    """
    pointer = read_pointer(store)
    current = pointer.live
    if current and not even_if_unchanged and _says_the_same(current, draft):
        point_doors(store, current)
        return current
    manifest = _write_next(store, pointer, draft, place=release_folder)
    _record_made(store, manifest, needs_approval=False)
    release = switch_pointer(store, describe(manifest), etag=pointer.etag)
    point_doors(store, release)
    return release


def write_candidate(store: Store, draft: Draft) -> Release:
    """Write a release that nothing leads to until a person has approved it.

    Raises:
        PublicationBlocked: If an edition has two files of one name.
    """
    manifest = _write_next(store, read_pointer(store), draft, place=candidate_folder)
    _record_made(store, manifest, needs_approval=True)
    return describe(manifest)


def _write_next(
    store: Store, pointer: Pointer, draft: Draft, *, place: Place
) -> Manifest:
    """Write a release, up to its manifest, under the first number that is free.

    A candidate and a release never have the same number, whatever is in them.
    """
    current = pointer.live
    elsewhere = release_folder if place is candidate_folder else candidate_folder
    plans = (
        ReleasePlan(
            release_id=release_id,
            previous_release_id=current.release_id if current else None,
            content_digest=draft.digest,
            facts=draft.facts,
        )
        for release_id in _free_numbers(pointer.release, draft.created_at)
        if ending_of(store, release_id) is None
        and store.head(elsewhere(release_id) + PLAN) is None
        and store.head(dropped_plan(release_id)) is None
    )
    manifests = (_write_whole(store, plan, draft, place) for plan in plans)
    return next(filter(None, manifests))


def _record_made(store: Store, manifest: Manifest, *, needs_approval: bool) -> None:
    record_event(
        store,
        ReleaseEvent(
            release_id=manifest.release_id,
            kind="made",
            happened_at=manifest.created_at,
            needs_approval=needs_approval,
            manifest_sha256=sha256_hex(canonical_json(manifest)),
        ),
    )


def _says_the_same(current: Release, draft: Draft) -> bool:
    # Another version may say the same data in other words; its pages are news.
    return (current.content_digest, current.pipeline_version) == (
        draft.digest,
        draft.facts.pipeline_version,
    )


def _free_numbers(current: Release | None, created_at: datetime) -> Iterator[str]:
    """Yield ids after the current one; a clock that goes back never repeats one."""
    year, month, first = created_at.year, created_at.month, 1
    if current is not None:
        last_year, last_month, last = release_order(current.release_id)
        if (last_year, last_month) >= (year, month):
            year, month, first = last_year, last_month, last + 1
    return (f"{year}.{month:02d}.{number}" for number in count(first))


def _write_whole(
    store: Store, plan: ReleasePlan, draft: Draft, place: Place
) -> Manifest | None:
    """Write a release up to its manifest; None if the number is another run's."""
    folder = place(plan.release_id)
    if not write_once(store, folder + PLAN, canonical_json(plan)):
        return None
    files: list[ReleaseFile] = []
    pages = draft.render_pages(plan.release_id)
    for edition in sorted(draft.data):
        data = draft.data[edition]
        written = write_edition(store, folder, plan, edition, data, pages[edition])
        if written is None:
            return None
        files += written
    manifest = Manifest(
        **dict(plan),
        created_at=draft.created_at,
        editions=tuple(sorted(draft.data)),
        files=tuple(files),
    )
    if _has_strangers(store, folder, manifest):
        return None
    if store.put_if_absent(
        folder + MANIFEST, canonical_json(manifest), content_type=content_type(MANIFEST)
    ):
        return manifest
    # Another run of the same plan was faster; its time is the release's time.
    first = Manifest.model_validate_json(store.get(folder + MANIFEST))
    return first if first.files == manifest.files else None


def describe(manifest: Manifest) -> Release:
    """Return a whole release as the pointer names it."""
    return Release(
        release_id=manifest.release_id,
        as_of=manifest.facts.as_of,
        created_at=manifest.created_at,
        pipeline_version=manifest.facts.pipeline_version,
        content_digest=manifest.content_digest,
        editions=manifest.editions,
        manifest_key=release_folder(manifest.release_id) + MANIFEST,
        manifest_sha256=sha256_hex(canonical_json(manifest)),
    )


def switch_pointer(store: Store, release: Release, *, etag: str | None) -> Release:
    """Make a release current, if the pointer is still the one with this etag.

    Raises:
        StoreConflict: If the pointer names another release by now.
    """
    try:
        store.put_if_unchanged(
            CURRENT,
            canonical_json(release),
            etag=etag,
            content_type=content_type(CURRENT),
        )
    except StoreConflict:
        if read_pointer(store).release != release:
            raise
    _LOGGER.info("the pointer names release %s", release.release_id)
    return release


def _has_strangers(store: Store, folder: str, manifest: Manifest) -> bool:
    """Tell whether a run that broke off left files that this release does not have."""
    own = {folder + file.path for file in manifest.files}
    own |= {folder + PLAN, folder + MANIFEST}
    return any(item.key not in own for item in store.list(folder))
