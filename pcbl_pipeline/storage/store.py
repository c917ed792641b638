"""The store: bytes under keys, with the two conditional writes that we build on.

Keys are relative, use `/`, and never contain `..`; a store adds its own root.
What does not belong here: what a key means (that is `pcbl_pipeline.lake.layout`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict


class ObjectInfo(BaseModel):
    """What a store knows of an object without reading it."""

    model_config = ConfigDict(frozen=True)

    key: str
    #: Bytes.
    size: int
    #: Changes whenever the content changes.
    etag: str
    #: When the store took this version in (UTC), by the store's own clock.
    modified_at: AwareDatetime


class Store(Protocol):
    """Objects by key. All methods raise `StoreUnavailable` when the store is out."""

    def get(self, key: str) -> bytes:
        """Return an object's bytes; raise `SubmissionUnreadable` when it is gone."""

    def head(self, key: str) -> ObjectInfo | None:
        """Describe an object, or return None."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object whose key begins with a prefix, in key order."""

    def put(self, key: str, content: bytes, *, content_type: str = ...) -> ObjectInfo:
        """Write an object whole; readers see the old one or the new one."""

    def put_if_absent(
        self, key: str, content: bytes, *, content_type: str = ...
    ) -> bool:
        """Write an object unless the key is taken; tell whether it was written."""

    def put_if_unchanged(
        self, key: str, content: bytes, *, etag: str | None, content_type: str = ...
    ) -> ObjectInfo:
        """Replace exactly the version with this etag (None: the key must be free).

        Raises:
            StoreConflict: If the object is another version by now, or is gone.
        """

    def download(self, key: str, path: Path) -> None:
        """Write an object to a local file without holding it in memory."""

    def upload(self, key: str, path: Path, *, content_type: str = ...) -> None:
        """Write a local file under a key without holding it in memory."""

    def delete(self, key: str) -> None:
        """Remove an object; removing nothing is fine."""

    def table_uri(self, key: str) -> str:
        """Return the address under which the table layer opens a Delta table."""

    def table_options(self) -> dict[str, str]:
        """Return the table layer's storage options (credentials, endpoint)."""
