"""A bucket (or a part of it) as the store, on AWS or anything that speaks S3.

The service must honour conditional writes (`If-None-Match`, `If-Match`); one that takes
and ignores them loses updates. What does not belong here: what a key means.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError, NoCredentialsError

from pcbl_pipeline.errors import (
    StoreConflict,
    StoreKeyInvalid,
    SubmissionUnreadable,
)
from pcbl_pipeline.storage.aws import CLIENT_CONFIG, DEFAULT_REGION, code_of, faults
from pcbl_pipeline.storage.keys import check_writable
from pcbl_pipeline.storage.store import ObjectInfo
from pcbl_pipeline.storage.whole_file import whole_file

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3.type_defs import ObjectTypeDef

_BINARY = "application/octet-stream"
_GONE = {"404", "NoSuchKey"}
#: A condition did not hold. AWS answers 404 to If-Match where there is no object.
_UNMET = {"PreconditionFailed", "412"} | _GONE
#: Another conditional write to the key was under way; it may yet fail.
_UNDECIDED = "ConditionalRequestConflict"
_TRIES_WHEN_UNDECIDED = 5
#: Files above this size go up in parts, which can be retried one by one.
_IN_PARTS = TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=16 << 20)


class _Address(TypedDict):
    Bucket: str
    Key: str


class _Condition(TypedDict, total=False):
    IfMatch: str
    IfNoneMatch: str


class S3Store:
    """Objects of one bucket, below one prefix."""

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
    ) -> None:
        """Name the bucket; nothing is asked of it yet."""
        self._bucket = bucket
        self._root = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        with faults(self._name):
            self._session = boto3.Session(region_name=region)
            self._client = self._session.client(
                "s3",
                endpoint_url=endpoint_url,
                region_name=self._session.region_name or DEFAULT_REGION,
                config=CLIENT_CONFIG,
            )
        self._endpoint = _endpoint_other_than_aws(self._client.meta.endpoint_url)

    def __repr__(self) -> str:
        """Say which bucket it is."""
        return f"S3Store({self._bucket!r}, {self._root!r})"

    def own_key(self, bucket: str, key: str) -> str | None:
        """Return the key by which this store knows an object of a bucket, if it does."""
        if bucket != self._bucket or not key.startswith(self._root):
            return None
        return key.removeprefix(self._root)

    def get(self, key: str) -> bytes:
        """Return an object's bytes."""
        with faults(self._name):
            return self._body(key).read()

    def head(self, key: str) -> ObjectInfo | None:
        """Describe an object, or return None."""
        with faults(self._name):
            try:
                found = self._client.head_object(**self._address(key))
            except ClientError as error:
                if code_of(error) in _GONE:
                    return None
                raise
        return ObjectInfo(
            key=key,
            size=found["ContentLength"],
            etag=_bare(found["ETag"]),
            modified_at=found["LastModified"],
        )

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object whose key begins with a prefix, in key order."""
        found = self._found(self._root + prefix)
        if self._endpoint is not None:
            # AWS lists by key; SeaweedFS, for one, lists `a/b` before `a-b`.
            found = iter(sorted(found, key=lambda entry: entry["Key"]))
        for entry in found:
            yield ObjectInfo(
                key=entry["Key"][len(self._root) :],
                size=entry["Size"],
                etag=_bare(entry["ETag"]),
                modified_at=entry["LastModified"],
            )

    def put(
        self, key: str, content: bytes, *, content_type: str = _BINARY
    ) -> ObjectInfo:
        """Write an object whole; readers see the old one or the new one."""
        with faults(self._name):
            return self._put(key, content, content_type)

    def put_if_absent(
        self, key: str, content: bytes, *, content_type: str = _BINARY
    ) -> bool:
        """Write an object unless the key is taken; tell whether it was written."""
        with faults(self._name):
            written = self._put_if(key, content, content_type, {"IfNoneMatch": "*"})
        return written is not None

    def put_if_unchanged(
        self, key: str, content: bytes, *, etag: str | None, content_type: str = _BINARY
    ) -> ObjectInfo:
        """Replace exactly the version with this etag (None: the key must be free)."""
        condition: _Condition = {"IfNoneMatch": "*"}
        if etag is not None:
            condition = {"IfMatch": f'"{etag}"'}
        with faults(self._name):
            written = self._put_if(key, content, content_type, condition)
        if written is None:
            raise self._conflict(key)
        return written

    def download(self, key: str, path: Path) -> None:
        """Write an object to a local file without holding it in memory."""
        with faults(self._name):
            body = self._body(key)
            with whole_file(path) as target:
                shutil.copyfileobj(body, target)

    def upload(self, key: str, path: Path, *, content_type: str = _BINARY) -> None:
        """Write a local file under a key, in parts if it is large."""
        address = self._address(check_writable(key))
        with path.open("rb") as content, faults(self._name):
            self._client.upload_fileobj(
                content,
                **address,
                ExtraArgs={"ContentType": content_type},
                Config=_IN_PARTS,
            )

    def delete(self, key: str) -> None:
        """Remove an object; removing nothing is fine."""
        with faults(self._name):
            self._client.delete_object(**self._address(key))

    def table_uri(self, key: str) -> str:
        """Return the address of a Delta table."""
        return f"s3://{self._bucket}/{self._root}{check_writable(key)}"

    def table_options(self) -> dict[str, str]:
        """Return what the table layer needs to be the same client as we are.

        Credentials are resolved anew each time, because those of a role expire: do not
        keep the answer.
        """
        with faults(self._name):
            found = self._session.get_credentials()
            if found is None:
                raise NoCredentialsError
            credentials = found.get_frozen_credentials()
        options = {
            "AWS_ACCESS_KEY_ID": credentials.access_key or "",
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key or "",
            "AWS_REGION": self._client.meta.region_name,
            # Two writers cannot both make the same version of a table's log: the
            # second one's If-None-Match fails. No lock table is needed.
            "AWS_CONDITIONAL_PUT": "etag",
        }
        if credentials.token:
            options["AWS_SESSION_TOKEN"] = credentials.token
        if self._endpoint is not None:
            options["AWS_ENDPOINT_URL"] = self._endpoint
            options["AWS_ALLOW_HTTP"] = str(self._endpoint.startswith("http:")).lower()
        return options

    @property
    def _name(self) -> str:
        return f"The bucket `{self._bucket}` (PCBL_STORE_URL)"

    def _address(self, key: str) -> _Address:
        if not key:
            raise StoreKeyInvalid(key, "it is empty")
        return {"Bucket": self._bucket, "Key": self._root + key}

    def _found(self, prefix: str) -> Iterator["ObjectTypeDef"]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        with faults(self._name):
            for page in pages:
                for entry in page.get("Contents", []):
                    # A "folder" that somebody made in the AWS console is no object.
                    if entry["Size"] or not entry["Key"].endswith("/"):
                        yield entry

    def _body(self, key: str) -> "StreamingBody":
        try:
            return self._client.get_object(**self._address(key))["Body"]
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise
            message = f"There is no `{key}` in the bucket `{self._bucket}`."
            raise SubmissionUnreadable(message) from error

    def _put(
        self,
        key: str,
        content: bytes,
        content_type: str,
        condition: _Condition | None = None,
    ) -> ObjectInfo:
        written = self._client.put_object(
            **self._address(check_writable(key)),
            Body=content,
            ContentType=content_type,
            **(condition or {}),
        )
        # The answer's Date is the clock that LastModified is read from; asking again
        # could describe somebody else's later version.
        date = written["ResponseMetadata"]["HTTPHeaders"]["date"]
        return ObjectInfo(
            key=key,
            size=len(content),
            etag=_bare(written["ETag"]),
            modified_at=parsedate_to_datetime(date).replace(tzinfo=UTC),
        )

    def _put_if(
        self, key: str, content: bytes, content_type: str, condition: _Condition
    ) -> ObjectInfo | None:
        """Write under a condition; None when it does not hold."""
        for _ in range(_TRIES_WHEN_UNDECIDED):
            try:
                return self._put(key, content, content_type, condition)
            except ClientError as error:
                if code_of(error) in _UNMET:
                    return self._written_before(key, content, error)
                if code_of(error) != _UNDECIDED:
                    raise
        raise self._conflict(key)

    def _written_before(
        self, key: str, content: bytes, error: ClientError
    ) -> ObjectInfo | None:
        """Return our own write where its answer was lost and a retry met it.

        Without this, a put that botocore repeated after a broken connection would be
        told that somebody else came first, and nobody would go on with the work.
        """
        if not error.response["ResponseMetadata"].get("RetryAttempts"):
            return None
        info = self.head(key)
        return info if info is not None and self.get(key) == content else None

    def _conflict(self, key: str) -> StoreConflict:
        return StoreConflict(
            f"`{key}` was changed by somebody else; read it and decide again."
        )


def _bare(etag: str) -> str:
    """Return an etag without its quotes, as S3's event messages write it."""
    return etag.strip('"')


def _endpoint_other_than_aws(url: str) -> str | None:
    """Return a client's address, or None where it is one of AWS's own."""
    host = urlsplit(url).hostname or ""
    return None if host.endswith((".amazonaws.com", ".amazonaws.com.cn")) else url
