"""The lake as it must stand: which rows count when a file is answered.

Worked out from drafts, apart from the pipeline's own code. What does not belong here:
what is right or wrong about a row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import Reference
from pcbl_pipeline.demo.draft import DraftRow, DraftTable


@dataclass(frozen=True)
class Landed:
    """One row that counts, who sent it, and when."""

    sender: str
    at: datetime
    row: DraftRow


@dataclass
class Lake:
    """The current accepted rows of every dataset."""

    rows: dict[str, list[Landed]] = field(default_factory=dict)

    def land(
        self, table: DraftTable, accepted: Iterable[DraftRow], at: datetime, sender: str
    ) -> None:
        """Put rows in; what was received later stays."""
        contract = table.contract
        current = self.rows.get(contract.dataset, [])
        new = [Landed(sender, at, row) for row in accepted]
        newer = {_place(item, contract) for item in current if item.at > at}
        taken = {_place(item, contract) for item in new} - newer
        staying = [item for item in current if _place(item, contract) not in taken]
        landing = [item for item in new if _place(item, contract) in taken]
        self.rows[contract.dataset] = staying + landing

    def knows(self, item: str, row: DraftRow, reference: Reference) -> bool:
        """Tell whether another dataset has a value, for the same school year say."""
        return any(
            item in items_of(other, reference.column)
            for other in self._alike(row, reference)
        )

    def look_up(self, row: DraftRow, reference: Reference) -> str | None:
        """Return a value of another dataset's row; of several, the last received."""
        found = [other.cells[reference.column] for other in self._alike(row, reference)]
        return found[-1] if found else None

    def earlier(
        self, row: DraftRow, reference: Reference, sender: str
    ) -> dict[int, str]:
        """Return a sender's values of the same thing, by the number of the revision."""
        order = reference.order or ""
        return {
            int(item.row.cells[order]): item.row.cells[reference.column]
            for item in self.rows.get(reference.dataset, ())
            if item.sender == sender and _is_alike(item.row, row, reference)
        }

    def _alike(self, row: DraftRow, reference: Reference) -> Iterator[DraftRow]:
        there = self.rows.get(reference.dataset, ())
        for item in sorted(there, key=lambda landed: landed.at):
            if _is_alike(item.row, row, reference):
                yield item.row


def items_of(row: DraftRow, name: str) -> list[str]:
    """Return the items of a cell, which may hold several with semicolons between."""
    return [item for item in row.cells[name].split(";") if item]


def _is_alike(other: DraftRow, row: DraftRow, reference: Reference) -> bool:
    return all(other.cells[name] == row.cells[name] for name in reference.same)


def _place(item: Landed, contract: Contract) -> tuple[str, ...]:
    """Return what is replaced as one: a scope as a whole, or a sender's single row."""
    if contract.delivery.mode == "snapshot":
        return tuple(item.row.cells[name] for name in contract.delivery.scope)
    return (item.sender, *(item.row.cells[name] for name in contract.key))
