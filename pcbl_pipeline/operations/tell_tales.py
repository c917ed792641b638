"""Tell-tales: cells of a file by which its rows could be told from all others.

A cell that stands in a row that counts, or in a text of ours, proves nothing where it is
found. What does not belong here: where they are looked for (`withdrawal_proof`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import polars as pl

from pcbl_pipeline.disclosure.scan.sentences import sentences_of
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.operations.examine import FileReading
from pcbl_pipeline.operations.explanations import EXPLAIN_COLUMNS
from pcbl_pipeline.operations.file_texts import written_forms
from pcbl_pipeline.operations.patch import PATCH_COLUMNS
from pcbl_pipeline.operations.release_queue_files import QUEUE_NEEDED
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.tables import ROW_NUMBER
from pcbl_pipeline.workspace import Workspace

#: As many are looked for; of more, those whose digests come first.
MOST = 20_000
#: A shorter cell, one word without a digit, a day, a year or a number with a point
#: stands in too many places.
_LEAST_LETTERS = 8
_TELLING = re.compile(r"[\s\d@]")
_COMMON = re.compile(
    r"""\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:[\d:.]+\s*(?:[AP]M|Z)?)?  # a day
    | \d{4}\s*[-/\u2013]\s*\d{2,4}                                            # a year
    | [-+]?[\d,]+\.\d+ | [-+]?\d{1,3}(?:,\d{3})+                             # a number
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Lists that we make and that sites send back; their cells stand in our own files.
_LISTS = (
    QUEUE_NEEDED,
    frozenset(PATCH_COLUMNS[:7]),
    frozenset(EXPLAIN_COLUMNS[:5]),
)
_TO_FILL_IN = frozenset({"decision", "rewrite", "suggested", "explanation"})
_PACKAGE = Path(__file__).parents[1]
_DEMO = _PACKAGE / "demo"
_OUR_TEXTS = ("*.yaml", "*.html", "*.py")


@dataclass(frozen=True)
class TellTales:
    """What is looked for.

    Shape: `values` are distinct; `in_file` is how many cells and sentences could have
    been looked for.
    """

    values: tuple[str, ...]
    in_file: int

    @cached_property
    def forms(self) -> dict[str, str]:
        """How each value may be written → the value."""
        return {form: value for value in self.values for form in written_forms(value)}

    def found_in(self, texts: Sequence[str]) -> list[set[str]]:
        """Return for each text the values that it holds."""
        if not self.forms:
            return [set() for _ in texts]
        found = pl.Series(texts, dtype=pl.String).str.extract_many(
            list(self.forms), overlapping=True
        )
        return [{self.forms[form] for form in item} for item in found]


def tell_tales(
    workspace: Workspace, reading: FileReading, submission_id: str
) -> TellTales:
    """Return what tells a submission's rows from everything else that stands."""
    candidates = {text for text in _cells(reading) if _may_tell(text)}
    everything = TellTales(tuple(sorted(candidates)), len(candidates))
    standing: set[str] = set()
    for texts in _standing(workspace, submission_id):
        standing = standing.union(*everything.found_in(texts))
    telling = sorted(candidates - standing, key=_by_digest)[:MOST]
    return TellTales(tuple(sorted(telling)), len(candidates))


def repeats_any(reading: FileReading, text: str) -> bool:
    """Tell whether a text repeats a cell of a file by which its rows may be told."""
    return any(cell in text for cell in _cells(reading) if _may_tell(cell))


def _cells(reading: FileReading) -> Iterator[str]:
    """Yield the distinct cells of all tables of a file, and their sentences.

    What identifies by its form is taken out of a sentence when it comes in; the other
    sentences stay as they were sent.
    """
    for item in [
        *reading.refused,
        *(i for d in reading.datasets for i in d.recognitions),
    ]:
        rows = item.table.rows
        for name in _columns_of_its_own(item):
            column = rows.select(pl.col(name).cast(pl.String).drop_nulls().unique())
            for text in column.collect(engine="streaming").to_series():
                yield text.strip()
                yield from (text[start:end] for start, end in sentences_of(text))


def _columns_of_its_own(item: Recognition) -> list[str]:
    """Return the columns that its sender wrote: of a list of ours, those to fill in."""
    named = dict(zip(item.table.headers, item.table.columns, strict=True))
    is_ours = item.contract is None and any(named.keys() >= ours for ours in _LISTS)
    if is_ours:
        return [column for name, column in named.items() if name in _TO_FILL_IN]
    columns = item.table.rows.collect_schema().names()
    return [name for name in columns if name != ROW_NUMBER]


def _may_tell(text: str) -> bool:
    is_long = len(text) >= _LEAST_LETTERS and _TELLING.search(text) is not None
    return is_long and _COMMON.fullmatch(text) is None


def _by_digest(text: str) -> str:
    return sha256_hex(text.encode())


def _standing(workspace: Workspace, submission_id: str) -> Iterator[Sequence[str]]:
    """Yield the texts of all rows of others, and our own."""
    others = pl.col("submission_id") != submission_id
    yield list(_our_texts(workspace))
    yield [workspace.network.model_dump_json()]
    frames = [workspace.lake.current(name) for name in workspace.catalogue.contracts]
    for rows in (*frames, workspace.quarantine.rows()):
        for name, kind in rows.collect_schema().items():
            column = rows.filter(others).select(pl.col(name))
            if kind == pl.List(pl.String):
                column = column.explode(name)
            elif kind != pl.String:
                continue
            texts = column.drop_nulls().unique().collect(engine="streaming")
            yield texts.to_series().to_list()


def _our_texts(workspace: Workspace) -> Iterator[str]:
    for contract in workspace.catalogue.contracts.values():
        for version in workspace.catalogue.versions(contract.dataset):
            yield version.model_dump_json()
    for code_list in workspace.catalogue.code_lists.values():
        yield code_list.model_dump_json()
    yield from _package_texts()


@cache
def _package_texts() -> tuple[str, ...]:
    # The invented network's texts are its sites', not ours.
    paths = (path for pattern in _OUR_TEXTS for path in sorted(_PACKAGE.rglob(pattern)))
    return tuple(
        path.read_text(encoding="utf-8") for path in paths if _DEMO not in path.parents
    )
