"""Summarise: from the lake's rows to what each edition may say.

Connects summaries with disclosure and publication, which do not know each other. What
does not belong here: any computation or any rule about what may be shown.
"""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import polars as pl

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.terms import terms_in_use
from pcbl_pipeline.disclosure.narratives import narrative_screen
from pcbl_pipeline.lake.layout import PUBLIC_ID_SALT
from pcbl_pipeline.model.identifiers import public_lesson_id, school_year_of
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.operations.contract_files import (
    contract_files,
    contract_pages,
    template_files,
)
from pcbl_pipeline.operations.summaries import SUMMARIES
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.edition import (
    AssistanceContent,
    EditionContent,
    LessonsContent,
)
from pcbl_pipeline.storage.store import Store
from pcbl_pipeline.summaries.annual import recommendations
from pcbl_pipeline.summaries.assistance import assistance_summary
from pcbl_pipeline.summaries.lessons import LessonsDigest, lessons_digest
from pcbl_pipeline.workspace import Workspace

EDITIONS: tuple[Edition, ...] = ("public", "network")
_SALT_BYTES = 32


def summarise(
    workspace: Workspace, rows: LakeRows, *, as_of: date
) -> tuple[dict[Edition, EditionContent], dict[str, int]]:
    """Return each edition's content, and how many texts were withheld by reason.

    Raises:
        PublicationBlocked: If what was found cannot be published safely.
    """
    public_ids = public_id_maker(workspace.store)
    editions: dict[Edition, EditionContent] = {}
    withheld: dict[str, int] = {}
    for edition in EDITIONS:
        digest = _digest(workspace, rows, edition, public_ids, as_of)
        editions[edition] = _content(workspace, rows, digest, edition, as_of)
        # The network edition is the widest: what it withholds, all withhold.
        withheld = dict(
            digest.withheld.group_by("reason").len().sort("reason").iter_rows()
        )
    return editions, withheld


def public_id_maker(store: Store) -> Callable[[str], str]:
    """Return the function from a lesson id to its public id.

    The salt is made once per workspace; losing it changes every link to a lesson.
    """
    if store.head(PUBLIC_ID_SALT) is None:
        salt = secrets.token_bytes(_SALT_BYTES)
        store.put_if_absent(
            PUBLIC_ID_SALT, salt, content_type="application/octet-stream"
        )
    return partial(public_lesson_id, salt=store.get(PUBLIC_ID_SALT))


def _digest(
    workspace: Workspace,
    rows: LakeRows,
    edition: Edition,
    public_ids: Callable[[str], str],
    as_of: date,
) -> LessonsDigest:
    network = workspace.network
    return lessons_digest(
        rows.frame("lesson_learned"),
        rows.frame("site_profile"),
        edition=edition,
        states={state.fips: state.name for state in network.states},
        screen=narrative_screen(
            {state.fips: state.minimum_group_size for state in network.states}
        ),
        public_ids=public_ids,
        as_of=as_of,
    )


def _content(
    workspace: Workspace,
    rows: LakeRows,
    digest: LessonsDigest,
    edition: Edition,
    as_of: date,
) -> EditionContent:
    network, catalogue = workspace.network, workspace.catalogue
    return EditionContent(
        edition=edition,
        network_name=network.name,
        fictional=network.fictional,
        states={state.fips: state.name for state in network.states},
        as_of=as_of,
        lessons=LessonsContent(digest.groups, digest.lessons),
        assistance=tuple(
            _assistance(workspace, rows, edition, period, as_of)
            for period in _periods(workspace, rows, as_of)
        ),
        code_lists=catalogue.code_lists,
        pipeline_version=__version__,
        contract_versions={c.dataset: c.version for c in catalogue.contracts.values()},
        license_name=network.data_license,
        documents=contract_pages(catalogue),
        state_terms=terms_in_use(catalogue.state_terms, as_of.year),
        contract_files=contract_files(catalogue) | template_files(catalogue),
        tables={
            "pub1_strength": digest.standing.groups,
            "pub1_reuse": digest.standing.reuse,
            "pub1_contradictions": digest.standing.contradictions,
            "pub10_recommendations": recommendations(
                digest.lessons, digest.standing.groups, rows.frame("state_action")
            ),
            **_tables(workspace, rows, edition, as_of),
        },
    )


def _tables(
    workspace: Workspace, rows: LakeRows, edition: Edition, as_of: date
) -> dict[str, pl.DataFrame]:
    scope = SummaryScope(workspace.network, workspace.catalogue, edition, as_of)
    tables: dict[str, pl.DataFrame] = {}
    for summary in SUMMARIES:
        tables.update(summary(rows, scope))
    return tables


def _assistance(
    workspace: Workspace, rows: LakeRows, edition: Edition, period: str, as_of: date
) -> AssistanceContent:
    calendar = workspace.network.calendar
    first_day = calendar.first_day(period)
    next_year = f"{period[5:]}-{int(period[5:]) + 1}"
    summary = assistance_summary(
        rows.frame("ta_request"),
        rows.frame("ta_event"),
        rows.frame("site_profile"),
        edition=edition,
        period=period,
        first_day=first_day,
        last_day=calendar.first_day(next_year) - timedelta(days=1),
        as_of=as_of,
    )
    return AssistanceContent(period, summary.topics, summary.unmet, summary.modes)


def _periods(workspace: Workspace, rows: LakeRows, as_of: date) -> list[str]:
    """Return the present school year and those with requests or events, newest first."""
    starts = workspace.network.calendar.starts
    days = [
        *rows.frame("ta_request")["requested_on"].unique().to_list(),
        *rows.frame("ta_event")["event_date"].unique().to_list(),
        as_of,
    ]
    years = {school_year_of(day, starts=starts) for day in days if day <= as_of}
    return sorted(years, reverse=True)
