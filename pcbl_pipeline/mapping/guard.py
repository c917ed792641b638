"""The guard: nothing that names a person goes beyond recognition.

A column that names people is refused, not left out, where each row is about a learner:
there a name beside a level is an education record, and the file must be made anew
without it. Elsewhere an unknown column is left out as always, unless it says that the
rows are about learners after all. Why: decision record 0015.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, ContractField
from pcbl_pipeline.mapping.identifiers import Identifier, named_by
from pcbl_pipeline.mapping.identifying_values import count_unlike, find_identifying
from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.recognise import Recognition
from pcbl_pipeline.reading.remarks import row_words
from pcbl_pipeline.reading.tables import TextTable, cell_address

#: What a table about learners gives itself away by.
_LEARNERS = {Identifier.STUDENT_ID, Identifier.BIRTH_DATE}


def refuse_identifying(item: Recognition) -> Recognition:
    """Refuse a table that names people; its findings quote nothing of it."""
    if item.contract is None or item.refused:
        return item
    found = tuple(_find(item, item.contract))
    return replace(item, findings=found, refused=True) if found else item


def keyed_fields(contract: Contract) -> list[ContractField]:
    """Return the fields that hold keyed hashes instead of the ids of people."""
    return [field for field in contract.fields if field.is_keyed]


def _find(item: Recognition, contract: Contract) -> Iterator[FileFinding]:
    keyed = keyed_fields(contract)
    if item.mapped is not None:
        yield from _unlike_keys(item, item.mapped, keyed, mapped=True)
        return
    unknown = [c for c in item.table.columns if c not in set(item.columns.values())]
    by_header = list(_named(item, unknown, None if keyed else _LEARNERS))
    yield from by_header
    if keyed:
        yield from _unlike_keys(item, item.table.rows, keyed, mapped=False)
    if keyed and not by_header:
        yield from _identifying(item, unknown, keyed)


def _named(
    item: Recognition, columns: list[str], kinds: set[Identifier] | None
) -> Iterator[FileFinding]:
    headers = dict(zip(item.table.columns, item.table.headers, strict=True))
    for column in columns:
        kind = named_by(headers[column])
        if kind is not None and (kinds is None or kind in kinds):
            details = {"where": item.table.where, "kind": kind.value}
            place = _place(item, column, headers[column])
            yield FileFinding(code="F150", place=place, details=details)


def _unlike_keys(
    item: Recognition, rows: pl.LazyFrame, keyed: list[ContractField], *, mapped: bool
) -> Iterator[FileFinding]:
    names = set(rows.collect_schema().names())
    for field in keyed:
        column = field.name if mapped else item.columns.get(field.name)
        if column is None or column not in names:
            continue
        # Whether the letters of a key are small or capital is judged with the rows.
        count = count_unlike(rows, column, f"(?i){field.pattern}")
        if count:
            place = item.columns.get(field.name)
            expected = f"Keys: {field.pattern_in_words}."
            yield FileFinding(
                code="F152",
                place=_place(item, place, item.headers.get(field.name)),
                field=field.name,
                details={
                    "where": item.table.where,
                    "count": f"{count:,}",
                    "expected": expected + _said_of_misshapen(item.table),
                },
            )


def _said_of_misshapen(table: TextTable) -> str:
    """Name the likely cause where cells cannot be told apart: they slipped."""
    if not table.misshapen:
        return ""
    return (
        f" Look at {row_words(sorted(table.misshapen))} first: the number of cells there "
        "is not that of the header, so they may stand in the wrong columns."
    )


def _identifying(
    item: Recognition, unknown: list[str], keyed: list[ContractField]
) -> Iterator[FileFinding]:
    secret = {item.columns[f.name] for f in keyed if f.name in item.columns}
    known = [c for c in item.columns.values() if c not in secret]
    learner = item.columns.get(keyed[0].name)
    rows = item.table.rows
    found = find_identifying(rows, unknown, learner=learner)
    found |= find_identifying(rows, known, learner=learner, ids=False)
    headers = dict(zip(item.table.columns, item.table.headers, strict=True))
    for column, (kind, count) in found.items():
        details = {
            "where": item.table.where,
            "kind": kind.value,
            "count": f"{count:,}",
        }
        place = _place(item, column, headers[column])
        yield FileFinding(code="F151", place=place, details=details)


def _place(item: Recognition, column: str | None, header: str | None) -> Place:
    table = item.table
    cell = cell_address(table, column, table.header_row) if column else None
    return Place(sheet=table.sheet, row=table.header_row, column=header, cell=cell)
