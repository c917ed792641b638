"""Which keys a store takes.

Reading is lenient, because senders choose names; writing is strict, because what we
write must fit a folder as well as a bucket.
What does not belong here: what a key means (that is `pcbl_pipeline.lake.layout`).
"""

import re

from pcbl_pipeline.errors import StoreKeyInvalid

#: Longest key in S3. Source: Amazon S3 User Guide, "Naming Amazon S3 objects".
_LONGEST_KEY_BYTES = 1024
#: Longest file name on the usual file systems (POSIX NAME_MAX).
_LONGEST_NAME_BYTES = 255
_UNPORTABLE = re.compile(r"[\x00-\x1f\x7f\\]")


def check_path(key: str) -> str:
    """Return a key that is safe to look up below a folder.

    Raises:
        StoreKeyInvalid: If it is empty, absolute, or could lead out of the folder.
    """
    if not key or any(part in {"", ".", ".."} for part in key.split("/")):
        raise StoreKeyInvalid(
            key, "between its slashes there must be names, other than `.` and `..`"
        )
    if "\0" in key:
        raise StoreKeyInvalid(key, "it holds a zero byte")
    return key


def check_writable(key: str) -> str:
    """Return a key that every store can keep under this very name.

    Raises:
        StoreKeyInvalid: If a folder or a bucket would refuse or change it.
    """
    check_path(key)
    if _UNPORTABLE.search(key):
        raise StoreKeyInvalid(key, "it holds a backslash or a control character")
    try:
        names = [name.encode() for name in key.split("/")]
    except UnicodeEncodeError as error:
        raise StoreKeyInvalid(key, "it cannot be written as UTF-8") from error
    if len(key.encode()) > _LONGEST_KEY_BYTES:
        raise StoreKeyInvalid(key, f"it is over {_LONGEST_KEY_BYTES} bytes long")
    if max(map(len, names)) > _LONGEST_NAME_BYTES:
        raise StoreKeyInvalid(key, f"a name in it is over {_LONGEST_NAME_BYTES} bytes")
    return key
