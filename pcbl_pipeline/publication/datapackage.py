"""What stands about the data files: data package, plain read-me; with `json_schema`.

The data package follows Frictionless Data Package v1 with Table Schemas, so that
ordinary tools can check and load the tables without asking us.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.exports import (
    FOLDER,
    readable_json,
    tables_of,
)
from pcbl_pipeline.publication.json_schema import schema_of_releases
from pcbl_pipeline.publication.licenses import license_address
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.tables import Column, ColumnType, Table

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
    yield f"{FOLDER}/schema.json", readable_json(schema_of_releases(messages))
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


def _readme(content: EditionContent, messages: Messages, release_id: str) -> str:
    text = messages.plain(
        "readme.text",
        network=content.network_name,
        edition=messages.plain(f"shell.edition_{content.edition}"),
        as_of=messages.date(content.as_of),
        release=release_id,
    )
    return text + (messages.plain("readme.fictional") if content.fictional else "")
