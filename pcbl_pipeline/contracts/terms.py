"""The crosswalk of terms: which term each state uses for the model, and since when.

What does not belong here: the terms themselves; they are the code list `term_code`.
"""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

TERM_LIST = "term_code"


class StateTerm(BaseModel):
    """One state's word for the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state_fips: str
    term_code: str
    #: As the state writes it.
    wording: str
    #: First and last calendar year of use; None: not known, and still in use.
    since: int | None = None
    until: int | None = None
    source: str

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"the term `{self.term_code}` ends before it begins")
        return self

    def is_used_in(self, year: int) -> bool:
        """Tell whether the state uses the term in a calendar year."""
        return (self.since or year) <= year <= (self.until or year)


def terms_in_use(terms: Iterable[StateTerm], year: int) -> dict[str, tuple[str, ...]]:
    """Return the wordings in use in a calendar year, by state FIPS code."""
    found: dict[str, tuple[str, ...]] = {}
    for term in terms:
        if term.is_used_in(year):
            words = found.get(term.state_fips, ())
            found[term.state_fips] = (*words, term.wording)
    return found
