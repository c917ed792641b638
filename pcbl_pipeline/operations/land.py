"""Land: put judged rows where they belong, accepted ones first, each exactly once."""

from collections.abc import Sequence

import polars as pl

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.lake.tables import Landing
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import (
    SHEET_OFFSET,
    DatasetTables,
    JudgedDataset,
)
from pcbl_pipeline.operations.stood_before import delivery_of
from pcbl_pipeline.workspace import Workspace

_log = get_logger("land")
#: More than anybody confirms for one sender.
_MAPPING_VERSIONS = 1_000_000


def land_dataset(
    workspace: Workspace,
    submission: Submission,
    judged: Sequence[JudgedDataset],
    *,
    revision: int,
    mapping_version: int = 0,
) -> Landing:
    """Land one dataset's accepted rows, set the others aside, keep GX's records.

    `judged` has one entry for each version of the contract that judged some rows;
    all of them land in one commit.

    Raises:
        RowsUnaccounted: If the rows do not add up; nothing is written then.
        LakeConflict: If other writers kept coming first.
    """
    dataset = judged[0].tables.contract.dataset
    for item in judged:
        _log.info("%s %s: %s", submission.submission_id, dataset, item.rows)
    landing = workspace.lake.land(
        submission,
        delivered(workspace.catalogue.get(dataset), judged),
        together(judged, [item.accepted.lazy() for item in judged]),
        revision=landing_order(revision, mapping_version),
    )
    workspace.quarantine.set_aside(
        submission,
        dataset,
        together(judged, [item.quarantined.lazy() for item in judged]),
    )
    for item in judged:
        version = item.tables.contract.version if len(judged) > 1 else None
        workspace.ledger.keep_validation(
            submission,
            dataset if version is None else f"{dataset}-{version}",
            item.validation,
            revision=revision,
        )
    return landing


def landing_order(revision: int, mapping_version: int) -> int:
    """Number a landing, so that it happens once and a later one replaces it.

    A crash may come between landing and receipt, and a confirmation between the crash
    and the next try: then the receipt is made by the newer mapping, and so must be
    what lies in the lake.
    """
    return revision * _MAPPING_VERSIONS + mapping_version


def delivered(contract: Contract, judged: Sequence[JudgedDataset]) -> Contract:
    """Return the contract, with the delivery of a mapped export where it is one."""
    is_mapped = any(one.tables.sources for one in judged)
    delivery = delivery_of(contract, is_mapped=is_mapped)
    return contract.model_copy(update={"delivery": delivery})


def together(
    judged: Sequence[JudgedDataset], frames: Sequence[pl.LazyFrame]
) -> pl.LazyFrame:
    """Put rows of several versions together; what a version lacks is null.

    Shape: the rows', with `sheet`, `row_number` as the sender sees it and
    `contract_version`.
    """
    located = [
        _located(rows, item.tables).with_columns(
            contract_version=pl.lit(item.tables.contract.version)
        )
        for item, rows in zip(judged, frames, strict=True)
    ]
    return pl.concat(located, how="diagonal")


def _located(rows: pl.LazyFrame, tables: DatasetTables) -> pl.LazyFrame:
    """Replace each row id by its sheet and its row number as the sender sees it."""
    number, row_id = pl.col("row_number") // SHEET_OFFSET, pl.col("row_number")
    # Not `replace_strict`: that one gathers all rows in memory.
    named = [
        pl.when(number == place).then(pl.lit(item.table.sheet, pl.String))
        for place, item in enumerate(tables.recognitions)
    ]
    return rows.with_columns(row_number=row_id % SHEET_OFFSET, sheet=pl.coalesce(named))
