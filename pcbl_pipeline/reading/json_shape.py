"""The shape of JSON values: from a parser's events to cells with dotted headers.

What does not belong here: files, rows, and what a sender is told.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import cast

from pcbl_pipeline.reading.refusal import MAX_DEPTH
from pcbl_pipeline.reading.texts import decimal_text

#: A number is a text from the start, so that none is too long to be one.
Scalar = str | bool | None
Value = Scalar | list["Value"] | dict[str, "Value"]
Events = Iterator[tuple[str, object]]


class TwiceNamed(ValueError):
    """An object has two values under one name; only one of them can be meant."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__()
        self.name = name


class TooDeep(ValueError):
    """Values are nested deeper than any honest record."""


def from_events(events: Events, event: str, value: object, *, depth: int = 0) -> Value:
    """Build the value that begins with an event, and use up its events.

    Raises:
        TooDeep: If it is nested too deep.
        TwiceNamed: If an object has a name twice.
    """
    if depth > MAX_DEPTH:
        raise TooDeep
    if event == "start_array":
        items: list[Value] = []
        for kind, item in events:
            if kind == "end_array":
                break
            items.append(from_events(events, kind, item, depth=depth + 1))
        return items
    if event == "start_map":
        return pairs_to_object(_pairs(events, depth))
    return scalar(value)


def _pairs(events: Events, depth: int) -> Iterator[tuple[str, Value]]:
    for event, name in events:
        if event == "end_map":
            return
        yield str(name), from_events(events, *next(events), depth=depth + 1)


def scalar(value: object) -> Scalar:
    """Return a text, a truth value or nothing; a number becomes its text."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if value is None or isinstance(value, bool | str):
        return value
    return decimal_text(Decimal(cast("int", value)))


def pairs_to_object(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Build an object whose names are all different.

    Raises:
        TwiceNamed: If they are not.
    """
    result: dict[str, Value] = {}
    for name, value in pairs:
        if name in result:
            raise TwiceNamed(name)
        result[name] = value
    return result


def flatten(record: dict[str, Value]) -> tuple[dict[str, str], list[str]]:
    """Return the cells of a record by header, and the headers that cannot be cells.

    A value within an object gets a dotted header, a list of plain values becomes one
    text with semicolons. A list that holds lists or objects is no cell.

    Raises:
        TooDeep: If objects are nested too deep.
        TwiceNamed: If two values get one header.
    """
    cells: dict[str, str] = {}
    nested: list[str] = []
    for header, value in _leaves(record, "", 0):
        if header in cells:
            raise TwiceNamed(header)
        if isinstance(value, list):
            if any(isinstance(item, list | dict) for item in value):
                nested.append(header)
                continue
            cells[header] = ";".join(
                plain_text(cast("Scalar", item)) for item in value if item is not None
            )
        else:
            cells[header] = plain_text(cast("Scalar", value))
    return cells, nested


def plain_text(value: Scalar) -> str:
    """Return a plain value as one would type it; nothing is blank."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value or ""


def _leaves(
    record: dict[str, Value], prefix: str, depth: int
) -> Iterator[tuple[str, Value]]:
    if depth > MAX_DEPTH:
        raise TooDeep
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", value
