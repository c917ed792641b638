"""What only a folder can get wrong: links, odd names, clocks, other processes."""

import multiprocessing
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pcbl_pipeline.errors import (
    StoreConflict,
    StoreKeyInvalid,
    StoreUnavailable,
    SubmissionUnreadable,
)
from pcbl_pipeline.storage.local import PRIVATE, LocalStore


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


def _keys(store, prefix=""):
    return [info.key for info in store.list(prefix)]


def test_finds_what_people_drop_by_hand(store, root):
    inbox = root / "sites" / "0400001" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "lessons.csv").write_bytes(b"dropped")

    assert _keys(store, "sites/0400001/inbox/") == ["sites/0400001/inbox/lessons.csv"]
    assert store.get("sites/0400001/inbox/lessons.csv") == b"dropped"


def test_reading_leaves_no_trace(tmp_path):
    store = LocalStore(tmp_path / "store")

    assert _keys(store) == []
    assert store.head("a") is None
    assert not (tmp_path / "store").exists()


def test_hides_its_own_folder(store, root):
    store.put("a", b"1")

    assert (root / PRIVATE).is_dir()
    assert _keys(store) == ["a"]
    assert _keys(store, ".") == []
    for use in (store.get, store.head, store.delete, store.table_uri):
        with pytest.raises(StoreKeyInvalid, match="own folder"):
            use(f"{PRIVATE}/locks/00")
    with pytest.raises(StoreKeyInvalid, match="own folder"):
        store.put(f"{PRIVATE}/staged/x", b"1")


def test_leaves_no_half_written_file_behind(store, root):
    store.put("a", b"1")
    assert not store.put_if_absent("a", b"2")
    with pytest.raises(StoreConflict):
        store.put_if_unchanged("a", b"2", etag="other")

    assert list((root / PRIVATE / "staged").iterdir()) == []


@pytest.mark.parametrize("outside", [True, False], ids=["outside", "inside"])
def test_follows_no_link_to_a_file(store, root, tmp_path, outside):
    secret = (tmp_path if outside else root) / "secret"
    secret.write_bytes(b"secret")
    inbox = root / "inbox"
    inbox.mkdir()
    (inbox / "link.csv").symlink_to(secret)

    assert _keys(store, "inbox/") == []
    assert store.head("inbox/link.csv") is None
    with pytest.raises(SubmissionUnreadable):
        store.get("inbox/link.csv")


def test_follows_no_link_to_a_folder(store, root, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(b"secret")
    (root / "inbox").symlink_to(tmp_path / "outside")

    assert _keys(store, "inbox/") == _keys(store) == []
    assert store.head("inbox/secret") is None
    with pytest.raises(SubmissionUnreadable):
        store.get("inbox/secret")
    store.delete("inbox/secret")
    with pytest.raises(StoreKeyInvalid, match="link"):
        store.put("inbox/new", b"1")
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["secret"]


def test_is_not_caught_in_a_loop_of_links(store, root):
    (root / "inbox").symlink_to(root / "inbox")

    assert store.head("inbox/a") is None
    assert _keys(store) == _keys(store, "inbox/") == []
    with pytest.raises(StoreKeyInvalid):
        store.put("inbox/a", b"1")


def test_replaces_a_link_and_not_what_it_points_to(store, root, tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"untouched")
    (root / "a").symlink_to(target)

    assert not store.put_if_absent("a", b"new")
    store.put("a", b"new")

    assert target.read_bytes() == b"untouched"
    assert store.get("a") == b"new"


def test_passes_over_pipes_without_waiting(store, root):
    os.mkfifo(root / "pipe")

    assert _keys(store) == []
    with pytest.raises(SubmissionUnreadable):
        store.get("pipe")


@pytest.mark.parametrize("way", ["../outside", "a/../../outside", "/etc/hostname"])
def test_never_looks_outside_of_its_folder(store, way):
    for use in (store.get, store.head, store.delete):
        with pytest.raises(StoreKeyInvalid):
            use(way)
    with pytest.raises(StoreKeyInvalid):
        list(store.list("../"))


def test_says_that_a_folder_cannot_be_an_object_too(store):
    store.put("a/b", b"1")

    with pytest.raises(StoreKeyInvalid, match="objects below it"):
        store.put("a", b"1")
    with pytest.raises(StoreKeyInvalid, match="objects below it"):
        store.put("a/b/c", b"1")
    assert store.head("a") is None
    store.delete("a")
    assert _keys(store) == ["a/b"]


def test_reads_names_that_are_not_utf_8(store, root):
    (root / os.fsdecode(b"caf\xe9.csv")).write_bytes(b"from an old computer")
    (root / "back\\slash.csv").write_bytes(b"from an old zip")

    odd, backslash = sorted(_keys(store), reverse=True)[:2][::-1]

    assert {store.get(odd), store.get(backslash)} == {
        b"from an old computer",
        b"from an old zip",
    }
    assert all(key.encode() for key in _keys(store))
    for key in _keys(store):
        store.delete(key)
    assert _keys(store) == []


def test_takes_the_kernels_time_and_not_the_files_own(store, root):
    path = root / "old.csv"
    path.write_bytes(b"1")
    os.utime(path, (0, 0))  # as `cp -p`, rsync and unzip do

    real_time = datetime.now(UTC)  # noqa: TID251 - against the machine's real clock
    assert abs(real_time - store.head("old.csv").modified_at) < timedelta(minutes=1)


def test_sees_an_edit_that_keeps_size_and_time(store, root):
    path = root / "a.csv"
    path.write_bytes(b"1")
    before = store.head("a.csv").etag
    facts = path.stat()

    path.write_bytes(b"2")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    assert store.head("a.csv").etag != before


def test_never_gives_an_etag_twice_however_fast_one_writes(store):
    etags = []
    for number in range(200):
        etags.append(store.put("a", b"%03d" % number).etag)
        if number % 5 == 0:
            store.delete("a")

    assert len(set(etags)) == len(etags)


def _set_latest_time_given(root, stamp_ns):
    for lock in (root / PRIVATE / "locks").iterdir():
        os.utime(lock, ns=(stamp_ns, stamp_ns))


def test_waits_until_the_clock_has_passed_the_last_time_given(store, root):
    """Old kernels stamp files written within 4-10 ms alike, and inodes come back."""
    store.put("a", b"1")
    latest = (root / "a").stat().st_ctime_ns + 15_000_000
    _set_latest_time_given(root, latest)

    store.put("a", b"2")

    assert (root / "a").stat().st_ctime_ns > latest


def test_does_not_wait_for_ever_when_the_clock_was_set_back(store, root):
    store.put("a", b"1")
    hour_ns = 3600 * 10**9
    _set_latest_time_given(root, (root / "a").stat().st_ctime_ns + hour_ns)

    store.put("a", b"2")

    assert store.get("a") == b"2"


def test_files_are_as_readable_as_the_machine_makes_them(store, root):
    plain = root / "plain"
    plain.write_bytes(b"1")
    store.put("receipt.html", b"1")

    modes = [
        stat.S_IMODE((root / name).stat().st_mode) for name in ("plain", "receipt.html")
    ]
    assert modes[0] == modes[1]


def test_names_the_folder_when_it_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    store = LocalStore(tmp_path / "file" / "store")

    with pytest.raises(StoreUnavailable, match="mounted, writable"):
        store.put("a", b"1")


def _increment(root: Path, times: int) -> int:
    store = LocalStore(root)
    conflicts = 0
    for _ in range(times):
        while True:
            etag = store.head("counter").etag
            count = int(store.get("counter"))
            try:
                store.put_if_unchanged("counter", b"%03d" % (count + 1), etag=etag)
            except StoreConflict:
                conflicts += 1
                continue
            break
    return conflicts


def _claim(root: Path, number: int) -> list[bool]:
    store = LocalStore(root)
    return [store.put_if_absent(f"claims/{n}", b"%d" % number) for n in range(50)]


def test_processes_lose_no_increment_and_share_no_claim(store, root):
    store.put("counter", b"000")
    with ProcessPoolExecutor(
        3, mp_context=multiprocessing.get_context("forkserver")
    ) as pool:
        claims = [pool.submit(_claim, root, number) for number in range(3)]
        counts = [pool.submit(_increment, root, 40) for _ in range(3)]
        won = [claim.result() for claim in claims]
        for count in counts:
            count.result()

    assert store.get("counter") == b"120"
    assert [sum(each) for each in zip(*won, strict=True)] == [1] * 50
