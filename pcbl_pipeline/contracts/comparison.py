"""Comparisons: what a contract asks of a submission as a whole, beside what came before.

A comparison has one row per scope (a site's school year, or window) and one column per
measure; a stock expectation judges each column. What does not belong here: measuring
(`validation.measures`), and the words of the rules, which stand in `rules.yaml`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Measure(BaseModel):
    """One number or list per scope, and the expectation that judges it.

    - `change`: how many times larger or smaller the count of rows is, or the sum of
      `of`. It is 1 unless the difference of the square roots says that chance is no
      likely cause, so that a small site is not told off for a small number
    - `shrunk`: the same where there is less than before, and 1 otherwise
    - `vanished`: the values of `of` that were there before and are not now
    - `jumped`: how many rows, matched by `by`, differ in `of` by `step` or more
    - `elsewhere`: the largest share of the rows, 0 to 1, that one other sender has in
      the same period, alike in all columns of `by`; 0 below `step` rows

    `replaced` compares with the rows of the same scope that this submission would
    replace, `earlier` with the scope's last period before, `network` with others.

    Source: the variance-stabilising square root of counts, M. S. Bartlett, The Square
    Root Transformation in Analysis of Variance (1936).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ColumnName
    kind: Literal["change", "shrunk", "vanished", "jumped", "elsewhere"]
    against: Literal["replaced", "earlier", "network"]
    of: ColumnName | None = None
    by: tuple[ColumnName, ...] = ()
    step: int = 1
    #: The rule whose words are used; severity error holds the rows of the dataset.
    code: Annotated[str, Field(pattern=r"^E5[0-9]{2}$")]
    expectation: Annotated[str, Field(pattern=r"^expect_column_[a-z_]+$")]
    #: Its arguments, but for the column, which is the measure.
    kwargs: dict[str, Any] = {}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "elsewhere") != (self.against == "network"):
            raise ValueError(f"`{self.name}`: only `elsewhere` looks at the network")
        if self.kind in {"vanished", "jumped"} and self.of is None:
            raise ValueError(f"`{self.name}` needs a column in `of`")
        if self.kind in {"jumped", "elsewhere"} and not self.by:
            raise ValueError(f"`{self.name}` needs columns in `by`")
        return self


class Comparison(BaseModel):
    """How the scopes of a dataset are told apart and put in order, and its measures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Columns that stay the same over time, for instance `site_id`.
    series: tuple[ColumnName, ...]
    #: Columns that put the scopes of a series in order, the largest first. Codes are
    #: in the order of their list.
    period: tuple[ColumnName, ...]
    measures: tuple[Measure, ...]

    @property
    def scope(self) -> tuple[str, ...]:
        """The columns that name a scope."""
        return (*self.series, *self.period)

    @property
    def columns(self) -> frozenset[str]:
        """Every column of the dataset that is looked at."""
        used = {name for item in self.measures for name in item.by}
        used |= {item.of for item in self.measures if item.of}
        return frozenset(used | set(self.scope))
