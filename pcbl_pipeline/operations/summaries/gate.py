"""The gate for statistical tables: kept as they were released, or proven safe.

A year's statistics are released once, for whole families. Until the next year's are
due, every release repeats them to the letter: a table that followed each correction
would tell, release by release, what changed. What is new is audited together with all
that was ever published, and cells that the audit finds exposed are hidden, until
nothing is. Where no hiding helps, a family repeats its last figures or is withheld.
Where a release is withdrawn because of rows that its statistics were not made from,
they are kept apart and repeated. What does not belong here: the rules of hiding, and
how a secret is judged.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl
from polars.exceptions import PolarsError

from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import Outcome
from pcbl_pipeline.disclosure.tables.cells import PROTECTING
from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.lake import layout
from pcbl_pipeline.lake.published_cells import PublishedCells
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.model.release import Release
from pcbl_pipeline.operations.release_audit import ReleaseAudit, audit_release
from pcbl_pipeline.operations.summaries.outcomes import (
    experience,
    outcomes,
    protected_cells,
    protected_differences,
)
from pcbl_pipeline.operations.summaries.protection import CELL_NAMES, NOTHING, Hiding
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.approval import Standing, known_releases
from pcbl_pipeline.publication.keys import content_type, release_folder
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.publication.tables import (
    PUB5_HIDDEN,
    PUB5_OUTCOMES,
    PUB6_EXPERIENCE,
    PUB6_HIDDEN,
    Table,
)
from pcbl_pipeline.storage.store import Store

#: Hiding for the audit and hiding by the rules take turns; each turn hides more, so
#: they end. More turns than this would be a fault of ours.
MOST_TURNS = 20
_OF_EVERYBODY: tuple[Table, ...] = (PUB5_OUTCOMES, PUB6_EXPERIENCE)
_OF_AGENCIES: tuple[Table, ...] = (PUB5_HIDDEN, PUB6_HIDDEN)


@dataclass(frozen=True)
class Statistics:
    """The statistical tables of one release, for each edition."""

    #: Edition → table name → rows.
    tables: Mapping[Edition, Mapping[str, pl.DataFrame]]
    #: The proof; None where the tables are those of an earlier release.
    audit: ReleaseAudit | None = None


def statistics(
    store: Store, rows: LakeRows, scopes: Mapping[Edition, SummaryScope]
) -> Statistics:
    """Return the statistical tables that all editions may have.

    Raises:
        PublicationBlocked: If what would be published contradicts the counts.
    """
    # The agencies' tables are everybody's and theirs alone.
    scope, audit = scopes["agency"], None
    made = _kept(store, scope.network.calendar.reported_year(scope.as_of))
    if made is None:
        hiding, audit = _proven(store, rows, scope)
        made = {**outcomes(rows, scope, hiding), **experience(rows, scope, hiding)}
    tables = {
        edition: {
            table.name: made[table.name]
            for table in _tables_of(edition)
            if table.name in made
        }
        for edition in scopes
    }
    return Statistics(tables, audit)


def _tables_of(edition: Edition) -> tuple[Table, ...]:
    return (*_OF_EVERYBODY, *(_OF_AGENCIES if edition == "agency" else ()))


def _kept(store: Store, year: str) -> Mapping[str, pl.DataFrame] | None:
    """Return a year's tables as the current release has them; None if it has none.

    So does a release that was made by another version of the tables: it cannot be
    repeated, and what replaces it is audited together with it.
    """
    current = read_pointer(store).release
    folders = [layout.kept_statistics(year)]
    if current is not None:
        folders.insert(0, _data_of(current))
    return next(filter(None, (_read(store, folder, year) for folder in folders)), None)


def keep_apart(store: Store, year: str) -> None:
    """Keep the current release's statistics where they outlast its withdrawal."""
    current = read_pointer(store).live
    if current is None or _read(store, _data_of(current), year) is None:
        return
    for table in (*_OF_EVERYBODY, *_OF_AGENCIES):
        content = _content(store, _data_of(current), table)
        if content is not None:
            key = f"{layout.kept_statistics(year)}{table.name}.parquet"
            store.put(key, content, content_type=content_type(key))


def let_go(store: Store) -> None:
    """Forget statistics that were kept apart: what they were made from is withdrawn."""
    for item in list(store.list(layout.kept_statistics())):
        store.delete(item.key)


def _data_of(release: Release) -> str:
    return f"{release_folder(release.release_id)}agency/data/"


def _content(store: Store, folder: str, table: Table) -> bytes | None:
    key = f"{folder}{table.name}.parquet"
    return None if store.head(key) is None else store.get(key)


def _read(store: Store, folder: str, year: str) -> Mapping[str, pl.DataFrame] | None:
    found: dict[str, pl.DataFrame] = {}
    for table in (*_OF_EVERYBODY, *_OF_AGENCIES):
        content = _content(store, folder, table)
        if content is not None:
            try:
                frame = pl.read_parquet(io.BytesIO(content))
                found[table.name] = table.conform(frame)
            except PolarsError:
                return None
    told = {year for frame in found.values() for year in frame["school_year"]}
    return found if told == {year} else None


def _proven(
    store: Store, rows: LakeRows, scope: SummaryScope
) -> tuple[Hiding, ReleaseAudit]:
    """Hide what the audit finds exposed, and what the rules hide with it, to the end."""
    history, released = PublishedCells(store), _released(store)
    hiding = Hiding(before=_hidden_before(history))
    first: ReleaseAudit | None = None
    known: dict[Question, Outcome] = {}  # what a turn leaves alone is judged once
    for _ in range(MOST_TURNS):
        cells = protected_cells(rows, scope, hiding)
        differences = protected_differences(rows, scope, hiding)
        audit = audit_release(
            scope.network, history, cells, differences, released=released, known=known
        )
        first = first or audit
        exposed = _exposed(cells, audit)
        withdrawn = _withdrawn(audit)
        if exposed.is_empty() and withdrawn.is_empty():
            hiding = replace(hiding, held=audit.held, last=audit.cells)
            return hiding, audit.after(first, withdrawn=hiding.withdrawn.height)
        hiding = replace(
            hiding,
            exposed=pl.concat([hiding.exposed, exposed]),
            withdrawn=pl.concat([hiding.withdrawn, withdrawn]),
        )
    raise PublicationBlocked(
        "Hiding for the audit did not come to an end. This is a fault of ours; nothing "
        "was published."
    )


def _released(store: Store) -> frozenset[str]:
    """Return the days as of which releases were made that stand, or stood."""
    standing = {Standing.CURRENT, Standing.FORMER}
    return frozenset(
        item.plan.facts.as_of.isoformat()
        for item in known_releases(store)
        if item.standing in standing
    )


def _hidden_before(history: PublishedCells) -> pl.DataFrame:
    """Return the cells that a release hid to protect people: they stay hidden."""
    told = [
        frame.filter(pl.col("reason").is_in(PROTECTING)).select(CELL_NAMES)
        for _, frame in history.releases()
    ]
    return pl.concat([NOTHING.before, *told]).unique(maintain_order=True)


def _exposed(cells: pl.DataFrame, audit: ReleaseAudit) -> pl.DataFrame:
    """Return the cells that the audit hides and the rules did not."""
    shown = cells.filter(pl.col("reason").is_null()).select("table", *CELL_NAMES)
    hidden = audit.cells.filter(
        pl.col("reason").is_not_null(), ~pl.col("family").is_in(audit.held)
    )
    return hidden.join(shown, on=["table", *CELL_NAMES], how="semi").select(CELL_NAMES)


def _withdrawn(audit: ReleaseAudit) -> pl.DataFrame:
    """Return the changes and gaps that the audit withdraws."""
    gone = audit.differences.filter(
        pl.col("published").is_null(), ~pl.col("family").is_in(audit.held)
    )
    return gone.select(*CELL_NAMES, "kind")
