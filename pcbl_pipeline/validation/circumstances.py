"""What the rules need to know beyond the rows: who sent them, when, and what exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.derived import DerivedColumn, Reference
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.waiver import Concern, Waiver
from pcbl_pipeline.validation.measures import Before


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
    #: What a submission as a whole is compared with.
    before: Before | None = None
    #: What an earlier run of the same work measured; it is not measured again, since
    #: the lake has this submission's rows by now.
    measured: pl.DataFrame | None = None
    #: What the state's office has accepted, by concern.
    waived: Mapping[Concern, Waiver] = field(default_factory=dict)
    #: The lake's rows of the same dataset about the sender, before this file: the
    #: columns that the contract looks back at, typed.
    history: pl.DataFrame | None = None
    #: Whether every row of the file is judged. What is missing can be told only then.
    complete: bool = True

    #: What other rows in the lake say, by the name of the derived column: the columns of
    #: `same`, then that of `order` if there is one, then `value`; typed as in the lake.
    looked_up: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def can_derive(self, column: DerivedColumn) -> bool:
        """Tell whether there is enough knowledge to compute a derived column."""
        if column.is_lookup:
            return column.name in self.looked_up
        if column.reference is not None:
            return column.reference in self.known
        if column.looks_back:
            return self.history is not None
        if column.kind == "group_missing":
            return self.complete
        return column.kind != "received_date" or self.received_on is not None
