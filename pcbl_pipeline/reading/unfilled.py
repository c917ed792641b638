"""Unfilled: rows of a template in which nothing was filled in.

A sender's own template begins with rows that hold only what is known beforehand, such
as its id and the school year. Such a row says nothing, so it is left out and told.
What does not belong here: which fields these are (`contracts.prefill`).
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pcbl_pipeline.contracts.contract import SCHEMA_VERSION
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.candidates import Candidate
from pcbl_pipeline.reading.remarks import row_words
from pcbl_pipeline.reading.tables import ROW_NUMBER, TextTable

_NO_ROWS, _EMPTY_SHEET = "F102", "F111"


def without_unfilled(table: TextTable, candidate: Candidate) -> TextTable:
    """Leave out the rows that hold nothing but what a template begins with."""
    prefill = candidate.contract.prefill
    begun = prefill.begun if prefill else frozenset()
    positions = candidate.positions
    known = {
        table.columns[position]
        for name in (*begun, SCHEMA_VERSION)
        for position in positions.get(name, ())
    }
    others = [name for name in table.columns if name not in known]
    if not begun.issubset(positions) or not begun or not others:
        return table
    begun_in = [table.columns[positions[name][0]] for name in sorted(begun)]
    # With less than a template begins with, the row is somebody's, and broken.
    is_begun = pl.all_horizontal(
        pl.col(begun_in).is_not_null(), pl.col(others).is_null()
    )
    found = table.rows.filter(is_begun).select(ROW_NUMBER).collect(engine="streaming")
    # Of a row whose cells cannot be told apart nobody knows what is blank.
    rows = [row for row in found.to_series().to_list() if row not in table.misshapen]
    if not rows:
        return table
    headers = [
        table.headers[positions[name][0]]
        for name in candidate.contract.field_names
        if name in begun
    ]
    return replace(
        table,
        rows=table.rows.filter(~pl.col(ROW_NUMBER).is_in(rows)),
        row_count=table.row_count - len(rows),
        read_as=(*table.read_as, _said(rows, headers)),
    )


def told_empty(
    sent: Sequence[TextTable], filled: Sequence[TextTable]
) -> tuple[FileFinding, ...]:
    """Say which tables have no row left: beside others that is no mistake."""
    empty = [
        table
        for table, rest in zip(sent, filled, strict=True)
        if table.row_count and not rest.row_count
    ]
    is_mistake = len(empty) == len(sent)
    code = _NO_ROWS if is_mistake else _EMPTY_SHEET
    return tuple(
        FileFinding(
            code=code,
            place=Place(sheet=table.sheet),
            details={
                "file": table.file_name,
                "sheet": table.sheet or table.where,
                "where": table.where,
            },
        )
        for table in empty
    )


def _said(rows: Sequence[int], headers: Sequence[str]) -> str:
    words, names = row_words(rows), ", ".join(f"`{header}`" for header in headers)
    verb = "was" if len(rows) == 1 else "were"
    return (
        f"{words[0].upper()}{words[1:]} {verb} left out: nothing was filled in "
        f"but {names}."
    )
