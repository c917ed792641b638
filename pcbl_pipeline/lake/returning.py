"""Returning: which rows of an earlier submission would count again if they landed now.

What does not belong here: landing them (`tables`).
"""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.lake.tables import Lake, is_newer_than
from pcbl_pipeline.model.submission import Submission


def count_returning(
    lake: Lake, submission: Submission, contract: Contract, rows: pl.LazyFrame
) -> int:
    """Count accepted rows that nothing newer stands in for, and that are not there.

    Shape: `rows` has the contract's typed columns.
    """
    there = lake.current(contract.dataset)
    mine = pl.col("submission_id") == submission.submission_id
    key = list(contract.key)
    if contract.delivery.mode == "snapshot":
        scope, newer = list(contract.delivery.scope), there
    else:
        # Rows of other senders with the same key stand beside these.
        scope = key
        newer = there.filter(pl.col("sender_id") == submission.sender_id)
    newer = newer.filter(is_newer_than(submission)).select(scope).unique()
    back = rows.select(*dict.fromkeys([*key, *scope])).join(newer, on=scope, how="anti")
    missing = back.join(there.filter(mine).select(key), on=key, how="anti")
    return int(missing.select(pl.len()).collect(engine="streaming").item())
