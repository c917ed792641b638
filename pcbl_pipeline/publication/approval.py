"""Candidates: releases that wait for a person, and how one becomes current.

A release is a candidate while it is whole, needs an approval, nobody has decided, and
the release that it was compared with is still the current one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.model.release import (
    Release,
    ReleaseEvent,
    ReleaseId,
    ReleasePlan,
    release_order,
)
from pcbl_pipeline.publication.doors import point_doors
from pcbl_pipeline.publication.home import (
    clear_candidate,
    drop,
    home_of,
    is_dropped,
    move_in,
    read_manifest,
    read_plan,
)
from pcbl_pipeline.publication.keys import candidate_folder
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.publication.register import (
    all_events,
    ending_in,
    events_of,
    first_decision,
    record_event,
)
from pcbl_pipeline.publication.release import describe, switch_pointer
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.storage.store import Store


class Standing(StrEnum):
    """Where a release stands."""

    CURRENT = "current"
    #: It was current, and a newer one followed.
    FORMER = "former"
    CANDIDATE = "candidate"
    #: Another release became current in its place; it never was.
    PASSED_OVER = "passed_over"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class KnownRelease:
    """A release that was finished: what it was made as, and what happened since."""

    plan: ReleasePlan
    events: tuple[ReleaseEvent, ...]
    standing: Standing

    @property
    def release_id(self) -> ReleaseId:
        """Its number."""
        return self.plan.release_id


def known_releases(store: Store) -> list[KnownRelease]:
    """Return every release that was finished, the newest first."""
    current = read_pointer(store).live
    found = dict(all_events(store))
    plans = {release_id: read_plan(store, release_id) for release_id in found}
    chain = set(_chain(plans, current.release_id if current else None))
    ordered = sorted(found, key=release_order, reverse=True)
    return [
        KnownRelease(
            plans[name],
            tuple(found[name]),
            _standing(store, plans[name], found[name], current, chain),
        )
        for name in ordered
    ]


def find_candidate(store: Store) -> KnownRelease | None:
    """Return the newest release that waits for a person, or None."""
    waiting = (
        item for item in known_releases(store) if item.standing is Standing.CANDIDATE
    )
    return next(waiting, None)


def approve_release(store: Store, event: ReleaseEvent) -> Release:
    """Make a candidate current, with the approval on record before.

    Asking again completes an approval that broke off.

    Raises:
        ReleaseImpossible: If it was rejected, is not whole, or was made before the
            release that is current now.
        StoreConflict: If another release became current meanwhile.
    """
    pointer = read_pointer(store)
    current = pointer.live
    if current is not None and current.release_id == event.release_id:
        point_doors(store, current)
        clear_candidate(store, current.release_id)
        drop_passed_over(store)
        return current
    check_first_decision(store, event.release_id, "approved")
    _check_can_follow(store, event.release_id, current)
    record_event(store, event)
    check_first_decision(store, event.release_id, "approved")
    move_in(store, event.release_id)
    release = switch_pointer(
        store, describe(read_manifest(store, event.release_id)), etag=pointer.etag
    )
    point_doors(store, release)
    clear_candidate(store, event.release_id)
    drop_passed_over(store)
    return release


def drop_passed_over(store: Store) -> None:
    """Remove the files of candidates that cannot become current any more.

    They hold the same texts as a release, and nobody looks after them.
    """
    for item in known_releases(store):
        if item.standing is not Standing.PASSED_OVER:
            continue
        if home_of(store, item.release_id) == candidate_folder(item.release_id):
            drop(store, item.release_id)


def check_first_decision(store: Store, release_id: ReleaseId, wanted: str) -> None:
    """Refuse to go on with a release on which another decision came first.

    Raises:
        ReleaseImpossible: If the register says so.
    """
    first = first_decision(events_of(store, release_id))
    if first is not None and first.kind != wanted:
        raise ReleaseImpossible(
            f"Release {release_id} was {first.kind} by {first.by} before."
        )


def _check_can_follow(
    store: Store, release_id: ReleaseId, current: Release | None
) -> None:
    if is_dropped(store, release_id):
        raise ReleaseImpossible(
            f"Release {release_id} was passed over, and its files are gone. Make a new "
            "one with `pcbl release preview`."
        )
    manifest = read_manifest(store, release_id)
    problems = verify_release(store, release_id)
    if problems:
        raise ReleaseImpossible(f"Release {release_id} is not whole: {problems[0]}")
    before = current.release_id if current else None
    if manifest.previous_release_id != before:
        raise ReleaseImpossible(
            f"Release {release_id} was made to follow "
            f"{manifest.previous_release_id or 'none'}, and {before or 'none'} is "
            "current. Make a new one with `pcbl release preview`."
        )


def _chain(
    plans: dict[ReleaseId, ReleasePlan], release_id: ReleaseId | None
) -> Iterator[ReleaseId]:
    """Yield the current release and those that were current before it."""
    while release_id is not None and release_id in plans:
        yield release_id
        release_id = plans[release_id].previous_release_id


def _standing(
    store: Store,
    plan: ReleasePlan,
    events: list[ReleaseEvent],
    current: Release | None,
    chain: set[ReleaseId],
) -> Standing:
    ending = ending_in(events)
    if ending is not None:
        return Standing(ending.kind)
    now = current.release_id if current else None
    if plan.release_id == now:
        return Standing.CURRENT
    if plan.release_id in chain:
        return Standing.FORMER
    # Also where the one that passed it over was withdrawn since: its files are gone.
    follows = plan.previous_release_id == now and not is_dropped(store, plan.release_id)
    return Standing.CANDIDATE if follows else Standing.PASSED_OVER
