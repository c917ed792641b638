"""Beside: a second table that stands to the right or left of the first in one sheet.

What does not belong here: a second table below the first (`margins`).
"""

from collections.abc import Iterator

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.candidates import Candidate
from pcbl_pipeline.reading.tables import TextTable, column_letters

#: A single column beside the table is one of remarks.
_FEWEST_COLUMNS = 2


def check_beside(table: TextTable, candidate: Candidate) -> Iterator[FileFinding]:
    """Name each block of columns, set off by a blank one, that has none of the dataset.

    Its columns are left out one by one anyway; this says why there are so many.
    """
    known = {item for found in candidate.positions.values() for item in found}
    for block in _blocks(table):
        named = [position for position in block if table.headers[position]]
        if len(named) >= _FEWEST_COLUMNS and not known & set(block):
            first = column_letters(_number(table, block[0]))
            yield FileFinding(
                code="F142",
                place=Place(sheet=table.sheet, row=table.header_row),
                details={
                    "where": table.where,
                    "first": first,
                    "last": column_letters(_number(table, block[-1])),
                },
            )


def _blocks(table: TextTable) -> Iterator[list[int]]:
    """Yield the positions of columns that stand together, without a blank one between."""
    if table.header_row is None:
        return
    block: list[int] = []
    for position in range(len(table.columns)):
        if block and _number(table, position) > _number(table, block[-1]) + 1:
            yield block
            block = []
        block.append(position)
    yield block


def _number(table: TextTable, position: int) -> int:
    return int(table.columns[position][1:]) - 1
