"""The data files of an edition: each table as CSV, Parquet and JSON.

The same rows give the same bytes: no clock, no release number, no order of a hash.
What stands about the tables (data package, JSON Schema) is in `datapackage`.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Protocol

import polars as pl

from pcbl_pipeline.model.release import EditionName
from pcbl_pipeline.model.spreadsheet import inert
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.tables import (
    PUB1_GROUPS,
    PUB1_LESSONS,
    PUB2_MODES,
    PUB2_TOPICS,
    PUB2_UNMET,
    TABLES,
    Column,
    ColumnType,
    Table,
)

#: Version of the shape of the JSON files; a change that breaks readers raises it.
JSON_FORMAT = "1.0"
FOLDER = "data"


def data_files(content: EditionContent) -> dict[str, bytes]:
    """Return path → bytes of every data file, in path order.

    Shape: `data/<table>.csv`, `.json` and `.parquet` for each published table.
    """
    files: dict[str, bytes] = {}
    for table, frame in tables_of(content):
        stem = f"{FOLDER}/{table.name}"
        files[f"{stem}.csv"] = csv_bytes(table, frame)
        files[f"{stem}.json"] = json_bytes(table, frame, content)
        files[f"{stem}.parquet"] = parquet_bytes(frame)
    return dict(sorted(files.items()))


def tables_of(content: EditionContent) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Yield each published table with its rows, held to its columns and types."""
    years = content.assistance
    yield PUB1_GROUPS, PUB1_GROUPS.conform(content.lessons.groups)
    yield PUB1_LESSONS, PUB1_LESSONS.conform(content.lessons.lessons)
    yield PUB2_TOPICS, _by_year(PUB2_TOPICS, ((y.period, y.topics) for y in years))
    yield PUB2_UNMET, _by_year(PUB2_UNMET, ((y.period, y.unmet) for y in years))
    yield PUB2_MODES, _by_year(PUB2_MODES, ((y.period, y.modes) for y in years))
    for table in TABLES:
        if table.name in content.tables:
            yield table, table.conform(content.tables[table.name])


def csv_bytes(table: Table, frame: pl.DataFrame) -> bytes:
    r"""Write a table as RFC 4180 has it: UTF-8, commas, `\r\n`, a header row.

    A text that a spreadsheet would read as a formula gets an apostrophe in front;
    the JSON and Parquet files carry every text as it is.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writers = [_CELL_WRITERS[column.type] for column in table.columns]
    for row in frame.iter_rows():
        writer.writerow(
            "" if value is None else write(value)
            for write, value in zip(writers, row, strict=True)
        )
    return out.getvalue().encode()


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Write a table as Parquet with settings that are fixed here, not by a default."""
    out = io.BytesIO()
    frame.write_parquet(
        out,
        compression="zstd",
        compression_level=9,
        statistics=True,
        row_group_size=100_000,
        data_page_size=1024 * 1024,
    )
    return out.getvalue()


class Stated(Protocol):
    """What a JSON file says of the edition that it is in."""

    @property
    def edition(self) -> EditionName:
        """Whose edition it is."""

    @property
    def as_of(self) -> date:
        """The day up to which the data count."""

    @property
    def fictional(self) -> bool:
        """Whether the network is invented."""


def json_bytes(table: Table, frame: pl.DataFrame, content: Stated) -> bytes:
    """Write a table as one JSON object with its rows in the table's column order."""
    document = {
        "format": JSON_FORMAT,
        "table": table.name,
        "edition": content.edition,
        "as_of": content.as_of.isoformat(),
        "fictional": content.fictional,
        "rows": json_rows(table, frame),
    }
    return readable_json(document)


def json_rows(table: Table, frame: pl.DataFrame) -> list[dict[str, object]]:
    """Return a table's rows as its JSON file has them."""
    return [
        {
            column.name: _json_value(column, value)
            for column, value in zip(table.columns, row, strict=True)
        }
        for row in frame.iter_rows()
    ]


def readable_json(document: object) -> bytes:
    """Write JSON for people and programs: UTF-8, indented, keys as they come."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def _by_year(table: Table, years: Iterable[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    parts = [
        table.conform(frame.with_columns(pl.lit(period).alias("period")))
        for period, frame in years
    ]
    return pl.concat(parts) if parts else table.empty()


def _list_cell(items: Iterable[str]) -> str:
    return inert(";".join(items))


def _json_value(column: Column, value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if column.type is ColumnType.LIST and value is not None:
        return list(value)  # type: ignore[call-overload]
    return value


_CELL_WRITERS: dict[ColumnType, Callable[..., str]] = {
    ColumnType.STRING: inert,
    ColumnType.LIST: _list_cell,
    ColumnType.INTEGER: str,
    ColumnType.NUMBER: repr,
    ColumnType.BOOLEAN: lambda value: "true" if value else "false",
    ColumnType.DATE: date.isoformat,
}
