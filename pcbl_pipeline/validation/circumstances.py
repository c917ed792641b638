"""What the rules need to know beyond the rows: who sent them, when, and what exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.contract import DerivedColumn, Reference
from pcbl_pipeline.model.network import Sender


@dataclass(frozen=True)
class Circumstances:
    """Everything is optional: a check at a site's desk knows none of it.

    A rule whose knowledge is missing is left out of the suite and named as unchecked;
    it never passes silently.
    """

    sender: Sender | None = None
    #: The agency's calendar day on which the file was received.
    received_on: date | None = None
    #: First day of a school year as (month, day).
    school_year_starts: tuple[int, int] = (7, 1)
    #: What may be referred to: columns `value` and those of `same`, all text.
    known: Mapping[Reference, pl.DataFrame] = field(default_factory=dict)

    #: What other rows in the lake say, by the name of the derived column: the columns of
    #: `same`, then that of `order` if there is one, then `value`; typed as in the lake.
    looked_up: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def can_derive(self, column: DerivedColumn) -> bool:
        """Tell whether there is enough knowledge to compute a derived column."""
        if column.is_lookup:
            return column.name in self.looked_up
        if column.reference is not None:
            return column.reference in self.known
        return column.kind != "received_date" or self.received_on is not None
