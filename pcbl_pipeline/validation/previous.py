"""Derived columns that look at the row before: sent earlier, or in the same file.

What does not belong here: reading the lake, and what a contract expects of a change.
"""

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.told import Told


def derive_from_previous(
    rows: pl.LazyFrame,
    column: DerivedColumn,
    contract: Contract,
    catalogue: Catalogue,
    circumstances: Circumstances,
) -> Told:
    """Compute `of` minus its value in the row before, from all rows.

    Shape: blank where there is no row before, and where a place in the order is taken
    twice, for then nobody knows which of the two is meant.
    """
    of, history = column.of, circumstances.history
    if of is None or history is None:
        raise AssertionError(column.name)
    place = [*column.group, *column.order]
    replaced = list(contract.delivery.scope or contract.key)
    still_there = history.lazy().join(
        rows.select(replaced).unique(), on=replaced, how="anti"
    )
    known = (
        pl.concat([frame.select(*place, of) for frame in (still_there, rows)])
        .drop_nulls()
        .unique(subset=place, keep="none")
    )
    order = [_in_order(name, contract, catalogue) for name in column.order]
    before = pl.col(of).shift(1).over(column.group, order_by=order)
    changes = known.select(*place, (pl.col(of) - before).alias(column.name))
    return Told(changes, tuple(place))


def _in_order(name: str, contract: Contract, catalogue: Catalogue) -> pl.Expr:
    codes = catalogue.codes_of(contract.field(name))
    return pl.col(name).cast(pl.Enum(codes.values)) if codes else pl.col(name)
