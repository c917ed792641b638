"""Lookups: what other rows in the lake say, for rules that compare with them.

What does not belong here: which rule compares what.
"""

import polars as pl

from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.lake.tables import Lake


def find_told(lake: Lake, column: DerivedColumn, *, sender_id: str) -> pl.DataFrame:
    """Return what a derived column may be looked up in.

    Of an earlier version of a thing only the sender's own rows count, since ids are
    made by the senders. Of several rows with the same key, the one received last.

    Shape: the columns of `same`, that of `order` if there is one, and `value`, typed as
    in the lake and unique but for `value`.
    """
    reference = column.reference
    if reference is None:
        raise AssertionError(column.name)
    rows = lake.current(reference.dataset)
    if column.kind == "latest_earlier":
        rows = rows.filter(pl.col("sender_id") == sender_id)
    key = [*reference.same, *([reference.order] if reference.order else [])]
    return (
        rows.sort("received_at", "submission_id")
        .select(*key, pl.col(reference.column).alias("value"))
        .drop_nulls()
        .unique(key, keep="last", maintain_order=True)
        .collect()
    )
