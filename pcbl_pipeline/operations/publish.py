"""Publish: make a release of what the lake holds, if there is anything new to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.lake.published_cells import PublishedCells
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.release import Release, ReleaseFacts, ReleasePlan
from pcbl_pipeline.operations.editions import (
    Editions,
    EditionsData,
    make_editions,
    pages_of,
)
from pcbl_pipeline.operations.release_audit import record_release
from pcbl_pipeline.operations.release_inputs import release_inputs, table_counts
from pcbl_pipeline.operations.release_queue import renew_queues
from pcbl_pipeline.operations.rescan import refuse_identifiers
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.publication.approval import (
    Standing,
    drop_passed_over,
    known_releases,
)
from pcbl_pipeline.publication.home import read_plan
from pcbl_pipeline.publication.register import all_errata
from pcbl_pipeline.publication.release import (
    Draft,
    content_digest,
    find_current,
    write_candidate,
    write_release,
)
from pcbl_pipeline.workspace import Workspace

_log = get_logger("publish")


@dataclass(frozen=True)
class PublishOutcome:
    """What a publishing run did. `release` is None when there was nothing new."""

    release: Release | None
    reason: str
    #: The release that waits for a person now.
    candidate: Release | None = None


def publish(
    workspace: Workspace, *, as_of: date | None = None, force: bool = False
) -> PublishOutcome:
    """Publish a release of the lake as it is known on a day.

    A release is made when the data differ from the current release's as of its own day,
    or when that day is older than the network definition allows; or when forced. Where
    the network wants an approval, the release becomes a candidate, and nothing leads
    to it before; one that waits or was rejected is not made once more.

    Raises:
        PublicationBlocked: If a release cannot be published safely.
        StoreConflict: If another run published meanwhile; try again.
    """
    day = as_of or workspace.local_day(workspace.clock())
    rows = _rows(workspace)
    renew_queues(workspace, rows)
    current = find_current(workspace.store)
    if (
        current is not None
        and not force
        and _still_good(
            workspace, rows, read_plan(workspace.store, current.release_id), day
        )
    ):
        reason = f"Nothing new since release {current.release_id} of {current.as_of}."
        return PublishOutcome(None, reason)
    if workspace.network.release_approval == "required":
        return _propose(workspace, rows, day, force=force)
    release = _write(workspace, rows, day, force=force)
    drop_passed_over(workspace.store)
    if current is not None and release.release_id == current.release_id:
        return PublishOutcome(None, f"Release {release.release_id} says the same.")
    _log.info("published %s as of %s", release.release_id, day)
    return PublishOutcome(release, f"Release {release.release_id} is current.")


def preview(workspace: Workspace, *, as_of: date | None = None) -> Release:
    """Make a release that waits for an approval, whatever the network asks for.

    Raises:
        PublicationBlocked: If a release cannot be published safely.
    """
    day = as_of or workspace.local_day(workspace.clock())
    rows = _rows(workspace)
    renew_queues(workspace, rows)
    candidate = _write_candidate(workspace, rows, day)
    _log.info("made the candidate %s as of %s", candidate.release_id, day)
    return candidate


def _rows(workspace: Workspace) -> LakeRows:
    """Return the rows that may be published: none of what is being withdrawn."""
    leaving = (note.submission_id for note in workspace.withdrawals.begun())
    return LakeRows(workspace.lake, workspace.ledger, left_out=frozenset(leaving))


def _propose(
    workspace: Workspace, rows: LakeRows, day: date, *, force: bool
) -> PublishOutcome:
    before = _last_proposed(workspace)
    if before is not None and not force:
        proposed, words = before
        if _still_good(workspace, rows, proposed, day):
            return PublishOutcome(None, f"Nothing new since {words}.")
    candidate = _write_candidate(workspace, rows, day)
    _log.info("made the candidate %s as of %s", candidate.release_id, day)
    name = candidate.release_id
    reason = f"Release {name} waits: `pcbl release approve {name} --by NAME`."
    return PublishOutcome(None, reason, candidate=candidate)


def _last_proposed(workspace: Workspace) -> tuple[ReleasePlan, str] | None:
    """Return the newest release that waits or was rejected, and what to say of it."""
    words = {
        Standing.CANDIDATE: "waits for approval",
        Standing.REJECTED: "was rejected",
    }
    known = known_releases(workspace.store)[:1]
    return next(
        (
            (
                item.plan,
                f"release {item.release_id}, which {words[item.standing]}",
            )
            for item in known
            if item.standing in words
        ),
        None,
    )


def _still_good(
    workspace: Workspace, rows: LakeRows, told: ReleasePlan, day: date
) -> bool:
    age = (day - told.facts.as_of).days
    if age < 0 or age >= workspace.network.release_max_age_days:
        return False
    if told.facts.pipeline_version != __version__:
        return False
    editions = make_editions(workspace, rows, as_of=told.facts.as_of)
    return content_digest(EditionsData(editions)) == told.content_digest


def _write(workspace: Workspace, rows: LakeRows, day: date, *, force: bool) -> Release:
    draft = draft_release(workspace, rows, day)
    return write_release(workspace.store, draft, even_if_unchanged=force)


def _write_candidate(workspace: Workspace, rows: LakeRows, day: date) -> Release:
    return write_candidate(workspace.store, draft_release(workspace, rows, day))


def draft_release(workspace: Workspace, rows: LakeRows, day: date) -> Draft:
    """Return what a release of some rows is written from, before it has its number.

    Raises:
        PublicationBlocked: If what was found cannot be published safely.
    """
    editions = make_editions(workspace, rows, as_of=day)
    refuse_identifiers(editions.shared, workspace.catalogue, as_of=day)
    if editions.audit is not None:
        # Kept before anybody can read it: what comes later is audited with it.
        record_release(PublishedCells(workspace.store), editions.audit, day)
    data = EditionsData(editions)
    return Draft(
        data=data,
        render_pages=lambda release_id: pages_of(data, release_id),
        facts=_facts(workspace, editions, day, rows),
        created_at=workspace.clock().astimezone(workspace.network.zone),
    )


def _facts(
    workspace: Workspace, editions: Editions, day: date, rows: LakeRows
) -> ReleaseFacts:
    network, catalogue = workspace.network, workspace.catalogue
    return ReleaseFacts(
        as_of=day,
        pipeline_version=__version__,
        contract_versions={c.dataset: c.version for c in catalogue.contracts.values()},
        code_list_versions=_versions(catalogue.code_lists),
        minimum_group_sizes={s.fips: s.minimum_group_size for s in network.states},
        withheld=dict(editions.withheld),
        fictional=network.fictional,
        errata=all_errata(workspace.store),
        audit=None if editions.audit is None else editions.audit.report,
        tables=table_counts(editions.shared),
        inputs=release_inputs(rows.ledger, rows.left_out),
    )


def _versions(code_lists: Mapping[str, CodeList]) -> dict[str, str]:
    """Return each code list's version: the day from which it has been in force."""
    return {name: item.valid_from.isoformat() for name, item in code_lists.items()}
