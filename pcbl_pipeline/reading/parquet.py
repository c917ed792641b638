"""Parquet: one table with named columns, each value as the text one would type.

Read in place and only when it is needed. A few bytes can stand for a billion equal
rows, so a file is measured before it is taken. What does not belong here: JSON,
whose records become a table in the same way.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import polars as pl
from polars.datatypes import DataTypeClass
from polars.exceptions import PolarsError

from pcbl_pipeline.reading.guard import GaveUp, guarded
from pcbl_pipeline.reading.record_table import nested_finding
from pcbl_pipeline.reading.refusal import (
    LONGEST_CELL,
    MAX_CHARACTERS,
    MAX_DEPTH,
    Unreadable,
    check_extent,
    refusal_of,
    too_large,
)
from pcbl_pipeline.reading.tables import (
    ROW_NUMBER,
    ReadResult,
    TextTable,
    clean_cell,
    clean_cells,
    column_name,
)

T = TypeVar("T")

#: Whole numbers up to here are exact in a float, and written without a point.
_EXACT = 2**53
_READ_AS = ("Read as Parquet.", "Rows are counted by record; the first one is 1.")


def read_parquet(path: Path, file_name: str) -> ReadResult:
    """Read a Parquet file; what is wrong with it is in the findings."""
    try:
        return _read(path, file_name)
    except GaveUp:
        damaged = Unreadable("F103", inside="a damaged or unfinished Parquet file")
        return refusal_of(damaged, file_name)
    except Unreadable as reason:
        return refusal_of(reason, file_name)


def _read(path: Path, file_name: str) -> ReadResult:
    frame = _guarded(lambda: pl.scan_parquet(path, glob=False, hive_partitioning=False))
    schema = _guarded(frame.collect_schema)
    columns = [
        column for name, kind in schema.items() for column in leaves(name, kind, name)
    ]
    count: int = _guarded(lambda: frame.select(pl.len()).collect().item())
    check_extent(count, len(columns))
    texts = [(header, text) for header, text in columns if text is not None]
    if not texts:
        reason = "none of its columns holds plain values"
        raise Unreadable("F133", reason=reason)
    _measure(frame, [text for _, text in texts])
    names = tuple(column_name(position) for position in range(len(texts)))
    rows = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW_NUMBER),
        *[
            clean_cells(text).alias(n)
            for n, (_, text) in zip(names, texts, strict=True)
        ],
    ).filter(pl.any_horizontal(pl.col(names).is_not_null()))
    filled: int = _guarded(
        lambda: rows.select(pl.len()).collect(engine="streaming").item()
    )
    if not filled:
        raise Unreadable("F101")
    table = TextTable(
        sheet=None,
        header_row=None,
        headers=tuple(clean_cell(header) or "" for header, _ in texts),
        columns=names,
        rows=rows,
        row_count=filled,
        misshapen={},
        read_as=_READ_AS,
        file_name=file_name,
    )
    nested = (header for header, text in columns if text is None)
    findings = [nested_finding(file_name, None, name, times=count) for name in nested]
    return ReadResult((table,), tuple(findings))


def _guarded(call: Callable[[], T]) -> T:
    return guarded(call, PolarsError, OSError, ValueError, OverflowError)


def _measure(frame: pl.LazyFrame, texts: list[pl.Expr]) -> None:
    """Read every value once, so that nothing breaks or overflows later.

    Raises:
        Unreadable: If there is too much text.
    """
    sizes = [text.str.len_bytes() for text in texts]
    measures = frame.select(
        *[size.sum().cast(pl.UInt64).alias(f"sum{i}") for i, size in enumerate(sizes)],
        *[size.max().cast(pl.UInt64).alias(f"max{i}") for i, size in enumerate(sizes)],
    )
    row = _guarded(lambda: measures.collect(engine="streaming").row(0))
    total, longest = (
        sum(row[: len(texts)]),
        max(size or 0 for size in row[len(texts) :]),
    )
    if total > MAX_CHARACTERS or longest > LONGEST_CELL:
        raise too_large("there is too much text in it")


# ------------------------------------------------------------------ values as text


def leaves(
    header: str, kind: pl.DataType, column: str
) -> Iterator[tuple[str, pl.Expr | None]]:
    """Yield a column's headers and texts; what cannot be a cell has no text.

    A value within a struct gets a dotted header, as in JSON.
    """
    yield from _leaves(header, kind, pl.col(column), 0)


def _leaves(
    header: str, kind: pl.DataType, values: pl.Expr, depth: int
) -> Iterator[tuple[str, pl.Expr | None]]:
    if not isinstance(kind, pl.Struct) or depth == MAX_DEPTH:
        yield header, _text(values, kind)
        return
    for item in kind.fields:
        inner = values.struct.field(item.name)
        dotted = f"{header}.{item.name}"
        yield from _leaves(dotted, _instance(item.dtype), inner, depth + 1)


def _text(values: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    """Return values as the texts that one would type; None where they are no cells."""
    if isinstance(kind, pl.List):
        inner = _plain_text(pl.element(), _instance(kind.inner))
        if inner is None:
            return None
        return values.list.eval(inner).list.join(";", ignore_nulls=True)
    return _plain_text(values, kind)


def _plain_text(values: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    if kind.is_nested() or isinstance(kind, pl.Binary | pl.Object):
        return None
    if isinstance(kind, pl.Boolean):
        return pl.when(values).then(pl.lit("TRUE")).when(~values).then(pl.lit("FALSE"))
    if kind.is_float() or kind.is_decimal():
        return _number_text(values, kind)
    if isinstance(kind, pl.Datetime):
        return (
            values.dt.to_string("iso:strict")
            .str.replace(r"\.0+([+-]|$)", "$1")
            .str.replace(r"T00:00:00$", "")
        )
    return (
        _duration_text(values)
        if isinstance(kind, pl.Duration)
        else values.cast(pl.String)
    )


def _number_text(values: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Leave out what follows the point where it is nothing but zeros."""
    if kind.is_decimal():
        digits = values.cast(pl.String)
        return digits.str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")
    whole = values.is_finite() & (values == values.round()) & (values.abs() <= _EXACT)
    as_whole = pl.when(whole).then(values).cast(pl.Int64).cast(pl.String)
    return pl.coalesce(as_whole, values.cast(pl.String))


def _duration_text(values: pl.Expr) -> pl.Expr:
    seconds = values.dt.total_seconds()
    parts = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    hours, minutes, rest = [part.cast(pl.String) for part in parts]
    return pl.format("{}:{}:{}", hours, minutes.str.zfill(2), rest.str.zfill(2))


def _instance(kind: pl.DataType | DataTypeClass) -> pl.DataType:
    return kind if isinstance(kind, pl.DataType) else kind()
