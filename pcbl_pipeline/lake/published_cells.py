"""What releases told of cells: bands, marks and reasons, kept for ever. Never a count.

A reader keeps what a release told, so the ledger keeps it too, and every new release is
audited together with it. The reasons are for agencies alone: they tell small cells from
those that were hidden to protect them.
"""

import hashlib
import io
from collections.abc import Iterator
from datetime import date

import polars as pl

from pcbl_pipeline.lake import layout
from pcbl_pipeline.storage.store import Store

COLUMNS = (
    "table",
    "family",
    "site_id",
    "student_group",
    "n_band",
    "percent_band",
    "reason",
)


class PublishedCells:
    """The cells of all releases, by the day as of which they were published."""

    def __init__(self, store: Store) -> None:
        """Take where they lie."""
        self._store = store

    def record(self, cells: pl.DataFrame, *, as_of: date, least: int) -> str:
        """Keep what a release tells, before it is published; return the key.

        Recording the same again changes nothing. What is recorded and never published
        after all only makes later audits stricter.

        Shape: `cells` has `COLUMNS`, other columns are left out. Units: `least` in
        students, the least count that a hidden cell of this release may have.
        """
        told = cells.select(COLUMNS).sort(COLUMNS).with_columns(least=pl.lit(least))
        digest = hashlib.sha256(told.write_csv().encode()).hexdigest()
        key = layout.published_cells(as_of, digest[:16])
        content = io.BytesIO()
        told.write_parquet(content)
        self._store.put_if_absent(
            key,
            content.getvalue(),
            content_type="application/vnd.apache.parquet",
        )
        return key

    def releases(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield every release's day and what it told, oldest first.

        Shape: the frames have `COLUMNS` and `least`.
        """
        for item in self._store.list(layout.published()):
            day = item.key.removeprefix(layout.published())[:10]
            yield day, pl.read_parquet(io.BytesIO(self._store.get(item.key)))
