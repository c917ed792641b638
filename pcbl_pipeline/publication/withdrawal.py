"""Ending a release: its files go, a tombstone stays where a page was that people saw.

Of a published release the plan, the manifest and the register stay, so that it can be
told for ever what was made under the number, and who ended it. Of a candidate nothing
stays among the candidates. Each step is safe to repeat: a withdrawal that
broke off is completed by asking for it again.
"""

from pcbl_pipeline.model.release import Release, ReleaseEvent
from pcbl_pipeline.publication.approval import check_first_decision, drop_passed_over
from pcbl_pipeline.publication.doors import close_doors, point_doors
from pcbl_pipeline.publication.home import drop, home_of, read_manifest, read_plan
from pcbl_pipeline.publication.keys import content_type
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.publication.register import ending_of, record_event
from pcbl_pipeline.publication.release import describe, switch_pointer
from pcbl_pipeline.publication.tombstones import KEPT, tombstones
from pcbl_pipeline.storage.store import Store


def reject_release(store: Store, event: ReleaseEvent) -> None:
    """Refuse a candidate, and remove its files, its manifest and plan too.

    Raises:
        ReleaseImpossible: If it was approved or withdrawn before.
    """
    check_first_decision(store, event.release_id, "rejected")
    event = record_event(store, event)
    check_first_decision(store, event.release_id, "rejected")
    drop(store, event.release_id)


def withdraw_release(store: Store, event: ReleaseEvent) -> Release | None:
    """Take a release back, and return the one that is current afterwards.

    The register says so first. If it was current, the pointer goes to the newest
    earlier one that was not withdrawn; without any, nothing is current.

    Raises:
        StoreConflict: If another release became current meanwhile; ask again.
    """
    event = record_event(store, event)
    pointer = read_pointer(store)
    if pointer.release is not None and pointer.release.release_id == event.release_id:
        _step_back(store, pointer.release, pointer.etag)
    # Also where an earlier call broke off between the pointer and the doors.
    now = read_pointer(store).release
    if now is not None:
        point_doors(store, now)
    _bury(store, event)
    drop_passed_over(store)
    return read_pointer(store).live


def _step_back(store: Store, withdrawn: Release, etag: str | None) -> None:
    before = _newest_before(store, withdrawn.release_id)
    after = before or withdrawn.model_copy(update={"withdrawn": True})
    switch_pointer(store, after, etag=etag)


def _newest_before(store: Store, release_id: str) -> Release | None:
    """Return the release that was current before and still stands."""
    previous = read_plan(store, release_id).previous_release_id
    while previous is not None and ending_of(store, previous) is not None:
        previous = read_plan(store, previous).previous_release_id
    return describe(read_manifest(store, previous)) if previous else None


def _bury(store: Store, event: ReleaseEvent) -> None:
    folder = home_of(store, event.release_id)
    manifest = read_manifest(store, event.release_id)
    close_doors(store, read_pointer(store), manifest.editions)
    stones = dict(tombstones(manifest, event))
    for item in list(store.list(folder)):
        path = item.key.removeprefix(folder)
        if path in stones:
            store.put(item.key, stones[path], content_type=content_type(path))
        elif path not in KEPT:
            store.delete(item.key)
