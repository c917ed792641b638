"""Cells of published tables, as the audit takes them.

A cell counts some students (or days, or credits) of one group at one site, or in the
whole network. Its counts are never published, its bands are.
"""

from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

#: The network as a site, and everybody as a group.
ALL = "ALL"
#: Reason of a cell in which nobody was counted; it is published as such.
NO_DATA = "no_data"
#: Reasons of cells that were hidden because they are small, and by the audit.
PRIMARY, AUDIT = "primary", "audit"
#: Reasons that protect people. Others, as a low response, may end with the cause.
PROTECTING = frozenset({PRIMARY, "complementary", AUDIT})

KEY_COLUMNS = ("family", "site_id", "student_group")
#: Column → type of the frames that the audit reads; counts are never published.
CELL_COLUMNS = {
    "table": pl.String,
    "family": pl.String,
    "site_id": pl.String,
    "student_group": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "n_band": pl.String,
    "percent_band": pl.String,
    "reason": pl.String,
}
#: Groups into which students are parted, each student into one of them at most.
PARTITIONS: tuple[tuple[str, ...], ...] = (
    ("AM7", "AS7", "BL7", "HI7", "PI7", "WH7", "MU7", "MENA"),
    ("F", "M"),
    ("ECODIS", "NECODIS"),
    ("LEP", "NLEP"),
    ("IDEA", "NIDEA"),
    ("MS",),
    ("HOM",),
    ("FOS",),
    ("MIL",),
)
#: Group → the number of its partition.
PARTITION_OF = {
    group: number for number, part in enumerate(PARTITIONS) for group in part
}


class CellKey(NamedTuple):
    """What a cell counts. Equal keys in two tables mean the same students."""

    family: str
    site_id: str
    student_group: str


@dataclass(frozen=True)
class Cell:
    """One cell: its counts, and what is published of it (None: hidden)."""

    table: str
    key: CellKey
    n_band: str | None
    percent_band: str | None
    reason: str | None
    #: None where what was counted are no students, but days or credits.
    numerator: int | None = None
    #: Students. Both are None in an earlier release: what was true is not kept.
    denominator: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether the cell is hidden, not merely empty."""
        return self.n_band is None and self.reason != NO_DATA


def read_cells(frame: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the cells of a frame, in the order of their tables and keys.

    Shape: one row per table and cell; columns of `CELL_COLUMNS`, the counts may lack.
    """
    columns = [name for name in CELL_COLUMNS if name in frame.columns]
    rows = frame.select(columns).sort("table", *KEY_COLUMNS)
    return tuple(
        Cell(key=CellKey(*(row.pop(name) for name in KEY_COLUMNS)), **row)
        for row in rows.iter_rows(named=True)
    )
