"""The dialect: which character separates the cells of a delimited text.

An own rule over the first records, because guesses by letter frequency are wrong
on prose. What does not belong here: encodings, and reading the cells themselves.
"""

import csv
import re
from dataclasses import dataclass
from io import StringIO

#: Delimiter → its name in a sentence, most usual first.
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_RECORDS_LOOKED_AT = 200


@dataclass(frozen=True)
class _Split:
    """What the first records look like under one delimiter."""

    #: Cells of each record; the first is the header.
    counts: tuple[int, ...]
    stray_quotes: int
    spaced_cells: int

    @property
    def rank(self) -> tuple[float, ...]:
        """Order the candidates: the right one makes sense of quotes first of all.

        Then come records as wide as the header, then more columns, then fewer
        cells that begin with a space, as the second half of a sentence does.
        """
        steady = self.counts.count(self.counts[0]) / len(self.counts)
        return (-self.stray_quotes, steady, self.counts[0], -self.spaced_cells)


def find_delimiter(sample: str, *, complete: bool) -> str:
    """Return the delimiter of a text by its first records.

    `complete` says whether the sample is the whole text; otherwise its last record
    may be cut and is not looked at. A text of one column has a comma by default.
    """
    splits = {}
    for mark in DELIMITERS:
        split = _split(sample, mark, complete=complete)
        if split is None:
            return mark  # nothing but delimiters and blanks
        splits[mark] = split
    several = [mark for mark, split in splits.items() if split.counts[0] > 1]
    if several:
        return max(several, key=lambda mark: splits[mark].rank)
    whole = (mark for mark, split in splits.items() if max(split.counts) == 1)
    return next(whole, ",")


def _split(sample: str, delimiter: str, *, complete: bool) -> _Split | None:
    records = []
    for cells in csv.reader(StringIO(sample, newline=""), delimiter=delimiter):
        if any(cell.strip() for cell in cells):
            records.append(cells)
        if len(records) > _RECORDS_LOOKED_AT:
            break
    if len(records) > 1 and not complete:
        records.pop()
    if not records:
        return None
    return _Split(
        counts=tuple(len(cells) for cells in records),
        stray_quotes=_count_stray_quotes(sample, delimiter),
        spaced_cells=sum(c.startswith(" ") for cells in records for c in cells),
    )


def _count_stray_quotes(sample: str, delimiter: str) -> int:
    """Count the quotation marks that do not enclose a whole cell."""
    edge = re.escape(delimiter)
    quoted_cell = rf'(?<![^{edge}\r\n])"(?:[^"]|"")*+"(?![^{edge}\r\n])'
    return re.sub(quoted_cell, "", sample).count('"')
