"""The header: which of a table's first records name the columns.

A title, the day of an export or a group of columns may stand above the names, and a
row of units or of remarks below them. Words that the contracts know decide where they
can, else the shape of the records does. What does not belong here: rows further down
(`margins`), and which column is which field (`headers`, `recognise`).
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.template_guide import example_cell
from pcbl_pipeline.reading.headers import header_key

#: Row number, and stripped cells with None where blank.
Record = tuple[int, list[str | None]]
Cells = Sequence[str | None]

#: The header is looked for in this many records that are not blank.
RECORDS_LOOKED_AT = 50

#: Fewer known words than this may stand in any sentence.
_ENOUGH_WORDS = 2

#: A longer text is no name of a column.
_LONGEST_WORDS = 80

#: A longer text is no remark about a column, and would take long to look at.
_LONGEST_REMARK = 500

#: Tables narrower than this look like their own titles.
_NARROW = 3

#: A text that is a value and names no column: a number, a date, an id, an address.
#: A bare year is none: many tables have a column per year.
_VALUE = re.compile(
    r"(?!(?:19|20)[0-9]{2}$)[-+$€£(]{0,2}[0-9][0-9.,:/ TZ%)-]*|\S+@\S+\.\w+|https?://\S+"
)

#: What templates write below a column's name: unit, form, or whether it is needed.
_REMARK = re.compile(
    r"""\(.*[^\W\d].*\)|\[.*[^\W\d].*\]|<.*>|\(?[%$]\)?|\(\#\)
    |:?-{2,}:?|={2,}
    |(?:(?:required|optional|recommended|mandatory|conditional)\b.*)
    |(?:text|string|varchar|char|numeric|number|integer|int|decimal|float|date|datetime
       |boolean|bool|code|codes|list)(?:\s*\(.*\)|\s*[<>=]+\s*[0-9]+|[0-9]*)
    |[dmy]{2,4}[-/.][dmy]{2,4}(?:[-/.][dmy]{2,4})?
    |hours?|minutes?|days?|weeks?|months?|years?|persons?|people|students?|count
    |headcount|percent|usd|us\ dollars|dollars|e\.g\..*|for\ example.*|format:.*
    |units?:.*|max\.?\ .*|at\ most\ .*""",
    re.IGNORECASE | re.VERBOSE,
)
#: This share of a row of remarks must look like one.
_MOSTLY = 0.8


@dataclass(frozen=True)
class HeaderWords:
    """What the contracts call their columns, each text as its `header_key`."""

    headers: frozenset[str] = frozenset()
    #: What they say about them.
    remarks: frozenset[str] = frozenset()
    #: What the templates show below them.
    examples: frozenset[str] = frozenset()


NO_WORDS = HeaderWords()


@dataclass(frozen=True)
class Header:
    """A table's column names, and the records around them that are not data."""

    #: The row of the column names; the last one if they stand in several.
    row: int
    #: As wide as the widest record of the header, "" where blank.
    cells: tuple[str, ...]
    #: Every record that is part of it, as it stands.
    parts: tuple[Record, ...]
    #: Records above it that are not blank and were left out.
    above: tuple[Record, ...] = ()
    #: Rows below it that say something about the columns and were left out.
    remarks: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the column names."""
        return tuple(number for number, _ in self.parts)


@lru_cache(maxsize=4)
def known_words(catalogue: Catalogue) -> HeaderWords:
    """Return the names, titles and synonyms of all fields, and their descriptions."""
    fields = [item for c in catalogue.contracts.values() for item in c.fields]
    return HeaderWords(
        headers=frozenset(
            header_key(text)
            for item in fields
            for text in (item.name, item.title, *item.synonyms)
        ),
        remarks=frozenset(header_key(item.description) for item in fields),
        # A template that is filled in may be of an earlier version.
        examples=frozenset(
            header_key(example_cell(item))
            for contract in catalogue.every_version
            for item in contract.fields
        ),
    )


def find_header(records: Sequence[Record], known: HeaderWords = NO_WORDS) -> Header:
    """Find the header in the first records of a table, of which none is blank.

    Raises:
        ValueError: If there is no record.
    """
    if not records:
        raise ValueError("a table without records has no header")
    return _Search(records, known).find()


def count_known(cells: Cells, known: HeaderWords) -> int:
    """Count the different cells that are words of the contracts' headers."""
    words = known.headers
    if not words:
        return 0
    short = {cell for cell in cells if cell and len(cell) <= _LONGEST_WORDS}
    return len(words & {header_key(cell) for cell in short})


def count_filled(cells: Cells) -> int:
    """Count the cells that are not blank."""
    return sum(cell is not None for cell in cells)


def looks_like_value(text: str) -> bool:
    """Tell whether a text is a number, a date or an address, and so names no column."""
    return _VALUE.fullmatch(text) is not None


def are_labels(cells: Cells) -> bool:
    """Tell whether most cells of a record could be names of columns."""
    texts = [cell for cell in cells if cell]
    return sum(map(looks_like_value, texts)) * 3 <= len(texts)


class _Search:
    """One search for a header."""

    def __init__(self, records: Sequence[Record], known: HeaderWords) -> None:
        self._records = records[:RECORDS_LOOKED_AT]
        self._cells = [cells for _, cells in self._records]
        self._known = known
        self._words = [self._count_known(cells) for cells in self._cells]
        self._filled = [count_filled(cells) for cells in self._cells]

    def find(self) -> Header:
        """Find the header by known words, else by shape."""
        position, cells, size = self._by_words() or self._by_shape()
        end = position + size
        return Header(
            row=self._records[end - 1][0],
            cells=tuple(cell or "" for cell in cells),
            parts=tuple(self._records[position:end]),
            above=tuple(self._records[:position]),
            remarks=self._remarks_from(end),
        )

    def _count_known(self, cells: Cells) -> int:
        return count_known(cells, self._known)

    def _by_words(self) -> tuple[int, Cells, int] | None:
        """Return position, cells and number of records of the header."""
        best = max(self._words)
        joined = self._best_joined()
        if joined is not None and joined[0] > max(best, _ENOUGH_WORDS):
            return joined[1:]
        position = self._words.index(best)
        if best < _ENOUGH_WORDS or best * 3 < self._filled[position]:
            return None
        return self._with_group(position)

    def _best_joined(self) -> tuple[int, int, Cells, int] | None:
        """Return the two records that make most known words when put together."""
        if not self._known.headers:
            return None
        found = [
            (self._count_known(cells), -position, cells)
            for position in range(len(self._records) - 1)
            if self._is_followed(position)
            for join in (_join_lines, _join_group)
            for cells in [join(self._cells[position], self._cells[position + 1])]
        ]
        if not found:
            return None
        words, negative, cells = max(found, key=lambda item: item[:2])
        return words, -negative, cells, 2

    def _by_shape(self) -> tuple[int, Cells, int]:
        position = self._first_wide()
        if self._is_group_above_labels(position):
            position += 1
        return self._with_group(position)

    def _first_wide(self) -> int:
        """Return the first record that is not far narrower than most of them.

        It is not taken if it holds values, and the first record could be names.
        """
        typical = _most_usual(self._filled)
        position = next(i for i, n in enumerate(self._filled) if n * 2 > typical)
        if typical < _NARROW and (not position or self._is_followed(position - 1)):
            return 0
        could_be_names = self._filled[0] > 1 and are_labels(self._cells[0])
        if could_be_names and not are_labels(self._cells[position]):
            return 0
        return position

    def _is_group_above_labels(self, position: int) -> bool:
        """Tell whether a record repeats words, as groups of columns do, over names."""
        group = self._cells[position]
        return (
            _has_duplicates(group)
            and self._is_followed(position)
            and are_labels(names := self._cells[position + 1])
            and not _has_duplicates(_join_group(group, names))
            and self._stands_on_values(position + 1)
        )

    def _with_group(self, position: int) -> tuple[int, Cells, int]:
        """Put the groups of columns before names that are not unique without them."""
        cells = self._cells[position]
        if position and self._is_followed(position - 1) and _has_duplicates(cells):
            joined = _join_group(self._cells[position - 1], cells)
            loses_words = self._count_known(joined) < self._words[position]
            is_group = self._filled[position - 1] > 1 and not loses_words
            if is_group and not _has_duplicates(joined):
                return position - 1, joined, 2
        return position, cells, 1

    def _is_followed(self, position: int) -> bool:
        """Tell whether the next record stands in the very next row."""
        if position + 1 >= len(self._records):
            return False
        return self._records[position + 1][0] == self._records[position][0] + 1

    def _stands_on_values(self, position: int) -> bool:
        """Tell whether some column holds values below a record that has none there."""
        below = self._cells[position + 1 :]
        return bool(below) and any(
            cell is not None
            and not looks_like_value(cell)
            and all(i < len(c) and looks_like_value(c[i] or "") for c in below)
            for i, cell in enumerate(self._cells[position])
        )

    def _remarks_from(self, position: int) -> tuple[int, ...]:
        """Return the rows of remarks that stand right below the header."""
        rows: list[int] = []
        while (
            position + 1 < len(self._records)
            and self._is_followed(position - 1)
            and self._are_remarks(position)
        ):
            rows.append(self._records[position][0])
            position += 1
        return tuple(rows)

    def _are_remarks(self, position: int) -> bool:
        texts = [cell for cell in self._cells[position] if cell is not None]
        if len(texts) < _ENOUGH_WORDS or max(map(len, texts)) > _LONGEST_REMARK:
            return False
        tests: tuple[Callable[[str], bool], ...] = (
            lambda text: header_key(text) in self._known.headers,
            lambda text: header_key(text) in self._known.remarks,
            lambda text: _REMARK.fullmatch(text) is not None,
        )
        return any(
            sum(map(test, texts)) >= max(_MOSTLY * len(texts), _ENOUGH_WORDS)
            for test in tests
        )


def _has_duplicates(cells: Cells) -> bool:
    texts = [cell for cell in cells if cell is not None]
    return len(set(texts)) < len(texts)


def _join_lines(upper: Cells, lower: Cells) -> Cells:
    """Join names that are broken over two lines."""
    width = max(len(upper), len(lower))
    pairs = zip(_widen(upper, width), _widen(lower, width), strict=True)
    return [" ".join(filter(None, pair)) or None for pair in pairs]


def _join_group(upper: Cells, lower: Cells) -> Cells:
    """Put the name of a group before each of its columns; it stands at the first."""
    width = max(len(upper), len(lower))
    group: str | None = None
    filled: list[str | None] = []
    for cell in _widen(upper, width):
        group = cell or group
        filled.append(group)
    return [
        " ".join(filter(None, (above, name))) if name else None
        for above, name in zip(filled, _widen(lower, width), strict=True)
    ]


def _widen(cells: Cells, width: int) -> list[str | None]:
    return [*cells, *[None] * (width - len(cells))]


def _most_usual(counts: Sequence[int]) -> int:
    """Return the count that occurs most often; of several, the largest."""
    times = Counter(counts)
    return max(times, key=lambda count: (times[count], count))
