"""Records inside a JSON document that is no plain list of them.

Programs put records into an envelope, under their ids, or column by column. What does
not belong here: parsing, and laying records out as a table.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from pcbl_pipeline.reading.header import looks_like_value
from pcbl_pipeline.reading.json_shape import Value

Record = dict[str, Value]

#: An object in each record that holds its columns, as services wrap them.
_ENVELOPES = ("fields", "properties", "attributes")
#: Objects are one kind of record if they share this part of their names.
_SHARED = 0.5
_FEWEST = 2


def unwrap(record: Record) -> tuple[Record, str | None]:
    """Take the columns of a record out of the object that holds them.

    Also returns the name of that object; None where there is none.
    """
    for name in _ENVELOPES:
        inner = record.get(name)
        if isinstance(inner, dict) and inner:
            rest = {key: value for key, value in record.items() if key != name}
            if not rest.keys() & inner.keys():
                return {**rest, **inner}, name
    return record, None


def as_record(names: list[Value], item: Value) -> Value:
    """Make a record of a list of values, where a first list named the columns.

    What is no such list, or has no unmistakable names, stays as it is.
    """
    texts = [
        name
        for name in names
        if isinstance(name, str) and name.strip() and not looks_like_value(name)
    ]
    if not isinstance(item, list) or len(set(texts)) < len(names):
        return item
    if len(item) > len(names):
        return item
    return dict(zip(texts, item, strict=False))


def find_inside(document: Mapping[str, Value]) -> tuple[list[Record], str] | None:
    """Find the records in a document, and say where they were.

    A document that may be a record by itself holds none.
    """
    return _by_name(document) or _in_envelope(document)


def _by_name(document: Mapping[str, Value]) -> tuple[list[Record], str] | None:
    entries = [value for value in document.values() if isinstance(value, dict)]
    if len(entries) < max(_FEWEST, len(document)):
        return None
    shared = set.intersection(*(set(entry) for entry in entries))
    every = set().union(*entries)
    if len(shared) < max(1, _SHARED * len(every)):
        return None
    if all(name.isdigit() for name in every):
        named = cast("Mapping[str, Record]", document)
        rows = sorted(every, key=int)
        columns = [{name: named[name].get(row) for name in named} for row in rows]
        return columns, "Each entry is a column."
    return entries, "Each entry is a record. The names of the entries were left out."


def _in_envelope(document: Mapping[str, Value]) -> tuple[list[Record], str] | None:
    lists = list(_lists_in(document, ""))
    if len(lists) != 1:
        return None
    name, records = lists[0]
    widest = max(map(len, records))
    if widest <= sum(1 for _ in _leaves_beside(document)):
        return None
    return records, f"The records are in `{name[:100]}`. The rest was left out."


def _lists_in(
    document: Mapping[str, Value], before: str
) -> Iterator[tuple[str, list[Record]]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _lists_in(value, f"{before}{name}.")
        elif isinstance(value, list) and value:
            records = [item for item in value if isinstance(item, dict)]
            if len(records) == len(value):
                yield f"{before}{name}", records


def _leaves_beside(document: Mapping[str, Value]) -> Iterator[Value]:
    for value in document.values():
        if isinstance(value, dict):
            yield from _leaves_beside(value)
        elif not isinstance(value, list):
            yield value
