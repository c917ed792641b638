"""The JSON Schema of an edition's JSON files, which is published beside them.

Its `$id` names the shape and not a release: it stays while readers need not change. What
does not belong here: what a table's columns are (`tables`).
"""

import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pcbl_pipeline.model.release import RELEASE_ID_PATTERN
from pcbl_pipeline.publication.exports import JSON_FORMAT
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.tables import TABLES, Column, ColumnType, Table

#: What JSON calls each type; a date is a string with a format.
_JSON_TYPES = {ColumnType.DATE: "string", ColumnType.LIST: "array"}
_TEXT: Mapping[str, Any] = {"type": "string"}
_DAY: Mapping[str, Any] = {"type": "string", "format": "date"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_RELEASE: Mapping[str, Any] = {"type": "string", "pattern": RELEASE_ID_PATTERN}


def schema_of_releases(messages: Messages) -> dict[str, Any]:
    """Describe the JSON files of an edition for many readers: tables, changes, errata."""
    others = {"changes": _changes_schema(messages), "errata": _errata_schema(messages)}
    return json_schema(messages, others=others)


def json_schema(
    messages: Messages,
    tables: Sequence[Table] = TABLES,
    *,
    of: str = "releases",
    others: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Describe JSON files as a JSON Schema, one definition per table and other file."""
    known = {table.name: _table_schema(table, messages) for table in tables}
    known |= others
    name = f"pcbl:schema/{of}/{JSON_FORMAT}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        # A name-based UUID, as it needs no address that somebody would have to own.
        "$id": uuid.uuid5(uuid.NAMESPACE_URL, name).urn,
        "title": messages.plain("package.schema_title"),
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in known],
        "$defs": known,
    }


def _table_schema(table: Table, messages: Messages) -> dict[str, Any]:
    columns = {
        column.name: _json_property(table, column, messages) for column in table.columns
    }
    properties: dict[str, Any] = {
        "format": {"const": JSON_FORMAT},
        "table": {"const": table.name},
        "edition": {"type": "string"},
        "as_of": {"type": "string", "format": "date"},
        "fictional": {"type": "boolean"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": columns,
                "required": list(columns),
                "additionalProperties": False,
            },
        },
    }
    for name, schema in properties.items():
        key = "is_fictional" if name == "fictional" else name
        schema["description"] = messages.plain(f"package.{key}")
    return {
        "title": messages.plain(f"tables.{table.name}.title"),
        "description": messages.plain(f"tables.{table.name}.description"),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _json_property(table: Table, column: Column, messages: Messages) -> dict[str, Any]:
    words = f"tables.{table.name}.columns.{column.name}"
    kind = _JSON_TYPES.get(column.type, column.type.value)
    schema: dict[str, Any] = {
        "title": messages.plain(f"{words}.title"),
        "description": messages.plain(f"{words}.description"),
        "type": [kind, "null"] if column.nullable else kind,
    }
    if column.type is ColumnType.DATE:
        schema["format"] = "date"
    if column.type is ColumnType.LIST:
        schema["items"] = {"type": "string"}
    if column.unit:
        schema["unit"] = column.unit
    return schema


def _changes_schema(messages: Messages) -> dict[str, Any]:
    table = _object(
        {"table": _TEXT, "added": _COUNT, "removed": _COUNT, "changed": _COUNT}
    )
    told = {
        "previous_as_of": _DAY,
        "tables": {"type": "array", "items": table},
        "new_lessons": _TEXTS,
        "revised_lessons": _TEXTS,
        "withdrawn_lessons": _COUNT,
    }
    none = _object({"format": _format(), "previous_release": {"type": "null"}})
    some = _object({"format": _format(), "previous_release": _RELEASE, **told})
    return {"description": messages.plain("package.changes"), "oneOf": [none, some]}


def _errata_schema(messages: Messages) -> dict[str, Any]:
    erratum = _object(
        {
            "number": {"type": "integer", "minimum": 1},
            "recorded_on": _DAY,
            "seen_in_release": _RELEASE,
            "tables": _TEXTS,
            "text": _TEXT,
        }
    )
    errata = {"type": "array", "items": erratum}
    own = _object({"format": _format(), "errata": errata})
    return {"description": messages.plain("package.errata"), **own}


def _format() -> dict[str, Any]:
    return {"const": JSON_FORMAT}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
