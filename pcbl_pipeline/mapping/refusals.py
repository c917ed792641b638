"""Refusals: why an export is not read by a mapping, although it bears its signs.

A column is missing, one names people and the mapping says nothing about it, or what
stands in a column that the mapping uses looks like names. What does not belong here:
tables in our own columns (`guard`).
"""

from collections.abc import Iterator

from pcbl_pipeline.contracts.contract import Contract, Presence
from pcbl_pipeline.contracts.source import SourceMapping, ValueSource
from pcbl_pipeline.mapping.columns import Columns, Groups, is_dropped, used_columns
from pcbl_pipeline.mapping.identifiers import Identifier, named_by
from pcbl_pipeline.mapping.identifying_values import find_identifying
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.tables import TextTable, cell_address


class Refusals:
    """Looks for what keeps one table from being read by one mapping."""

    def __init__(
        self,
        table: TextTable,
        contract: Contract,
        source: SourceMapping,
        columns: Columns,
        groups: tuple[Groups, ...],
    ) -> None:
        """Take the table with the mapping whose signs it bears."""
        self._table = table
        self._contract = contract
        self._source = source
        self._columns = columns
        self._groups = groups

    def find(self) -> list[FileFinding]:
        """Return every reason; cells are looked at only where headers give none."""
        found = [*self._lacking(), *self._unmapped_identifiers()]
        return found or list(self._names_in_use())

    def _lacking(self) -> Iterator[FileFinding]:
        """Name what the dataset must have and no column of the export gives."""
        lacking = [
            " or ".join(value.headers)
            for name, value in self._source.fields.items()
            if value.headers
            and self._contract.field(name).presence is Presence.REQUIRED
            and not all(self._columns.first(value, group) for group in self._groups)
        ]
        if not self._groups and self._source.unpivot:
            lacking = ["any column with results"]
        place = Place(sheet=self._table.sheet, row=self._table.header_row)
        for header in dict.fromkeys(lacking):
            details = {"title": self._source.title, "column": header}
            yield FileFinding(code="C226", place=place, details=details)

    def _unmapped_identifiers(self) -> Iterator[FileFinding]:
        """Name the columns that name people and that the mapping does not hash."""
        used = used_columns(self._source, self._columns, self._groups)
        for column, header in self._columns.headers.items():
            kind = named_by(header)
            if column in used or kind is None or is_dropped(self._source, header):
                continue
            yield self._finding("F150", column, kind)

    def _names_in_use(self) -> Iterator[FileFinding]:
        """Name the columns that are used as they stand and hold what names people."""
        open_values = [item for item in self._source.values if not item.is_hashed]
        looked_at = self._columns_of(open_values)
        learner = self._learner()
        found = find_identifying(
            self._table.rows, looked_at, learner=learner, ids=False
        )
        for column, (kind, count) in found.items():
            yield self._finding("F151", column, kind, count=f"{count:,}")

    def _columns_of(self, values: list[ValueSource]) -> list[str]:
        found = {
            self._columns.find(header, group)
            for value in values
            for header in value.headers
            for group in self._groups
        }
        return sorted(column for column in found if column is not None)

    def _learner(self) -> str | None:
        """Return the column by which learners are known."""
        hashed = [item for item in self._source.values if item.hash == "student"]
        found = (
            self._columns.first(value, group)
            for value in hashed
            for group in self._groups
        )
        return next((column for column in found if column is not None), None)

    def _finding(
        self, code: str, column: str, kind: Identifier, **more: str
    ) -> FileFinding:
        table = self._table
        place = Place(
            sheet=table.sheet,
            row=table.header_row,
            column=self._columns.headers[column],
            cell=cell_address(table, column, table.header_row),
        )
        details = {"where": table.where, "kind": kind.value, **more}
        return FileFinding(code=code, place=place, details=details)
