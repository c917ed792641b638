"""Profile: what the columns of a file look like, for a draft of a mapping.

Looks at the first rows alone. What does not belong here: what the columns are used for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pcbl_pipeline.mapping.identifiers import Identifier, header_words, named_by
from pcbl_pipeline.mapping.identifying_values import find_identifying
from pcbl_pipeline.reading.tables import TextTable

_ROWS_LOOKED_AT = 2_000
#: A column of codes or levels has few values, however long the file.
_FEW = 20
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})( .*)?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ,]{1,2}(\d{4}|\d{2})|[A-Za-z]{3,9}\.? \d{1,2}, ?\d{4}"
)
_YEAR = re.compile(r"(?:.*[^0-9])?(?:20)?(\d\d) ?[-/] ?(?:20)?(\d\d)(?:[^0-9].*)?")
_ONE_YEAR = re.compile(r"20\d\d(\.0)?")
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+ ?%?")
_ID = r"^[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*$"
_HALF = re.compile(r"[1-3]\.50?")
_GRADE = re.compile(
    r"(grade )?(pk|k|kg|tk|0?[1-9]|1[0-2]|kindergarten|pre-?k)(st|nd|rd|th)?( grade)?",
    re.IGNORECASE,
)
#: Words by which levels of mastery are told, from the lowest to the highest.
LEVEL_WORDS: tuple[tuple[str, str], ...] = (
    (r"^(at|mid|on) ?(/|or) ?above", "3"),
    (r"not meet|does not", "1"),
    (r"not (yet|met|proficient|started|evident)|no evidence|novice|emerging", "1"),
    (r"^(attempted|remediation.*)$", "1"),
    (r"^familiar$", "2"),
    (r"(well|far|3|two|2|three) (or more )?.*below|beginning|minimal|unsatisf", "1"),
    (r"^(low|red|below basic|intervention|urgent.*)$", "1"),
    (r"below|approach|partial|developing|progress|nearly|basic|loavg|near", "2"),
    (r"^early on|watch", "2"),
    (r"exceed|above (bench|grade|stand|prof)|advanced|exemplary|distinguish", "4"),
    (r"^(high|extending|innovating)$", "4"),
    (
        r"at (bench|grade)|^on (grade|target|track|level|stand)|meet|^met|proficient|secure|master|mid or above",
        "3",
    ),
    (r"accomplished|satisf|competent|applying|^(avg|hiavg)$|on or above", "3"),
)
_NOTHING = re.compile(
    r"not (assessed|tested|provided|given|scored)|n/?a|absent|exempt|none|discontinue|-*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Profile:
    """One column: its header, its first values, and what both suggest."""

    header: str
    words: tuple[str, ...]
    #: Different values, the most frequent first; empty where they may name people.
    values: tuple[str, ...]
    distinct: int
    given: int
    identifier: Identifier | None
    #: In how many rows each of the values stands.
    counts: tuple[int, ...] = ()

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return which share of the different values fits a pattern as a whole."""
        if not self.values:
            return 0.0
        return sum(bool(pattern.fullmatch(v)) for v in self.values) / len(self.values)

    @property
    def is_date(self) -> bool:
        """Whether nearly all values are dates."""
        return self.share(_DATE) > 0.9

    @property
    def is_school_year(self) -> bool:
        """Whether nearly all values name a school year."""
        years = [_YEAR.fullmatch(value) for value in self.values]
        told = [y for y in years if y and (int(y[2]) - int(y[1])) % 100 == 1]
        return bool(told) and len(told) > 0.9 * len(years) and not self.is_date

    @property
    def is_one_year(self) -> bool:
        """Whether nearly all values are a year of four digits."""
        return self.share(_ONE_YEAR) > 0.9

    @property
    def is_number(self) -> bool:
        """Whether nearly all values are numbers."""
        return self.share(_NUMBER) > 0.9

    @property
    def is_grade(self) -> bool:
        """Whether nearly all values are grades."""
        return self.share(_GRADE) > 0.9

    @property
    def levels(self) -> dict[str, str | None]:
        """Value → level, None where no word tells it."""
        if not 0 < self.distinct <= _FEW:
            return {}
        return {value: level_of(value) for value in sorted(self.values)}

    @property
    def level_share(self) -> float:
        """Return for which share of its values, or of its rows, a level is told.

        Half steps between levels count, and a few marks such as `IE` hide no scale.
        """
        levels = self.levels
        rows = dict(zip(self.values, self.counts or [1] * len(levels), strict=False))
        real = [value for value in levels if not is_nothing(value)]
        told = [v for v in real if levels[v] is not None or _HALF.fullmatch(v)]
        if not real:
            return 0.0
        of_rows = sum(rows[value] for value in told) / sum(rows[v] for v in real)
        return max(len(told) / len(real), of_rows if len(told) > 1 else 0.0)


def level_of(value: str) -> str | None:
    """Return the level that a value tells by its words, if it does."""
    text = value.strip().casefold()
    number = re.fullmatch(r"(?:level )?([1-4])(?:\.0+)?", text)
    if number:
        return number.group(1)
    if is_nothing(value):
        return None
    return next((level for words, level in LEVEL_WORDS if re.search(words, text)), None)


def is_nothing(value: str) -> bool:
    """Tell whether a value says that nothing was measured."""
    return _NOTHING.fullmatch(value.strip()) is not None


def profile(table: TextTable) -> list[Profile]:
    """Profile every column that has a header, in the file's order."""
    rows = table.rows.head(_ROWS_LOOKED_AT).collect(engine="streaming")
    named = {
        column: header
        for column, header in zip(table.columns, table.headers, strict=True)
        if header
    }
    learner = _learner_column(rows, named)
    by_value = find_identifying(rows.lazy(), named, learner=learner, ids=False)
    found = []
    for column, header in named.items():
        cells = rows[column].drop_nulls()
        kind = _kind_of(header, cells) or by_value.get(column, (None, 0))[0]
        counted = cells.value_counts(sort=True)
        shown = counted.head(0 if kind else _FEW * 5)
        found.append(
            Profile(
                header,
                tuple(header_words(header)),
                tuple(shown[column]),
                counted.height,
                len(cells),
                kind,
                tuple(shown["count"]),
            )
        )
    return found


def _kind_of(header: str, cells: pl.Series) -> Identifier | None:
    """Return what a header names; `Learner` alone may be over ids as well as names."""
    kind = named_by(header)
    if kind is not Identifier.NAME or {"name", "names"} & set(header_words(header)):
        return kind
    if not len(cells) or not cells.str.contains(_ID).all():
        return kind
    is_staff = named_by(f"{header} ID") is Identifier.STAFF_ID
    return Identifier.STAFF_ID if is_staff else Identifier.STUDENT_ID


def _learner_column(rows: pl.DataFrame, named: dict[str, str]) -> str | None:
    given = {column: rows[column].drop_nulls() for column in named}
    ids = [
        column
        for column, header in named.items()
        if given[column].len()
        and _kind_of(header, given[column]) is Identifier.STUDENT_ID
    ]
    return max(ids, key=lambda c: rows[c].n_unique(), default=None)


def with_words(profiles: Iterable[Profile], *words: str) -> list[Profile]:
    """Return the columns whose header has one of some words."""
    wanted = set(words)
    return [item for item in profiles if wanted & set(item.words)]
