"""Examples: the row of a template that shows how to fill it in, and what is left of it.

Such a row is never data: it is left out where it still stands. Where a sender wrote
over some of its cells the row is the sender's, and what still shows the example was
not filled in. What does not belong here: how the template writes it
(`contracts.template`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pcbl_pipeline.contracts.template_guide import EXAMPLE_MARK
from pcbl_pipeline.reading.header import Record
from pcbl_pipeline.reading.headers import header_key
from pcbl_pipeline.reading.tables import ROW_NUMBER, column_name

#: So many marked cells and no other make an example, though its words are unknown: it
#: may be from a template of long ago.
_ENOUGH_CELLS = 3


@dataclass(frozen=True)
class Examples:
    """What stands in a table of its template's example."""

    #: Rows that hold nothing else.
    rows: tuple[int, ...] = ()
    #: Row of data → positions of the cells that still show the example.
    remains: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


NO_EXAMPLES = Examples()


def has_mark(names: Iterable[str]) -> pl.Expr:
    """Tell quickly whether some cell of a row begins as those of an example do."""
    return pl.any_horizontal(
        pl.lit(value=False),
        *(pl.col(name).str.starts_with(EXAMPLE_MARK) for name in names),
    )


def find_examples(records: Iterable[Record], known: Collection[str]) -> Examples:
    """Find examples among some rows; `known` are their cells, each as `header_key`."""
    rows: list[int] = []
    remains: dict[int, tuple[int, ...]] = {}
    for number, cells in records:
        filled = [cell for cell in cells if cell is not None]
        marked = [cell for cell in filled if cell.startswith(EXAMPLE_MARK)]
        if not marked:
            continue
        shown = tuple(i for i, cell in enumerate(cells) if _is_known(cell, known))
        is_whole = len(marked) == len(filled)
        if is_whole and (len(shown) == len(filled) or len(filled) >= _ENOUGH_CELLS):
            rows.append(number)
        elif shown:
            remains[number] = shown
    return Examples(tuple(rows), remains)


def without_remains(
    rows: pl.LazyFrame, remains: Mapping[int, Sequence[int]]
) -> pl.LazyFrame:
    """Read as blank what still shows the example in rows of data.

    Shape: as `Grid.rows`.
    """
    by_position: dict[int, list[int]] = {}
    for number, positions in remains.items():
        for position in positions:
            by_position.setdefault(position, []).append(number)
    return rows.with_columns(
        pl.when(~pl.col(ROW_NUMBER).is_in(numbers))
        .then(pl.col(column_name(position)))
        .alias(column_name(position))
        for position, numbers in by_position.items()
    )


def _is_known(cell: str | None, known: Collection[str]) -> bool:
    """Tell whether a cell is one of a template, word for word but for its marks."""
    return (
        cell is not None and cell.startswith(EXAMPLE_MARK) and header_key(cell) in known
    )
