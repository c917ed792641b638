"""The answer key: what the pipeline must say about every file of the demo.

It is written by the same code that plants the mistakes, so that "planted = reported" can
be a test. What does not belong here: how the expectations come about (`expected`).
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.model.narrative import HitKind
from pcbl_pipeline.model.receipt import Status


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ExpectedFinding(_Part):
    """One rule broken in one place.

    `row` is the row as the sender sees it (header = 1) where the finding has one;
    findings about columns stand in row 1. `field` is the field that the finding names:
    of a dataset's own rule, the first that the rule lists.
    """

    code: str
    dataset: str | None = None
    field: str | None = None
    row: int | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, int]:
        """Order findings by dataset, code, field and row."""
        return self.dataset or "", self.code, self.field or "", self.row or 0


class ExpectedRows(_Part):
    """What becomes of the rows of one table. No dataset: it was not recognised."""

    dataset: str | None
    sheet: str | None = None
    received: int
    accepted: int = 0
    quarantined: int = 0
    refused: int = 0


class Outcome(_Part):
    """One answer to a file."""

    status: Status
    #: One entry per table that could be read at all.
    rows: tuple[ExpectedRows, ...] = ()
    findings: tuple[ExpectedFinding, ...] = ()


class FileKey(_Part):
    """What is in one file, and what must be answered."""

    sender_id: str
    file_name: str
    #: Drop this round's files, ingest them and replay, before the next round's.
    round: int
    #: When the file is dropped; also the file's own time (UTC). Orders all files.
    dropped_at: AwareDatetime
    #: The mistakes in it, in words; empty for a file without any.
    planted: tuple[str, ...] = ()
    #: Name of the sender's earlier file with the very same bytes.
    repeat_of: str | None = None
    #: The first answer, when files are ingested in the order of `dropped_at`.
    first: Outcome
    #: The answer that stands once rows that waited for others' data were replayed, at
    #: the end of each round; None: the first answer stands.
    after_replay: Outcome | None = None

    @property
    def standing(self) -> Outcome:
        """The answer that stands in the end."""
        return self.after_replay or self.first

    @property
    def path(self) -> str:
        """Where the file lies below the folder it was written to."""
        return f"{self.sender_id}/{self.file_name}"


class NarrativeHold(_Part):
    """A lesson that must not be published: its text points to a person."""

    lesson_id: str
    kinds: tuple[HitKind, ...]


class AnswerKey(_Part):
    """Everything that the pipeline must find in the demo's input."""

    seed: int
    as_of: date
    #: In the order in which they are dropped.
    files: tuple[FileKey, ...]
    narrative_holds: tuple[NarrativeHold, ...]
    #: Pairs of lesson ids whose texts nearly repeat each other.
    near_duplicates: tuple[tuple[str, str], ...]
    #: Dataset → current rows in the lake when everything was ingested.
    lake_rows: dict[str, int]

    def get_file(self, sender_id: str, file_name: str) -> FileKey:
        """Return a file's key.

        Raises:
            KeyError: If there is no such file.
        """
        for item in self.files:
            if (item.sender_id, item.file_name) == (sender_id, file_name):
                return item
        raise KeyError((sender_id, file_name))
