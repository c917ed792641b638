"""Tables of which no two releases may be subtracted: repeated until they are due again.

What a correction changes between two releases of one table tells what one site sent, and
of small numbers even how many people it was about. So the annual report's own tables are
made once for a school year, and implementation progress once a window is added or has
ended; each release between repeats what the current one tells, in every edition for
many readers. Where rows behind a table are withdrawn, it is not repeated. What does not
belong here: statistics of students, which are audited too (`gate`).
"""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl
from polars.exceptions import PolarsError

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.exports import FOLDER, parquet_bytes
from pcbl_pipeline.publication.keys import content_type, release_folder
from pcbl_pipeline.publication.pointer import read_pointer
from pcbl_pipeline.publication.tables import (
    PUB3_ELEMENTS,
    PUB3_INDEX,
    PUB3_SITES,
    PUB10_AWARDS,
    PUB10_PARTICIPATION,
    PUB10_QUALITY,
    TABLES,
    Table,
)
from pcbl_pipeline.storage.store import Store
from pcbl_pipeline.summaries.profiles import has_consented, newest_profiles

Tables = Mapping[str, pl.DataFrame]

#: Table → the datasets that it is made of. Of the quality note each row has its own.
_MADE_OF: Mapping[str, frozenset[str]] = {
    PUB3_ELEMENTS.name: frozenset({"implementation_status", "site_profile"}),
    PUB3_INDEX.name: frozenset({"implementation_status", "site_profile"}),
    PUB3_SITES.name: frozenset({"implementation_status", "site_profile"}),
    PUB10_PARTICIPATION.name: frozenset({"site_profile"}),
    PUB10_AWARDS.name: frozenset({"educator_learning"}),
    PUB10_QUALITY.name: frozenset(),
}
_REPEATED = tuple(table for table in TABLES if table.name in _MADE_OF)
_PROGRESS = (PUB3_ELEMENTS, PUB3_INDEX, PUB3_SITES)
_WINDOW = ("school_year", "window")


@dataclass(frozen=True)
class _Told:
    """Where tables lie as they were told last, and as of which day."""

    as_of: date
    #: With a place for the edition.
    folder: str

    def read(self, store: Store, edition: Edition, table: Table) -> pl.DataFrame | None:
        """Return a table as it was told; None if it is not there in its present form."""
        key = self.folder.format(edition=edition) + f"{table.name}.parquet"
        if store.head(key) is None:
            return None
        try:
            return table.conform(pl.read_parquet(io.BytesIO(store.get(key))))
        except PolarsError:
            return None


def repeated(
    store: Store, rows: LakeRows, scope: SummaryScope, fresh: Tables
) -> Tables:
    """Return an edition's tables, those that are not due as they were told last."""
    told = [item for item in _places(store) if item.as_of <= scope.as_of]
    progress = dict(_progress(store, told, scope, fresh))
    if PUB3_SITES.name in progress:
        named = _with_consent(progress[PUB3_SITES.name], rows.frame("site_profile"))
        progress[PUB3_SITES.name] = named
    return {**fresh, **dict(_yearly(store, told, scope, fresh)), **progress}


def keep_apart(store: Store, withdrawn: Collection[str]) -> None:
    """Keep what a withdrawal of rows of some datasets leaves true, and forget the rest.

    The releases that told it are taken back; what is told next must repeat it.
    """
    places = _places(store)
    kept = [
        (item.as_of, edition, table, frame)
        for edition in ("public", "network", "agency")
        for table in _REPEATED
        for item in places[:1]
        if (frame := _left(item.read(store, edition, table), table, withdrawn))
        is not None
    ]
    for item in list(store.list(layout.kept_tables())):
        store.delete(item.key)
    for as_of, edition, table, frame in kept:
        key = f"{layout.kept_tables(as_of, edition)}{table.name}.parquet"
        store.put(key, parquet_bytes(frame), content_type=content_type(key))


def _left(
    frame: pl.DataFrame | None, table: Table, withdrawn: Collection[str]
) -> pl.DataFrame | None:
    if frame is None or not _MADE_OF[table.name].isdisjoint(withdrawn):
        return None
    if table is PUB10_QUALITY:
        return frame.filter(~pl.col("dataset").is_in(sorted(withdrawn)))
    return frame


def _places(store: Store) -> list[_Told]:
    """Return where tables may lie, those told last first."""
    found = []
    current = read_pointer(store).live
    if current is not None:
        folder = f"{release_folder(current.release_id)}{{edition}}/{FOLDER}/"
        found.append(_Told(current.as_of, folder))
    days = {layout.day_of_kept_tables(i.key) for i in store.list(layout.kept_tables())}
    found += [_Told(day, layout.kept_tables(day, "{edition}")) for day in days]
    return sorted(found, key=lambda item: item.as_of, reverse=True)


def _yearly(
    store: Store, told: Collection[_Told], scope: SummaryScope, fresh: Tables
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the tables of the reported year that were told before."""
    year = scope.network.calendar.reported_year(scope.as_of)
    of_year = partial(_of_year, store, told, scope.edition, year)
    for table in (PUB10_PARTICIPATION, PUB10_AWARDS):
        if table.name in fresh and (kept := of_year(table)) is not None:
            yield table.name, kept
    note = fresh.get(PUB10_QUALITY.name)
    if note is not None and (kept := of_year(PUB10_QUALITY)) is not None:
        # A dataset of which nothing had come is told once something comes.
        came = kept.filter(pl.col("delivered") > 0)
        others = PUB10_QUALITY.conform(note).join(came, on="dataset", how="anti")
        yield PUB10_QUALITY.name, pl.concat([came, others]).sort("dataset")


def _of_year(
    store: Store,
    told: Collection[_Told],
    edition: Edition,
    year: str,
    table: Table,
) -> pl.DataFrame | None:
    for item in told:
        frame = item.read(store, edition, table)
        if frame is not None and set(frame["school_year"]) == {year}:
            return frame
    return None


def _progress(
    store: Store, told: Collection[_Told], scope: SummaryScope, fresh: Tables
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the tables of progress, unless a window was added or has ended since."""
    own = [table for table in _PROGRESS if table.name in fresh]
    for item in told:
        kept = {table.name: item.read(store, scope.edition, table) for table in own}
        frames = {name: frame for name, frame in kept.items() if frame is not None}
        if len(frames) < len(own) or PUB3_ELEMENTS.name not in frames:
            continue
        if not _has_news(item, frames, scope, fresh):
            yield from frames.items()
        return


def _has_news(told: _Told, kept: Tables, scope: SummaryScope, fresh: Tables) -> bool:
    before, now = (
        set(frames[PUB3_ELEMENTS.name].select(_WINDOW).rows())
        for frames in (kept, fresh)
    )
    if now - before:
        return True
    ends = (scope.network.calendar.window_end(*window) for window in now)
    return any(told.as_of <= end < scope.as_of for end in ends)


def _with_consent(named: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of sites that still agree to be named."""
    own = ["site_name", "state_fips"]
    agreed = newest_profiles(sites).filter(has_consented()).select(own)
    return named.join(agreed, on=own, how="semi")
