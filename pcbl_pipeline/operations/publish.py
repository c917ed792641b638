"""Publish: make a release of what the lake holds, if there is anything new to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.model.release import Release, ReleaseFacts
from pcbl_pipeline.operations.release_queue import renew_queues
from pcbl_pipeline.operations.rescan import refuse_identifiers
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.operations.summarise import summarise
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import data_files
from pcbl_pipeline.publication.pages.website import page_files
from pcbl_pipeline.publication.release import (
    content_digest,
    find_current,
    write_release,
)
from pcbl_pipeline.workspace import Workspace

_log = get_logger("publish")


@dataclass(frozen=True)
class PublishOutcome:
    """What a publishing run did. `release` is None when there was nothing new."""

    release: Release | None
    reason: str


def publish(
    workspace: Workspace, *, as_of: date | None = None, force: bool = False
) -> PublishOutcome:
    """Publish a release of the lake as it is known on a day.

    A release is made when the data differ from the current release's as of its own day,
    or when that day is older than the network definition allows; or when forced.

    Raises:
        PublicationBlocked: If a release cannot be published safely.
        StoreConflict: If another run published meanwhile; try again.
    """
    day = as_of or workspace.local_day(workspace.clock())
    rows = LakeRows(workspace.lake)
    renew_queues(workspace, rows)
    current = find_current(workspace.store)
    if current is not None and not force and _still_good(workspace, rows, current, day):
        reason = f"Nothing new since release {current.release_id} of {current.as_of}."
        return PublishOutcome(None, reason)
    release = _write(workspace, rows, day, force=force)
    if current is not None and release.release_id == current.release_id:
        return PublishOutcome(None, f"Release {release.release_id} says the same.")
    _log.info("published %s as of %s", release.release_id, day)
    return PublishOutcome(release, f"Release {release.release_id} is current.")


def _still_good(
    workspace: Workspace, rows: LakeRows, current: Release, day: date
) -> bool:
    age = (day - current.as_of).days
    if age < 0 or age >= workspace.network.release_max_age_days:
        return False
    if current.pipeline_version != __version__:
        return False
    editions, _ = summarise(workspace, rows, as_of=current.as_of)
    return content_digest(_data(editions)) == current.content_digest


def _data(
    editions: Mapping[Edition, EditionContent],
) -> dict[Edition, dict[str, bytes]]:
    # The contracts count as data: a change of theirs alone is worth a release.
    return {
        edition: {**data_files(content), **content.contract_files}
        for edition, content in editions.items()
    }


def _write(workspace: Workspace, rows: LakeRows, day: date, *, force: bool) -> Release:
    editions, withheld = summarise(workspace, rows, as_of=day)
    refuse_identifiers(editions, workspace.catalogue, as_of=day)
    data = _data(editions)

    def render_pages(release_id: str) -> dict[Edition, Iterable[tuple[str, bytes]]]:
        return {
            edition: page_files(content, data[edition], release_id=release_id)
            for edition, content in editions.items()
        }

    network, catalogue = workspace.network, workspace.catalogue
    return write_release(
        workspace.store,
        data=data,
        render_pages=render_pages,
        facts=ReleaseFacts(
            as_of=day,
            pipeline_version=__version__,
            contract_versions={
                c.dataset: c.version for c in catalogue.contracts.values()
            },
            code_list_versions=_versions(catalogue.code_lists),
            minimum_group_sizes={s.fips: s.minimum_group_size for s in network.states},
            withheld=withheld,
            fictional=network.fictional,
        ),
        created_at=workspace.clock().astimezone(network.zone),
        even_if_unchanged=force,
    )


def _versions(code_lists: Mapping[str, CodeList]) -> dict[str, str]:
    """Return each code list's version: the day from which it has been in force."""
    return {name: item.valid_from.isoformat() for name, item in code_lists.items()}
