"""Prefill: the rows that a sender finds in its template already.

Only what it sent itself and what counts now, and what is known of it beforehand; which
of these stands in the contract. What does not belong here: writing the workbook.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from pcbl_pipeline.contracts.contract import SCHOOL_YEAR, Contract
from pcbl_pipeline.contracts.prefill import WINDOW, Prefill
from pcbl_pipeline.contracts.template import Cell
from pcbl_pipeline.model.identifiers import school_year_of
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.prepare import NOT_APPLICABLE
from pcbl_pipeline.workspace import Workspace

_SEPARATOR = "; "


def prefilled_rows(
    workspace: Workspace, contracts: Iterable[Contract], sender: Sender
) -> dict[str, list[dict[str, Cell]]]:
    """Return what a sender's template begins with, by dataset.

    First its own rows, in the order of their keys. Then rows that hold what is known
    beforehand; they are left out again where nothing else was filled in.

    Raises:
        StoreUnavailable: If the store is out; try again.
    """
    today = workspace.local_day(workspace.clock())
    calendar = workspace.network.calendar
    known = {
        "state_fips": sender.state_fips,
        "leaid": sender.leaid,
        SCHOOL_YEAR: school_year_of(today, starts=calendar.starts),
        WINDOW: calendar.window_of(today),
    }
    kind = sender.kind
    return {
        contract.dataset: _rows(workspace, contract, contract.prefill, sender, known)
        for contract in contracts
        if contract.prefill is not None and contract.submitted_by == kind
    }


def _rows(
    workspace: Workspace,
    contract: Contract,
    prefill: Prefill,
    sender: Sender,
    known: Mapping[str, Cell],
) -> list[dict[str, Cell]]:
    own = workspace.lake.current(contract.dataset).filter(
        pl.col("sender_id") == sender.sender_id
    )
    rows = _own_rows(own, contract, prefill, str(known[SCHOOL_YEAR]))
    if sender.kind == "site" and contract.owner_field:
        known = {**known, contract.owner_field: sender.sender_id}
    begun = {name: known[name] for name in prefill.fill}
    if _is_there(own, contract, begun) or (rows and _is_one(contract, begun)):
        return rows
    return rows + _begun_rows(contract, prefill, begun)


def _own_rows(
    own: pl.LazyFrame, contract: Contract, prefill: Prefill, year: str
) -> list[dict[str, Cell]]:
    changes: dict[str, Cell] = {}
    if prefill.rows is None:
        return []
    if prefill.rows == "newest_year":
        chosen = _newest_year(own, year)
        changes[SCHOOL_YEAR] = year
    else:
        chosen = _matching(_newest(own, contract, prefill), prefill)
        if prefill.revision:
            # A revision is written in the year in which it is sent.
            changes[SCHOOL_YEAR] = year
    changes |= dict.fromkeys(prefill.blank)
    rows = chosen.sort(contract.key).collect().iter_rows(named=True)
    return [_cells(row, contract) | changes for row in rows]


def _begun_rows(
    contract: Contract, prefill: Prefill, begun: Mapping[str, Cell]
) -> list[dict[str, Cell]]:
    if prefill.each is None:
        return [dict(begun) for _ in range(prefill.times if begun else 0)]
    return [
        {**begun, prefill.each: value} for value in contract.must_hold(prefill.each)
    ]


def _is_there(own: pl.LazyFrame, contract: Contract, begun: Mapping[str, Cell]) -> bool:
    """Tell whether what is sent as a whole was sent: then it is not begun again."""
    scope = contract.delivery.scope
    if not scope or not set(scope) <= set(begun):
        return False
    same = own.filter(*[pl.col(name) == begun[name] for name in scope])
    return not same.head(1).collect().is_empty()


def _is_one(contract: Contract, begun: Mapping[str, Cell]) -> bool:
    """Tell whether there is but one row of what is begun."""
    return set(contract.key) <= set(begun)


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
