"""Rows set aside with their reasons, waiting for a correction or a replay.

One table for all datasets, because its readers ask "what waits, and why". Values are
kept as sent, as JSON; only agency staff may read this table.
"""

import polars as pl
from deltalake import DeltaTable, write_deltalake

from pcbl_pipeline.lake.delta import (
    LakeTable,
    literal,
    no_retries,
    source_of,
)
from pcbl_pipeline.lake.forgetting import forget_history, of_submission
from pcbl_pipeline.lake.layout import QUARANTINE_TABLE
from pcbl_pipeline.lake.rows import is_empty, stream, writer_properties
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.storage.store import Store

#: Shape: one row per row set aside; `row_number` as the sender sees it (header = 1),
#: `received_at` in UTC, `values` a JSON object of the text as sent.
QUARANTINE_SCHEMA = pl.Schema(
    {
        "submission_id": pl.String(),
        "sender_id": pl.String(),
        "dataset": pl.String(),
        "contract_version": pl.String(),
        "received_at": pl.Datetime("us", "UTC"),
        "source_object": pl.String(),
        "row_number": pl.Int64(),
        "values": pl.String(),
        "reasons": pl.List(pl.Struct({"code": pl.String(), "field": pl.String()})),
    }
)


class Quarantine:
    """The quarantine table."""

    def __init__(self, store: Store) -> None:
        """Take where the table lies."""
        self._store = store
        self._table = LakeTable(
            store, QUARANTINE_TABLE, QUARANTINE_SCHEMA, partition_by=["dataset"]
        )

    def rows(self) -> pl.LazyFrame:
        """Return everything that is set aside (`QUARANTINE_SCHEMA`)."""
        return self._table.read()

    def set_aside(
        self, submission: Submission, dataset: str, rows: pl.DataFrame | pl.LazyFrame
    ) -> None:
        """Put a submission's quarantined rows of one dataset in place of earlier ones.

        Shape: `rows` has `row_number`, `sheet`, `values`, `reasons` and
        `contract_version`. Doing it again, or with
        fewer rows after a replay, leaves exactly these rows.

        Raises:
            LakeConflict: If other writers kept coming first.
        """
        rows = rows.lazy()
        if is_empty(rows) and self._table.open() is None:
            return
        stamped = rows.with_columns(
            submission_id=pl.lit(submission.submission_id),
            sender_id=pl.lit(submission.sender_id),
            dataset=pl.lit(dataset),
            received_at=pl.lit(submission.received_at),
            source_object=source_of(submission),
        ).select(pl.col(name).cast(dtype) for name, dtype in QUARANTINE_SCHEMA.items())
        mine = (
            f"submission_id = {literal(submission.submission_id)} "
            f"AND dataset = {literal(dataset)}"
        )
        self._table.commit(lambda opened: _replace(opened, mine, stamped))

    def withdraw(self, submission_id: str) -> None:
        """Take all rows of a submission out.

        Raises:
            LakeConflict: If other writers kept coming first.
        """
        if self._table.open() is not None:
            mine, none = of_submission(submission_id), pl.LazyFrame()
            self._table.commit(lambda opened: _replace(opened, mine, none))

    def forget(self, submission_id: str) -> None:
        """Remove what older versions of the table hold of a submission."""
        forget_history(self._table, self._store, submission_id)


def _replace(opened: DeltaTable, predicate: str, rows: pl.LazyFrame) -> None:
    if not is_empty(rows):
        write_deltalake(
            opened,
            stream(rows),
            mode="overwrite",
            writer_properties=writer_properties(),
            predicate=predicate,
            commit_properties=no_retries(),
        )
        return
    submission_ids = pl.scan_delta(opened).select("submission_id", "dataset")
    if submission_ids.filter(pl.sql_expr(predicate)).head(1).collect().is_empty():
        return
    opened.delete(predicate, commit_properties=no_retries())
