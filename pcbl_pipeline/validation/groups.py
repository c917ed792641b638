"""Derived columns that look at the group of a row: the rows equal in some columns.

A row counts only with values whose form is right, and not when its key stands twice,
so that one mistake stays one finding. A sum or count is therefore never too large. What
does not belong here: rows of other files, and what a contract expects of a group.
"""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.told import Told

_SEPARATOR = ";"


def derive_from_group(
    rows: pl.LazyFrame,
    column: DerivedColumn,
    contract: Contract,
    circumstances: Circumstances,
    *,
    row_id: str,
) -> Told:
    """Compute a column of a `group_` kind from all rows.

    Shape: a sum stands in every row of its group. What else a group has or lacks is
    said once, in the first of its rows that count.
    """
    group = list(column.group)
    told = rows.with_columns(_own(contract, circumstances))
    found = _counted(told, column, contract).group_by(group)
    value = _value(column).alias(column.name)
    if column.kind == "group_sum":
        return Told(found.agg(value), tuple(group))
    values = found.agg(pl.col(row_id).min(), value)
    if column.kind == "group_missing":
        values = _without_doubt(values, told, group)
    return Told(values.drop(group), (row_id,))


def _own(contract: Contract, circumstances: Circumstances) -> list[pl.Expr]:
    """Blank out the ids of other senders' sites: they stand there by mistake."""
    owner, sender = contract.owner_field, circumstances.sender
    if owner is None or sender is None:
        return []
    # A school's id begins with its district's.
    own = pl.col(owner).str.starts_with(sender.sender_id)
    return [pl.when(own).then(pl.col(owner)).alias(owner)]


def _counted(
    rows: pl.LazyFrame, column: DerivedColumn, contract: Contract
) -> pl.LazyFrame:
    named = [pl.col(name).is_not_null() for name in column.group]
    among = [pl.col(name).is_in(values) for name, values in column.among.items()]
    counted = rows.filter(*named, *among)
    if column.kind == "group_missing":
        # What stands there twice is not missing.
        return counted
    return counted.unique(subset=list(contract.key), keep="none")


def _without_doubt(
    groups: pl.LazyFrame, rows: pl.LazyFrame, group: list[str]
) -> pl.LazyFrame:
    """Leave out the groups to which a row may belong that tells all but one column."""
    for name in group:
        others = [other for other in group if other != name]
        if others:
            strays = rows.filter(pl.col(name).is_null()).select(others).unique()
            groups = groups.join(strays, on=others, how="anti")
    return groups


def _value(column: DerivedColumn) -> pl.Expr:
    of = pl.col(column.of) if column.of else pl.lit(None)
    match column.kind:
        case "group_missing":
            return _missing(of, column.values)
        case "group_count":
            return pl.len().cast(pl.Int64)
        case "group_distinct":
            return of.drop_nulls().n_unique().cast(pl.Int64)
        case "group_sum":
            return of.sum()
    raise AssertionError(column.kind)


def _missing(of: pl.Expr, values: tuple[str, ...]) -> pl.Expr:
    """List what no row has; nothing while a blank or malformed value may be that."""
    lacking = [pl.when(~(of == value).any()).then(pl.lit(value)) for value in values]
    listed = pl.concat_str(lacking, separator=_SEPARATOR, ignore_nulls=True)
    return pl.when(~of.is_null().any() & (listed != "")).then(listed)
