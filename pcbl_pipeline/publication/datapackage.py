"""What stands about the data files: data package, JSON Schema, a plain read-me.

The data package follows Frictionless Data Package v1 with Table Schemas, so that
ordinary tools can check and load the tables without asking us.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import (
    FOLDER,
    JSON_FORMAT,
    readable_json,
    tables_of,
)
from pcbl_pipeline.publication.licenses import license_address
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.tables import TABLES, Column, ColumnType, Table

#: What JSON calls each type; a date is a string with a format.
_JSON_TYPES = {ColumnType.DATE: "string", ColumnType.LIST: "array"}
_CSV_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}


def package_files(
    content: EditionContent,
    data: Mapping[str, bytes],
    messages: Messages,
    *,
    release_id: str,
) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of the files that describe the data files."""
    package = data_package(content, data, messages, release_id=release_id)
    yield f"{FOLDER}/datapackage.json", readable_json(package)
    yield f"{FOLDER}/schema.json", readable_json(json_schema(messages))
    yield f"{FOLDER}/README.txt", _readme(content, messages, release_id).encode()


def data_package(
    content: EditionContent,
    data: Mapping[str, bytes],
    messages: Messages,
    *,
    release_id: str,
) -> dict[str, Any]:
    """Describe every table and column as a Frictionless data package."""
    as_of = messages.date(content.as_of)
    edition = messages.plain(f"shell.edition_{content.edition}")
    description = messages.plain("package.description", as_of=as_of)
    if content.fictional:
        description += " " + messages.plain("package.fictional")
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"pcbl-network-{content.edition}",
        "title": messages.plain(
            "package.title", network=content.network_name, edition=edition
        ),
        "description": description,
        "version": release_id,
        "sources": [{"title": messages.plain("releases.source")}],
        # Not a word of Frictionless; a reader that does not know it passes over it.
        "caveats": [
            text
            for key, text in messages.texts.items()
            if key.startswith("about.privacy_rules.")
        ],
        "resources": [
            resource(table, data, messages, content.code_lists)
            for table, _ in tables_of(content)
        ],
    }
    if content.license_name:
        # Frictionless wants a name without blanks; the title is as people write it.
        name = content.license_name.replace(" ", "-")
        license_of = {"name": name, "title": content.license_name}
        if address := license_address(content.license_name):
            license_of["path"] = address
        package["licenses"] = [license_of]
    return package


def json_schema(messages: Messages, tables: Sequence[Table] = TABLES) -> dict[str, Any]:
    """Describe the JSON files as a JSON Schema, one definition per table."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": messages.plain("package.schema_title"),
        "oneOf": [{"$ref": f"#/$defs/{table.name}"} for table in tables],
        "$defs": {table.name: _table_schema(table, messages) for table in tables},
    }


def resource(
    table: Table,
    data: Mapping[str, bytes],
    messages: Messages,
    code_lists: Mapping[str, CodeList],
) -> dict[str, Any]:
    """Describe one table and its columns, as the CSV file has them."""
    content = data[f"{FOLDER}/{table.name}.csv"]
    words = f"tables.{table.name}"
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        # Relative to the data package, as Frictionless has it.
        "path": f"{table.name}.csv",
        "title": messages.plain(f"{words}.title"),
        "description": " ".join(
            (
                messages.plain(f"{words}.description"),
                messages.plain("package.csv_note"),
            )
        ),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _CSV_DIALECT,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                _field(table, column, messages, code_lists) for column in table.columns
            ],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def _field(
    table: Table,
    column: Column,
    messages: Messages,
    code_lists: Mapping[str, CodeList],
) -> dict[str, Any]:
    words = f"tables.{table.name}.columns.{column.name}"
    field: dict[str, Any] = {
        "name": column.name,
        "title": messages.plain(f"{words}.title"),
        "description": messages.plain(f"{words}.description"),
        # A list is one CSV cell, so for a reader of the CSV it is a string.
        "type": "string" if column.type is ColumnType.LIST else column.type.value,
        "constraints": {"required": not column.nullable},
    }
    if column.type is ColumnType.LIST:
        del field["constraints"]
    if column.unit:
        field["unit"] = column.unit
    if column.code_list and column.code_list in code_lists:
        field["codes"] = code_lists[column.code_list].labels
    return field


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


def _readme(content: EditionContent, messages: Messages, release_id: str) -> str:
    text = messages.plain(
        "readme.text",
        network=content.network_name,
        edition=messages.plain(f"shell.edition_{content.edition}"),
        as_of=messages.date(content.as_of),
        release=release_id,
    )
    return text + (messages.plain("readme.fictional") if content.fictional else "")
