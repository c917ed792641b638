"""What a sender's own template begins with, as a contract states it.

What does not belong here: finding those rows (`operations.prefill`), and leaving them
out where nothing was filled in (`reading.unfilled`).
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from pcbl_pipeline.contracts.derived import Name, Part

#: The field that holds a reporting window.
WINDOW = "window"


class Prefill(Part):
    """Which rows a sender finds in its template already.

    Rows of its own:

    - `newest_year`: the rows of the last school year, moved to the present one, with
      the fields in `blank` to be filled in anew; none once that year is there
    - `matching`: the rows that have one of the values of `where`. With a field that
      counts revisions, the newest of each thing alone, as its next revision

    And `times` rows below them that are begun: the fields in `fill` hold what is known
    beforehand, all else is blank. With `each`, there is one per value of that field
    that a whole group must have. None once what they begin was sent as a whole.
    """

    rows: Literal["newest_year", "matching"] | None = None
    blank: tuple[Name, ...] = ()
    where: dict[Name, tuple[str, ...]] = Field(default={})
    #: The field of the key that counts revisions.
    revision: Name | None = None
    fill: tuple[Name, ...] = ()
    each: Name | None = None
    times: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _meant(self) -> Self:
        if (self.rows == "matching") != bool(self.where):
            raise ValueError("matching needs `where`, and only matching has it")
        if self.each and not self.fill:
            raise ValueError("`each` needs `fill`")
        return self

    @property
    def begun(self) -> frozenset[str]:
        """The fields that a row holds of which nothing was filled in."""
        return frozenset({*self.fill, *([self.each] if self.each else [])})

    @property
    def columns(self) -> frozenset[str]:
        """Every field that it names."""
        revision = {self.revision} if self.revision else set()
        return self.begun | {*self.blank, *self.where, *revision}
