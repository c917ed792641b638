"""Reading a file: what it is, whether we take it, and which reader it gets.

The one door to this room for bytes. A file's name says what its sender means it to
be, its content what it is; where the two differ, the sender is told. What does not
belong here: the readers themselves, and which dataset a table is.
"""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from pcbl_pipeline.model.finding import FileFinding
from pcbl_pipeline.reading.content import Content, Kind, identify
from pcbl_pipeline.reading.delimited import read_delimited
from pcbl_pipeline.reading.header import NO_WORDS, HeaderWords
from pcbl_pipeline.reading.tables import ReadResult
from pcbl_pipeline.reading.workbook import read_workbook

Reader = Callable[[Path, str, HeaderWords], ReadResult]

#: Ending of a file's name → what such a file must be inside.
KIND_BY_SUFFIX: Mapping[str, Kind] = {
    ".csv": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".xlsx": Kind.WORKBOOK,
}

#: A further kind of file needs its line here and above, and a reader.
_READERS: Mapping[Kind, Reader] = {
    Kind.TEXT: read_delimited,
    Kind.WORKBOOK: read_workbook,
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
        return _refused(
            "F105",
            file_name,
            size_mb=_megabytes(size),
            limit_mb=_megabytes(size_limit_bytes),
        )
    if size == 0:
        return _refused("F101", file_name)
    expected = KIND_BY_SUFFIX.get(_suffix(file_name))
    if expected is None:
        return _refused("F106", file_name)
    content = identify(path)
    if content.kind is expected:
        return _READERS[expected](path, file_name, known)
    return _refuse_content(content, expected, file_name)


def _refuse_content(content: Content, expected: Kind, file_name: str) -> ReadResult:
    if content.kind is Kind.LOCKED_WORKBOOK and expected is Kind.WORKBOOK:
        return _refused("F114", file_name)
    return _refused("F103", file_name, inside=content.words)


def _refused(code: str, file_name: str, **details: str) -> ReadResult:
    named = {"file": file_name, "suffix": _suffix(file_name) or file_name, **details}
    return ReadResult((), (FileFinding(code=code, details=named),))


def _suffix(file_name: str) -> str:
    return PurePath(file_name).suffix.lower()


def _megabytes(size: int) -> str:
    return f"{size / 10**6:.1f}".removesuffix(".0")
