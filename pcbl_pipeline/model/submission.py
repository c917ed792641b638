"""What a site dropped: the arrival of an object, and the submission it is."""

from pathlib import PurePosixPath

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.model.identifiers import sha256_hex


class Arrival(BaseModel):
    """One object seen in an inbox at one time. The same bytes may arrive twice."""

    model_config = ConfigDict(frozen=True)

    key: str
    sender_id: str
    size: int
    etag: str
    #: When the store took the object in (UTC): the moment that orders submissions.
    received_at: AwareDatetime

    @property
    def arrival_id(self) -> str:
        """Identify this very drop: object, version and time."""
        stamp = self.received_at.isoformat(timespec="microseconds")
        return sha256_hex(f"{self.key}|{self.etag}|{stamp}".encode())[:20]

    @property
    def file_name(self) -> str:
        """The name under which the file was dropped."""
        return PurePosixPath(self.key).name


class Submission(BaseModel):
    """One file from one sender, identified by its content."""

    model_config = ConfigDict(frozen=True)

    submission_id: str
    sender_id: str
    file_name: str
    sha256: str
    size: int
    #: Of the first arrival of these bytes from this sender (UTC).
    received_at: AwareDatetime
    #: Where the file was dropped.
    source_object: str
    #: Where its bytes are kept, until they are erased.
    raw_key: str
