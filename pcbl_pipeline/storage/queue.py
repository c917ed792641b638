"""The queue that tells of dropped objects: S3's event messages, read from SQS.

A message is deleted by whoever made its work durable, never here. What does not belong
here: which keys matter, and what to do about them.
"""

from typing import Literal, Protocol, Self
from urllib.parse import unquote_plus

import boto3
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from pcbl_pipeline.storage.aws import CLIENT_CONFIG, DEFAULT_REGION, faults

#: The most that SQS hands out, and waits, at a time. Source: SQS ReceiveMessage.
_MOST_MESSAGES = 10
_LONGEST_WAIT_SECONDS = 20


class CreatedObject(BaseModel):
    """One object that was put into a bucket, as the event tells it."""

    model_config = ConfigDict(frozen=True)

    bucket: str
    key: str
    size: int
    etag: str
    version_id: str | None = None
    happened_at: AwareDatetime


class QueueMessage(BaseModel):
    """One message: the objects it tells of, or why it cannot be read."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    #: What deletes this very delivery of the message.
    receipt_handle: str
    #: Empty for S3's test message and for events other than creation.
    objects: tuple[CreatedObject, ...] = ()
    #: Set when it is no S3 event. Leave such a message alone: the queue hands it to the
    #: dead-letter queue, where a person finds it.
    problem: str | None = None


class EventQueue(Protocol):
    """A queue of S3 events. Both methods raise `StoreUnavailable` when it is out."""

    def receive(self, max_messages: int, wait_seconds: int) -> list[QueueMessage]:
        """Return messages, after waiting for the first one for some seconds."""

    def delete(self, message: QueueMessage) -> None:
        """Forget a message whose work is durable."""


class SqsQueue:
    """The queue that the bucket of `infra/aws/network.yaml` notifies."""

    def __init__(
        self,
        queue_url: str,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
    ) -> None:
        """Name the queue; nothing is asked of it yet."""
        self._url = queue_url
        with faults(self._name):
            session = boto3.Session(region_name=region)
            self._client = session.client(
                "sqs",
                endpoint_url=endpoint_url,
                region_name=session.region_name or DEFAULT_REGION,
                config=CLIENT_CONFIG,
            )

    def receive(self, max_messages: int, wait_seconds: int) -> list[QueueMessage]:
        """Return messages, after waiting for the first one for some seconds.

        Units: SQS gives 10 messages and waits 20 seconds at most.
        """
        with faults(self._name):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(max_messages, _MOST_MESSAGES),
                WaitTimeSeconds=min(wait_seconds, _LONGEST_WAIT_SECONDS),
            )
        return [
            read_message(item["MessageId"], item["ReceiptHandle"], item["Body"])
            for item in answer.get("Messages", [])
        ]

    def delete(self, message: QueueMessage) -> None:
        """Forget a message whose work is durable."""
        with faults(self._name):
            self._client.delete_message(
                QueueUrl=self._url, ReceiptHandle=message.receipt_handle
            )

    @property
    def _name(self) -> str:
        return f"The queue `{self._url}`"


def read_message(message_id: str, receipt_handle: str, body: str) -> QueueMessage:
    """Read the body of a message; what cannot be read is said in `problem`."""
    message = QueueMessage(message_id=message_id, receipt_handle=receipt_handle)
    try:
        objects = _created_objects(body)
    except ValueError as error:  # among them pydantic's, and a key that is not UTF-8
        return message.model_copy(update={"problem": f"It is no S3 event: {error}"})
    return message.model_copy(update={"objects": objects})


def _created_objects(body: str) -> tuple[CreatedObject, ...]:
    event = _Event.model_validate_json(body)
    return tuple(
        CreatedObject(
            bucket=record.s3.bucket.name,
            # S3 writes keys as HTML forms do: a space is a plus.
            key=unquote_plus(record.s3.object.key, errors="strict"),
            size=record.s3.object.size,
            etag=record.s3.object.etag,
            version_id=record.s3.object.version_id,
            happened_at=record.happened_at,
        )
        for record in event.records
        if record.name.startswith("ObjectCreated:")
    )


class _Message(BaseModel):
    """Part of S3's event message, version 2. Unknown fields are S3's to add.

    Source: Amazon S3 User Guide, "Event message structure".
    """

    # An error must not carry the message into a log.
    model_config = ConfigDict(hide_input_in_errors=True)


class _Bucket(_Message):
    name: str


class _Object(_Message):
    key: str
    #: Events of removal have neither size nor etag; they are passed over.
    size: int = 0
    etag: str = Field(default="", alias="eTag")
    version_id: str | None = Field(default=None, alias="versionId")


class _Entity(_Message):
    bucket: _Bucket
    object: _Object


class _Record(_Message):
    name: str = Field(alias="eventName")
    happened_at: AwareDatetime = Field(alias="eventTime")
    source: Literal["aws:s3"] = Field(alias="eventSource")
    s3: _Entity


class _Event(_Message):
    #: S3 sends `s3:TestEvent`, without records, when it is first told of a queue.
    test: Literal["s3:TestEvent"] | None = Field(default=None, alias="Event")
    records: tuple[_Record, ...] = Field(default=(), alias="Records")

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.test is None and "records" not in self.model_fields_set:
            raise ValueError("it has no records")
        return self
