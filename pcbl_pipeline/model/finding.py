"""Findings: one rule broken in one place, and how they are grouped for an answer.

A finding is a value, never an exception. What a rule says stands in the rule
catalogue (`pcbl_pipeline.contracts.rules`); here is only what was found and where.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """What a finding does. ERROR is a *must*, WARNING a *should*, INFO neither."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(BaseModel):
    """Where something is, as the sender sees it. The header is in row 1 of most files."""

    model_config = ConfigDict(frozen=True)

    sheet: str | None = None
    row: int | None = None
    #: The header as the sender wrote it, not our field name.
    column: str | None = None
    #: Address in a workbook or in the CSV opened as one, for instance `C5`.
    cell: str | None = None
    #: What stands there: "" for a blank cell, None where the column's privacy class
    #: does not allow quoting.
    value: str | None = None
    #: What may have been meant, where one value is close enough to offer.
    suggestion: str | None = None


class Followed(BaseModel):
    """Findings of one rule in one column that go away with their cause."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    severity: Severity
    field: str | None = None
    message: str
    count: int


class Suggestion(BaseModel):
    """A value as sent, and the right values that it may have been meant to be."""

    model_config = ConfigDict(frozen=True)

    value: str
    meant: tuple[str, ...]


class FindingGroup(BaseModel):
    """All places where one rule is broken in one column, with the words for it.

    `count` is exact. `places` may be shorter than `count` only when
    `places_listed_in` names the file that lists every one of them.

    Units: `rows_touched`, `rows_freed` and `rows_freed_so_far` count rows; the last two
    are 0 where no row waits.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    severity: Severity
    dataset: str | None = None
    #: The contract's field, where the rule is about one.
    field: str | None = None
    #: What is wrong, where, in one or two sentences.
    message: str
    expected: str
    fix: str
    example: str | None = None
    count: int
    places: tuple[Place, ...] = ()
    places_listed_in: str | None = None
    #: What part of the submission a finding about the whole is about.
    scope: str | None = None
    #: The numbers that a waiver would be about; None for findings about single rows.
    numbers: str | None = None
    #: Of a warning about rows: a digest of their keys and of what the rule looked at.
    digest: str | None = None
    #: What else is to be known, for instance that the state's office let it through.
    note: str | None = None
    #: Rows with at least one of these findings.
    rows_touched: int = 0
    #: Rows that wait for nothing but this.
    rows_freed: int = 0
    #: Rows freed once this and every group listed before it are corrected.
    rows_freed_so_far: int = 0
    #: What follows from this one: counted here, one by one in the findings file.
    explained: tuple[Followed, ...] = ()
    #: For some of the values, each once; never applied without the sender's word.
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def explains(self) -> int:
        """How many other findings follow from this one."""
        return sum(item.count for item in self.explained)

    @property
    def to_correct(self) -> int:
        """Findings of severity error in it; what it explains stands for a cause."""
        if self.severity is not Severity.ERROR:
            return 0
        wrong = [i.count for i in self.explained if i.severity is Severity.ERROR]
        return sum(wrong) or self.count


class FileFinding(BaseModel):
    """A finding about a whole file or sheet, raised before rows are judged."""

    model_config = ConfigDict(frozen=True)

    code: str
    place: Place = Place()
    field: str | None = None
    #: Values for the rule's message template.
    details: dict[str, str] = {}
