"""From PCBL_QUEUE_URL to a queue."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pcbl_pipeline.errors import SettingsInvalid

if TYPE_CHECKING:
    from pcbl_pipeline.storage.queue import EventQueue

#: Source: AWS General Reference, "Amazon SQS endpoints and quotas".
_AWS_HOST = re.compile(
    r"^(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-[0-9])\.(?:queue\.)?amazonaws\."
)


def open_queue(url: str) -> "EventQueue":
    """Open the queue that a URL names; nothing is asked of it yet.

    The URL also says where the queue is served: at AWS, in which region; elsewhere,
    at which address.

    Raises:
        SettingsInvalid: If it names none.
    """
    # boto3 takes a third of a second to import: those with a folder need not wait.
    from pcbl_pipeline.storage.queue import SqsQueue  # noqa: PLC0415

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not parts.path:
        raise SettingsInvalid(
            f"PCBL_QUEUE_URL is `{url}`. Write the queue's whole address, as "
            "`https://sqs.us-west-2.amazonaws.com/123456789012/pilots`."
        )
    at_aws = _AWS_HOST.match(parts.netloc)
    if at_aws:
        return SqsQueue(url, region=at_aws.group(1))
    return SqsQueue(url, endpoint_url=f"{parts.scheme}://{parts.netloc}")
