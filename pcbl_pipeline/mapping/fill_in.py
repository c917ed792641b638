"""Fill in: places of a draft that only a person can fill.

A mapping with such a place may be tried where the place is only part of a name. It is
never kept. What does not belong here: drafting (`draft`).
"""

from collections.abc import Iterator

from pcbl_pipeline.contracts.source import SourceMapping, ValueSource

#: Stands in a draft where somebody has to write something else.
FILL_IN = "FILL-IN"


def columns_to_name(source: SourceMapping) -> list[str]:
    """Return the fields whose column nobody has named yet."""
    named = dict(source.fields)
    if source.newest_per_key is not None:
        named["newest_by"] = source.newest_per_key.newest_by
    return [
        name
        for name, value in named.items()
        if FILL_IN in value.headers or value.constant == FILL_IN
    ]


def names_to_give(source: SourceMapping) -> list[str]:
    """Return the fields of which a part of the value is still to be written."""
    open_fields = set(columns_to_name(source))
    return [
        name
        for name, value in source.fields.items()
        if name not in open_fields and any(FILL_IN in text for text in _texts(value))
    ]


def _texts(value: ValueSource) -> Iterator[str]:
    yield value.constant or ""
    for part in value.combine:
        if isinstance(part, str):
            yield part
        else:
            yield from _texts(part)
