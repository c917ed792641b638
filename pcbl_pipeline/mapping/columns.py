"""Columns: which mapping fits a table's headers, and which column each value takes.

Headers are compared as everywhere: up to case, spaces and punctuation. What does not
belong here: the cells below them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pcbl_pipeline.contracts.source import SourceMapping, ValueSource
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.reading.tables import TextTable


@dataclass(frozen=True)
class Groups:
    """One column that is turned into rows: what its header says."""

    named: Mapping[str, str]

    def fill(self, header: str) -> str:
        """Put what the header says into another header."""
        for name, text in self.named.items():
            header = header.replace("{" + name + "}", text)
        return header


@dataclass(frozen=True, eq=False)
class Columns:
    """A table's columns by header."""

    by_key: Mapping[str, str]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, table: TextTable) -> "Columns":
        """Index a table; of two columns with one header the first counts."""
        pairs = list(zip(table.headers, table.columns, strict=True))
        return cls(
            {
                header_key(header): column
                for header, column in reversed(pairs)
                if header
            },
            {column: header for header, column in pairs},
        )

    def find(self, header: str, groups: Groups) -> str | None:
        """Return the frame column of a header."""
        return self.by_key.get(header_key(groups.fill(header)))

    def first(self, value: ValueSource, groups: Groups) -> str | None:
        """Return the column that a value is foremost made from."""
        found = (self.find(header, groups) for header in value.headers)
        return next((column for column in found if column is not None), None)


def fitting(
    headers: Sequence[str], sources: Iterable[SourceMapping]
) -> SourceMapping | None:
    """Return the mapping whose signs a table bears; the one that asks for most."""
    keys = {header_key(header) for header in headers}
    found = [item for item in sources if _fits(keys, item)]
    return max(found, key=lambda item: len(item.signs.all), default=None)


def missing_signs(headers: Sequence[str], source: SourceMapping) -> list[str]:
    """Return the headers by which an export is known that a table lacks."""
    keys = {header_key(header) for header in headers}
    return [header for header in source.signs.all if header_key(header) not in keys]


def _fits(keys: set[str], source: SourceMapping) -> bool:
    signs = source.signs
    return (
        all(header_key(header) in keys for header in signs.all)
        and (not signs.any or any(header_key(header) in keys for header in signs.any))
        and not any(header_key(header) in keys for header in signs.none)
    )


def groups_of(source: SourceMapping, headers: Sequence[str]) -> list[Groups]:
    """Return what is turned into rows, in the order of the columns."""
    if source.unpivot is None:
        return [Groups({})]
    pattern = re.compile(source.unpivot.headers, re.IGNORECASE)
    left_out = {header_key(header) for header in source.unpivot.leave_out}
    found = {
        tuple(match.groupdict(default="").items()): None
        for header in headers
        if header_key(header) not in left_out
        and (match := pattern.fullmatch(header)) is not None
    }
    return [Groups(dict(items)) for items in found]


def used_columns(
    source: SourceMapping, columns: Columns, groups: Iterable[Groups]
) -> set[str]:
    """Return the frame columns that some value is made from."""
    return {
        column
        for group in groups
        for value in source.values
        for header in value.headers
        if (column := columns.find(header, group)) is not None
    }


def is_dropped(source: SourceMapping, header: str) -> bool:
    """Tell whether a mapping leaves a column out on purpose."""
    return any(
        re.fullmatch(
            re.escape(pattern).replace(r"\*", ".*"), header, re.IGNORECASE | re.DOTALL
        )
        for pattern in source.drop
    )
