"""The site mapping: what one sender confirmed about its own ways of writing.

Every change makes a new version that holds all of it; no version is ever changed. What
does not belong here: where versions are kept, and what is done with them.
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict


class _Confirmed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The agency's calendar day.
    confirmed_on: date
    confirmed_by: str
    #: Version of the site mapping that was the first to hold it.
    since_version: int


class ConfirmedHeader(_Confirmed):
    """A header of the sender that means a field."""

    dataset: str
    header: str
    field: str


class ConfirmedCode(_Confirmed):
    """A value of the sender that means a code."""

    dataset: str
    field: str
    value: str
    code: str


class AddedSource(_Confirmed):
    """A source mapping of the sender's own, as it was written."""

    source: str
    #: YAML.
    text: str


class SiteMapping(BaseModel):
    """One version; 0 is that of a sender who confirmed nothing yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender_id: str = ""
    version: int = 0
    changed_at: AwareDatetime | None = None
    changed_by: str = ""
    headers: tuple[ConfirmedHeader, ...] = ()
    codes: tuple[ConfirmedCode, ...] = ()
    sources: tuple[AddedSource, ...] = ()
