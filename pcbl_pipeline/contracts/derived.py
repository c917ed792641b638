"""Derived columns: what is computed beside the fields, so that a rule can judge it.

What does not belong here: computing anything (`validation`), and the rules themselves.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    """A part of a contract: frozen, and with nothing in it that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(Part):
    """Another dataset's column that values must exist in."""

    dataset: Name
    column: Name
    #: Columns that must be equal on both sides, for instance `school_year`.
    same: tuple[Name, ...] = ()
    #: The column that counts versions of a thing, for instance `revision`.
    order: Name | None = None


class DerivedColumn(Part):
    """A column computed from the rows, so that a stock expectation can judge it.

    - `prefix`: the first `length` characters of `of`
    - `prefix_like`: as many characters of `of` as the first of `columns` has
    - `first_given`: the first of `columns` that is not blank
    - `times`: `of` multiplied by `by`
    - `school_year_first_day`, `school_year_last_day`: of the school year in `of`
    - `received_date`: the agency's calendar day on which the file was received
    - `unresolved`: those items of `of` that `reference` does not know, or blank.
      Where either side is of type `codes`, its items count one by one

    Of a group, the rows that are equal in the columns of `group`, those count whose
    value in each column of `among` is one of the values named there:

    - `group_missing`: those of `values` that no row has in `of`, or blank
    - `group_count`: how many rows count
    - `group_distinct`: how many values there are in `of`
    - `group_sum`: the sum of `of`

    The sum stands in every row of the group, the others in the first row that counts.

    - `previous_change`: `of` minus its value in the row before: of those rows of the
      group, here and in the lake, that come earlier in the `order` of some columns
    - `looked_up`: the value of `reference` in the one row that has the `same` values
    - `latest_earlier`: the value of `reference`, a column of this dataset, in the
      sender's own row with the `same` values and the greatest `order` below this row's
    - `days_between`: days from the first of `columns` to the second
    - `limit`: what the limit table `table` allows the state that the first `length`
      characters of `of` name, at the number in the first of `columns`
    """

    name: Name
    kind: Literal[
        "prefix",
        "prefix_like",
        "first_given",
        "times",
        "school_year_first_day",
        "school_year_last_day",
        "received_date",
        "unresolved",
        "group_missing",
        "group_count",
        "group_distinct",
        "group_sum",
        "previous_change",
        "looked_up",
        "latest_earlier",
        "days_between",
        "limit",
    ]
    of: Name | None = None
    columns: tuple[Name, ...] = ()
    length: int | None = None
    by: float | None = None
    reference: Reference | None = None
    group: tuple[Name, ...] = ()
    among: dict[Name, tuple[str, ...]] = {}
    values: tuple[str, ...] = ()
    #: The first column decides first; codes are in the order of their list.
    order: tuple[Name, ...] = ()

    @property
    def is_of_group(self) -> bool:
        """Whether it is computed from several rows of the file."""
        return self.kind.startswith("group_")

    @property
    def looks_back(self) -> bool:
        """Whether it asks for rows that were sent earlier."""
        return self.kind.startswith("previous_")

    @property
    def reads(self) -> frozenset[str]:
        """The columns of this dataset from which it is computed."""
        one = {self.of} if self.of else set()
        return frozenset({*one, *self.columns, *self.group, *self.among, *self.order})

    @model_validator(mode="after")
    def _grouped(self) -> Self:
        if (self.is_of_group or self.looks_back) != bool(self.group):
            raise ValueError(f"`{self.name}`: a group, and only it, has columns")
        return self

    table: Name | None = None

    @property
    def is_lookup(self) -> bool:
        """Whether it is a value of another row, as the lake has it."""
        return self.kind in {"looked_up", "latest_earlier"}
