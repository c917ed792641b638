"""JSON: lists of records, lists of values by column, and records line by line.

Read in a stream, record by record. What does not belong here: laying the records
out as a table (`record_table`), and what a value within a record becomes (`json_shape`).
"""

import codecs
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from pathlib import Path, PurePath
from typing import BinaryIO

import ijson
import polars as pl

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.json_inside import as_record, find_inside, unwrap
from pcbl_pipeline.reading.json_shape import (
    Events,
    TooDeep,
    TwiceNamed,
    Value,
    flatten,
    from_events,
    pairs_to_object,
    plain_text,
    scalar,
)
from pcbl_pipeline.reading.record_table import RecordTable
from pcbl_pipeline.reading.refusal import (
    MAX_DEPTH,
    Unreadable,
    check_extent,
    refusal_of,
    refused,
    too_large,
)
from pcbl_pipeline.reading.tables import ReadResult, TextTable, describe_place
from pcbl_pipeline.reading.texts import decimal_text

_BOM = b"\xef\xbb\xbf"
_BROKEN, _NO_RECORDS, _UNEVEN = "F132", "F133", "F134"
#: What a list of records is called by programs that have no name for it.
_WRAPPERS = {"", "data", "records", "rows", "items", "results", "value", "values"}
#: A longer line is no record, and is not taken into memory.
_LONGEST_LINE_BYTES = 10_000_000
_BLOCK_BYTES = 1_000_000
_COLUMN_BLOCK = 100_000
_NAMES_SAID = 5


def read_json(path: Path, file_name: str) -> ReadResult:
    """Read a JSON file of either form; what is wrong with it is in the findings."""
    by_line = _is_by_line(path, alone=PurePath(file_name).suffix.lower() != ".json")
    document = _Document()
    try:
        with path.open("rb") as file, _faults(document, path):
            _skip_mark(file)
            if by_line:
                _gather_lines(file, document)
            else:
                _gather_document(ijson.basic_parse(file), document)
        return _to_result(document, file_name, by_line=by_line)
    except Unreadable as reason:
        return refusal_of(reason, file_name)


def _is_by_line(path: Path, *, alone: bool) -> bool:
    """Tell whether each line is a record: the first is, alone or with others below."""
    with path.open("rb") as file:
        _skip_mark(file)
        first = file.readline(_LONGEST_LINE_BYTES)
        try:
            if not isinstance(json.loads(first, parse_int=str), dict):
                return False
        except (ValueError, RecursionError):
            return False
        return alone or any(line.strip() for line in _blocks(file))


class _Document:
    """What a document holds, as far as it was read."""

    def __init__(self) -> None:
        #: Name of a list of records → its table; "" for a list without a name.
        self.tables: dict[str, RecordTable] = {}
        #: Name → values, for a list that holds no records.
        self.columns: dict[str, pl.Series] = {}
        #: What else there is, by its name.
        self.beside: dict[str, Value] = {}
        #: The record, or the line, that is being read.
        self.row = 0
        #: Sentences about where records were found.
        self.said: dict[str, None] = {}

    @property
    def names(self) -> set[str]:
        """All names that were read so far."""
        return {*self.tables, *self.columns, *self.beside}


@contextmanager
def _faults(document: _Document, path: Path) -> Iterator[None]:
    """Say in our words what cannot be read, without what stands there."""
    try:
        yield
    except TwiceNamed as twice:
        row = document.row
        reason = f"the name `{twice.name[:100]}` stands twice in record {row}"
        raise Unreadable(_BROKEN, at=row or None, reason=reason) from None
    except (TooDeep, RecursionError):
        raise too_large(f"values are nested more than {MAX_DEPTH} deep") from None
    except (ijson.JSONError, ValueError, ArithmeticError, StopIteration):
        row = document.row
        place = f"in record {row}" if row else "near its beginning"
        wrong = "breaks off, or has a sign too many or too few,"
        if not _is_utf8(path):
            wrong = "has letters that are not saved as UTF-8"
        reason = f"it {wrong} {place}"
        raise Unreadable(_BROKEN, at=row or None, reason=reason) from None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            for block in _blocks(file):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_BLOCK_BYTES), b"")


def _skip_mark(file: BinaryIO) -> None:
    if file.read(len(_BOM)) != _BOM:
        file.seek(0)


def _add(document: _Document, table: RecordTable, row: int, record: Value) -> None:
    if not isinstance(record, dict):
        raise Unreadable(_NO_RECORDS, at=row, reason=f"item {row} is no record")
    record, envelope = unwrap(record)
    if envelope is not None:
        document.said[f"The columns of each record are those in `{envelope}`."] = None
    table.add(row, *flatten(record))


# ---------------------------------------------------------------- one document


def _gather_document(events: Events, document: _Document) -> None:
    event, _ = next(events)
    if event == "start_array":
        _gather_records(events, document, "")
    elif event == "start_map":
        for event, name in events:
            if event == "map_key":
                _gather_entry(events, document, str(name))
    else:
        raise Unreadable(_NO_RECORDS, reason="it is a single value")
    for _ in events:  # the parser complains of what stands behind the end
        pass


def _gather_entry(events: Events, document: _Document, name: str) -> None:
    if name in document.names:
        raise TwiceNamed(name)
    check_extent(1, len(document.names) + 1)
    event, value = next(events)
    if event != "start_array":
        document.beside[name] = from_events(events, event, value)
        return
    first = next(events)
    rest = chain([first], events)
    if first[0] == "start_map":
        _gather_records(rest, document, name)
    elif first[0] == "start_array":
        document.beside[name] = from_events(rest, "start_array", None)
    else:
        _gather_column(rest, document, name)


def _gather_records(events: Events, document: _Document, name: str) -> None:
    table = document.tables[name] = RecordTable()
    document.row = 0
    names: list[Value] | None = None
    for event, value in events:
        if event == "end_array":
            return
        document.row += 1
        item = from_events(events, event, value)
        if document.row == 1 and isinstance(item, list):
            names = item
            document.said["The first list names the columns."] = None
            continue
        record = item if names is None else as_record(names, item)
        _add(document, table, document.row, record)


def _gather_column(events: Events, document: _Document, name: str) -> None:
    blocks = [pl.Series(name, [], pl.String())]
    block: list[str] = []
    count = 0
    for event, value in events:
        if event == "end_array":
            break
        if event in {"start_map", "start_array"}:
            reason = f"the list `{name[:100]}` holds values of several kinds"
            raise Unreadable(_NO_RECORDS, reason=reason)
        block.append(plain_text(scalar(value)))
        if len(block) == _COLUMN_BLOCK:
            count += len(block)
            check_extent(count, len(document.columns) + 1)
            blocks.append(pl.Series(name, block, pl.String()))
            block = []
    document.columns[name] = pl.concat([*blocks, pl.Series(name, block, pl.String())])


# ----------------------------------------------------------------- line by line


def _gather_lines(file: BinaryIO, document: _Document) -> None:
    table = document.tables[""] = RecordTable()
    for row, line in _lines(file):
        document.row = row
        _add(document, table, row, _parse(line))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers."""
    number = 0
    while line := file.readline(_LONGEST_LINE_BYTES):
        number += 1
        if len(line) == _LONGEST_LINE_BYTES:
            megabytes = _LONGEST_LINE_BYTES // 10**6
            raise too_large(f"line {number} has more than {megabytes} MB")
        if line.strip():
            yield number, line


def _parse(line: bytes) -> Value:
    value: Value = json.loads(
        line,
        parse_int=lambda text: decimal_text(Decimal(text)),
        parse_float=lambda text: decimal_text(Decimal(text)),
        parse_constant=_refuse_constant,
        object_pairs_hook=pairs_to_object,
    )
    return value


def _refuse_constant(name: str) -> Value:
    """Take no `NaN` and no `Infinity`, which JSON does not have."""
    raise ValueError(name)


# ------------------------------------------------------------------ the answer


def _to_result(document: _Document, file_name: str, *, by_line: bool) -> ReadResult:
    """Make tables of what was gathered."""
    said = ["Read as JSON.", "Rows are counted by record; the first one is 1."]
    if by_line:
        said = ["Read as JSON, one record on each line.", "Rows are counted by line."]
    if document.tables:
        said.extend(_take_lists_together(document))
    else:
        document.tables[""] = _table_inside(document) or _single_table(document)
    said.extend(document.said)
    tables: list[TextTable] = []
    findings: list[FileFinding] = []
    for name, table in document.tables.items():
        sheet = _sheet(name, document)
        if table.row_count:
            tables.append(table.to_table(file_name, sheet, tuple(said)))
            findings.extend(table.nested_findings(file_name, sheet))
        else:
            findings.append(_empty(file_name, sheet))
    if not tables:
        return refused("F101", file_name)
    return ReadResult(tuple(tables), tuple(findings))


def _take_lists_together(document: _Document) -> Iterator[str]:
    """Take an empty list for one of no records, and name what is no list of them."""
    for name in [
        name for name, values in document.columns.items() if values.is_empty()
    ]:
        del document.columns[name]
        document.tables[name] = RecordTable()
    if beside := [*document.beside, *document.columns]:
        names = ", ".join(f"`{name[:100]}`" for name in beside[:_NAMES_SAID])
        yield f"Left out, as it is no list of records: {names}."


def _table_inside(document: _Document) -> RecordTable | None:
    """Lay out the records that are somewhere inside the document."""
    found = None if document.columns else find_inside(document.beside)
    if found is None:
        return None
    records, sentence = found
    table = RecordTable()
    for row, record in enumerate(records, 1):
        _add(document, table, row, record)
    document.said[sentence] = None
    return table


def _single_table(document: _Document) -> RecordTable:
    """Lay out lists by column, or the one record that the document is."""
    table = RecordTable()
    columns, beside = document.columns, document.beside
    if columns and not beside:
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            counts = f"from {min(lengths):,} to {max(lengths):,}"
            raise Unreadable(_UNEVEN, counts=counts)
        for row, texts in enumerate(zip(*columns.values(), strict=True), 1):
            table.add(row, dict(zip(columns, texts, strict=True)), [])
        return table
    lists: dict[str, Value] = {
        name: values.to_list() for name, values in columns.items()
    }
    cells, nested = flatten({**beside, **lists})
    if nested and not cells:
        raise Unreadable(_NO_RECORDS, reason="its records lie too deep inside")
    table.add(1, cells, nested)
    return table


def _sheet(name: str, document: _Document) -> str | None:
    """Return the name of a list of records, unless it is the only one and says nothing."""
    alone = len(document.tables) == 1
    return None if alone and name.lower() in _WRAPPERS else name[:100]


def _empty(file_name: str, sheet: str | None) -> FileFinding:
    details = {
        "file": file_name,
        "sheet": sheet or "",
        "where": describe_place(file_name, sheet),
    }
    return FileFinding(code="F111", place=Place(sheet=sheet), details=details)
