"""Delta tables at the addresses that stores give out: concurrent commits lose nothing."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from pcbl_pipeline.storage.open_store import open_store

NO_RETRIES = CommitProperties(max_commit_retries=0)


def _rows(writer, commit):
    return pa.table({"writer": [f"w{writer}"], "commit": [commit]})


def _create(store):
    write_deltalake(
        store.table_uri("lake/lessons"),
        _rows(9, 9),
        storage_options=store.table_options(),
    )


def _read(store):
    table = DeltaTable(
        store.table_uri("lake/lessons"), storage_options=store.table_options()
    )
    return pl.scan_delta(table).sort("writer", "commit").collect()


def _append_three(store, writer):
    """Append three times, and again by ourselves after each conflict."""
    for commit in range(3):
        while True:
            try:
                write_deltalake(
                    store.table_uri("lake/lessons"),
                    _rows(writer, commit),
                    mode="append",
                    storage_options=store.table_options(),
                    commit_properties=NO_RETRIES,
                )
            except CommitFailedError:
                continue
            break


def test_four_concurrent_writers_lose_nothing(store):
    _create(store)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda writer: _append_three(store, writer), range(4)))

    expected = [(f"w{writer}", commit) for writer in range(4) for commit in range(3)]
    assert _read(store).rows() == [*expected, ("w9", 9)]


def test_of_two_commits_to_one_version_the_second_fails(store):
    _create(store)
    stale, fresh = (
        DeltaTable(
            store.table_uri("lake/lessons"), storage_options=store.table_options()
        )
        for _ in range(2)
    )
    fresh.delete("writer = 'w9'", commit_properties=NO_RETRIES)

    conflict = None
    try:
        stale.delete("writer = 'w9'", commit_properties=NO_RETRIES)
    except CommitFailedError as error:
        conflict = error

    assert conflict is not None
    assert _read(store).is_empty()


def test_polars_opens_a_table_by_the_same_options(store):
    _create(store)

    frame = pl.scan_delta(
        store.table_uri("lake/lessons"), storage_options=store.table_options()
    ).collect()

    assert frame.rows() == [("w9", 9)]


def test_role_credentials_are_handed_on_as_they_are_now(aws_environment, monkeypatch):
    store = open_store("s3://pcbl-invented/pilots?region=us-west-2")

    assert store.table_uri("lake/lessons") == "s3://pcbl-invented/pilots/lake/lessons"
    assert store.table_options() == {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-west-2",
        "AWS_CONDITIONAL_PUT": "etag",
    }

    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-role's")
    renewed = open_store("s3://pcbl-invented").table_options()
    assert renewed.items() >= {"AWS_SESSION_TOKEN": "a-role's"}.items()
