"""A file is taken up once it is whole, and only if it stays as it is."""

from pathlib import Path
from threading import Event, Thread

import pytest

from pcbl_pipeline.errors import StillBeingWritten
from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.receive import (
    find_arrivals,
    find_settled,
    get_arrival,
    receive,
)
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import create_workspace
from tests.support.builders import NETWORK_YAML
from tests.support.workspaces import SITE, drop, make_workspace


def test_file_that_is_still_being_copied_waits_for_the_next_sweep(tmp_path: Path):
    workspace = make_workspace(tmp_path / "store", listen_quiet_seconds=1.0)
    drop(workspace, "whole.csv", b"a,b\n1,2\n")
    growing = tmp_path / "store" / layout.inbox(SITE) / "growing.csv"
    growing.write_bytes(b"a,b\n")
    stop = Event()

    def copy():
        with growing.open("ab") as file:
            while not stop.wait(0.02):
                file.write(b"1,2\n")
                file.flush()

    thread = Thread(target=copy)
    thread.start()
    try:
        found = find_settled(workspace)
    finally:
        stop.set()
        thread.join()

    assert [item.file_name for item in found] == ["whole.csv"]
    assert {item.file_name for item in find_settled(workspace)} == {
        "whole.csv",
        "growing.csv",
    }


def test_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path, monkeypatch):
    workspace = make_workspace(tmp_path / "store")
    key = drop(workspace, "a.csv", b"a,b\n1,2\n")
    arrival = get_arrival(workspace, key)
    download = type(workspace.store).download

    def change_meanwhile(store, key, path):
        download(store, key, path)
        store.put(key, b"a,b\n1,2\n3,4\n")

    monkeypatch.setattr(type(workspace.store), "download", change_meanwhile)

    with pytest.raises(StillBeingWritten):
        receive(workspace, arrival, tmp_path)
    assert workspace.ledger.answered_ids(SITE) == frozenset()


@pytest.mark.parametrize("endpoint", ["seaweed", "moto"])
def test_upload_in_parts_is_seen_once_it_is_completed(endpoint, request):
    service = request.getfixturevalue(endpoint)
    workspace = create_workspace(Settings(store_url=service.store_url()), NETWORK_YAML)
    key = f"{layout.inbox(SITE)}parts.csv"
    client = service.client("s3")
    address = {"Bucket": service.bucket, "Key": workspace.store._root + key}
    upload = client.create_multipart_upload(**address)["UploadId"]
    parts = []
    for number, body in enumerate([b"x" * (5 << 20), b"a,b\n1,2\n"], 1):
        part = client.upload_part(
            **address, UploadId=upload, PartNumber=number, Body=body
        )
        parts.append({"PartNumber": number, "ETag": part["ETag"]})
        assert find_arrivals(workspace) == []
        assert workspace.store.head(key) is None

    client.complete_multipart_upload(
        **address, UploadId=upload, MultipartUpload={"Parts": parts}
    )

    (arrival,) = find_settled(workspace)
    assert (arrival.key, arrival.size) == (key, (5 << 20) + 8)
