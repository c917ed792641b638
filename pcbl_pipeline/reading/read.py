"""Reading a file: what it is, whether we take it, and which reader it gets.

The one door to this room for bytes. A file's name says what its sender means it to
be, its content what it is; where the two differ, the sender is told. What does not
belong here: the readers themselves, and which dataset a table is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from pcbl_pipeline.reading.archive import read_archive
from pcbl_pipeline.reading.content import Content, Kind, identify
from pcbl_pipeline.reading.delimited import read_delimited
from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.json_file import read_json
from pcbl_pipeline.reading.old_workbook import read_old_workbook
from pcbl_pipeline.reading.open_document import read_open_document
from pcbl_pipeline.reading.parquet import read_parquet
from pcbl_pipeline.reading.refusal import refused
from pcbl_pipeline.reading.tables import ReadResult
from pcbl_pipeline.reading.workbook import read_workbook

Reader = Callable[[Path, str, HeaderWords], ReadResult]

_BOOKS = frozenset({Kind.WORKBOOK, Kind.OLD_WORKBOOK, Kind.OPEN_DOCUMENT})
#: What is said to be JSON and does not look like it gets an answer from its reader.
_JSON = frozenset({Kind.JSON, Kind.TEXT})

#: Ending of a file's name → what such a file must be inside, and what it may be too:
#: programs save one kind of workbook under the name of another.
KINDS_BY_SUFFIX: Mapping[str, tuple[Kind, frozenset[Kind]]] = {
    ".csv": (Kind.TEXT, frozenset()),
    ".tsv": (Kind.TEXT, frozenset()),
    ".txt": (Kind.TEXT, frozenset()),
    ".xlsx": (Kind.WORKBOOK, _BOOKS),
    ".xlsm": (Kind.WORKBOOK, _BOOKS),
    ".xls": (Kind.OLD_WORKBOOK, _BOOKS),
    ".ods": (Kind.OPEN_DOCUMENT, _BOOKS),
    ".json": (Kind.JSON, _JSON),
    ".jsonl": (Kind.JSON, _JSON),
    ".ndjson": (Kind.JSON, _JSON),
    ".parquet": (Kind.PARQUET, frozenset()),
    ".zip": (Kind.ARCHIVE, frozenset()),
}

#: A further kind of file needs its line here and above, and a reader.
_READERS: Mapping[Kind, Reader] = {
    Kind.TEXT: read_delimited,
    Kind.WORKBOOK: read_workbook,
    Kind.OLD_WORKBOOK: read_old_workbook,
    Kind.OPEN_DOCUMENT: read_open_document,
    Kind.JSON: lambda path, file_name, _: read_json(path, file_name),
    Kind.PARQUET: lambda path, file_name, _: read_parquet(path, file_name),
}


def read_file(
    path: Path,
    file_name: str,
    *,
    size_limit_bytes: int,
    known: HeaderWords = NO_WORDS,
) -> ReadResult:
    """Read the tables of a file, or say why it cannot be read.

    Bad input never raises; it is in the findings. Leave the file in place as long
    as the tables are used: their rows may be read from it when they are needed.
    `known` are the words of the contracts' headers, by which a header is found.

    Units: `size_limit_bytes` in bytes; a file of that size or more is refused.
    """
    size = path.stat().st_size
    if size >= size_limit_bytes:
        return refused(
            "F105",
            file_name,
            size_mb=_megabytes(size),
            limit_mb=_megabytes(size_limit_bytes),
        )
    if size == 0:
        return refused("F101", file_name)
    kinds = KINDS_BY_SUFFIX.get(_suffix(file_name))
    if kinds is None:
        return refused("F106", file_name)
    expected, tolerated = kinds
    content = identify(path)
    if content.kind is not expected and content.kind not in tolerated:
        return _refuse_content(content, expected, file_name)
    if expected is Kind.ARCHIVE:
        read_member = partial(read_file, size_limit_bytes=size_limit_bytes, known=known)
        return read_archive(path, file_name, read_member)
    # What is said to be JSON gets its answer from the reader of JSON.
    kind = expected if content.kind is Kind.TEXT else content.kind
    result = _READERS[kind](path, file_name, known)
    return result if kind is expected else _with_content(result, content, file_name)


def _with_content(result: ReadResult, content: Content, file_name: str) -> ReadResult:
    """Say of tables that they are in another kind of file than its name promises."""
    said = f"Its name ends in {_suffix(file_name)}, but inside it is {content.words}."
    tables = [replace(item, read_as=(*item.read_as, said)) for item in result.tables]
    return replace(result, tables=tuple(tables))


def _refuse_content(content: Content, expected: Kind, file_name: str) -> ReadResult:
    if content.kind is Kind.LOCKED_WORKBOOK and expected in _BOOKS:
        return refused("F114", file_name)
    return refused("F103", file_name, inside=content.words)


def _suffix(file_name: str) -> str:
    return PurePath(file_name).suffix.lower()


def _megabytes(size: int) -> str:
    return f"{size / 10**6:.1f}".removesuffix(".0")
