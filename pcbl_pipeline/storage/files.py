"""What a file system knows of one file, and how its clock is made to tell versions apart.

What does not belong here: keys and folders of a store.
"""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pcbl_pipeline.errors import StoreKeyInvalid
from pcbl_pipeline.storage.store import ObjectInfo

#: Older Linux kernels stamp files from a clock that ticks every 4-10 ms; so a new stamp
#: is there after 10 tries of 1 ms. More tries only help when the clock was set back.
_CLOCK_TRIES = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What the system says when a path, or the way to it, is not there or is a link.
NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
_IN_THE_WAY = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY}


@contextmanager
def room_for(key: str) -> Iterator[None]:
    """Explain why a key cannot become a file: S3 would take `a` beside `a/b`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _IN_THE_WAY:
            raise
        raise StoreKeyInvalid(
            key, "a folder cannot hold an object and objects below it"
        ) from error


def facts_of(path: Path) -> os.stat_result | None:
    """Return what is known of a regular file; links, folders and pipes are nothing."""
    try:
        facts = path.lstat()
    except OSError as error:
        if error.errno in NOT_THERE:
            return None
        raise
    return facts if stat.S_ISREG(facts.st_mode) else None


def describe(key: str, facts: os.stat_result) -> ObjectInfo:
    """Describe a file.

    The etag needs no reading of content: every write makes a new inode, and where an
    inode number comes back, `outlast` has made its times differ.
    """
    stamps = (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    return ObjectInfo(
        key=key,
        size=facts.st_size,
        etag="-".join(f"{stamp:x}" for stamp in stamps),
        # ctime, because only the kernel sets it: `cp -p`, rsync and unzip carry an old
        # mtime along, and a file would seem received before it was.
        modified_at=_EPOCH + timedelta(microseconds=facts.st_ctime_ns // 1000),
    )


def outlast(path: Path, latest_ns: int) -> None:
    """Stamp a file until the file system's clock has left the last version's time."""
    for _ in range(_CLOCK_TRIES):
        os.utime(path)
        if path.stat().st_ctime_ns > latest_ns:
            return
        time.sleep(0.001)


def remember(lock: int, stamp_ns: int) -> None:
    """Keep the latest time given or taken away under a lock, as the lock's own mtime."""
    latest = max(stamp_ns, os.fstat(lock).st_mtime_ns)
    os.utime(lock, ns=(latest, latest))


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
