"""Regularity: whether a delimited text can be read by Polars, cell for cell alike.

Polars and Python's csv module agree on a text whose quotation marks enclose whole
cells, whose lines end in LF or CRLF, whose first line is not blank, and whose
records all have as many cells as the first (blank lines aside). Here that is proved for a file, in blocks, without
splitting it. What does not belong here: reading any cell.
"""

import mmap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

_Bytes = npt.NDArray[np.uint8]
_Positions = npt.NDArray[np.intp]

_LF, _CR = ord("\n"), ord("\r")
_BLOCK_BYTES = 4_000_000
_BOM_BYTES = 3


@dataclass
class _State:
    """What one block leaves to the next."""

    quote: int
    #: Inside a quoted cell.
    inside: bool = False
    #: Where the present record begins.
    record_start: int = 0
    #: Delimiters of the present record so far.
    delimiters: int = 0
    #: Delimiters that every record must have; None until the first one ends.
    expected: int | None = None


def is_regular(path: Path, delimiter: str, quote: str = '"') -> bool:
    """Tell whether the text in a file is regular as the module describes it."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    data = np.frombuffer(mapping, dtype=np.uint8)
    state = _State(ord(quote), record_start=_BOM_BYTES if _begins_with_bom(data) else 0)
    for start in range(0, len(data), _BLOCK_BYTES):
        if not _block_is_regular(data, start, ord(delimiter), state):
            return False
        # What was looked at is not needed again; else the whole file stays in memory.
        mapping.madvise(mmap.MADV_DONTNEED, 0, start + 1)
    return not state.inside and _last_record_is_regular(len(data), state)


def _begins_with_bom(data: _Bytes) -> bool:
    return data[:_BOM_BYTES].tobytes() == b"\xef\xbb\xbf"


def _block_is_regular(data: _Bytes, start: int, delimiter: int, state: _State) -> bool:
    block = data[start : start + _BLOCK_BYTES]
    quotes = np.flatnonzero(block == state.quote)
    if not _quotes_enclose_cells(data, start + quotes, delimiter, state):
        return False
    returns = _outside(np.flatnonzero(block == _CR), quotes, state)
    if not _precede(data, start + returns, _LF):
        return False
    ends = _outside(np.flatnonzero(block == _LF), quotes, state)
    marks = _outside(np.flatnonzero(block == delimiter), quotes, state)
    regular = _records_are_even(data, start + ends, start + marks, state)
    state.inside ^= len(quotes) % 2 == 1
    return regular


def _outside(positions: _Positions, quotes: _Positions, state: _State) -> _Positions:
    """Keep the positions that are not inside a quoted cell."""
    if len(quotes) == 0:
        return positions[:0] if state.inside else positions
    parity = np.searchsorted(quotes, positions) & 1
    kept: _Positions = positions[parity == state.inside]
    return kept


def _quotes_enclose_cells(
    data: _Bytes, quotes: _Positions, delimiter: int, state: _State
) -> bool:
    """Check that quotes open after, and close before, an edge of a cell.

    Quotes open and close by turns. A doubled one closes and opens again at once,
    so that a quotation mark counts as an edge on either side.
    """
    opening, closing = quotes[state.inside :: 2], quotes[not state.inside :: 2]
    edges = (delimiter, _LF, _CR, state.quote)
    opening = opening[opening != (_BOM_BYTES if _begins_with_bom(data) else 0)]
    closing = closing[closing != len(data) - 1]
    return bool(
        np.isin(data[opening - 1], edges).all()
        and np.isin(data[closing + 1], edges).all()
    )


def _precede(data: _Bytes, positions: _Positions, follower: int) -> bool:
    if len(positions) and positions[-1] == len(data) - 1:
        return False
    return bool((data[positions + 1] == follower).all())


def _records_are_even(
    data: _Bytes, ends: _Positions, marks: _Positions, state: _State
) -> bool:
    """Check the records that end in this block, and carry on the one that does not."""
    if len(ends) == 0:
        state.delimiters += len(marks)
        return True
    before = np.searchsorted(marks, ends)
    counts = np.diff(before, prepend=0)
    counts[0] += state.delimiters
    starts = np.concatenate(([state.record_start], ends[:-1] + 1))
    lengths = ends - starts
    blank = (lengths == 0) | ((lengths == 1) & (data[starts] == _CR))
    state.record_start = int(ends[-1]) + 1
    state.delimiters = len(marks) - int(before[-1])
    if state.expected is None:
        if blank[0]:
            return False
        state.expected = int(counts[0])
    return bool((counts[~blank] == state.expected).all())


def _last_record_is_regular(size: int, state: _State) -> bool:
    if state.record_start == size:
        return state.expected is not None
    return state.expected is None or state.delimiters == state.expected
