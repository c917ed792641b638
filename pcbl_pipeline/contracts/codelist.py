"""Code lists: the closed vocabularies of the field, versioned by school year."""

import re
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

#: "None", or "No" and what there is none of; "No" alone is the answer to a question.
_SAYS_NONE = re.compile(r"none$|no\s")


class Code(BaseModel):
    """One value of a code list and when it may be used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    label: str
    description: str | None = None
    #: What is counted or measured, where the code names a measure.
    unit: str | None = None
    #: First day on which the code may be used; None: always.
    valid_from: date | None = None
    #: Last day on which the code may be used; None: still in use.
    valid_to: date | None = None

    @property
    def meaning(self) -> str:
        """What the code stands for, and in what unit; blank where the label says all."""
        words = self.description or ""
        return f"{words} Counted in {self.unit}.".strip() if self.unit else words

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"code `{self.code}` ends before it begins")
        return self


class CodeList(BaseModel):
    """A named list of codes with its source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    #: Where the list comes from; "own proposal" where nothing was published.
    source: str
    valid_from: date
    valid_to: date | None = None
    codes: tuple[Code, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        values = [item.code for item in self.codes]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"code list `{self.name}` repeats {', '.join(twice)}")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """Every code there ever was, in the list's order."""
        return tuple(item.code for item in self.codes)

    @property
    def labels(self) -> dict[str, str]:
        """Code → label for people."""
        return {item.code: item.label for item in self.codes}

    @property
    def for_none(self) -> str | None:
        """The code that says that there is none, where the list has just one such."""
        found = [
            item.code for item in self.codes if _SAYS_NONE.match(item.label.casefold())
        ]
        return found[0] if len(found) == 1 else None

    def valid_on(self, day: date) -> tuple[str, ...]:
        """Return the codes that may be used on a day."""
        return tuple(
            item.code
            for item in self.codes
            if (item.valid_from is None or item.valid_from <= day)
            and (item.valid_to is None or day <= item.valid_to)
        )
