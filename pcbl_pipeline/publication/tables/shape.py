"""What a published table is: named, typed columns with units and code lists."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class ColumnType(StrEnum):
    """What a column holds, by the names of the Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    #: Several texts; in a CSV file joined with `;`.
    LIST = "list"


_POLARS: dict[ColumnType, pl.DataType] = {
    ColumnType.STRING: pl.String(),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.NUMBER: pl.Float64(),
    ColumnType.BOOLEAN: pl.Boolean(),
    ColumnType.DATE: pl.Date(),
    ColumnType.LIST: pl.List(pl.String()),
}


@dataclass(frozen=True)
class Column:
    """One column of a published table. A nullable one is empty where not known."""

    name: str
    type: ColumnType
    nullable: bool = False
    unit: str | None = None
    code_list: str | None = None


@dataclass(frozen=True)
class Table:
    """A published table; `frame` is held to exactly these columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the table's columns in its order and types, and no others.

        Raises:
            polars.exceptions.PolarsError: If a column is missing or a value does not
                fit its type. That is a fault of ours, not of the data.
        """
        return frame.select(
            pl.col(column.name).cast(_POLARS[column.type]) for column in self.columns
        )

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(
            schema={column.name: _POLARS[column.type] for column in self.columns}
        )


#: The types by their names alone, for the lists of columns.
STRING, INTEGER, NUMBER, BOOLEAN, DATE, LIST = ColumnType
SHARE = "share, 0 to 1"
