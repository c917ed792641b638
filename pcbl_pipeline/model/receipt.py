"""The receipt: our durable answer to one submission, written once and last."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.model.finding import FindingGroup
from pcbl_pipeline.model.progress import SinceLast
from pcbl_pipeline.model.withdrawal import WithdrawalNote


class Verdict(StrEnum):
    """What became of a file, or of one dataset in it."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_QUARANTINE = "accepted_with_quarantine"
    #: Every row is set aside: nothing was published, nothing was lost.
    HELD = "held"
    #: Could not be taken as a dataset at all.
    REFUSED = "refused"


class Status(StrEnum):
    """Where a submission stands in the ledger."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_QUARANTINE = "accepted_with_quarantine"
    HELD = "held"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    #: Our own failure; the next sweep tries again.
    FAILED = "failed"


class RowCounts(BaseModel):
    """Rows by outcome. `received = accepted + quarantined + refused`, always."""

    model_config = ConfigDict(frozen=True)

    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    refused: int = 0
    #: Of the accepted rows, those that a newer submission had already replaced.
    superseded: int = 0

    def __add__(self, other: "RowCounts") -> "RowCounts":
        """Add two counts, outcome by outcome."""
        mine, theirs = self.model_dump(), other.model_dump()
        return RowCounts(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def add_up(self) -> bool:
        """Whether every received row has exactly one outcome."""
        return self.received == self.accepted + self.quarantined + self.refused


class ReceiptPart(BaseModel):
    """The answer for one dataset (a CSV, or one sheet of a workbook)."""

    model_config = ConfigDict(frozen=True)

    dataset: str | None = None
    title: str | None = None
    contract_version: str | None = None
    sheet: str | None = None
    #: How the file was read: encoding, delimiter, header row, assumptions.
    read_as: tuple[str, ...] = ()
    #: Our field → the header as the sender wrote it.
    columns: dict[str, str] = {}
    #: The source mapping that made the rows, with its version, where there was one.
    mapping: str | None = None
    verdict: Verdict
    rows: RowCounts = RowCounts()
    #: Root causes and what stands on its own, in the order in which to correct them.
    findings: tuple[FindingGroup, ...] = ()
    #: Which part of the dataset the rows are about: field → values, such as a year.
    covers: dict[str, tuple[str, ...]] = {}
    #: Against the file before it; None for the first one.
    since_last: SinceLast | None = None
    #: Codes of rules that need what only the network knows; empty but for a check at
    #: the site's own desk.
    not_checked: tuple[str, ...] = ()

    @property
    def to_correct(self) -> int:
        """Findings that must be corrected, one by one."""
        return sum(group.to_correct for group in self.findings)

    @property
    def rows_waiting(self) -> int:
        """Rows that were not taken."""
        return self.rows.quarantined + self.rows.refused


class Receipt(BaseModel):
    """One submission's answer, the same bytes however often it is computed."""

    model_config = ConfigDict(frozen=True)

    receipt_format: str = "1.2"
    submission_id: str
    #: 1 for the first answer; a replay that frees rows writes the next one.
    revision: int = 1
    sender_id: str
    sender_name: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: AwareDatetime
    source_object: str
    status: Status
    #: True for an answer to a file that was checked at its sender's desk, not sent.
    check_only: bool = False
    #: True for the answer to a file that had been received before.
    repeat: bool = False
    rows: RowCounts
    #: About the file as a whole; each part has its own.
    findings: tuple[FindingGroup, ...] = ()
    parts: tuple[ReceiptPart, ...] = ()
    pipeline_version: str
    #: Version of the sender's own mapping that was used; 0: nothing was confirmed yet.
    mapping_version: int = 0
    #: True where the network is invented, as in the demo; every page says so.
    fictional: bool = False
    #: Why and by whom the submission was taken back; None for one that stands.
    withdrawal: WithdrawalNote | None = None

    @property
    def datasets(self) -> frozenset[str]:
        """The datasets that were recognised in the file."""
        return frozenset(part.dataset for part in self.parts if part.dataset)

    @property
    def all_findings(self) -> tuple[FindingGroup, ...]:
        """File-level findings first, then those of each part in order."""
        return self.findings + tuple(f for part in self.parts for f in part.findings)

    @property
    def to_correct(self) -> int:
        """Findings that must be corrected, one by one."""
        return sum(group.to_correct for group in self.all_findings)
