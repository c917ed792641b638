"""Rows on their way into a table: never all of them in memory.

What does not belong here: tables, and what is done with the rows.
"""

import os
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
from deltalake import WriterProperties

from pcbl_pipeline.blocks import Blocks, rows_within

#: What is handed over at a time; the writer holds several such batches.
_BATCH_ROWS, _BATCH_BYTES = 8_192, 2_000_000
#: Rows in one group of a file: a writer, and a reader, hold that many in memory.
_GROUP_ROWS = 25_000
#: How much Delta's writer may hold. With its usual two writers and more, batches wait
#: for the slower one without a limit: on a busy machine up to a gigabyte.
_WRITER_LIMITS = {
    "DELTARS_MAX_CONCURRENT_WRITERS": "1",
    "DELTARS_WRITER_BATCH_CHANNEL_SIZE": "1",
    "DELTARS_MAX_IN_FLIGHT_UPLOAD_BYTES": "32000000",
}
# It reads them from the environment, once, when it first writes.
for _name, _limit in _WRITER_LIMITS.items():
    os.environ.setdefault(_name, _limit)  # noqa: TID251 - written, not read


def is_empty(rows: pl.LazyFrame) -> bool:
    """Tell whether there is no row."""
    return rows.head(1).collect(engine="streaming").is_empty()


def writer_properties() -> WriterProperties:
    """Say how the files of a table are written."""
    return WriterProperties(max_row_group_size=_GROUP_ROWS)


def stream(rows: pl.LazyFrame) -> pa.RecordBatchReader:
    """Hand rows over batch by batch, in their order."""
    schema = pl.DataFrame(schema=rows.collect_schema()).to_arrow().schema
    return pa.RecordBatchReader.from_batches(schema, _batches(rows))


def _batches(rows: pl.LazyFrame) -> Iterator[pa.RecordBatch]:
    for frame in Blocks.of(rows):
        most = rows_within(frame, _BATCH_BYTES, most=_BATCH_ROWS)
        yield from frame.to_arrow().to_batches(max_chunksize=most)
