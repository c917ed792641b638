"""Summarise: from the lake's rows to what each edition may say.

Connects summaries with disclosure and publication, which do not know each other. What
does not belong here: any computation or any rule about what may be shown.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import polars as pl

from pcbl_pipeline import __version__
from pcbl_pipeline.contracts.terms import terms_in_use
from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.lake.layout import PUBLIC_ID_SALT
from pcbl_pipeline.model.identifiers import public_lesson_id, school_year_of
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.operations.contract_files import (
    contract_files,
    contract_pages,
    template_files,
)
from pcbl_pipeline.operations.lesson_pairs import standing_decisions
from pcbl_pipeline.operations.narratives import narratives_of
from pcbl_pipeline.operations.release_audit import ReleaseAudit
from pcbl_pipeline.operations.summaries import SUMMARIES
from pcbl_pipeline.operations.summaries.gate import statistics
from pcbl_pipeline.operations.summaries.repeated import repeated
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.edition import (
    AssistanceContent,
    EditionContent,
    LessonsContent,
)
from pcbl_pipeline.publication.tables import PUB1_NEAR_DUPLICATES, PUB1_WITHHELD
from pcbl_pipeline.storage.store import Store
from pcbl_pipeline.summaries.assistance import assistance_summary
from pcbl_pipeline.summaries.lessons import (
    LessonsDigest,
    lessons_digest,
    withheld_lessons,
)
from pcbl_pipeline.summaries.near_duplicates import near_duplicates, with_decisions
from pcbl_pipeline.summaries.recommendations import lead_actors, recommendations
from pcbl_pipeline.summaries.sharing import SCREENED_FIELDS
from pcbl_pipeline.workspace import Workspace

EDITIONS: tuple[Edition, ...] = ("public", "network", "agency")
_SALT_BYTES = 32


@dataclass(frozen=True)
class Summarised:
    """What all editions are made from."""

    editions: Mapping[Edition, EditionContent]
    #: Reason → number of texts that no edition shows.
    withheld: Mapping[str, int]
    #: The proof of new statistics; None where those of an earlier release stand.
    audit: ReleaseAudit | None
    #: What decides about texts, for the editions of sites too.
    narratives: Narratives
    #: What agencies decided about pairs of lessons.
    pair_decisions: pl.DataFrame


def summarise(workspace: Workspace, rows: LakeRows, *, as_of: date) -> Summarised:
    """Return each edition's content, and what was found on the way.

    Raises:
        PublicationBlocked: If what was found cannot be published safely.
    """
    public_ids = public_id_maker(workspace.store)
    narratives = narratives_of(workspace, rows)
    editions: dict[Edition, EditionContent] = {}
    withheld: dict[str, int] = {}
    scopes = {
        edition: SummaryScope(
            workspace.network, workspace.catalogue, edition, as_of, narratives
        )
        for edition in EDITIONS
    }
    statistical = statistics(workspace.store, rows, scopes)
    for edition, scope in scopes.items():
        digest = _digest(rows, public_ids, scope)
        tables = statistical.tables[edition]
        editions[edition] = _content(workspace, rows, digest, scope, tables)
        # The last edition is the widest: what it withholds, all withhold.
        withheld = dict(
            digest.withheld.group_by("reason").len().sort("reason").iter_rows()
        )
    return Summarised(
        editions,
        withheld,
        statistical.audit,
        narratives,
        standing_decisions(workspace),
    )


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
    rows: LakeRows, public_ids: Callable[[str], str], scope: SummaryScope
) -> LessonsDigest:
    network, narratives = scope.network, scope.narratives
    return lessons_digest(
        narratives.rewrite_rows(rows.frame("lesson_learned"), SCREENED_FIELDS),
        rows.frame("site_profile"),
        edition=scope.edition,
        states={state.fips: state.name for state in network.states},
        screen=narratives.screen,
        public_ids=public_ids,
        as_of=scope.as_of,
    )


def _content(
    workspace: Workspace,
    rows: LakeRows,
    digest: LessonsDigest,
    scope: SummaryScope,
    statistical: Mapping[str, pl.DataFrame],
) -> EditionContent:
    network, catalogue = scope.network, scope.catalogue
    edition, as_of = scope.edition, scope.as_of
    leads = lead_actors(rows.frame("state_action"), as_of=as_of)
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
        site_url=_web_address(network.publications_url),
        contact_email=network.contact_email,
        documents=contract_pages(catalogue),
        state_terms=terms_in_use(catalogue.state_terms, as_of.year),
        contract_files=contract_files(catalogue)
        | template_files(catalogue, network.calendar.open_years(as_of)),
        tables={
            "pub1_strength": digest.standing.groups,
            "pub1_reuse": digest.standing.reuse,
            "pub1_contradictions": digest.standing.contradictions,
            "pub10_recommendations": recommendations(
                digest.lessons, digest.standing.groups, leads
            ),
            "pub10_leads": leads,
            **repeated(workspace.store, rows, scope, _tables(rows, scope)),
            **statistical,
            **_for_agencies(workspace, digest, edition),
        },
    )


def _web_address(publications_url: str | None) -> str | None:
    """Return where the publications are served; a way between folders is none."""
    is_web = publications_url is not None and publications_url.startswith("http")
    return publications_url.rstrip("/") if publications_url and is_web else None


def _for_agencies(
    workspace: Workspace, digest: LessonsDigest, edition: Edition
) -> dict[str, pl.DataFrame]:
    """Return what only agencies see: texts withheld, and lessons that may be one."""
    if edition != "agency":
        return {}
    return {
        PUB1_WITHHELD.name: withheld_lessons(digest.withheld),
        PUB1_NEAR_DUPLICATES.name: with_decisions(
            near_duplicates(digest.lessons),
            digest.lessons,
            standing_decisions(workspace),
        ),
    }


def _tables(rows: LakeRows, scope: SummaryScope) -> dict[str, pl.DataFrame]:
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
