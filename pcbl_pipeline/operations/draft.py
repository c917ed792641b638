"""Draft: a mapping for a file that nobody mapped before, made by its columns.

Writes nothing. What does not belong here: trying a draft (`check`) and keeping it
(`confirm`).
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pcbl_pipeline.contracts.source import SourceMapping
from pcbl_pipeline.errors import SubmissionUnreadable
from pcbl_pipeline.mapping.draft import Draft, draft_mapping
from pcbl_pipeline.reading.read import read_file
from pcbl_pipeline.settings import DEFAULT_SIZE_LIMIT_MB

_BYTES_PER_MB = 1_000_000


def suggest_mapping(path: Path, known: Iterable[SourceMapping] = ()) -> Draft:
    """Draft a mapping of a file's largest table; name known exports that are like it.

    Raises:
        SubmissionUnreadable: If there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise SubmissionUnreadable(f"There is no file {path}.")
    limit = DEFAULT_SIZE_LIMIT_MB * _BYTES_PER_MB
    reading = read_file(path, path.name, size_limit_bytes=limit)
    if not reading.tables:
        raise SubmissionUnreadable(
            f"{path.name} cannot be read. `pcbl check {path.name}` says why."
        )
    table = max(reading.tables, key=lambda item: item.row_count)
    named = replace(table, file_name=table.sheet or table.file_name)
    return draft_mapping(named, known)
