"""Land: put judged rows where they belong, accepted ones first, each exactly once."""

import polars as pl

from pcbl_pipeline.lake.tables import Landing
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.submission import Submission
from pcbl_pipeline.operations.examine import (
    SHEET_OFFSET,
    DatasetTables,
    JudgedDataset,
)
from pcbl_pipeline.workspace import Workspace

_log = get_logger("land")


def land_dataset(
    workspace: Workspace,
    submission: Submission,
    judged: JudgedDataset,
    *,
    revision: int,
) -> Landing:
    """Land one dataset's accepted rows, set the others aside, keep GX's record.

    Raises:
        RowsUnaccounted: If the rows do not add up; nothing is written then.
        LakeConflict: If other writers kept coming first.
    """
    contract, counts = judged.tables.contract, judged.rows
    _log.info("%s %s: %s", submission.submission_id, contract.dataset, counts)
    landing = workspace.lake.land(
        submission,
        contract,
        _located(judged.accepted, judged.tables),
        revision=revision,
    )
    workspace.quarantine.set_aside(
        submission,
        contract.dataset,
        contract.version,
        _located(judged.quarantined, judged.tables),
    )
    workspace.ledger.keep_validation(
        submission, contract.dataset, judged.validation, revision=revision
    )
    return landing


def _located(rows: pl.DataFrame, tables: DatasetTables) -> pl.DataFrame:
    """Replace each row id by its sheet and its row number as the sender sees it."""
    sheets = [item.table.sheet for item in tables.recognitions]
    row_id = pl.col("row_number")
    return rows.with_columns(
        row_number=row_id % SHEET_OFFSET,
        sheet=(row_id // SHEET_OFFSET).replace_strict(
            list(range(len(sheets))), sheets, return_dtype=pl.String
        ),
    )
