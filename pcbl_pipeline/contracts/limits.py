"""Limit tables: numbers that differ from state to state, as data with their source.

A state that is not in a table has no limit there. What does not belong here: judging.
"""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pcbl_pipeline.model.identifiers import STATE_FIPS


class Limit(BaseModel):
    """The most that one state allows for a range of whole numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state_fips: str
    #: First and last number that the limit is for; no last one: all from the first on.
    first: Annotated[int, Field(ge=0)]
    last: int | None = None
    at_most: Annotated[int, Field(gt=0)]
    #: The law or rule that sets it.
    source: str

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.state_fips not in STATE_FIPS:
            raise ValueError(f"`{self.state_fips}` is not a state FIPS code")
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a limit of {self.state_fips} ends before it begins")
        return self

    @property
    def numbers(self) -> str:
        """The numbers that the limit is for, in words."""
        if self.last is None:
            return f"{self.first} and later"
        return (
            f"{self.first}"
            if self.first == self.last
            else f"{self.first} to {self.last}"
        )

    def meets(self, other: "Limit") -> bool:
        """Tell whether two limits are for the same state and a common number."""
        if self.state_fips != other.state_fips:
            return False
        low = max(self.first, other.first)
        ends = [end for end in (self.last, other.last) if end is not None]
        return all(low <= end for end in ends)


class LimitTable(BaseModel):
    """A named table of limits by state and a whole number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    unit: str
    #: What `first` and `last` count, in one word, for instance `extension`.
    counts: str
    valid_from: date
    limits: tuple[Limit, ...]

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        for number, limit in enumerate(self.limits):
            if any(limit.meets(other) for other in self.limits[:number]):
                raise ValueError(
                    f"limit table `{self.name}` says two things of {limit.state_fips} "
                    f"at {limit.first}"
                )
        return self

    def words(self, state_fips: str | None) -> str:
        """Say what a state allows; of a state that has no limit, say what others do."""
        own = [item for item in self.limits if item.state_fips == state_fips]
        return ", ".join(
            f"{'' if own else f'in state {item.state_fips} '}{item.at_most} {self.unit} "
            f"({self.counts} {item.numbers})"
            for item in own or self.limits
        )
