"""Dropped files are noticed, once each, when they are whole."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.watch import Settling, watch_inboxes
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.storage.open_queue import open_queue
from pcbl_pipeline.workspace import Workspace, create_workspace
from tests.support.builders import NETWORK_YAML
from tests.support.workspaces import SITE, drop, make_workspace

QUIET = 0.3
SENDERS = ["0499901", "3899901"]


def arrival(name: str, version: int, *, sender: str = SITE) -> Arrival:
    return Arrival(
        key=f"{layout.inbox(sender)}{name}",
        sender_id=sender,
        size=1,
        etag=str(version),
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def test_a_file_is_offered_when_it_was_left_alone():
    settling = Settling(quiet_seconds=2)
    seen = [arrival("a.csv", 1)]

    assert settling.take_settled(seen, [SITE], now=10) == []
    assert settling.take_settled(seen, [SITE], now=11) == []
    assert settling.take_settled(seen, [SITE], now=12) == seen


def test_a_file_that_is_still_written_waits_anew():
    settling = Settling(quiet_seconds=2)

    for now in range(10, 20):
        still_growing = [arrival("a.csv", now)]
        assert settling.take_settled(still_growing, [SITE], now) == []


def test_what_was_offered_is_offered_again_only_after_a_while():
    settling = Settling(quiet_seconds=0)
    seen = [arrival("a.csv", 1)]

    assert settling.take_settled(seen, [SITE], now=0) == seen
    assert settling.take_settled(seen, [SITE], now=500) == []
    assert not settling.senders_due(500)
    assert settling.senders_due(601) == {SITE}
    assert settling.take_settled(seen, [SITE], now=601) == seen


def test_looking_into_one_inbox_forgets_nothing_of_another():
    settling = Settling(quiet_seconds=2)
    here, there = arrival("a.csv", 1), arrival("b.csv", 1, sender="3899901")
    settling.take_settled([here, there], SENDERS, now=0)

    assert settling.take_settled([here], [SITE], now=2) == [here]
    assert settling.senders_due(2) == {"3899901"}


@given(
    looks=st.lists(
        st.tuples(
            st.integers(1, 5),
            st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
        ),
        max_size=30,
    )
)
def test_every_version_is_offered_once_and_only_when_quiet(looks):
    settling = Settling(quiet_seconds=2)
    now, offered = 0, []
    since: dict[str, tuple[int, int]] = {}
    for pause, versions in looks:
        now += pause
        since = {
            name: (version, since[name][1])
            if name in since and since[name][0] == version
            else (version, now)
            for name, version in versions.items()
        }
        seen = [arrival(name, version) for name, version in versions.items()]
        for item in settling.take_settled(seen, [SITE], now):
            assert now - since[item.file_name][1] >= 2
            offered.append((item.file_name, item.etag, since[item.file_name][1]))
    assert len(offered) == len(set(offered))


@contextmanager
def watching(workspace: Workspace, **how) -> Iterator[Queue]:
    """Collect arrivals in another thread, answering each before the next."""
    stop, noticed = threading.Event(), Queue()

    def collect():
        for item in watch_inboxes(workspace, stop, **how):
            ingest_arrival(workspace, item.key)
            noticed.put(item.file_name)

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        yield noticed
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def folder(tmp_path) -> Workspace:
    return make_workspace(tmp_path / "store", listen_quiet_seconds=QUIET)


def test_what_waits_comes_first_then_what_is_dropped(folder):
    drop(folder, "waits.csv", b"a")
    with watching(folder) as noticed:
        assert noticed.get(timeout=20) == "waits.csv"
        drop(folder, "comes.csv", b"b", sender="sea-38")
        assert noticed.get(timeout=20) == "comes.csv"


def test_files_that_programs_still_write_are_passed_over(folder, tmp_path):
    inbox = tmp_path / "store" / layout.inbox(SITE)
    with watching(folder) as noticed:
        for name in ("~$a.xlsx", "a.csv.part", ".a.csv", "a.crdownload", "a.tmp"):
            (inbox / name).write_bytes(b"half")
        (inbox / "a.csv.part").rename(inbox / "a.csv")

        assert noticed.get(timeout=20) == "a.csv"
        with pytest.raises(Empty):
            noticed.get(timeout=4 * QUIET)


def test_a_slow_copy_is_read_once_and_whole(folder, tmp_path):
    path = tmp_path / "store" / layout.inbox(SITE) / "slow.csv"
    with watching(folder) as noticed:
        for _ in range(8):
            with path.open("ab") as file:
                file.write(b"x" * 1000)
            time.sleep(QUIET / 2)

        assert noticed.get(timeout=20) == "slow.csv"
        with pytest.raises(Empty):
            noticed.get(timeout=4 * QUIET)
    [receipt] = folder.ledger.receipts()
    assert receipt.size_bytes == 8000


def test_a_bucket_without_a_queue_is_looked_into(moto):
    workspace = create_workspace(Settings(store_url=moto.store_url()), NETWORK_YAML)
    drop(workspace, "a.csv", b"a")

    with watching(workspace) as noticed:
        assert noticed.get(timeout=20) == "a.csv"


def test_a_queues_message_is_deleted_once_its_file_was_answered(moto):
    workspace = create_workspace(Settings(store_url=moto.store_url()), NETWORK_YAML)
    url, sqs = notified_queue(moto)

    with watching(workspace, queue=open_queue(url)) as noticed:
        time.sleep(1)  # the first look, which finds nothing, is over
        drop(workspace, "a b+c.csv", b"a")

        assert noticed.get(timeout=20) == "a b+c.csv"
        # Answering it wrote objects too, and each of them is told of.
        deadline = time.monotonic() + 20
        while messages_left(sqs, url) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert messages_left(sqs, url) == 0


def messages_left(sqs, url) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(number) for number in answer["Attributes"].values())


def notified_queue(moto):
    """Make a queue that the bucket tells of what is put into it."""
    sqs = moto.client("sqs")
    url = sqs.create_queue(QueueName=f"drops-{time.monotonic_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    moto.client("s3").put_bucket_notification_configuration(
        Bucket=moto.bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": arn["Attributes"]["QueueArn"],
                    "Events": ["s3:ObjectCreated:*"],
                }
            ]
        },
    )
    return url, sqs
