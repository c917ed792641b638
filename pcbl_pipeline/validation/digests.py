"""Digests: what a warning is about, so that it is known again when it comes back.

The order of rows, and how they were divided, changes nothing. What does not belong
here: which rows and columns a finding is about.
"""

from collections.abc import Mapping
from hashlib import sha256

import polars as pl

#: Rule code and field → digest of the rows that the rule found.
FindingDigests = Mapping[tuple[str, str], str]
_SIZE = 2**256


class RowsDigest:
    """A digest of many rows that depends on each of them, but not on their order."""

    def __init__(self) -> None:
        """Begin without any row."""
        self._sum = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Take further rows, of the same columns as those before."""
        for line in rows.select(pl.struct(pl.all()).struct.json_encode()).to_series():
            self._sum += int.from_bytes(sha256(line.encode()).digest())

    @property
    def text(self) -> str:
        """The digest of all rows so far."""
        return f"{self._sum % _SIZE:064x}"
