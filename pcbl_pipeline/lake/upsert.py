"""Upsert: put rows in the place of a sender's rows with the same key, in one commit.

Not by Delta's own merge: that one gathers in memory all that it compares, and reads the
rows of every sender. What does not belong here: which rows are newer (`tables`).
"""

from collections.abc import Sequence

import polars as pl
from deltalake import CommitProperties, DeltaTable, write_deltalake

from pcbl_pipeline.lake.delta import literal
from pcbl_pipeline.lake.rows import is_empty, stream, writer_properties
from pcbl_pipeline.model.submission import Submission

_YEAR = "school_year"


def write_upsert(
    opened: DeltaTable,
    submission: Submission,
    rows: pl.LazyFrame,
    key: Sequence[str],
    commit: CommitProperties,
) -> None:
    """Write rows of a submission, and take away what they replace.

    Taken away are the sender's rows with the same key, and whatever an earlier revision
    of the submission brought. Shape: `rows` has the columns of the table, and holds no
    row that must give way to one in it.

    Raises:
        CommitFailedError: If another commit came first.
    """
    theirs = pl.scan_delta(opened).filter(pl.col("sender_id") == submission.sender_id)
    is_earlier = pl.col("submission_id") == submission.submission_id
    same_key = theirs.join(rows.select(key), on=list(key), how="semi")
    replaced = pl.concat([theirs.filter(is_earlier), same_key])
    if is_empty(replaced):
        write_deltalake(
            opened,
            stream(rows),
            mode="append",
            writer_properties=writer_properties(),
            commit_properties=commit,
        )
        return
    years = _years(pl.concat([replaced, rows]))
    if years:
        theirs = theirs.filter(pl.col(_YEAR).is_in(years))
    kept = theirs.filter(~is_earlier).join(rows.select(key), on=list(key), how="anti")
    write_deltalake(
        opened,
        stream(pl.concat([kept, rows])),
        mode="overwrite",
        predicate=_within(submission.sender_id, years),
        writer_properties=writer_properties(),
        commit_properties=commit,
    )


def _years(rows: pl.LazyFrame) -> list[str]:
    """Return the years (partitions) of some rows; none where not all are known."""
    if _YEAR not in rows.collect_schema():
        return []
    years = rows.select(pl.col(_YEAR).unique()).collect(engine="streaming")[_YEAR]
    return [] if years.has_nulls() else years.sort().to_list()


def _within(sender_id: str, years: Sequence[str]) -> str:
    """Say which rows are written anew."""
    where = f"sender_id = {literal(sender_id)}"
    if years:
        where += f" AND {_YEAR} IN ({', '.join(map(literal, years))})"
    return where
