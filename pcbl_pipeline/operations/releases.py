"""Releases: what a person decides about them, and what was found wrong in them.

Each of these is on record before anything follows from it. What does not belong here:
making a release (`publish`), and how files and the pointer change (`publication`).
"""

from datetime import datetime

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.model.release import Erratum, Release, ReleaseEvent, ReleaseId
from pcbl_pipeline.publication.approval import (
    KnownRelease,
    Standing,
    approve_release,
    known_releases,
)
from pcbl_pipeline.publication.register import all_errata, record_erratum
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.publication.withdrawal import reject_release, withdraw_release
from pcbl_pipeline.workspace import Workspace


def find_release(workspace: Workspace, release_id: ReleaseId) -> KnownRelease:
    """Return a release with what happened to it.

    Raises:
        ReleaseImpossible: If there is no finished release of that number.
    """
    for item in known_releases(workspace.store):
        if item.release_id == release_id:
            return item
    raise ReleaseImpossible(
        f"There is no finished release {release_id}. `pcbl release list` has all."
    )


def approve(workspace: Workspace, release_id: ReleaseId, *, by: str) -> Release:
    """Make a candidate the current release, in the name of a person.

    Raises:
        ReleaseImpossible: If it is none that can become current; the message says why.
        StoreConflict: If another release became current meanwhile; ask again.
    """
    known = find_release(workspace, release_id)
    return approve_release(workspace.store, _event(workspace, known, "approved", by))


def reject(
    workspace: Workspace, release_id: ReleaseId, *, by: str, reason: str
) -> None:
    """Refuse a candidate; its files go, and it is never proposed again.

    Raises:
        ReleaseImpossible: If it is no candidate.
    """
    known = find_release(workspace, release_id)
    if known.standing in {Standing.CURRENT, Standing.FORMER}:
        raise ReleaseImpossible(
            f"Release {release_id} was published. Use `pcbl release withdraw`."
        )
    reject_release(
        workspace.store, _event(workspace, known, "rejected", by, reason=reason)
    )


def withdraw(
    workspace: Workspace, release_id: ReleaseId, *, by: str, reason: str
) -> Release | None:
    """Take a published release back; return the one that is current afterwards.

    Raises:
        ReleaseImpossible: If it was never published, or something of it is left.
        StoreConflict: If another release became current meanwhile; ask again.
    """
    known = find_release(workspace, release_id)
    published = {Standing.CURRENT, Standing.FORMER, Standing.WITHDRAWN}
    if known.standing not in published:
        raise ReleaseImpossible(
            f"Release {release_id} was never published. Use `pcbl release reject`."
        )
    event = _event(workspace, known, "withdrawn", by, reason=reason)
    current = withdraw_release(workspace.store, event)
    problems = verify_release(workspace.store, release_id)
    if problems:
        raise ReleaseImpossible(
            f"Something is left of release {release_id}: {problems[0]} Ask again."
        )
    return current


def add_erratum(
    workspace: Workspace, text: str, *, tables: tuple[str, ...], by: str
) -> Erratum:
    """Record what published releases have wrong; the next release tells it.

    Raises:
        ReleaseImpossible: If nothing is published yet, or there is no such table.
    """
    current = find_current(workspace.store)
    if current is None:
        raise ReleaseImpossible("Nothing is published, so nothing can be wrong in it.")
    known = {table.name for table in (*TABLES, *SITE_TABLES)}
    if unknown := sorted(set(tables) - known):
        raise ReleaseImpossible(
            f"There is no published table `{unknown[0]}`. There are: "
            f"{', '.join(sorted(known))}."
        )
    before = all_errata(workspace.store)
    erratum = Erratum(
        number=len(before) + 1,
        text=text.strip(),
        tables=tables,
        release_id=current.release_id,
        recorded_by=by,
        recorded_at=_now(workspace),
    )
    return record_erratum(workspace.store, erratum)


def _event(
    workspace: Workspace,
    known: KnownRelease,
    kind: str,
    by: str,
    *,
    reason: str | None = None,
) -> ReleaseEvent:
    return ReleaseEvent.model_validate(
        {
            "release_id": known.release_id,
            "kind": kind,
            "happened_at": _now(workspace),
            "by": by,
            "reason": reason,
            "manifest_sha256": known.events[0].manifest_sha256,
        }
    )


def _now(workspace: Workspace) -> datetime:
    # In the network's zone, so that the day on a notice is the agency's.
    return workspace.clock().astimezone(workspace.network.zone)
