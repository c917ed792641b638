"""The dialect: how the cells of a delimited text are separated and quoted.

An own rule over the first records, because guesses by letter frequency are wrong
on prose. Words that the contracts know decide, then what makes sense of the quotation
marks. What does not belong here: encodings, and reading the whole text.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from itertools import islice

from pcbl_pipeline.reading.formula_texts import (
    holds_formula_texts,
    text_of_formula,
    without_formulas,
)
from pcbl_pipeline.reading.header import (
    NO_WORDS,
    Header,
    HeaderWords,
    are_labels,
    count_known,
    find_header,
)
from pcbl_pipeline.reading.tables import clean_cell

#: Delimiter → its name in a sentence, most usual first.
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
#: These stand in any text, so that it takes proof to make one of them a delimiter.
RARE_DELIMITERS = {":": "colons", "^": "carets", "~": "tildes", " ": "spaces"}

_RECORDS_LOOKED_AT = 200
#: Two known words may stand in any sentence, and so may two of the same sign.
_ENOUGH_WORDS = 3
#: Cells in single quotation marks that are no accident.
_ENOUGH_QUOTED = 4

#: Known words may prove any other sign but those that stand within words and texts.
_NO_DELIMITERS = {*DELIMITERS, *RARE_DELIMITERS, *"_-.'\"()\r\n\v\f\xa0"}
#: They are looked for in the first lines, the most frequent signs first.
_CHARACTERS_LOOKED_AT, _LINES_LOOKED_AT, _SIGNS_LOOKED_AT = 20_000, 10, 5

#: The first line that some programs write to tell a spreadsheet the delimiter.
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?[ ,;\t|]*(?:\r\n|\r|\n)", re.IGNORECASE)
_ESCAPED_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and quoted."""

    delimiter: str = ","
    quote: str = '"'
    #: Whether blanks stand between a delimiter and an opening quotation mark.
    is_spaced: bool = False
    #: Whether a quotation mark inside a cell is written with a backslash.
    has_backslashes: bool = False
    #: Whether every row as a whole is in quotation marks, its own ones doubled.
    is_wrapped: bool = False
    #: Whether the first line only names the delimiter.
    has_separator_line: bool = False
    #: Whether cells are written as formulas, `="007"`, so that they stay texts.
    has_formula_texts: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the text can be read without looking at its lines first."""
        return not (
            self.is_spaced
            or self.has_backslashes
            or self.is_wrapped
            or self.has_separator_line
            or self.has_formula_texts
            or not self.delimiter.isascii()
        )

    def read(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Yield the cells of each record, by Python's csv module."""
        if self.has_backslashes:
            lines = (_ESCAPED_QUOTE.sub(r'\1""', line) for line in lines)
        if self.has_formula_texts:
            lines = without_formulas(lines, self.delimiter)
        records: Iterable[list[str]] = csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            skipinitialspace=self.is_spaced,
        )
        if self.has_formula_texts:
            records = ([text_of_formula(cell) for cell in cells] for cells in records)
        if not self.is_wrapped:
            yield from records
            return
        for cells in records:
            whole = StringIO(self.delimiter.join(cells), newline="")
            yield next(csv.reader(whole, delimiter=self.delimiter), [])

    def holds_rows(self, cell: str) -> bool:
        """Tell whether a cell is rows that a misplaced quotation mark has swallowed."""
        return "\n" in cell and cell.count(self.delimiter) >= _ENOUGH_WORDS

    def sentences(self) -> Iterator[str]:
        """Say what was assumed, beyond quotation marks as everybody writes them."""
        yield f"Cells are separated by {_name_of(self.delimiter)}."
        if self.has_separator_line:
            yield "Row 1 only says so, and was left out."
        if self.quote == "'":
            yield "Single quotation marks stand around cells."
        if self.has_backslashes:
            yield "Quotation marks inside cells have a backslash."
        if self.has_formula_texts:
            yield 'Cells such as ="007" were read as the text in them.'
        if self.is_wrapped:
            yield "Each row as a whole stands in quotation marks."


def _name_of(delimiter: str) -> str:
    names = DELIMITERS | RARE_DELIMITERS
    if delimiter in names:
        return names[delimiter]
    shown = delimiter if delimiter.isprintable() else f"U+{ord(delimiter):04X}"
    return f"the sign {shown}"


@dataclass(frozen=True)
class _Split:
    """What the first records look like in one dialect."""

    dialect: Dialect
    header: Header
    #: Cells of each record, those above the header included; blank ones that stand
    #: beyond the header do not count.
    counts: tuple[int, ...]
    known: int
    stray_quotes: int
    spaced_cells: int

    @property
    def width(self) -> int:
        return len(self.header.cells)

    @property
    def steady(self) -> float:
        return self.counts.count(self.width) / len(self.counts)

    @property
    def is_proven(self) -> bool:
        """Whether the dialect is right, though hardly anybody writes it."""
        is_even = self.steady == 1 and self.width >= _ENOUGH_WORDS
        is_table = is_even and len(self.counts) >= _ENOUGH_WORDS
        return self.known >= _ENOUGH_WORDS or (
            is_table and self.stray_quotes == 0 and are_labels(self.header.cells)
        )

    @property
    def rank(self) -> tuple[float, ...]:
        """Order the candidates: the right one has known words, and explains quotes.

        Then come no values for a header below other records, records as wide as the
        header, then more columns, then fewer cells that begin with a space, as the
        second half of a sentence does.
        """
        known = self.known if self.known >= _ENOUGH_WORDS else 0
        return (
            known,
            -self.stray_quotes,
            not self.header.above or are_labels(self.header.cells),
            self.steady,
            self.width,
            -self.spaced_cells,
        )


def find_dialect(
    sample: str, *, complete: bool, known: HeaderWords = NO_WORDS
) -> Dialect:
    """Return the dialect of a text by its first records.

    `complete` says whether the sample is the whole text; otherwise its last record
    may be cut and is not looked at. A text of one column has a comma by default.
    """
    line = _SEPARATOR_LINE.match(sample)
    rest = sample[line.end() :] if line else sample
    search = _Search(rest, known, complete=complete)
    named = line is not None and line[1] in DELIMITERS | RARE_DELIMITERS
    dialect = search.find([line[1]] if line and named else list(DELIMITERS))
    return replace(
        dialect,
        has_separator_line=line is not None,
        has_formula_texts=holds_formula_texts(rest, dialect.delimiter),
    )


class _Search:
    """One search for a dialect."""

    def __init__(self, sample: str, known: HeaderWords, *, complete: bool) -> None:
        self._sample = sample
        self._complete = complete
        self._known = known

    def find(self, marks: Sequence[str]) -> Dialect:
        """Find the dialect with one of some delimiters."""
        splits = []
        for mark in marks:
            split = self._best_style(mark)
            if split is None:
                return Dialect(mark)  # nothing but delimiters and blanks
            splits.append(split)
        several = [split for split in splits if split.width > 1]
        best = max(several, key=lambda split: split.rank, default=None)
        if best is None or best.known < _ENOUGH_WORDS:
            best = self._find_unusual(best) or best
        if best is not None:
            return best.dialect
        whole = (split.dialect for split in splits if max(split.counts) == 1)
        return next(whole, Dialect(marks[0]))

    def _find_unusual(self, usual: _Split | None) -> _Split | None:
        """Return a split in a dialect that is taken only if there is proof of it.

        Where a usual one splits the text too, only known words are proof.
        """
        dialects = [Dialect(mark) for mark in RARE_DELIMITERS]
        others = [Dialect(mark) for mark in self._other_signs()]
        if usual is None:
            dialects += [Dialect(mark, is_wrapped=True) for mark in DELIMITERS]
        splits = [split for item in dialects if (split := self._split(item))]
        proven = [
            split
            for split in splits
            if (split.is_proven if usual is None else split.known >= _ENOUGH_WORDS)
        ]
        if not proven:
            found = [split for item in others if (split := self._split(item))]
            proven = [split for split in found if split.known >= _ENOUGH_WORDS]
        return max(proven, key=lambda split: split.rank, default=None)

    def _other_signs(self) -> list[str]:
        """Return the signs of the first lines that might separate known words."""
        if not self._known.headers:
            return []
        lines = re.split("[\r\n]+", self._sample[:_CHARACTERS_LOOKED_AT])
        counted = Counter(
            sign
            for line in lines[:_LINES_LOOKED_AT]
            for sign in line
            if not sign.isalnum() and sign not in _NO_DELIMITERS
        )
        return [sign for sign, _ in counted.most_common(_SIGNS_LOOKED_AT)]

    def _best_style(self, mark: str) -> _Split | None:
        """Return the split with the style of quotation marks that explains most."""
        plain = self._split(Dialect(mark))
        if plain is None:
            return None
        styles = []
        if plain.stray_quotes:
            styles += [
                Dialect(mark, is_spaced=True),
                Dialect(mark, has_backslashes=True),
            ]
        if self._has_single_quotes(mark):
            styles.append(Dialect(mark, quote="'"))
        splits = [plain, *(self._split(style) for style in styles)]
        return max(
            (split for split in splits if split is not None),
            key=lambda s: (s.known, -s.stray_quotes, s.steady, s.dialect.quote == "'"),
        )

    def _has_single_quotes(self, mark: str) -> bool:
        edge = re.escape(mark)
        opened = rf"(?<![^{edge}\r\n])'"
        enclosed = rf"{opened}(?:[^']|'')*+'(?![^{edge}\r\n])"
        whole = len(re.findall(enclosed, self._sample))
        rest = len(re.findall(opened, re.sub(enclosed, "", self._sample)))
        return whole >= _ENOUGH_QUOTED and rest * 10 <= whole

    def _split(self, dialect: Dialect) -> _Split | None:
        records = self._records(dialect)
        if not records:
            return None
        cleaned = [(n, [clean_cell(c) for c in cells]) for n, cells in records]
        header = find_header(cleaned, self._known)
        return _Split(
            dialect=dialect,
            header=header,
            counts=tuple(_count(cells, len(header.cells)) for _, cells in records),
            known=count_known(header.cells, self._known),
            stray_quotes=self._count_stray_quotes(dialect),
            spaced_cells=sum(c.startswith(" ") for _, cells in records for c in cells),
        )

    def _records(self, dialect: Dialect) -> list[tuple[int, list[str]]]:
        lines = StringIO(self._sample, newline="")
        records = list(
            islice(
                (
                    (number, cells)
                    for number, cells in enumerate(dialect.read(lines), 1)
                    if any(map(clean_cell, cells))
                ),
                _RECORDS_LOOKED_AT + 1,
            )
        )
        if len(records) > 1 and not self._complete:
            records.pop()
        return records

    def _count_stray_quotes(self, dialect: Dialect) -> int:
        """Count the quotation marks that do not enclose a whole cell."""
        if dialect.quote != '"':
            return 0
        text = self._sample
        if dialect.has_backslashes:
            text = _ESCAPED_QUOTE.sub(r'\1""', text)
        edge = re.escape(dialect.delimiter)
        blanks = " *" if dialect.is_spaced else ""
        quoted_cell = (
            rf'(?:^|(?<=[{edge}\r\n])){blanks}"(?:[^"]|"")*+"{blanks}'
            rf"(?![^{edge}\r\n])"
        )
        return re.sub(quoted_cell, "", text).count('"')


def _count(cells: Sequence[str], width: int) -> int:
    """Count cells; blank ones beyond a width do not count."""
    count = len(cells)
    while count > width and clean_cell(cells[count - 1]) is None:
        count -= 1
    return count
