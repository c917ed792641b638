"""Accepted rows: one Delta table per dataset, holding what counts now.

A newer submission replaces an older one as the contract's delivery says; "newer" is by
time of receipt, never by time of landing, so that the order of work does not matter.
What was replaced stays in the table's history and in the raw bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl
from deltalake import DeltaTable, write_deltalake

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import Reference
from pcbl_pipeline.contracts.schema import row_schema
from pcbl_pipeline.lake.delta import (
    LakeTable,
    already_done,
    literal,
    once,
    source_of,
)
from pcbl_pipeline.lake.forgetting import forget_history, of_submission, remove_rows
from pcbl_pipeline.lake.layout import table
from pcbl_pipeline.lake.rows import is_empty, stream, writer_properties
from pcbl_pipeline.lake.upsert import write_upsert
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.storage.store import Store

#: For each column of a scope the values that it may have.
_Box = dict[str, tuple[str, ...]]
#: The mark of a withdrawal: no revision of a submission lands after it.
_LAST = 1 << 62
#: The column that says which version of the contract judged a row.
VERSION = "contract_version"


@dataclass(frozen=True)
class Landing:
    """What became of accepted rows."""

    landed: int
    #: Rows that a submission received later had already replaced.
    superseded: int
    #: The latter by the version of the contract that judged them.
    superseded_by_version: Mapping[str, int] = field(
        default_factory=dict, compare=False
    )

    def superseded_of(self, version: str) -> int:
        """Return how many of a version's rows had been replaced already."""
        return self.superseded_by_version.get(version, 0)


class Lake:
    """The accepted rows of every dataset."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        """Take where the tables lie and which datasets there are."""
        self._store = store
        self._catalogue = catalogue

    def current(self, dataset: str) -> pl.LazyFrame:
        """Return the rows that count now.

        Shape: `row_schema` of the contract and its other versions, unique by sender
        and key.
        """
        return self._table(self._catalogue.get(dataset)).read()

    def versions(self) -> dict[str, int]:
        """Return each table's version, 0 before anything landed."""
        opened = {
            name: self._table(contract).open()
            for name, contract in self._catalogue.contracts.items()
        }
        return {name: item.version() if item else 0 for name, item in opened.items()}

    def known_values(self, reference: Reference) -> pl.DataFrame:
        """Return what may be referred to.

        Shape: distinct `value` and the columns of `same`, all text.
        """
        rows = self.current(reference.dataset)
        column = pl.col(reference.column)
        if rows.collect_schema()[reference.column] == pl.List(pl.String):
            rows = rows.explode(reference.column)
        known = rows.select(column.alias("value"), *reference.same).drop_nulls()
        return known.unique().sort("value").collect()

    def before(
        self, submission: Submission, dataset: str
    ) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        """Return what stood before a submission: its sender's rows, and all others'.

        Shape: `row_schema` of the contract, twice. The sender's rows are those that
        were received earlier; the submission's own are never among them.
        """
        rows = self.current(dataset)
        own = pl.col("sender_id") == submission.sender_id
        mine = pl.col("submission_id") == submission.submission_id
        standing = rows.filter(own & ~mine & ~is_newer_than(submission))
        return standing, rows.filter(~own)

    def history(self, contract: Contract, sender: Sender) -> pl.DataFrame | None:
        """Return what a contract looks back at in the rows about a sender's sites.

        Shape: the columns `looks_back_at` of the rows that count now; None where the
        contract does not look back.
        """
        columns = contract.looks_back_at
        if not columns:
            return None
        rows = self.current(contract.dataset)
        if contract.owner_field and sender.leaid:
            # A district may have reported for its schools.
            rows = rows.filter(
                pl.col(contract.owner_field).str.starts_with(sender.leaid)
            )
        return rows.select(columns).collect()

    def land(
        self,
        submission: Submission,
        contract: Contract,
        rows: pl.DataFrame | pl.LazyFrame,
        *,
        revision: int,
    ) -> Landing:
        """Land a submission's accepted rows of one dataset in one commit, once.

        Shape: `rows` has the contract's typed columns, `row_number`, `sheet` (null
        for a text file) and `not_applicable`; where other versions of the contract
        judged them, also `contract_version`. Landing the same revision again changes nothing; a later
        revision of the same submission (a replay) replaces the earlier one.

        Raises:
            LakeConflict: If other writers kept coming first.
        """
        rows = rows.lazy()
        if is_empty(rows) and not self._brought(submission, contract):
            return Landing(0, 0)
        stamped = _stamp(rows, submission, contract, self._schema(contract))
        replace = _replace_scopes if contract.delivery.mode == "snapshot" else _upsert
        return self._table(contract).commit(
            lambda opened: replace(opened, contract, submission, stamped, revision)
        )

    def withdraw(self, submission: Submission, datasets: Iterable[str]) -> None:
        """Take a submission's rows out, for good: none of it can land again.

        Raises:
            LakeConflict: If other writers kept coming first.
        """
        for contract in map(self._catalogue.get, datasets):
            remove_rows(
                self._table(contract),
                of_submission(submission.submission_id),
                app_id=_app_id(submission, contract),
                version=_LAST,
            )

    def take_out(self, submission: Submission, dataset: str, *, revision: int) -> None:
        """Take a submission's rows of a dataset out, of which it has none any more.

        Raises:
            LakeConflict: If other writers kept coming first.
        """
        contract = self._catalogue.get(dataset)
        remove_rows(
            self._table(contract),
            of_submission(submission.submission_id),
            app_id=f"{_app_id(submission, contract)}/gone",
            version=revision,
        )

    def forget(self, submission_id: str, datasets: Iterable[str]) -> None:
        """Remove what older versions of tables hold of a submission."""
        for contract in map(self._catalogue.get, datasets):
            forget_history(self._table(contract), self._store, submission_id)

    def _brought(self, submission: Submission, contract: Contract) -> bool:
        """Tell whether rows of an earlier revision lie in the table."""
        own = pl.col("submission_id") == submission.submission_id
        return not is_empty(self.current(contract.dataset).filter(own))

    def _table(self, contract: Contract) -> LakeTable:
        years = [name for name in ("school_year",) if name in contract.field_names]
        return LakeTable(
            self._store,
            table(contract.dataset),
            self._schema(contract),
            partition_by=years,
        )

    def _schema(self, contract: Contract) -> pl.Schema:
        return row_schema(contract, *self._catalogue.versions(contract.dataset))


def _stamp(
    rows: pl.LazyFrame, submission: Submission, contract: Contract, schema: pl.Schema
) -> pl.LazyFrame:
    """Add what the pipeline knows of each row."""
    version = pl.lit(contract.version)
    if VERSION in rows.collect_schema():
        version = pl.coalesce(VERSION, version)
    stamped = rows.with_columns(
        submission_id=pl.lit(submission.submission_id),
        sender_id=pl.lit(submission.sender_id),
        received_at=pl.lit(submission.received_at),
        source_object=source_of(submission),
        contract_version=version,
    )
    there = set(stamped.collect_schema())
    return stamped.select(
        (pl.col(name) if name in there else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def _replace_scopes(
    opened: DeltaTable,
    contract: Contract,
    submission: Submission,
    rows: pl.LazyFrame,
    revision: int,
) -> Landing:
    """Replace every scope of which ours is the newest submission (`snapshot`).

    A scope that only an earlier revision of the submission brought is emptied.
    """
    scope = list(contract.delivery.scope)
    there = pl.scan_delta(opened)
    brought = there.filter(pl.col("submission_id") == submission.submission_id)
    ours = (
        pl.concat([rows.select(scope), brought.select(scope)])
        .unique()
        .collect(engine="streaming")
    )
    newer = (
        there.join(ours.lazy(), on=scope, how="semi")
        .filter(is_newer_than(submission))
        .select(scope)
        .unique()
        .collect(engine="streaming")
    )
    landing = _landing(rows, newer, scope)
    app_id = _app_id(submission, contract)
    won = ours.join(newer, on=scope, how="anti")
    if won.is_empty() or already_done(opened, app_id, revision):
        return landing
    write_deltalake(
        opened,
        stream(_without(rows, newer, scope)),
        mode="overwrite",
        writer_properties=writer_properties(),
        predicate=_in_scopes(won),
        commit_properties=once(app_id, revision),
    )
    return landing


def _upsert(
    opened: DeltaTable,
    contract: Contract,
    submission: Submission,
    rows: pl.LazyFrame,
    revision: int,
) -> Landing:
    """Replace rows by sender and key wherever ours was received later (`upsert`)."""
    key = list(contract.key)
    newer = (
        pl.scan_delta(opened)
        .filter(pl.col("sender_id") == submission.sender_id)
        .filter(is_newer_than(submission))
        .select(key)
        .join(rows.select(key), on=key, how="semi")
        .collect(engine="streaming")
    )
    landing = _landing(rows, newer, key)
    app_id = _app_id(submission, contract)
    if not already_done(opened, app_id, revision):
        winning = _without(rows, newer, key)
        write_upsert(opened, submission, winning, key, once(app_id, revision))
    return landing


def _without(rows: pl.LazyFrame, newer: pl.DataFrame, on: list[str]) -> pl.LazyFrame:
    """Return the rows in whose place no newer one stands."""
    if newer.is_empty():
        return rows
    return rows.join(newer.lazy(), on=on, how="anti", maintain_order="left")


def _landing(rows: pl.LazyFrame, newer: pl.DataFrame, on: list[str]) -> Landing:
    """Count the rows that land, and those in whose place a newer one stands."""
    total = rows.select(pl.len()).collect(engine="streaming").item()
    lost: dict[str, int] = {}
    if newer.height:
        superseded = rows.join(newer.lazy(), on=on, how="semi").group_by(VERSION).len()
        lost = dict(superseded.collect(engine="streaming").iter_rows())
    count = sum(lost.values())
    return Landing(total - count, count, lost)


def is_newer_than(submission: Submission) -> pl.Expr:
    """Tell which rows were received after a submission; ids decide between equals."""
    at, name = pl.col("received_at"), pl.col("submission_id")
    received = pl.lit(submission.received_at)
    return (at > received) | ((at == received) & (name > submission.submission_id))


def _in_scopes(scopes: pl.DataFrame) -> str:
    """Say which rows lie in some scopes, in as few clauses as their values allow.

    A district reports twelve measures for each of its schools: planning a clause for
    every single scope takes minutes.
    """
    boxes: list[_Box] = [
        {name: (str(value),) for name, value in scope.items()}
        for scope in scopes.sort(scopes.columns).iter_rows(named=True)
    ]
    for name in reversed(scopes.columns):
        alike: dict[frozenset[tuple[str, tuple[str, ...]]], list[str]] = {}
        for box in boxes:
            others = frozenset(item for item in box.items() if item[0] != name)
            alike.setdefault(others, []).extend(box[name])
        boxes = [dict(others) | {name: tuple(v)} for others, v in alike.items()]
    return " OR ".join(f"({_in_box(box)})" for box in boxes)


def _in_box(box: _Box) -> str:
    return " AND ".join(
        f"{name} IN ({', '.join(map(literal, values))})"
        for name, values in sorted(box.items())
    )


def _app_id(submission: Submission, contract: Contract) -> str:
    return f"{submission.submission_id}/{contract.dataset}"
