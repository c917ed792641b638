"""Measures: one row per scope of a submission, compared with what stood before it.

Only numbers and lists are made here; a stock expectation judges each column
(`validation.comparing`). Everything stays lazy until a scope is one row, so that a
submission of millions of rows costs no more than its groups.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.comparison import Comparison, Measure
from pcbl_pipeline.contracts.contract import Contract

SCOPE_ID = "scope_number"
#: Standard errors by which two counts must differ before they count as different. The
#: square root of a count has a standard error of one half, whatever the count.
_SURELY = 3.0
_ORDER = "__order"
_VALUE, _NOW, _BEFORE = "value", "now", "before"
_BESIDE = "__before"


@dataclass(frozen=True)
class Before:
    """The lake's rows with which a submission is compared.

    Shape: both as the contract's typed columns with `sender_id`.
    """

    #: The same sender's, received earlier, of other submissions.
    standing: pl.LazyFrame
    #: Of all other senders.
    others: pl.LazyFrame
    #: Where rows replace row by row: the columns by which a row is known. Without them
    #: a submission replaces all that stands in its scopes.
    replaced_by: tuple[str, ...] = ()


def measure(
    rows: pl.LazyFrame, contract: Contract, catalogue: Catalogue, before: Before
) -> pl.DataFrame:
    """Compare the scopes of a submission with what stood before it.

    Shape: one row per scope: `scope_number`, the columns of the scope, and for each
    measure its value, null where there is nothing to compare with, and the texts
    `<name>__now`, `<name>__before` and `<name>__period` for its words.
    """
    comparison = contract.comparison
    if comparison is None:
        raise AssertionError(contract.dataset)
    return _Measuring(rows, contract, comparison, catalogue, before).table()


class _Measuring:
    def __init__(
        self,
        rows: pl.LazyFrame,
        contract: Contract,
        comparison: Comparison,
        catalogue: Catalogue,
        before: Before,
    ) -> None:
        self.contract = contract
        self.comparison = comparison
        self.before = before
        self.scope = list(comparison.scope)
        self._order = _order(contract, comparison, catalogue)
        self.scopes = (
            rows.select(self.scope)
            .unique()
            .drop_nulls()
            .sort(self.scope)
            .with_row_index(SCOPE_ID)
            .with_columns(pl.col(SCOPE_ID).cast(pl.Int64))
            .collect()
        )
        self.rows = rows.join(self.scopes.lazy(), on=self.scope)

    def table(self) -> pl.DataFrame:
        table = self.scopes
        for item in self.comparison.measures:
            measured = self._measured(item).select(
                SCOPE_ID,
                pl.col(_VALUE).alias(item.name),
                *[
                    pl.col(part).cast(pl.String).alias(f"{item.name}__{part}")
                    for part in (_NOW, _BEFORE, "period")
                ],
            )
            table = table.join(measured, on=SCOPE_ID, how="left", maintain_order="left")
        return table

    def _measured(self, item: Measure) -> pl.DataFrame:
        if item.kind == "elsewhere":
            return self._elsewhere(item)
        partners = self._partners(item.against)
        kinds: Mapping[str, Callable[[Measure, pl.DataFrame], pl.LazyFrame]] = {
            "change": self._change,
            "shrunk": self._change,
            "vanished": self._vanished,
            "jumped": self._jumped,
        }
        measured = kinds[item.kind](item, partners).collect()
        period = partners.select(
            SCOPE_ID,
            pl.concat_str(self.comparison.period, separator=", ").alias("period"),
        )
        return measured.join(period, on=SCOPE_ID)

    def _partners(self, against: str) -> pl.DataFrame:
        """Return for each scope the earlier scope that it is compared with.

        Shape: `scope_number` and the columns of the scope before.
        """
        if against == "replaced":
            known = self.before.standing.select(self.scope).unique().collect()
            return self.scopes.join(known, on=self.scope, how="semi")
        series = list(self.comparison.series)
        known = (
            self.before.standing.select(self.scope)
            .unique()
            .drop_nulls()
            .with_columns(self._order.alias(f"{_ORDER}{_BESIDE}"))
            .collect()
        )
        ours = self.scopes.with_columns(self._order.alias(_ORDER))
        return (
            ours.select(SCOPE_ID, *series, _ORDER)
            .join(known, on=series)
            .filter(pl.col(f"{_ORDER}{_BESIDE}") < pl.col(_ORDER))
            .sort(f"{_ORDER}{_BESIDE}", SCOPE_ID)
            .group_by(SCOPE_ID, maintain_order=True)
            .last()
            .select(SCOPE_ID, *self.scope)
        )

    def _standing(self, partners: pl.DataFrame) -> pl.LazyFrame:
        """Return the earlier rows, each with the number of the scope it stands beside."""
        return self.before.standing.join(partners.lazy(), on=self.scope)

    def _compared_with(self, item: Measure, partners: pl.DataFrame) -> pl.LazyFrame:
        """Return the rows to count: of those to be replaced, only these."""
        standing, key = self._standing(partners), self.before.replaced_by
        if item.against != "replaced" or not key:
            return standing
        return standing.join(self.rows.select(key), on=list(key), how="semi")

    def _change(self, item: Measure, partners: pl.DataFrame) -> pl.LazyFrame:
        total = pl.col(item.of).sum() if item.of else pl.len()
        now = self.rows.group_by(SCOPE_ID).agg(total.cast(pl.Float64).alias(_NOW))
        before = self._compared_with(item, partners).group_by(SCOPE_ID)
        pairs = now.join(before.agg(total.cast(pl.Float64).alias(_BEFORE)), on=SCOPE_ID)
        larger = pl.max_horizontal(_NOW, _BEFORE)
        smaller = pl.min_horizontal(_NOW, _BEFORE)
        apart = 2 * (larger.sqrt() - smaller.sqrt()) / sqrt(2)
        times = larger / pl.max_horizontal(smaller, pl.lit(1.0))
        counts = apart > _SURELY
        if item.kind == "shrunk":
            counts &= pl.col(_NOW) < pl.col(_BEFORE)
        return pairs.with_columns(
            pl.when(counts).then(times).otherwise(1.0).alias(_VALUE),
            pl.col(_NOW, _BEFORE).cast(pl.Int64),
        ).with_columns(self._shown(item.of))

    def _vanished(self, item: Measure, partners: pl.DataFrame) -> pl.LazyFrame:
        column = str(item.of)
        values = self._values_of(self.rows, column)
        before = self._values_of(self._compared_with(item, partners), column)
        gone = (
            before.join(values, on=[SCOPE_ID, column], how="anti")
            .group_by(SCOPE_ID)
            .agg(
                pl.col(column).sort().str.join(", ").alias(_VALUE), pl.len().alias(_NOW)
            )
        )
        shown = self.contract.field(column).may_quote
        named = pl.col(_VALUE) if shown else pl.lit(None, pl.String)
        return gone.with_columns(named.alias(_BEFORE))

    def _values_of(self, rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
        found = rows.select(SCOPE_ID, column)
        if found.collect_schema()[column] == pl.List(pl.String):
            found = found.explode(column)
        return found.drop_nulls().unique()

    def _jumped(self, item: Measure, partners: pl.DataFrame) -> pl.LazyFrame:
        column, by = str(item.of), [SCOPE_ID, *item.by]
        both = self.rows.select(*by, column).join(
            self._standing(partners).select(*by, column), on=by, suffix=_BESIDE
        )
        far = (pl.col(column) - pl.col(f"{column}{_BESIDE}")).abs() >= item.step
        return both.group_by(SCOPE_ID).agg(
            far.sum().cast(pl.Float64).alias(_VALUE),
            far.sum().alias(_NOW),
            pl.len().alias(_BEFORE),
        )

    def _elsewhere(self, item: Measure) -> pl.DataFrame:
        alike = [*self.comparison.period, *item.by]
        theirs = self.before.others.select("sender_id", *alike).unique()
        counted = self.rows.group_by(SCOPE_ID).agg(pl.len().alias(_BEFORE))
        found = (
            self.rows.select(SCOPE_ID, *alike)
            .join(theirs, on=alike, nulls_equal=True)
            .group_by(SCOPE_ID, "sender_id")
            .len(_NOW)
            .group_by(SCOPE_ID)
            .agg(pl.col(_NOW).max())
        )
        share = pl.col(_NOW) / pl.col(_BEFORE)
        return (
            counted.join(found, on=SCOPE_ID, how="left")
            .with_columns(pl.col(_NOW).fill_null(0))
            .with_columns(
                pl.when(pl.col(_NOW) >= item.step)
                .then(share)
                .otherwise(0.0)
                .alias(_VALUE),
                pl.lit(None, pl.String).alias("period"),
            )
            .collect()
        )

    def _shown(self, of: str | None) -> list[pl.Expr]:
        """Keep totals of columns that may not be quoted out of the words."""
        if of is None or self.contract.field(of).may_quote:
            return []
        return [pl.lit(None, pl.Int64).alias(name) for name in (_NOW, _BEFORE)]


def _order(contract: Contract, comparison: Comparison, catalogue: Catalogue) -> pl.Expr:
    """Return a text by which the periods of a series sort."""
    parts = []
    for name in comparison.period:
        codes = catalogue.codes_of(contract.field(name))
        column = pl.col(name)
        if codes is not None:
            ranks = {code: f"{rank:04d}" for rank, code in enumerate(codes.values)}
            column = column.replace(ranks)
        parts.append(column)
    return pl.concat_str(parts, separator="|")
