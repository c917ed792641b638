"""Expressions: from what a mapping says about one value to what Polars computes.

What does not belong here: which rows make records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import polars as pl

from pcbl_pipeline.contracts.source import Crosswalk, SourceMapping, ValueSource
from pcbl_pipeline.mapping import values
from pcbl_pipeline.mapping.columns import Columns, Groups
from pcbl_pipeline.mapping.keys import Keyring


@dataclass(frozen=True, eq=False)
class Maker:
    """Makes the values of one mapping for one table and one sender."""

    source: SourceMapping
    columns: Columns
    #: What `sender:` stands for.
    sender: Mapping[str, str | None]
    keyring: Keyring

    def value(self, item: ValueSource, groups: Groups) -> pl.Expr:
        """Return a value's expression over the columns of the table."""
        text = self._origin(item, groups)
        for pattern, instead in item.replace:
            text = values.blank_to_null(text.str.replace(pattern, instead))
        if item.split is not None:
            text = values.part_of(text, *item.split)
        text = _parsed(text, item)
        if item.bands:
            text = values.to_band(text, item.bands)
        if item.crosswalk is not None:
            text = values.crossed(text, self._crosswalk(item))
        if item.default is not None:
            text = text.fill_null(item.default)
        return self.keyring.hashed(text, item.hash) if item.hash else text

    def _crosswalk(self, item: ValueSource) -> Crosswalk:
        if isinstance(item.crosswalk, str):
            return self.source.crosswalks[item.crosswalk]
        return item.crosswalk or {}

    def _origin(self, item: ValueSource, groups: Groups) -> pl.Expr:
        if item.column:
            found = [self.columns.find(header, groups) for header in item.column]
            there = [pl.col(column) for column in found if column is not None]
            return pl.coalesce(*there) if there else pl.lit(None, pl.String)
        if item.combine:
            return pl.concat_str([self._part(part, groups) for part in item.combine])
        if item.several:
            parts = [self.value(part, groups) for part in item.several]
            joined = pl.concat_str(parts, separator=";", ignore_nulls=True)
            return values.blank_to_null(joined)
        if item.sender:
            return pl.lit(self.sender[item.sender], pl.String)
        if item.group:
            return pl.lit(groups.named[item.group] or None, pl.String)
        return pl.lit(item.constant, pl.String)

    def _part(self, part: str | ValueSource, groups: Groups) -> pl.Expr:
        return pl.lit(part) if isinstance(part, str) else self.value(part, groups)


def kept_where(field: str, when: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """Return a field's value only where other fields have certain values."""
    conditions = [pl.col(name).is_in(list(allowed)) for name, allowed in when.items()]
    together = reduce(lambda left, right: left & right, conditions)
    return pl.when(together).then(pl.col(field)).alias(field)


def _parsed(text: pl.Expr, item: ValueSource) -> pl.Expr:
    made = {
        "date": lambda: values.to_date(text, item.formats),
        "school_year": lambda: values.to_school_year(text),
        "school_year_end": lambda: values.to_school_year_ending(text),
        "school_year_of_date": lambda: values.to_school_year_of(
            values.to_date(text, item.formats)
        ),
        "grade": lambda: values.to_grade(text),
        "number": lambda: values.to_number(text),
        "slug": lambda: values.to_slug(text),
    }
    return made[item.parse]() if item.parse else text
