"""What every summary gets: the lake's rows, and for whom and when it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.model.network import Edition, Network

Made = TypeVar("Made")


@dataclass(frozen=True)
class LakeRows:
    """The rows that count now, and the receipts; read once for all editions."""

    lake: Lake
    ledger: Ledger
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False)
    #: Submissions whose rows do not count, because they are being withdrawn.
    left_out: frozenset[str] = frozenset()

    def frame(self, dataset: str) -> pl.DataFrame:
        """Return a dataset's rows. Not for records of single learners: see `scan`."""
        if dataset not in self._frames:
            self._frames[dataset] = self.scan(dataset).collect()
        return self._frames[dataset]

    def scan(self, dataset: str) -> pl.LazyFrame:
        """Return a dataset's rows unread, for those that do not fit into memory."""
        if dataset in self._frames:
            return self._frames[dataset].lazy()
        rows = self.lake.current(dataset)
        if not self.left_out:
            return rows
        return rows.filter(~pl.col("submission_id").is_in(sorted(self.left_out)))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what `make` makes; it is made once for all editions."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made


@dataclass(frozen=True)
class SummaryScope:
    """For which edition of which network a summary is made, as known on which day."""

    network: Network
    catalogue: Catalogue
    edition: Edition
    #: In the network's time zone; nothing dated later is known yet.
    as_of: date
    #: Whether a text may be shown, and in which words: `narratives.shown(text, ...)`.
    narratives: Narratives = field(default_factory=Narratives)


#: From the lake's rows to table name → rows, for one edition.
Summary = Callable[[LakeRows, SummaryScope], Mapping[str, pl.DataFrame]]
