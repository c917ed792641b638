"""Files that keep or break a rule, and the way that every dropped file goes.

What does not belong here: which file breaks which rule (`rule_examples` and the modules
beside it). All content is invented.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.schema import field_schema
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.operations.answer import answer_dataset, answer_refused
from pcbl_pipeline.operations.check_lists import look_at_list
from pcbl_pipeline.operations.examine import (
    DatasetTables,
    FileReading,
    JudgedDataset,
    judge_dataset,
    read_submission,
)
from pcbl_pipeline.operations.recognise_tables import Mappings
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.measures import Before
from tests.support.builders import make_submission
from tests.support.example_rows import (
    AGENCY,
    SITE,
    Row,
    example_circumstances,
    example_row,
)

SIZE_LIMIT_BYTES = 1_000_000

Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Example:
    """One file, as somebody sends it."""

    name: str
    content: bytes
    sender: Sender = SITE
    #: Contracts other than the project's own, where the rule needs them.
    catalogue: Catalogue | None = None
    #: What the sender confirmed before.
    mappings: Mappings | None = None
    #: What the same sender had sent before.
    earlier: "Example | None" = None
    #: What another sender had sent before.
    elsewhere: "Example | None" = None


@dataclass(frozen=True)
class Pair:
    """Two files about one rule."""

    kept: Example
    broken: Example
    #: Rules that cannot but break with it.
    also: frozenset[str] = frozenset()


@cache
def own_catalogue() -> Catalogue:
    return load_catalogue()


def codes_found(example: Example, folder: Path) -> set[str]:
    """Take a file the way that every file goes; return what its receipt says.

    What follows from another finding does not stand on its own there.
    """
    catalogue = example.catalogue or own_catalogue()
    read = _read(example, folder)
    reading, lists = look_at_list(read, make_submission("list"), catalogue)
    groups = [group for answer in lists for group in answer.part.findings]
    groups += [
        group
        for item in reading.refused
        for group in answer_refused(item, catalogue).part.findings
    ]
    for tables in reading.datasets:
        judged = _judged(example, tables, folder)
        assert not judged.not_checked
        groups += answer_dataset(judged, catalogue).part.findings
    return {
        *(finding.code for finding in reading.findings),
        *(group.code for group in groups),
    }


def _read(example: Example, folder: Path) -> FileReading:
    # Rows are read when they are asked for, so each file stays where it is.
    path = folder / f"submission-{len(list(folder.iterdir()))}"
    path.write_bytes(example.content)
    return read_submission(
        path,
        example.name,
        example.catalogue or own_catalogue(),
        sender=example.sender,
        size_limit_bytes=SIZE_LIMIT_BYTES,
        mappings=example.mappings,
    )


def _judged(example: Example, tables: DatasetTables, folder: Path) -> JudgedDataset:
    contract = tables.contract
    known = replace(
        example_circumstances(contract, example.sender),
        before=Before(
            standing=_sent(example.earlier, contract, folder),
            others=_sent(example.elsewhere, contract, folder),
        ),
    )
    return judge_dataset(tables, example.catalogue or own_catalogue(), known)


def _sent(example: Example | None, contract: Contract, folder: Path) -> pl.LazyFrame:
    """Return the right rows of a file as the lake has them; nothing was known then."""
    sender = pl.lit(example.sender.sender_id if example else None, pl.String)
    rows = pl.DataFrame(schema=field_schema(contract))
    if example is not None:
        [tables] = _read(example, folder).datasets
        known = Circumstances(sender=example.sender)
        judged = judge_dataset(tables, own_catalogue(), known)
        rows = judged.accepted.collect().select(rows.columns)
        assert not rows.is_empty()
    return rows.with_columns(sender_id=sender).lazy()


def sheet(
    contract: Contract,
    *rows: Cells,
    without: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    catalogue: Catalogue | None = None,
) -> Example:
    """Write right rows with some cells changed, and some columns less or more."""
    names = [name for name in contract.field_names if name not in without]
    lines = [[*names, *(more or {})]]
    for changes in rows or ({},):
        row = example_row(contract, **changes)
        lines.append([*(row[name] or "" for name in names), *(more or {}).values()])
    return Example(
        f"{contract.dataset}.csv", as_csv(lines), usual_sender(contract), catalogue
    )


def whole_rows(
    contract: Contract, rows: Iterable[Row], sender: Sender | None = None
) -> Example:
    """Write rows as they are."""
    lines = [[row[name] or "" for name in contract.field_names] for row in rows]
    content = as_csv([contract.field_names, *lines])
    return Example(f"{contract.dataset}.csv", content, sender or usual_sender(contract))


def usual_sender(contract: Contract) -> Sender:
    return SITE if contract.submitted_by == "site" else AGENCY


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def lines_of(example: Example) -> list[list[str]]:
    return [list(line) for line in csv.reader(io.StringIO(example.content.decode()))]


def lesson(*rows: Cells, **how: object) -> Example:
    return sheet(own_catalogue().get("lesson_learned"), *rows, **how)


def lessons(*numbers: int, **changes: str | None) -> Iterator[Cells]:
    """Yield what makes rows of different lessons."""
    for number in numbers:
        yield {"lesson_id": f"0499901-2026-{number:03d}", **changes}


def right_record(**how: object) -> Example:
    return sheet(own_catalogue().get("competency_record"), **how)
