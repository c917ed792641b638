"""Releases: what is published under one number, and what is known about it.

Frozen values only. Writing, switching and checking a release is the work of
`pcbl_pipeline.publication.release`.
"""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from pcbl_pipeline.model.audit_report import AuditReport
from pcbl_pipeline.model.identifiers import SITE_ID_PATTERN

#: Year and month in which the release was made, then its number in that month.
RELEASE_ID_PATTERN = r"^20[0-9]{2}\.(?:0[1-9]|1[0-2])\.[1-9][0-9]*$"
ReleaseId = Annotated[str, Field(pattern=RELEASE_ID_PATTERN)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
#: Above the name of a site's own edition stands the site's id.
SITE_EDITIONS = "sites"
_SITE_EDITION = re.compile(rf"{SITE_EDITIONS}/({SITE_ID_PATTERN.strip('^$')})")
#: An edition for a kind of reader (`Edition`), or `sites/<site_id>` for one site.
EditionName = Annotated[
    str, Field(pattern=rf"^(?:public|network|agency|{_SITE_EDITION.pattern})$")
]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableCounts(_Value):
    """How many rows a published table has, and how many of them hide their numbers."""

    rows: int = Field(ge=0)
    hidden: int = Field(ge=0)


class ReleaseInputs(_Value):
    """What a release was made from: how many submissions, and one digest of them all."""

    submissions: int = Field(ge=0)
    sha256: Sha256


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
    #: What earlier releases had wrong, as known when this one was made.
    errata: tuple["Erratum", ...] = ()
    #: The audit of new statistics; None where those of an earlier release stand.
    audit: AuditReport | None = None

    #: Edition → table → its rows. The editions of sites are not counted here.
    tables: dict[str, dict[str, TableCounts]] = {}
    #: None in releases that were made before this was told.
    inputs: ReleaseInputs | None = None

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
    edition: EditionName
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
    editions: tuple[EditionName, ...]
    files: tuple[ReleaseFile, ...]


class Release(_Value):
    """The pointer to the current release: one small object that is switched once."""

    release_id: ReleaseId
    as_of: date
    created_at: AwareDatetime
    pipeline_version: str
    content_digest: Sha256
    editions: tuple[EditionName, ...]
    manifest_key: str
    manifest_sha256: Sha256
    #: True where it was withdrawn and there is none to go back to: nothing is current.
    withdrawn: bool = False


class Erratum(_Value):
    """Something that published releases had wrong; kept for ever, in its order."""

    number: int = Field(ge=1)
    text: str = Field(min_length=1)
    #: Names of the published tables that it is about; none: about all.
    tables: tuple[str, ...] = ()
    #: The release in which it was seen.
    release_id: ReleaseId
    recorded_by: str = Field(min_length=1)
    recorded_at: AwareDatetime


class ReleaseEvent(_Value):
    """One thing that happened to a release, in a register that only grows."""

    release_id: ReleaseId
    #: A release that is `made` is whole; who waits for a person is a candidate.
    kind: Literal["made", "approved", "rejected", "withdrawn"]
    happened_at: AwareDatetime
    #: The person or office; None for what the pipeline does by itself.
    by: str | None = None
    reason: str | None = None
    #: Whether it may become current only after a person has approved it.
    needs_approval: bool = False
    #: Which bytes the event is about.
    manifest_sha256: Sha256


def site_edition(site_id: str) -> EditionName:
    """Return the name of a site's own edition."""
    return f"{SITE_EDITIONS}/{site_id}"


def edition_of(path: str) -> EditionName:
    """Return which edition a file of a release belongs to, by its path."""
    parts = path.split("/")
    return "/".join(parts[: 2 if parts[0] == SITE_EDITIONS else 1])


def site_of(edition: EditionName) -> str | None:
    """Return whose own edition it is; None for the editions of many readers."""
    found = _SITE_EDITION.fullmatch(edition)
    return found.group(1) if found else None


def release_order(release_id: str) -> tuple[int, int, int]:
    """Return what releases are ordered by: year, month, number in the month.

    Raises:
        ValueError: If the text is not a release id.
    """
    if re.match(RELEASE_ID_PATTERN, release_id) is None:
        raise ValueError(f"`{release_id}` is not a release id such as 2026.11.1")
    year, month, number = release_id.split(".")
    return int(year), int(month), int(number)
