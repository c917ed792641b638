"""Blocks: many rows, of which a few are in memory at a time.

A file that is one block stays in memory; all blocks of a larger one lie on the disk, so
that a file of any size is worked on in the same memory. What does not belong here: what
is done with a block.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pcbl_pipeline.scratch import Scratch

#: Rows that are worked on at a time: enough that the work per block does not count.
BLOCK_ROWS = 50_000
#: Of long rows, such as those with narratives, fewer: so many bytes at a time.
BLOCK_BYTES = 16_000_000


def rows_within(sample: pl.DataFrame, size_bytes: int, *, most: int) -> int:
    """Return how many rows like these fill some memory; at least one."""
    row_bytes = sample.estimated_size() / max(sample.height, 1)
    return max(1, min(most, int(size_bytes / max(row_bytes, 1))))


class Blocks:
    """Frames of one shape, one behind the other, in the order in which they came.

    They last as long as this object does: hold it for as long as its rows are read.
    """

    def __init__(self) -> None:
        """Begin without any frame."""
        self._only: pl.DataFrame | None = None
        self._files: list[Path] = []
        self._pieces: list[pl.LazyFrame] = []
        self._scratch: Scratch | None = None
        self._height = 0

    @classmethod
    def of(cls, rows: pl.LazyFrame, size: int = BLOCK_ROWS) -> "Blocks":
        """Read rows once, in blocks of a size or less; they keep their order.

        Units: `size` in rows.
        """
        blocks = cls()
        # One more than a block: whether there is a second one is known before any
        # is written, and what is small enough is read in one go.
        first = rows.head(size + 1).collect(engine="streaming")
        if first.height <= size:
            blocks.add(first)
        else:
            size = rows_within(first, BLOCK_BYTES, most=size)
            del first
            blocks._sink(rows, size)
        return blocks

    def add(self, frame: pl.DataFrame) -> None:
        """Put a frame behind the others."""
        self._height += frame.height
        if self._only is None and not self._pieces:
            self._only = frame
        elif frame.height:
            if self._only is not None:
                self._write(self._only)
                self._only = None
            self._write(frame)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._height

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the frames; there is at least one, if any was added."""
        if self._only is not None:
            yield self._only
        for piece in self._pieces:
            yield piece.collect()

    def lazy(self) -> pl.LazyFrame:
        """Return all rows as one frame, to be read when they are needed."""
        if self._only is not None:
            return self._only.lazy()
        return pl.scan_parquet(self._files)

    def collect(self) -> pl.DataFrame:
        """Return all rows at once, where they are known to be few."""
        return self.lazy().collect()

    def _sink(self, rows: pl.LazyFrame, size: int) -> None:
        """Write rows as they are read; no more of them wait than one block."""
        file = self._next_file()
        rows.sink_parquet(
            file, compression="lz4", statistics=False, row_group_size=size
        )
        scanned = pl.scan_parquet(file)
        self._height = int(scanned.select(pl.len()).collect().item())
        starts = range(0, self._height, size)
        self._pieces = [scanned.slice(start, size) for start in starts]

    def _write(self, frame: pl.DataFrame) -> None:
        file = self._next_file()
        frame.write_parquet(file, compression="lz4", statistics=False)
        self._pieces.append(pl.scan_parquet(file))

    def _next_file(self) -> Path:
        self._scratch = self._scratch or Scratch()
        self._files.append(self._scratch.folder / f"{len(self._files):06}.parquet")
        return self._files[-1]
