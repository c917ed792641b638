"""One Delta table: opening, creating, and committing with conflicts seen.

Every write asks Delta for no retries of its own. When somebody else commits first, the
write is decided anew on the table as it now is; so the rule "is ours still the newest?"
is never answered from a stale read.
"""

from collections.abc import Callable
from typing import TypeVar

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from tenacity import (
    RetryError,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from pcbl_pipeline.errors import LakeConflict
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.storage.store import Store

T = TypeVar("T")
#: With this many tries a burst of writers to one table settles; then it is a fault.
_ATTEMPTS = 30
_LONGEST_WAIT_SECONDS = 2.0


class LakeTable:
    """A Delta table in the store, created when first written."""

    def __init__(
        self, store: Store, key: str, schema: pl.Schema, *, partition_by: list[str]
    ) -> None:
        """Name the table; nothing is touched yet."""
        self._uri = store.table_uri(key)
        self._options = store.table_options
        self.key = key
        self._partition_by = partition_by
        self.schema = schema

    def open(self) -> DeltaTable | None:
        """Open the table at its newest version; None where it does not exist yet."""
        try:
            return DeltaTable(self._uri, storage_options=self._options())
        except TableNotFoundError:
            return None

    def read(self) -> pl.LazyFrame:
        """Return all rows; an empty frame of the right shape where there is no table."""
        return self.read_at(self.open())

    def read_at(self, table: DeltaTable | None) -> pl.LazyFrame:
        """Return the rows of an opened version.

        A column that came with a later version of the contract is null before.
        """
        if table is None:
            return pl.LazyFrame(schema=self.schema)
        there = set(_columns(table))
        return pl.scan_delta(table).select(
            (pl.col(name) if name in there else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in self.schema.items()
        )

    def commit(self, decide_and_write: Callable[[DeltaTable], T]) -> T:
        """Run a write against the newest version until nobody comes between.

        Raises:
            LakeConflict: If other writers kept coming first. Try again later.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(CommitFailedError),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.05, max=_LONGEST_WAIT_SECONDS),
        )
        try:
            return retrying(lambda: decide_and_write(self._open_or_create()))
        except RetryError as error:
            raise LakeConflict(
                f"{_ATTEMPTS} commits to {self.key} met other writers; try again."
            ) from error

    def _open_or_create(self) -> DeltaTable:
        table = self.open()
        if table is not None:
            return self._widened(table)
        try:
            return DeltaTable.create(
                self._uri,
                schema=pl.DataFrame(schema=self.schema).to_arrow().schema,
                partition_by=self._partition_by,
                storage_options=self._options(),
                # With a retry of Delta's own, two creations would both be committed.
                commit_properties=no_retries(),
            )
        except DeltaError:
            # Somebody created it a moment ago; anything else shows when opening.
            return DeltaTable(self._uri, storage_options=self._options())

    def _widened(self, table: DeltaTable) -> DeltaTable:
        """Add the columns that a newer version of the contract brought."""
        there = set(_columns(table))
        new = {name: kind for name, kind in self.schema.items() if name not in there}
        if not new:
            return table
        fields = Schema.from_arrow(pl.DataFrame(schema=new).to_arrow().schema).fields
        table.alter.add_columns(fields, commit_properties=no_retries())
        return DeltaTable(self._uri, storage_options=self._options())


def _columns(table: DeltaTable) -> list[str]:
    return [field.name for field in table.schema().fields]


def once(app_id: str, version: int) -> CommitProperties:
    """Mark a commit so that the same piece of work cannot be committed twice."""
    return CommitProperties(
        max_commit_retries=0, app_transactions=[Transaction(app_id, version)]
    )


def no_retries() -> CommitProperties:
    """Let a commit fail when another came first."""
    return CommitProperties(max_commit_retries=0)


def already_done(table: DeltaTable, app_id: str, version: int) -> bool:
    """Tell whether a marked piece of work is in the table."""
    done = table.transaction_version(app_id)
    return done is not None and done >= version


def literal(value: object) -> str:
    """Write a text as a SQL literal for a Delta predicate."""
    return "'" + str(value).replace("'", "''") + "'"


def source_of(submission: Submission) -> pl.Expr:
    """Name the object, and in a workbook the sheet, that a row came from."""
    key = pl.lit(submission.source_object)
    return (
        pl.when(pl.col("sheet").is_null())
        .then(key)
        .otherwise(pl.concat_str(key, pl.lit("#"), "sheet"))
    )
