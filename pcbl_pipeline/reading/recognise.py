"""Recognition: which dataset a table is, and which of its columns are which fields.

A table is taken for the dataset of which it has most that no other dataset has; then
its columns are answered for one by one. What does not belong here: how a header
is compared (`headers`), and anything about values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.model.finding import FileFinding, Place, Severity
from pcbl_pipeline.reading.candidates import Candidate, rank_candidates
from pcbl_pipeline.reading.columns import check_columns
from pcbl_pipeline.reading.tables import ReadResult, TextTable

#: The sheet that a marked workbook has in front; sent back, it says nothing new.
SUMMARY_SHEET = "What we found"

SenderKind = Literal["site", "agency"]

#: Kind of sender → several of them, and one, in a sentence.
_SENDERS: Mapping[SenderKind, tuple[str, str]] = {
    "site": ("pilot sites", "a pilot site"),
    "agency": ("state agencies", "a state agency"),
}

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
    to hold notes. Without any such sheet, each is answered for.
    """
    recognitions = tuple(
        recognise(table, catalogue, submitted_by=submitted_by, sender=sender)
        for table in result.tables
    )
    known = tuple(item for item in recognitions if item.contract is not None)
    if not known:
        return RecognisedFile(recognitions, result.findings)
    left_out = tuple(
        _left_out(item.table)
        for item in recognitions
        if item.contract is None
        and not item.table.hidden
        and item.table.sheet != SUMMARY_SHEET
    )
    return RecognisedFile(known, result.findings + left_out)


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
        return _unknown(table, candidates)
    contract = candidates[0].contract
    positions = candidates[0].positions
    findings = _check_sender(contract, submitted_by, sender)
    if not findings:
        findings = check_columns(table, candidates[0])
    first = {field: found[0] for field, found in positions.items()}
    return Recognition(
        table=table,
        contract=contract,
        columns={field: table.columns[i] for field, i in first.items()},
        headers={field: table.headers[i] for field, i in first.items()},
        findings=findings,
        refused=any(
            catalogue.rules[finding.code].severity is Severity.ERROR
            for finding in findings
        ),
    )


def _unknown(table: TextTable, candidates: list[Candidate]) -> Recognition:
    """Answer for a table that is no dataset."""
    place = Place(sheet=table.sheet, row=table.header_row)
    if _has_no_header(table, candidates):
        finding = FileFinding(code="F113", place=place, details={"where": table.where})
    else:
        details = {"where": table.where, **_describe_closest(candidates)}
        finding = FileFinding(code="F107", place=place, details=details)
    return Recognition(table, None, {}, {}, (finding,), refused=True)


def _has_no_header(table: TextTable, candidates: list[Candidate]) -> bool:
    """Tell whether the first row is one of data: it holds two values, or only one."""
    if any(candidate.positions for candidate in candidates):
        return False
    named = [header for header in table.headers if header]
    values = [header for header in named if _VALUE.fullmatch(header)]
    return len(values) >= min(2, len(named))


def _describe_closest(candidates: list[Candidate]) -> dict[str, str]:
    if not candidates:
        return {"closest": "none", "shared": "0", "total": "0"}
    closest = candidates[0]
    return {
        "closest": closest.contract.title,
        "shared": str(len(closest.positions)),
        "total": str(len(closest.contract.fields)),
    }


def _check_sender(
    contract: Contract, submitted_by: SenderKind | None, sender: str | None
) -> tuple[FileFinding, ...]:
    if submitted_by is None or submitted_by == contract.submitted_by:
        return ()
    details = {
        "dataset": contract.title,
        "who": _SENDERS[contract.submitted_by][0],
        "kind": _SENDERS[submitted_by][1],
        "sender": sender or "yours",
    }
    return (FileFinding(code="F109", details=details),)


def _left_out(table: TextTable) -> FileFinding:
    return FileFinding(
        code="F112",
        place=Place(sheet=table.sheet),
        details={"sheet": table.sheet or "", "where": table.where},
    )
