"""What a file of the store says, also inside of Parquet, workbooks and archives.

Texts come as a reader sees them, or escaped as `written_forms` expects. What does not
belong here: what is looked for.
"""

import html
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

import polars as pl

#: Drawn text, which can be looked at and not searched.
DRAWN = frozenset({".pdf", ".png", ".woff2"})
_MARKUP = frozenset({".html", ".xml", ".svg", ".rels"})
_ARCHIVE = b"PK\x03\x04"
_TEXTS = pl.List(pl.String)


def texts_of(name: str, content: bytes) -> Iterator[str]:
    """Yield everything that a file says; nothing of what is drawn."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in DRAWN:
        return
    if suffix == ".parquet":
        yield from _of_table(pl.read_parquet(io.BytesIO(content)))
    elif content.startswith(_ARCHIVE):
        yield from _of_archive(content)
    else:
        text = content.decode("utf-8-sig", errors="replace")
        yield html.unescape(text) if suffix in _MARKUP else text


def written_forms(value: str) -> set[str]:
    """Return how a value may stand in a file: as it is, in JSON and in CSV."""
    in_json = json.dumps(value, ensure_ascii=False)[1:-1]
    return {
        value,
        in_json,
        json.dumps(value)[1:-1],
        # The log of a table holds JSON within JSON.
        json.dumps(in_json, ensure_ascii=False)[1:-1],
        value.replace('"', '""'),
    }


def _of_table(frame: pl.DataFrame) -> Iterator[str]:
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            yield from column.drop_nulls().unique()
        elif column.dtype == _TEXTS:
            yield from column.explode().drop_nulls().unique()
        elif column.dtype.is_nested():
            yield column.to_frame().write_ndjson()


def _of_archive(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member
                yield from texts_of(member, archive.read(member))
    except zipfile.BadZipFile:
        yield content.decode("utf-8", errors="replace")
