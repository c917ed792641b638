"""Withdrawal: a submission is taken back, with everything that was made of it.

Frozen values only: the note that is written before anything is taken away, what was
judged again because of it, and the proof that nothing is left. What does not belong
here: doing any of it.
"""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Withdrawal(_Value):
    """The note of a withdrawal. The first one about a submission stands."""

    sender_id: str
    submission_id: str
    reason: str
    #: Who decided it: a name or an office.
    by: str
    withdrawn_at: AwareDatetime
    #: Whether the bytes as sent are deleted too, with every value quoted of them.
    erase: bool = False
    #: Datasets that it held.
    datasets: tuple[str, ...] = ()
    #: Whether any of its rows ever counted.
    landed: bool = False
    sha256: str
    size_bytes: int
    received_at: AwareDatetime
    #: The file that this list of suggestions corrected, withdrawn in the same breath.
    corrects: str | None = None


class JudgedAgain(_Value):
    """A submission that was judged again, because another one was withdrawn.

    Units: rows.
    """

    sender_id: str
    submission_id: str
    file_name: str
    #: The number of its new answer.
    revision: int
    #: Rows that had been replaced, and count again.
    back: int
    #: Rows that stood only because of what was withdrawn, and are set aside now.
    set_aside: int


class RawBytes(StrEnum):
    """What became of the bytes as sent."""

    #: Kept where agency staff alone can read them.
    KEPT = "kept"
    ERASED = "erased"
    #: Kept, because another submission that stands is the same bytes.
    SHARED = "shared"


class Searched(_Value):
    """One place that was searched through."""

    place: str
    files: int
    size_bytes: int
    #: Of those, files that hold drawn text, which a search cannot read.
    unread: int = 0


class Proof(_Value):
    """What was searched for a submission's rows after they were taken away.

    It holds no value: only how many were looked for.
    """

    proof_format: str = "1.0"
    submission_id: str
    searched_at: AwareDatetime
    #: Cells and sentences of the file that were looked for: those that tell it from
    #: everything that stands.
    values: int
    #: Cells and sentences of the file that are long enough to tell anything.
    values_in_file: int
    searched: tuple[Searched, ...]
    #: SHA-256 over name, size and version of every file searched.
    files_digest: str
    #: Keys of files in which something was found; empty where nothing is left.
    found: tuple[str, ...]
    raw: RawBytes
    #: Other submissions of the sender whose bytes hold some of the values.
    also_sent_in: tuple[str, ...] = ()
    #: Releases that were taken back, and candidates that were refused.
    releases: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left."""
        return not self.found


class WithdrawalNote(_Value):
    """What a receipt says of a withdrawal."""

    reason: str
    by: str
    withdrawn_at: AwareDatetime
    erased: bool
    #: Of the same sender.
    again: tuple[JudgedAgain, ...] = ()
