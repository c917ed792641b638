"""Releases: what a person decides about them, and what was found wrong in them.

Each of these is on record before anything follows from it. What does not belong here:
making a release (`publish`), and how files and the pointer change (`publication`).
"""

from dataclasses import dataclass
from datetime import datetime

from pcbl_pipeline.errors import ReleaseImpossible
from pcbl_pipeline.model.release import (
    Erratum,
    Release,
    ReleaseEvent,
    ReleaseId,
    release_order,
)
from pcbl_pipeline.operations.officers import officer, said_by
from pcbl_pipeline.publication.approval import (
    KnownRelease,
    Standing,
    approve_release,
    known_releases,
)
from pcbl_pipeline.publication.register import (
    all_errata,
    events_of,
    first_decision,
    record_erratum,
)
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.tables import TABLES
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from pcbl_pipeline.publication.verify import verify_release
from pcbl_pipeline.publication.withdrawal import reject_release, withdraw_release
from pcbl_pipeline.workspace import Workspace


@dataclass(frozen=True)
class Approval:
    """What became of an approval."""

    release: Release
    #: Who approved it first; None where it needed no approval.
    by: str | None
    #: Whether it was current before, so that nothing was recorded.
    was_current: bool = False
    #: Newer releases that waited; they cannot become current any more.
    passed_over: tuple[ReleaseId, ...] = ()


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


def approve(
    workspace: Workspace, release_id: ReleaseId, *, by: str, older: bool = False
) -> Approval:
    """Make a candidate the current release, in the name of a person.

    Whoever approved it first stays on record. With `older`, newer releases that wait
    are passed over.

    Raises:
        ReleaseImpossible: If it is none that can become current, if newer ones wait, or
            if that person may not decide; the message says why.
        StoreConflict: If another release became current meanwhile; ask again.
    """
    by = officer(workspace.network, by)
    known = find_release(workspace, release_id)
    newer = _newer_waiting(workspace, known)
    if newer and not older:
        raise ReleaseImpossible(
            f"Newer releases than {release_id} wait too: {', '.join(newer)}. Approve "
            "the newest, or say `--older` to pass them over."
        )
    release = approve_release(workspace.store, _event(workspace, known, "approved", by))
    decision = first_decision(events_of(workspace.store, release_id))
    return Approval(
        release,
        decision.by if decision is not None and decision.kind == "approved" else None,
        was_current=known.standing is Standing.CURRENT,
        passed_over=newer,
    )


def reject(
    workspace: Workspace, release_id: ReleaseId, *, by: str, reason: str
) -> None:
    """Refuse a candidate; its files go, and it is never proposed again.

    Raises:
        ReleaseImpossible: If it is no candidate, or that person may not decide.
    """
    refuse(workspace, release_id, by=officer(workspace.network, by), reason=reason)


def refuse(
    workspace: Workspace, release_id: ReleaseId, *, by: str, reason: str
) -> None:
    """Refuse a candidate, whoever says so: as a consequence, not as a decision.

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
        ReleaseImpossible: If it was never published, if something of it is left, or if
            that person may not decide.
        StoreConflict: If another release became current meanwhile; ask again.
    """
    by = officer(workspace.network, by)
    return take_back(workspace, release_id, by=by, reason=reason)


def take_back(
    workspace: Workspace, release_id: ReleaseId, *, by: str, reason: str
) -> Release | None:
    """Withdraw a release, whoever says so: as a consequence, not as a decision.

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
    if not text.strip():
        raise ReleaseImpossible("Say what is wrong: the erratum has no words.")
    before = all_errata(workspace.store)
    erratum = Erratum(
        number=len(before) + 1,
        text=text.strip(),
        tables=tables,
        release_id=current.release_id,
        recorded_by=said_by(by),
        recorded_at=_now(workspace),
    )
    return record_erratum(workspace.store, erratum)


def _newer_waiting(workspace: Workspace, known: KnownRelease) -> tuple[ReleaseId, ...]:
    """Return the newer releases that wait as well, where this one waits."""
    if known.standing is not Standing.CANDIDATE:
        return ()
    return tuple(
        item.release_id
        for item in known_releases(workspace.store)
        if item.standing is Standing.CANDIDATE
        and release_order(item.release_id) > release_order(known.release_id)
    )


def _event(
    workspace: Workspace,
    known: KnownRelease,
    kind: str,
    by: str,
    *,
    reason: str | None = None,
) -> ReleaseEvent:
    if reason is not None and not reason.strip():
        raise ReleaseImpossible("Say why: the reason stands on record.")
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
