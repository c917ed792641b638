"""From PCBL_STORE_URL to a store."""

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.storage.store import Store

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):")
_EXAMPLES = (
    "Write a folder (`pcbl-workspace`, `file:pcbl-workspace`, "
    "`file:///srv/pcbl-workspace`) or a bucket (`s3://my-bucket`, "
    "`s3://my-bucket/pilots?region=us-west-2`, "
    "`s3://my-bucket?endpoint_url=http://localhost:8333`)."
)
#: Source: Amazon S3 User Guide, "General purpose bucket naming rules".
_BUCKET = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
_S3_OPTIONS = {"endpoint_url", "region"}


def open_store(url: str) -> Store:
    """Open the store that a URL names; nothing is read or written yet.

    Raises:
        SettingsInvalid: If it names none; the message shows how to write one.
    """
    url = url.strip()
    scheme = _SCHEME.match(url)
    match scheme.group(1).lower() if scheme else None:
        case "s3":
            return _open_bucket(url)
        case "file":
            return LocalStore(_folder(url))
        case None if url:
            return LocalStore(Path(url))
        case _:
            raise _invalid(url, "it names neither a folder nor a bucket")


def _folder(url: str) -> Path:
    """Return the folder of `file:FOLDER`, or of a full `file:///FOLDER` URL."""
    if not url[5:].startswith("//"):
        path = url[5:]
    else:
        parts = urlsplit(url)
        if parts.netloc not in {"", "localhost"}:
            raise _invalid(url, "after `file://` the folder begins with one more `/`")
        path = unquote(parts.path)
    if not path:
        raise _invalid(url, "the folder is missing")
    return Path(path)


def _open_bucket(url: str) -> Store:
    # boto3 takes a third of a second to import: those with a folder need not wait.
    from pcbl_pipeline.storage.s3 import S3Store  # noqa: PLC0415

    parts = urlsplit(url)
    if not _BUCKET.match(parts.netloc):
        raise _invalid(url, f"`{parts.netloc}` is no bucket's name")
    options = _options(url, parts)
    return S3Store(
        parts.netloc,
        unquote(parts.path),
        endpoint_url=options.get("endpoint_url"),
        region=options.get("region"),
    )


def _options(url: str, parts: SplitResult) -> dict[str, str]:
    try:
        given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        if parts.query:
            raise _invalid(url, "what follows `?` is not NAME=VALUE") from error
        return {}
    for name, values in given.items():
        if name not in _S3_OPTIONS:
            raise _invalid(url, f"there is no option `{name}`")
        if len(values) > 1 or not values[0]:
            raise _invalid(url, f"`{name}` needs exactly one value")
    endpoint = given.get("endpoint_url", ["https://"])[0]
    if not endpoint.startswith(("http://", "https://")):
        raise _invalid(url, "`endpoint_url` begins with `http://` or `https://`")
    return {name: values[0] for name, values in given.items()}


def _invalid(url: str, reason: str) -> SettingsInvalid:
    return SettingsInvalid(f"PCBL_STORE_URL is `{url}`: {reason}. {_EXAMPLES}")
