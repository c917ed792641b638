"""The register: what happened to each release, and the errata. Both only grow.

An event or erratum takes the next free number and is never changed. What does not
belong here: switching the pointer, or removing files.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pcbl_pipeline.model.release import Erratum, ReleaseEvent, ReleaseId
from pcbl_pipeline.publication.keys import (
    ERRATA,
    REGISTER,
    content_type,
    erratum_key,
    event_key,
)
from pcbl_pipeline.publication.release_files import canonical_json
from pcbl_pipeline.storage.store import Store


def record_event(store: Store, event: ReleaseEvent) -> ReleaseEvent:
    """Add an event to a release's register, once, and return it as it stands there.

    An event of a kind that the release had already is not written again: whoever
    said it first stays on record.
    """
    content, number = canonical_json(event), 1
    key = event_key(event.release_id, number)
    while not store.put_if_absent(key, content, content_type=content_type(key)):
        before = ReleaseEvent.model_validate_json(store.get(key))
        if before.kind == event.kind:
            return before
        number += 1
        key = event_key(event.release_id, number)
    return event


def events_of(store: Store, release_id: ReleaseId) -> list[ReleaseEvent]:
    """Return what happened to a release, in order."""
    return [
        ReleaseEvent.model_validate_json(store.get(item.key))
        for item in store.list(f"{REGISTER}{release_id}/")
    ]


def all_events(store: Store) -> Iterator[tuple[ReleaseId, list[ReleaseEvent]]]:
    """Yield every release that was finished, with what happened to it."""
    events = (
        ReleaseEvent.model_validate_json(store.get(item.key))
        for item in store.list(REGISTER)
    )
    for release_id, own in groupby(events, key=lambda event: event.release_id):
        yield release_id, list(own)


def first_decision(events: Sequence[ReleaseEvent]) -> ReleaseEvent | None:
    """Return the first decision of a person; a later contrary one does not count."""
    return next((event for event in events if event.kind != "made"), None)


def ending_in(events: Sequence[ReleaseEvent]) -> ReleaseEvent | None:
    """Return what ended a release, its rejection or its withdrawal, or None.

    After that it never becomes current, and its number is used up.
    """
    first = first_decision(events)
    if first is not None and first.kind == "rejected":
        return first
    return next((event for event in events if event.kind == "withdrawn"), None)


def ending_of(store: Store, release_id: ReleaseId) -> ReleaseEvent | None:
    """Return what ended a release, or None."""
    return ending_in(events_of(store, release_id))


def record_erratum(store: Store, erratum: Erratum) -> Erratum:
    """Keep an erratum under the next free number, and return it with that number."""
    key = erratum_key(erratum.number)
    while not store.put_if_absent(
        key, canonical_json(erratum), content_type=content_type(key)
    ):
        erratum = erratum.model_copy(update={"number": erratum.number + 1})
        key = erratum_key(erratum.number)
    return erratum


def all_errata(store: Store) -> tuple[Erratum, ...]:
    """Return every erratum in the order in which they were recorded."""
    return tuple(
        Erratum.model_validate_json(store.get(item.key)) for item in store.list(ERRATA)
    )
