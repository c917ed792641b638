"""A folder as the store: whole-file writes, and conditional ones between processes.

The folder may be on any file system with `rename` and `flock`. People may drop files
into it by hand. What does not belong here: what a key means, and watching for changes.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pcbl_pipeline.errors import (
    StoreConflict,
    StoreKeyInvalid,
    StoreUnavailable,
    SubmissionUnreadable,
)
from pcbl_pipeline.storage.files import (
    NOT_THERE,
    describe,
    facts_of,
    outlast,
    remember,
    room_for,
    sync_folder,
)
from pcbl_pipeline.storage.keys import check_path, check_writable
from pcbl_pipeline.storage.store import ObjectInfo
from pcbl_pipeline.storage.tree import name_of_key, walk
from pcbl_pipeline.storage.whole_file import whole_file

#: Our own folder below the root: half-written files and locks. Never listed.
PRIVATE = ".pcbl-store"
#: Keys share this many lock files, so that locks do not double the files on disk.
_LOCKS = 256
_BINARY = "application/octet-stream"


class LocalStore:
    """Objects as files below one root folder; a key is the path from there."""

    def __init__(self, root: Path) -> None:
        """Name the folder; it is made by the first write."""
        self._root = root.expanduser().resolve()

    def __repr__(self) -> str:
        """Say which folder it is."""
        return f"LocalStore({str(self._root)!r})"

    @property
    def root(self) -> Path:
        """The folder itself, for those who watch it for changes."""
        return self._root

    def get(self, key: str) -> bytes:
        """Return an object's bytes."""
        with self._opened(key) as file:
            return file.read()

    def head(self, key: str) -> ObjectInfo | None:
        """Describe an object, or return None."""
        path = self._path(key)
        with self._faults(key):
            facts = facts_of(path) if self._is_inside(path) else None
        return None if facts is None else describe(key, facts)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object whose key begins with a prefix, in key order."""
        folder = prefix.rpartition("/")[0]
        start = self._path(folder) if folder else self._root
        if not self._is_inside(start / "any"):
            return
        with self._faults(prefix):
            for key, facts in walk(start, f"{folder}/" if folder else "", prefix):
                if not key.startswith(f"{PRIVATE}/"):
                    yield describe(key, facts)

    def put(
        self,
        key: str,
        content: bytes,
        *,
        content_type: str = _BINARY,  # noqa: ARG002 - a folder keeps no types
    ) -> ObjectInfo:
        """Write an object whole; readers see the old one or the new one."""
        with self._staged(key, BytesIO(content)) as staged, self._locked(key) as lock:
            return self._replace(key, staged, lock)

    def put_if_absent(
        self,
        key: str,
        content: bytes,
        *,
        content_type: str = _BINARY,  # noqa: ARG002 - a folder keeps no types
    ) -> bool:
        """Write an object unless the key is taken; tell whether it was written."""
        with self._staged(key, BytesIO(content)) as staged, self._locked(key) as lock:
            if os.path.lexists(self._path(key)):
                return False
            self._replace(key, staged, lock)
            return True

    def put_if_unchanged(
        self,
        key: str,
        content: bytes,
        *,
        etag: str | None,
        content_type: str = _BINARY,  # noqa: ARG002 - a folder keeps no types
    ) -> ObjectInfo:
        """Replace exactly the version with this etag (None: the key must be free)."""
        with self._staged(key, BytesIO(content)) as staged, self._locked(key) as lock:
            current = self.head(key)
            if (current.etag if current else None) != etag:
                raise StoreConflict(
                    f"`{key}` was changed by somebody else; read it and decide again."
                )
            return self._replace(key, staged, lock)

    def download(self, key: str, path: Path) -> None:
        """Write an object to a local file without holding it in memory."""
        with self._opened(key) as source, whole_file(path) as target:
            shutil.copyfileobj(source, target)

    def upload(
        self,
        key: str,
        path: Path,
        *,
        content_type: str = _BINARY,  # noqa: ARG002 - a folder keeps no types
    ) -> None:
        """Write a local file under a key without holding it in memory."""
        with (
            path.open("rb") as content,
            self._staged(key, content) as staged,
            self._locked(key) as lock,
        ):
            self._replace(key, staged, lock)

    def delete(self, key: str) -> None:
        """Remove an object; removing nothing is fine."""
        path = self._path(key)
        with self._locked(key) as lock:
            facts = facts_of(path) if self._is_inside(path) else None
            if facts is not None:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
                remember(lock, facts.st_ctime_ns)

    def table_uri(self, key: str) -> str:
        """Return the folder of a Delta table."""
        return str(self._path(check_writable(key)))

    def table_options(self) -> dict[str, str]:
        """Return nothing: a folder needs no credentials."""
        return {}

    def _path(self, key: str) -> Path:
        check_path(key)
        if key == PRIVATE or key.startswith(f"{PRIVATE}/"):
            raise StoreKeyInvalid(key, f"`{PRIVATE}` is the store's own folder")
        return self._root / name_of_key(key, self._root)

    def _is_inside(self, path: Path) -> bool:
        """Tell whether a path's folder is really there below the root.

        A link that somebody laid into an inbox would otherwise let them read, or have
        us write, anything that we may.
        """
        return str(path.parent) == os.path.realpath(path.parent)

    @contextmanager
    def _opened(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(key)
        with self._faults(key):
            if not self._is_inside(path) or facts_of(path) is None:
                raise SubmissionUnreadable(f"There is no `{key}` in {self._root}.")
            try:
                # Refuses a link, and does not wait for a pipe's other end.
                number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                if error.errno in NOT_THERE:
                    message = f"`{key}` in {self._root} is gone."
                    raise SubmissionUnreadable(message) from error
                raise
            with os.fdopen(number, "rb") as file:
                yield file

    @contextmanager
    def _staged(self, key: str, content: BinaryIO) -> Iterator[Path]:
        """Write content, safely on disk, to a file that nobody looks at yet."""
        self._path(check_writable(key))
        folder = self._root / PRIVATE / "staged"
        with self._faults(key):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / secrets.token_hex(16)
            try:
                with path.open("xb") as file:
                    shutil.copyfileobj(content, file)
                    file.flush()
                    os.fsync(file.fileno())
                yield path
            finally:
                path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, key: str) -> Iterator[int]:
        """Hold the key's lock against other threads and processes; yield its file.

        `flock` belongs to the opened file, so it also keeps threads apart, and the
        kernel lets go of it when a process dies.
        """
        number = hashlib.sha256(key.encode()).digest()[0] % _LOCKS
        path = self._root / PRIVATE / "locks" / f"{number:02x}"
        with self._faults(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield lock
            finally:
                os.close(lock)

    def _replace(self, key: str, staged: Path, lock: int) -> ObjectInfo:
        """Give a staged file its name, with an etag that the key never had before."""
        path = self._path(key)
        with room_for(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not self._is_inside(path):
                raise StoreKeyInvalid(key, "it leads through a link, and ends there")
            old = facts_of(path)
            latest = max(os.fstat(lock).st_mtime_ns, old.st_ctime_ns if old else 0)
            outlast(staged, latest)
            staged.replace(path)
        sync_folder(path.parent)
        facts = path.lstat()
        remember(lock, facts.st_ctime_ns)
        return describe(key, facts)

    @contextmanager
    def _faults(self, key: str) -> Iterator[None]:
        """Say in our words what the file system could not do."""
        try:
            yield
        except OSError as error:
            raise StoreUnavailable(
                f"The folder {self._root} did not serve `{key}`: {error.strerror}. "
                "Check that it is mounted, writable and not full."
            ) from error
