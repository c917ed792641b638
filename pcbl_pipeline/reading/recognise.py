"""Recognition: which dataset a table is, and which of its columns are which fields.

A table is taken for the dataset of which it has most that no other dataset has; then
its columns are answered for one by one. What does not belong here: how a header
is compared (`headers`), and anything about values.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.finding import FileFinding, Place, Severity
from pcbl_pipeline.reading.beside import check_beside
from pcbl_pipeline.reading.candidates import Candidate, assess, rank_candidates
from pcbl_pipeline.reading.columns import check_columns
from pcbl_pipeline.reading.percents import with_signs
from pcbl_pipeline.reading.side_by_side import find_side_by_side, is_whole_but_for
from pcbl_pipeline.reading.tables import ReadResult, TextTable
from pcbl_pipeline.reading.unfilled import told_empty, without_unfilled
from pcbl_pipeline.reading.unfitting import TITLED, describe_unfitting

#: The sheet that a marked workbook has in front; sent back, it says nothing new.
SUMMARY_SHEET = "What we found"

SenderKind = Literal["site", "agency"]

#: A text file with fewer columns, beside others in an archive, is a note to read.
_FEWEST_COLUMNS = 2

#: Kind of sender → several of them, and one, in a sentence.
_SENDERS: Mapping[SenderKind, tuple[str, str]] = {
    "site": ("pilot sites", "a pilot site"),
    "agency": ("state agencies", "a state agency"),
}

FROM_ANOTHER_SENDER = "F109"
#: A header that looks like this is a value: a number, a date, a school year, an id.
#: A bare year is none: many tables have a column per year.
_VALUE = re.compile(r"(?!(?:19|20)[0-9]{2}$)[-+$]?[0-9][0-9.,:/ TZ%-]*")


@dataclass(frozen=True, eq=False)
class Recognition:
    """What a table was recognised as, and what its columns lack."""

    table: TextTable
    contract: Contract | None
    #: Contract field → frame column.
    columns: Mapping[str, str]
    #: Contract field → header as the sender wrote it.
    headers: Mapping[str, str]
    findings: tuple[FileFinding, ...]
    #: A finding here is an error: the rows cannot be judged.
    refused: bool
    #: Rows that a mapping made, already under the names of the fields; `columns` and
    #: `headers` then say where each of them came from.
    mapped: pl.LazyFrame | None = None
    #: The mapping that made them, with its version.
    mapping: str | None = None

    @property
    def field_rows(self) -> pl.LazyFrame:
        """The rows under the names of the fields.

        Shape: `row_number` as the sender sees it, and a text column per field.
        """
        if self.mapped is not None:
            return self.mapped
        named = [pl.col(column).alias(field) for field, column in self.columns.items()]
        rows = self.table.rows.select("row_number", *named)
        return with_signs(rows, self.table.percents, self._counts)

    @property
    def _counts(self) -> Mapping[str, str]:
        """The columns in which a percent is another thing than its number."""
        if self.contract is None:
            return {}
        counts = {item.name for item in self.contract.fields if item.is_count}
        return {name: at for name, at in self.columns.items() if name in counts}


@dataclass(frozen=True, eq=False)
class RecognisedFile:
    """The tables of one file that are answered for, and findings about the file."""

    recognitions: tuple[Recognition, ...]
    findings: tuple[FileFinding, ...]


def recognise_all(
    result: ReadResult,
    catalogue: Catalogue,
    *,
    submitted_by: SenderKind | None = None,
    sender: str | None = None,
) -> RecognisedFile:
    """Recognise every table of a file.

    Next to a sheet that is a dataset, one that is none is left out: it is likely
    to hold notes. Without any such sheet, each is answered for. Of the files in an
    archive each counts by itself, but one of plain prose is left out too.
    """
    recognitions = tuple(
        recognise(table, catalogue, submitted_by=submitted_by, sender=sender)
        for table in result.tables
    )
    empty = told_empty(result.tables, [item.table for item in recognitions])
    recognitions = tuple(
        item
        for table, item in zip(result.tables, recognitions, strict=True)
        if item.table.row_count or not table.row_count
    )
    fitting = {item.table.member for item in recognitions if item.contract is not None}
    kept = tuple(item for item in recognitions if _is_answered_for(item, fitting))
    left_out = tuple(
        _left_out(item.table)
        for item in recognitions
        if item not in kept
        and not item.table.hidden
        and item.table.sheet != SUMMARY_SHEET
    )
    return RecognisedFile(kept, result.findings + empty + left_out)


def _is_answered_for(item: Recognition, fitting: set[str | None]) -> bool:
    """Tell whether a table was meant as data; `fitting` are files with a dataset."""
    if item.contract is not None or not fitting or is_titled(item):
        return True
    is_prose = len(item.table.headers) < _FEWEST_COLUMNS
    return item.table.member not in fitting and not is_prose


def is_titled(item: Recognition) -> bool:
    """Tell whether a table was called by a dataset's name, so that it is no note."""
    return any(finding.code == TITLED for finding in item.findings)


def recognise(
    table: TextTable,
    catalogue: Catalogue,
    *,
    submitted_by: SenderKind | None = None,
    sender: str | None = None,
) -> Recognition:
    """Find the dataset that a table is, and the field that each column is.

    `submitted_by` is the kind of sender, `sender` its id for the message; without
    them any sender may send any dataset.
    """
    candidates = rank_candidates(table, catalogue)
    if not candidates or not candidates[0].is_likely:
        turned = _find_turned(table, candidates, catalogue)
        if turned is None:
            return _unknown(table, candidates, submitted_by, sender)
        candidates = [turned]
    findings = check_sender(candidates[0].contract, submitted_by, sender)
    filled = without_unfilled(table, candidates[0])
    return _recognised(filled, candidates[0], catalogue, findings)


def _find_turned(
    table: TextTable, candidates: Iterable[Candidate], catalogue: Catalogue
) -> Candidate | None:
    """Return the dataset that a table would be if its codes stood below each other."""
    for candidate in candidates:
        found = find_side_by_side(table, candidate, catalogue)
        if found is not None and is_whole_but_for(candidate, found):
            return candidate
    return None


def recognise_as(
    item: Recognition, table: TextTable, contract: Contract, catalogue: Catalogue
) -> Recognition:
    """Recognise a table, or some of its rows, as a certain version of its dataset."""
    candidate = assess(table, contract, catalogue)
    about_sender = tuple(f for f in item.findings if f.code == FROM_ANOTHER_SENDER)
    return _recognised(table, candidate, catalogue, about_sender)


def _recognised(
    table: TextTable,
    candidate: Candidate,
    catalogue: Catalogue,
    findings: tuple[FileFinding, ...],
) -> Recognition:
    contract, positions = candidate.contract, candidate.positions
    if not findings:
        findings = table.findings
        # A table that could not be taken apart has no columns to speak of.
        if not _refuses(findings, catalogue):
            findings += check_columns(table, candidate, catalogue)
            findings += tuple(check_beside(table, candidate))
    first = {field: found[0] for field, found in positions.items()}
    return Recognition(
        table=table,
        contract=contract,
        columns={field: table.columns[i] for field, i in first.items()},
        headers={field: table.headers[i] for field, i in first.items()},
        findings=findings,
        refused=_refuses(findings, catalogue),
    )


def _refuses(findings: Iterable[FileFinding], catalogue: Catalogue) -> bool:
    severities = {catalogue.rules[finding.code].severity for finding in findings}
    return Severity.ERROR in severities


def _unknown(
    table: TextTable,
    candidates: list[Candidate],
    submitted_by: SenderKind | None,
    sender: str | None,
) -> Recognition:
    """Answer for a table that is no dataset; name those that its sender sends."""
    if _has_no_header(table, candidates):
        place = Place(sheet=table.sheet, row=table.header_row)
        finding = FileFinding(code="F113", place=place, details={"where": table.where})
    else:
        own = [
            item
            for item in candidates
            if submitted_by in {None, item.contract.submitted_by}
        ]
        finding = describe_unfitting(table, own, sender)
    return Recognition(table, None, {}, {}, (finding,), refused=True)


def _has_no_header(table: TextTable, candidates: list[Candidate]) -> bool:
    """Tell whether the first row is one of data: it holds two values, or only one."""
    if any(candidate.positions for candidate in candidates):
        return False
    named = [header for header in table.headers if header]
    values = [header for header in named if _VALUE.fullmatch(header)]
    return len(values) >= min(2, len(named))


def check_sender(
    contract: Contract, submitted_by: SenderKind | None, sender: str | None
) -> tuple[FileFinding, ...]:
    """Say so when a dataset is sent by another kind of sender than it should be."""
    if submitted_by is None or submitted_by == contract.submitted_by:
        return ()
    details = {
        "dataset": contract.title,
        "who": _SENDERS[contract.submitted_by][0],
        "kind": _SENDERS[submitted_by][1],
        "sender": sender or "yours",
    }
    return (FileFinding(code=FROM_ANOTHER_SENDER, details=details),)


def _left_out(table: TextTable) -> FileFinding:
    return FileFinding(
        code="F112",
        place=Place(sheet=table.sheet),
        details={"sheet": table.sheet or "", "where": table.where},
    )
