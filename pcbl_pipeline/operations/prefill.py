"""Prefill: the rows of its own that a site finds in its template already.

Only what the site itself sent and what counts now; what is carried over stands in the
contract. What does not belong here: writing the workbook.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.contract import SCHOOL_YEAR, Contract, Prefill
from pcbl_pipeline.contracts.template import Cell
from pcbl_pipeline.model.identifiers import school_year_of
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE
from pcbl_pipeline.workspace import Workspace

_SEPARATOR = "; "


def prefilled_rows(
    workspace: Workspace, contracts: Iterable[Contract], sender: Sender
) -> dict[str, list[dict[str, Cell]]]:
    """Return a site's own rows to begin with, by dataset, in the order of their keys.

    Raises:
        StoreUnavailable: If the store is out; try again.
    """
    today = workspace.local_day(workspace.clock())
    starts = workspace.network.calendar.starts
    year = school_year_of(today, starts=starts)
    return {
        contract.dataset: _rows(workspace, contract, contract.prefill, sender, year)
        for contract in contracts
        if contract.prefill is not None
    }


def _rows(
    workspace: Workspace,
    contract: Contract,
    prefill: Prefill,
    sender: Sender,
    year: str,
) -> list[dict[str, Cell]]:
    own = workspace.lake.current(contract.dataset).filter(
        pl.col("sender_id") == sender.sender_id
    )
    if prefill.rows == "newest_year":
        chosen = _newest_year(own, year)
        changes: dict[str, Cell] = {SCHOOL_YEAR: year}
    else:
        chosen = _matching(_newest(own, contract, prefill), prefill)
        # A revision is written in the year in which it is sent.
        changes = {SCHOOL_YEAR: year} if prefill.revision else {}
    changes |= dict.fromkeys(prefill.blank)
    rows = chosen.sort(contract.key).collect().iter_rows(named=True)
    return [_cells(row, contract) | changes for row in rows]


def _newest_year(own: pl.LazyFrame, year: str) -> pl.LazyFrame:
    """Return the rows of the last year, or none when the present one is there."""
    last = own.select(pl.col(SCHOOL_YEAR).max()).collect().item()
    of_last = pl.col(SCHOOL_YEAR) == pl.lit(last, pl.String)
    return own.filter(of_last & pl.lit(last is not None and last < year))


def _newest(own: pl.LazyFrame, contract: Contract, prefill: Prefill) -> pl.LazyFrame:
    """Return the newest revision of each thing, under the number of the next one."""
    number = prefill.revision
    if number is None:
        return own
    thing = [name for name in contract.key if name != number]
    newest = own.sort(number).unique(thing, keep="last")
    return newest.with_columns(pl.col(number) + 1)


def _matching(rows: pl.LazyFrame, prefill: Prefill) -> pl.LazyFrame:
    return rows.filter(
        *[pl.col(name).is_in(list(values)) for name, values in prefill.where.items()]
    )


def _cells(row: Mapping[str, object], contract: Contract) -> dict[str, Cell]:
    """Return a lake row as it is written into a sheet."""
    does_not_apply = row["not_applicable"] or ()
    return {
        name: NOT_APPLICABLE
        if name in does_not_apply  # type: ignore[operator]
        else _cell(row[name])
        for name in contract.field_names
    }


def _cell(value: object) -> Cell:
    match value:
        case None | str() | int() | float():
            return value
        case date():
            return value.isoformat()
        case list():
            return _SEPARATOR.join(value)
        case _:
            raise TypeError(type(value).__name__)
