"""Releases that were made with withdrawn rows: taken back, and one made without them.

A release is affected that was made after the submission came in and before its rows were
taken out, whether or not one of its words can be traced to them: they were counted. What
readers see of the reason is the same for all, because the true one may tell whose file it
was. What does not belong here: ending a release (`publication`), and making one
(`publish`).
"""

from collections.abc import Iterator

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.release import release_order
from pcbl_pipeline.model.withdrawal import Withdrawal
from pcbl_pipeline.operations import releases
from pcbl_pipeline.operations.publish import publish
from pcbl_pipeline.operations.summaries import repeated
from pcbl_pipeline.operations.summaries.gate import keep_apart, let_go
from pcbl_pipeline.publication.approval import KnownRelease, Standing, known_releases
from pcbl_pipeline.publication.home import is_dropped
from pcbl_pipeline.workspace import Workspace

#: What a tombstone says.
REASON = "Some of the rows that it was made from were withdrawn."
_PUBLISHED = {Standing.CURRENT, Standing.FORMER}
_PROPOSED = {Standing.CANDIDATE, Standing.PASSED_OVER}
#: From which the tables of a year's statistics are made.
_STATISTICAL = frozenset(
    {"outcome_metric", "perception_survey", "competency_record", "site_profile"}
)


def affected_releases(workspace: Workspace, withdrawal: Withdrawal) -> list[str]:
    """Return the releases and candidates with the rows that still have their files."""
    return [item.release_id for item in _affected(workspace, withdrawal)]


def withdraw_releases(workspace: Workspace, withdrawal: Withdrawal) -> tuple[str, ...]:
    """Take back what was made with the rows; return all such releases.

    The oldest first, so that the pointer goes back once, to one without the rows.

    Raises:
        ReleaseImpossible: If something of a release is left; ask again.
        StoreConflict: If another release became current meanwhile; ask again.
    """
    affected = list(_affected(workspace, withdrawal))
    if affected:
        _keep_statistics(workspace, withdrawal)
    # Those that wait first, so that nobody approves one of them meanwhile.
    for item in sorted(affected, key=_turn):
        # Not a decision about the release: whoever may withdraw the rows ends it too.
        end = releases.take_back if item.standing in _PUBLISHED else releases.refuse
        end(workspace, item.release_id, by=withdrawal.by, reason=REASON)
    return tuple(sorted(_ended(workspace, withdrawal)))


def _turn(item: KnownRelease) -> tuple[bool, tuple[int, int, int]]:
    return item.standing in _PUBLISHED, release_order(item.release_id)


def publish_without(workspace: Workspace, withdrawal: Withdrawal) -> str | None:
    """Make or propose a release without the rows; say what came of it.

    None where no release had them. A release that cannot be made safely is no failure of
    the withdrawal: the rows are gone, and what is published now never had them.
    """
    if not any(_ended(workspace, withdrawal)):
        return None
    try:
        return publish(workspace).reason
    except PublicationBlocked as error:
        return f"No new release could be made. {error}"


def _affected(workspace: Workspace, withdrawal: Withdrawal) -> Iterator[KnownRelease]:
    for item in _made_meanwhile(workspace, withdrawal):
        if item.standing not in _PUBLISHED | _PROPOSED:
            continue
        if not is_dropped(workspace.store, item.release_id):
            yield item


def _ended(workspace: Workspace, withdrawal: Withdrawal) -> Iterator[str]:
    """Yield the releases that this withdrawal ended, now or before a crash."""
    for item in _made_meanwhile(workspace, withdrawal):
        if any(event.reason == REASON for event in item.events):
            yield item.release_id


def _made_meanwhile(
    workspace: Workspace, withdrawal: Withdrawal
) -> Iterator[KnownRelease]:
    if not withdrawal.landed:
        return
    for item in known_releases(workspace.store):
        made_at = item.events[0].happened_at
        if withdrawal.received_at <= made_at <= withdrawal.withdrawn_at:
            yield item


def _keep_statistics(workspace: Workspace, withdrawal: Withdrawal) -> None:
    """Keep the year's statistics as they were released, unless they had the rows.

    If they had, they are made anew and audited together with what was published, since
    a reader who kept it could tell the rows by the difference. So with tables that
    are repeated without being audited.
    """
    repeated.keep_apart(workspace.store, withdrawal.datasets)
    if _STATISTICAL.isdisjoint(withdrawal.datasets):
        today = workspace.local_day(workspace.clock())
        keep_apart(workspace.store, workspace.network.calendar.reported_year(today))
    else:
        let_go(workspace.store)
