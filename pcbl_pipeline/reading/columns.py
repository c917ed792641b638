"""Columns: what is to be said about a table's columns once its dataset is known.

What does not belong here: the cells below them.
"""

from collections.abc import Iterable, Iterator

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import ContractField, Presence
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.candidates import Candidate
from pcbl_pipeline.reading.headers import MOST_COMPARED
from pcbl_pipeline.reading.side_by_side import (
    SideBySide,
    describe_side_by_side,
    find_side_by_side,
)
from pcbl_pipeline.reading.tables import TextTable, cell_address, column_letters

#: Code of the finding when a field's column is missing.
_MISSING = {
    Presence.REQUIRED: "C201",
    Presence.RECOMMENDED: "C206",
    Presence.OPTIONAL: "C203",
}

#: A file need not say for which version of the contract it was made.
_NEVER_MISSED = "schema_version"


def check_columns(
    table: TextTable, candidate: Candidate, catalogue: Catalogue
) -> tuple[FileFinding, ...]:
    """Name the columns that are missing, there twice, or not part of the dataset.

    Where codes stand side by side as headers, that comes first and is said in the
    hints of what follows from it.
    """
    resembling = _find_resembling(table, candidate)
    beside = find_side_by_side(table, candidate, catalogue)
    found = _about_columns(table, candidate, resembling)
    if beside is None:
        return found
    cause = describe_side_by_side(table, candidate, beside)
    return (cause, *(_following(item, beside, table) for item in found))


def _following(item: FileFinding, beside: SideBySide, table: TextTable) -> FileFinding:
    """Say in the hint of a finding that it comes from headers that are codes."""
    headers = {table.headers[position] for position in beside.codes}
    is_code = item.code == "C202" and item.place.column in headers
    if not is_code and not (item.field and beside.is_about(item.field)):
        return item
    hint = f"It belongs to `{beside.field.name}`, which stands side by side."
    return item.model_copy(update={"details": item.details | {"hint": hint}})


def _about_columns(
    table: TextTable, candidate: Candidate, resembling: dict[int, str]
) -> tuple[FileFinding, ...]:
    return (
        *_missing_columns(table, candidate, resembling),
        *_repeated_columns(table, candidate),
        *_unknown_columns(table, candidate, resembling),
    )


def _find_resembling(table: TextTable, candidate: Candidate) -> dict[int, str]:
    """Map headers that mean no field to missing fields that they may have meant."""
    missing = [
        field.name
        for field in candidate.contract.fields
        # What is no key yet must be made one, and not only be called so.
        if field.name not in candidate.positions and not field.is_keyed
    ]
    found = {
        position: candidate.index.find_resembling(table.headers[position], missing)
        for position in _unknown_positions(table, candidate)[:MOST_COMPARED]
    }
    return {position: field for position, field in found.items() if field is not None}


def _missing_columns(
    table: TextTable, candidate: Candidate, resembling: dict[int, str]
) -> Iterator[FileFinding]:
    headers = {field: table.headers[position] for position, field in resembling.items()}
    for field in candidate.contract.fields:
        if field.name not in candidate.positions and field.name != _NEVER_MISSED:
            yield _missing_column(table, field, headers.get(field.name))


def _missing_column(
    table: TextTable, field: ContractField, resembling: str | None
) -> FileFinding:
    hint = f"`{resembling}` looks like it; if it is, rename that header."
    return FileFinding(
        code=_MISSING[field.presence],
        place=Place(sheet=table.sheet, row=table.header_row),
        field=field.name,
        details={
            "field": field.name,
            "title": field.title,
            "hint": hint if resembling else "",
        },
    )


def _repeated_columns(table: TextTable, candidate: Candidate) -> Iterator[FileFinding]:
    for field, positions in candidate.positions.items():
        if len(positions) > 1:
            headers = dict.fromkeys(table.headers[position] for position in positions)
            yield FileFinding(
                code="C204",
                place=_place(table, positions[-1]),
                field=field,
                details={
                    "column": "` or `".join(headers),
                    "times": str(len(positions)),
                    "cells": ", ".join(filter(None, _addresses(table, positions))),
                },
            )


def _unknown_columns(
    table: TextTable, candidate: Candidate, resembling: dict[int, str]
) -> Iterator[FileFinding]:
    for position in _unknown_positions(table, candidate):
        field = resembling.get(position)
        hint = f"It looks like `{field}`; if it is, rename the header." if field else ""
        yield FileFinding(
            code="C202",
            place=_place(table, position),
            details={
                "column": _name(table, position),
                "dataset": candidate.contract.title,
                "hint": hint,
            },
        )


def _unknown_positions(table: TextTable, candidate: Candidate) -> list[int]:
    known = {item for found in candidate.positions.values() for item in found}
    return [item for item in range(len(table.headers)) if item not in known]


def _place(table: TextTable, position: int) -> Place:
    return Place(
        sheet=table.sheet,
        row=table.header_row,
        column=_name(table, position),
        cell=_address(table, position),
    )


def _addresses(table: TextTable, positions: Iterable[int]) -> Iterator[str | None]:
    return (_address(table, item) for item in positions)


def _address(table: TextTable, position: int) -> str | None:
    return cell_address(table, table.columns[position], table.header_row)


def _name(table: TextTable, position: int) -> str:
    """Return a header; a column without one is named as a spreadsheet names it."""
    letters = column_letters(int(table.columns[position][1:]) - 1)
    return table.headers[position] or f"{letters} (no header)"
