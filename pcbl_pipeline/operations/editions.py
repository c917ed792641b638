"""Editions: what each kind of reader gets, and what each site gets for itself.

The editions of sites are made one at a time, when somebody asks for one, so that five
hundred of them need no more memory than one. What does not belong here: what is in
them (`summarise`, `summaries`), and when they are published (`publish`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pcbl_pipeline import __version__
from pcbl_pipeline.model.network import Edition, Site
from pcbl_pipeline.model.release import EditionName, Erratum, site_edition
from pcbl_pipeline.operations.release_audit import ReleaseAudit
from pcbl_pipeline.operations.sentence_model import open_sentence_model
from pcbl_pipeline.operations.summaries.mirror import SiteTexts, mirror_tables
from pcbl_pipeline.operations.summaries.scope import LakeRows
from pcbl_pipeline.operations.summarise import public_id_maker, summarise
from pcbl_pipeline.publication.approval import Standing, known_releases
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import data_files
from pcbl_pipeline.publication.history import (
    ERRATA_FILE,
    PastRelease,
    errata_file,
    errata_for,
    with_history,
)
from pcbl_pipeline.publication.pages.mirror import site_page_files
from pcbl_pipeline.publication.pages.website import page_files
from pcbl_pipeline.publication.register import all_errata
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.publication.site_edition import SiteContent, site_data_files
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from pcbl_pipeline.workspace import Workspace

Files = Iterable[tuple[str, bytes]]


@dataclass(frozen=True)
class Editions:
    """The contents of all editions, as known on a day."""

    shared: Mapping[Edition, EditionContent]
    sites: Mapping[EditionName, Callable[[], SiteContent]]
    #: Reason → number of texts that no edition shows.
    withheld: Mapping[str, int]
    #: The proof of new statistics; None where those of an earlier release stand.
    audit: ReleaseAudit | None = None


@dataclass(frozen=True)
class EditionsData(Mapping[EditionName, Mapping[str, bytes]]):
    """The data files of all editions; a site's are made when they are asked for."""

    editions: Editions
    _kept: dict[EditionName, Mapping[str, bytes]] = field(
        default_factory=dict, repr=False
    )

    def __iter__(self) -> Iterator[EditionName]:
        """Yield the names of the editions."""
        yield from self.editions.shared
        yield from self.editions.sites

    def __len__(self) -> int:
        """Return how many editions there are."""
        return len(self.editions.shared) + len(self.editions.sites)

    def __getitem__(self, edition: EditionName) -> Mapping[str, bytes]:
        """Return path → bytes of an edition's data files."""
        if edition not in self._kept:
            files = self._made(edition)
            for name in [name for name in self._kept if name in self.editions.sites]:
                del self._kept[name]
            self._kept[edition] = files
        return self._kept[edition]

    def _made(self, edition: EditionName) -> dict[str, bytes]:
        if edition in self.editions.sites:
            return site_data_files(self.editions.sites[edition]())
        content = {str(name): item for name, item in self.editions.shared.items()}
        # The contracts count as data: a change of theirs alone is worth a release. So
        # does a new erratum.
        own = content[edition]
        told = own.history.errata if own.history else ()
        return {
            **data_files(own),
            **own.contract_files,
            ERRATA_FILE: errata_file(told),
        }


def make_editions(workspace: Workspace, rows: LakeRows, *, as_of: date) -> Editions:
    """Summarise what the lake holds, for everybody who reads it.

    Raises:
        PublicationBlocked: If what was found cannot be published safely.
        SettingsInvalid: If the network names a sentence model that cannot be read.
    """
    encode = open_sentence_model(workspace.network.sentence_model)
    summarised = summarise(workspace, rows, as_of=as_of)
    shared = _with_history(workspace, summarised.editions)
    errata = all_errata(workspace.store)
    tables = mirror_tables(
        rows,
        shared["network"],
        calendar=workspace.network.calendar,
        public_ids=public_id_maker(workspace.store),
        texts=SiteTexts(summarised.narratives, summarised.pair_decisions, encode),
        as_of=as_of,
    )
    by_site = {name: _by_site(frame) for name, frame in tables.items()}
    sites = {
        site_edition(site.site_id): _site_content(
            workspace, site, by_site, as_of, errata
        )
        for site in workspace.network.sites
    }
    return Editions(shared, sites, summarised.withheld, summarised.audit)


def pages_of(
    data: EditionsData, release_id: str
) -> Mapping[EditionName, Iterable[tuple[str, bytes]]]:
    """Return each edition's files besides its data, made one by one when read."""
    pages: dict[EditionName, Files] = {
        edition: page_files(content, data[edition], release_id=release_id)
        for edition, content in data.editions.shared.items()
    }
    for edition, content in data.editions.sites.items():
        pages[edition] = _site_pages(content, data, edition, release_id)
    return pages


def _with_history(
    workspace: Workspace, shared: Mapping[Edition, EditionContent]
) -> dict[Edition, EditionContent]:
    store = workspace.store
    published = [
        PastRelease(item.release_id, item.plan.facts.as_of)
        for item in known_releases(store)
        if item.standing in {Standing.CURRENT, Standing.FORMER}
    ]
    previous, errata = find_current(store), all_errata(store)
    return {
        edition: with_history(
            content, store, previous=previous, past=published, errata=errata
        )
        for edition, content in shared.items()
    }


def _site_pages(
    content: Callable[[], SiteContent],
    data: EditionsData,
    edition: EditionName,
    release_id: str,
) -> Iterator[tuple[str, bytes]]:
    yield from site_page_files(content(), data[edition], release_id=release_id)


def _by_site(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parts = frame.partition_by("site_id", as_dict=True, maintain_order=True)
    return {str(site_id): rows for (site_id,), rows in parts.items()}


def _site_content(
    workspace: Workspace,
    site: Site,
    tables: Mapping[str, Mapping[str, pl.DataFrame]],
    as_of: date,
    errata: tuple[Erratum, ...],
) -> Callable[[], SiteContent]:
    network = workspace.network
    states = {state.fips: state.name for state in network.states}
    told = errata_for(errata, (table.name for table in SITE_TABLES))

    def content() -> SiteContent:
        return SiteContent(
            site_id=site.site_id,
            site_name=site.name,
            state=states[site.state_fips],
            network_name=network.name,
            fictional=network.fictional,
            as_of=as_of,
            code_lists=workspace.catalogue.code_lists,
            pipeline_version=__version__,
            errata=told,
            tables={
                name: parts[site.site_id]
                for name, parts in tables.items()
                if site.site_id in parts
            },
        )

    return content
