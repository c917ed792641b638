"""Progress: what a sender's files for one dataset came to, try after try.

Counts only. Which rows are meant is found where they wait, in quarantine.
"""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Try(BaseModel):
    """One file of a sender for one dataset, and how much there was to correct.

    Units: `to_correct` in findings that must be corrected, `rows_waiting` in rows that
    were not taken.
    """

    model_config = ConfigDict(frozen=True)

    submission_id: str
    file_name: str
    received_at: AwareDatetime
    to_correct: int
    rows_waiting: int


class SinceLast(BaseModel):
    """What became of the findings of the last try, counted one by one.

    `fixed + still_open + left_out` are the findings that the last try had;
    `still_open + new` are those of this one. All are of severity error.
    """

    model_config = ConfigDict(frozen=True)

    fixed: int
    still_open: int
    #: Of rows that are not in this file.
    left_out: int = 0
    new: int
    #: The tries before this one, oldest first, since the last that had nothing open.
    tries: tuple[Try, ...]


class OpenFinding(BaseModel):
    """Findings about a table itself, which no row in quarantine remembers."""

    model_config = ConfigDict(frozen=True)

    code: str
    field: str | None
    count: int


class TryNote(BaseModel):
    """What the next try needs to know of one; kept in the ledger, without values.

    Deduced from the receipt, so that it can be written again.
    """

    model_config = ConfigDict(frozen=True)

    sender_id: str
    dataset: str
    #: Which part of the dataset the rows were about: field → values.
    covers: dict[str, tuple[str, ...]]
    #: This try, and those before it that lead to it.
    tries: tuple[Try, ...]
    about_table: tuple[OpenFinding, ...]

    @property
    def this(self) -> Try:
        """The try that the note is about."""
        return self.tries[-1]
