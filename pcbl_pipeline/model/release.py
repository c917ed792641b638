"""Releases: what is published under one number, and what is known about it.

Frozen values only. Writing, switching and checking a release is the work of
`pcbl_pipeline.publication.release`.
"""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from pcbl_pipeline.model.network import Edition

#: Year and month in which the release was made, then its number in that month.
RELEASE_ID_PATTERN = r"^20[0-9]{2}\.(?:0[1-9]|1[0-2])\.[1-9][0-9]*$"
ReleaseId = Annotated[str, Field(pattern=RELEASE_ID_PATTERN)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReleaseFacts(_Value):
    """What is said of a release beyond its files. Never a value of any summary."""

    #: The day in the network's time zone up to which the data count.
    as_of: date
    pipeline_version: str
    #: Dataset → version of its contract.
    contract_versions: dict[str, str]
    #: Code list → its version.
    code_list_versions: dict[str, str]
    #: State FIPS code → k: groups of fewer students are never shown.
    minimum_group_sizes: dict[str, int]
    #: Reason → number of texts withheld; only reasons that occurred.
    withheld: dict[str, int] = {}
    #: True for invented networks, as in the demo.
    fictional: bool = False

    @model_validator(mode="after")
    def _only_what_occurred(self) -> Self:
        if any(count < 1 for count in self.withheld.values()):
            raise ValueError("withheld lists only reasons that occurred")
        return self


class ReleasePlan(_Value):
    """What a number was taken for; written first, so that nobody else takes it.

    Two runs with equal plans write the same release, and may complete each other's.
    """

    release_id: ReleaseId
    previous_release_id: ReleaseId | None
    #: Over the data files of all editions, not over the pages.
    content_digest: Sha256
    facts: ReleaseFacts


class ReleaseFile(_Value):
    """One file of a release; `path` is relative to the manifest that lists it."""

    path: str
    sha256: Sha256
    #: Bytes.
    size: int
    #: Whether the content digest counts it.
    is_data: bool = False


class EditionManifest(_Value):
    """What the readers of one edition may know of it: its own files only."""

    manifest_format: str = "1.0"
    release_id: ReleaseId
    edition: Edition
    as_of: date
    pipeline_version: str
    contract_versions: dict[str, str]
    code_list_versions: dict[str, str]
    fictional: bool
    files: tuple[ReleaseFile, ...]


class Manifest(ReleasePlan):
    """Everything about a release, for the agencies that answer for it.

    It spans the editions, and a digest confirms a guess at a small table; so it is
    not for readers of a single edition, who have an `EditionManifest`.
    """

    manifest_format: str = "1.0"
    #: When the release was made, by the clock of whoever made it.
    created_at: AwareDatetime
    editions: tuple[Edition, ...]
    files: tuple[ReleaseFile, ...]


class Release(_Value):
    """The pointer to the current release: one small object that is switched once."""

    release_id: ReleaseId
    as_of: date
    created_at: AwareDatetime
    pipeline_version: str
    content_digest: Sha256
    editions: tuple[Edition, ...]
    manifest_key: str
    manifest_sha256: Sha256


def release_order(release_id: str) -> tuple[int, int, int]:
    """Return what releases are ordered by: year, month, number in the month.

    Raises:
        ValueError: If the text is not a release id.
    """
    if re.match(RELEASE_ID_PATTERN, release_id) is None:
        raise ValueError(f"`{release_id}` is not a release id such as 2026.11.1")
    year, month, number = release_id.split(".")
    return int(year), int(month), int(number)
