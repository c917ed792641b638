"""What S3 and SQS share: how their clients behave, and what their errors mean to us.

Credentials are never ours to keep: boto3's own chain (environment, profile, container
or instance role) finds them each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
)

from pcbl_pipeline.errors import PipelineError, SettingsInvalid, StoreUnavailable

#: Where S3 clients go when neither the URL nor the machine names a region.
DEFAULT_REGION = "us-east-1"
#: Five tries with growing pauses, about 20 seconds in all, ride out a throttling.
CLIENT_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=10,
    read_timeout=60,
)
#: Answers that no retry changes: a person has to mend a setting or a permission.
_REFUSALS = {
    "301",
    "400",
    "403",
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidBucketName",
    "InvalidClientTokenId",
    "InvalidToken",
    "NoSuchBucket",
    "PermanentRedirect",
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "SignatureDoesNotMatch",
}
_UNUSABLE = (
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
)


@contextmanager
def faults(what: str) -> Iterator[None]:
    """Turn AWS's errors into ours; `what` names the bucket or queue for people.

    Raises:
        SettingsInvalid: If a setting, a credential or a permission is at fault.
        StoreUnavailable: If the service did not answer, or is out of order.
    """
    try:
        yield
    except ClientError as error:
        raise _translate(what, error) from error
    except _UNUSABLE as error:
        raise SettingsInvalid(
            f"{what} cannot be reached with the settings at hand: {error}. "
            "Check the URL and the AWS credentials of this machine."
        ) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreUnavailable(
            f"{what} did not answer: {error}. Try again later."
        ) from error


def code_of(error: ClientError) -> str:
    """Return AWS's name of an error; an HTTP status where an answer has no body."""
    return error.response.get("Error", {}).get("Code", "")


def _translate(what: str, error: ClientError) -> PipelineError:
    code = code_of(error)
    if code in _REFUSALS:
        return SettingsInvalid(
            f"{what} refused us ({code}). Check its name, its region, and what the "
            "AWS credentials of this machine may do."
        )
    return StoreUnavailable(f"{what} is out of order ({code}). Try again later.")
