"""Reading S3's events from SQS, and leaving alone what cannot be read."""

import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.storage.open_queue import open_queue
from pcbl_pipeline.storage.queue import SqsQueue, read_message

TEST_EVENT = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": "2026-11-22T05:45:46.000Z",
    "Bucket": "pcbl-invented",
    "RequestId": "5582815E1AEA5ADF",
    "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
}


def _record(key, name="ObjectCreated:Put", **of_object):
    return {
        "eventVersion": "2.4",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": "2026-11-22T05:45:46.123Z",
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AROAINVENTED"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": "pcbl-invented", "arn": "arn:aws:s3:::pcbl-invented"},
            "object": {"key": key, "sequencer": "0A1B2C3D4E5F678901", **of_object},
        },
    }


def _read(*records):
    return read_message("id", "handle", json.dumps({"Records": records}))


def test_reads_an_s3_event():
    message = _read(
        _record(
            "sites/0400001/inbox/fall+lessons+%28final%29%2Bn%C3%B3.csv",
            size=1024,
            eTag="d41d8cd98f00b204e9800998ecf8427e",
            versionId="096fKKXTRTtl3on89fVO.nfljtsv6qko",
        )
    )

    assert message.problem is None
    [created] = message.objects
    assert created.key == "sites/0400001/inbox/fall lessons (final)+nó.csv"
    assert created.bucket == "pcbl-invented"
    assert created.size == 1024
    assert created.etag == "d41d8cd98f00b204e9800998ecf8427e"
    assert created.version_id == "096fKKXTRTtl3on89fVO.nfljtsv6qko"
    assert created.happened_at.isoformat() == "2026-11-22T05:45:46.123000+00:00"


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_reads_every_key_as_s3_writes_it(key):
    [created] = _read(_record(quote_plus(key), size=1, eTag="e")).objects

    assert created.key == key


def test_reads_several_records_of_one_message():
    message = _read(
        _record("a", size=1, eTag="e"),
        _record("b", "ObjectCreated:CompleteMultipartUpload", size=2, eTag="e-2"),
        _record("c", "ObjectRemoved:Delete"),
        _record("d", "ObjectCreated:Copy", size=4, eTag="e"),
    )

    assert [created.key for created in message.objects] == ["a", "b", "d"]


def test_finds_nothing_to_do_in_s3s_test_message():
    message = read_message("id", "handle", json.dumps(TEST_EVENT))

    assert message.objects == ()
    assert message.problem is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"Records": null}',
        '{"Records": [{}]}',
        '{"Event": "s3:OtherEvent"}',
        json.dumps({"Records": [_record("%ff", size=1, eTag="e")]}),
        json.dumps({"Records": [{**_record("a"), "eventSource": "aws:ses"}]}),
        json.dumps({"Records": [_record("a", size=1, eTag="e"), {"half": "broken"}]}),
    ],
)
def test_says_what_is_no_s3_event(body):
    message = read_message("id", "handle", body)

    assert message.problem.startswith("It is no S3 event: ")
    assert message.objects == ()
    assert message.message_id == "id"


@pytest.fixture
def queue_url(moto, request):
    name = f"queue-{abs(hash(request.node.name))}"
    return moto.client("sqs").create_queue(QueueName=name)["QueueUrl"]


def test_a_message_stays_until_it_is_deleted(moto, queue_url):
    sqs = moto.client("sqs")
    body = json.dumps({"Records": [_record("a", size=1, eTag="e")]})
    sqs.send_message(QueueUrl=queue_url, MessageBody=body)
    queue = SqsQueue(queue_url, endpoint_url=moto.url, region=moto.region)

    [message] = queue.receive(10, 0)
    assert [created.key for created in message.objects] == ["a"]
    assert queue.receive(10, 0) == []  # hidden from other listeners for a while
    sqs.change_message_visibility(
        QueueUrl=queue_url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=0
    )

    [again] = queue.receive(10, 0)
    assert again.message_id == message.message_id
    queue.delete(again)
    counts = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
    assert counts["Attributes"]["ApproximateNumberOfMessages"] == "0"
    assert counts["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_gives_out_no_more_messages_than_asked_for(moto, queue_url):
    for number in range(12):
        moto.client("sqs").send_message(QueueUrl=queue_url, MessageBody=str(number))
    queue = SqsQueue(queue_url, endpoint_url=moto.url, region=moto.region)

    assert len(queue.receive(2, 0)) == 2
    assert len(queue.receive(50, 0)) == 10


@pytest.mark.parametrize("url", ["", "drops", "sqs://drops", "https://localhost"])
def test_a_url_that_names_no_queue_is_explained(url):
    with pytest.raises(SettingsInvalid, match="PCBL_QUEUE_URL is"):
        open_queue(url)


def test_the_queues_url_says_where_it_is_served(aws_environment):
    at_aws = open_queue("https://sqs.us-gov-west-1.amazonaws.com/123456789012/drops")
    elsewhere = open_queue("http://127.0.0.1:5000/123456789012/drops")

    assert at_aws._client.meta.region_name == "us-gov-west-1"
    assert elsewhere._client.meta.endpoint_url == "http://127.0.0.1:5000"


def test_names_the_queue_when_it_does_not_exist(moto):
    queue = SqsQueue(f"{moto.url}/123456789012/no-such-queue", endpoint_url=moto.url)

    with pytest.raises(SettingsInvalid, match="no-such-queue"):
        queue.receive(1, 0)
