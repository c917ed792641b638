"""Forgetting: rows leave a table for good, its older versions and its log too.

Delta keeps what was replaced: the files of older versions, and in its log the least and
greatest value of every column of every file, texts whole. So rows that must be gone are
taken out in three steps: a commit without them, a checkpoint in place of the log before
it, and the files of older versions that hold them. What does not belong here: which rows.
"""

import tempfile
from pathlib import Path, PurePosixPath

import polars as pl
from deltalake import DeltaTable

from pcbl_pipeline.lake.delta import LakeTable, already_done, literal, once
from pcbl_pipeline.lake.rows import is_empty
from pcbl_pipeline.storage.store import Store

LOG = "_delta_log"


def remove_rows(table: LakeTable, predicate: str, *, app_id: str, version: int) -> None:
    """Take rows out of a table in one commit, once, also where there is none.

    The mark counts like that of a landing: what is marked lower can no longer land.

    Raises:
        LakeConflict: If other writers kept coming first.
    """
    if table.open() is not None:
        table.commit(lambda opened: _remove(opened, predicate, app_id, version))


def _remove(opened: DeltaTable, predicate: str, app_id: str, version: int) -> None:
    if already_done(opened, app_id, version):
        return
    marked = once(app_id, version)
    if is_empty(pl.scan_delta(opened).filter(pl.sql_expr(predicate))):
        opened.create_write_transaction(
            [], "append", opened.schema(), commit_properties=marked
        )
    else:
        opened.delete(predicate, commit_properties=marked)


def forget_history(table: LakeTable, store: Store, submission_id: str) -> None:
    """Remove what older versions of a table hold of a submission.

    Only what they hold of it goes: another writer's files that are not committed yet
    look like those of an older version.
    """
    opened = table.open()
    if opened is None:
        return
    opened.create_checkpoint()
    for item in list(store.list(f"{table.key}/{LOG}/")):
        number = PurePosixPath(item.key).name.split(".")[0]
        # The newest entry stays: the table is opened with it.
        if number.isdecimal() and int(number) < opened.version():
            store.delete(item.key)
    in_use = {PurePosixPath(uri).name for uri in opened.file_uris()}
    for key in data_files(table.key, store):
        if PurePosixPath(key).name not in in_use and _holds(store, key, submission_id):
            store.delete(key)


def data_files(key: str, store: Store) -> list[str]:
    """Return the files with rows of a table, in use or not."""
    return [
        item.key
        for item in store.list(f"{key}/")
        if item.key.endswith(".parquet") and f"/{LOG}/" not in item.key
    ]


def of_submission(submission_id: str) -> str:
    """Say which rows are a submission's."""
    return f"submission_id = {literal(submission_id)}"


def _holds(store: Store, key: str, submission_id: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="pcbl-") as folder:
        path = Path(folder) / "rows.parquet"
        store.download(key, path)
        rows = pl.scan_parquet(path)
        return not is_empty(rows.filter(pl.sql_expr(of_submission(submission_id))))
