"""Drafts: a table as its sender is about to save it, with what is wrong noted in place.

A mistake changes the draft and says at the same moment which rule it breaks, so that the
answer key can never differ from the file. What does not belong here: the mistakes
themselves (`faults`), and bytes (`render`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.demo.corpus import Row

#: How a delimited record differs from its header; workbooks cannot show it.
Shape = Literal["whole", "long", "short"]


@dataclass
class DraftRow:
    """One row and the rules that its own cells break."""

    cells: dict[str, str]
    #: Rule code and the field that the finding names.
    broken: list[tuple[str, str]] = field(default_factory=list)
    shape: Shape = "whole"
    #: Field → how its right value is written in the file, where that differs.
    written: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands in the file."""
        return self.written.get(name, self.cells.get(name, ""))


@dataclass
class DraftTable:
    """One dataset's table: columns in the sender's order, then rows."""

    contract: Contract
    rows: list[DraftRow]
    #: Contract field → header as written.
    headers: dict[str, str]
    sheet: str | None = None
    #: Header → the value in every row, for columns that no contract knows.
    foreign_columns: dict[str, str] = field(default_factory=dict)
    #: Rule code and field of findings about columns or the table as a whole.
    broken: list[tuple[str, str | None]] = field(default_factory=list)
    #: No row of the table can be judged.
    is_refused: bool = False

    def find(self, key: str) -> DraftRow:
        """Return the first row that has key fields of these values, spaces between.

        Raises:
            KeyError: If there is none; the plan names a row that is not in the file.
        """
        for row in self.rows:
            known = {row.cells[name] for name in self.contract.key}
            if known.issuperset(key.split()):
                return row
        raise KeyError(key)


def draft_table(
    rows: Iterable[Row], contract: Contract, *, sheet: str | None, titles: bool
) -> DraftTable:
    """Draft a table of clean rows; `titles` are written as headers in place of names."""
    drafts = [DraftRow(dict(row)) for row in rows]
    written = [
        item
        for item in contract.fields
        if any(item.name in row.cells for row in drafts)
    ]
    return DraftTable(
        contract=contract,
        rows=drafts,
        headers={item.name: item.title if titles else item.name for item in written},
        sheet=sheet,
    )
