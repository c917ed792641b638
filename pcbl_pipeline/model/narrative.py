"""Narratives: what a scan of free text reports, and how a summary asks for one.

The words that two rooms share: the scan is made in `pcbl_pipeline.disclosure`, the
summaries ask for it, and neither imports the other. A hit never carries the text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class HitKind(StrEnum):
    """What kind of thing a scan saw."""

    EMAIL = "email"
    PHONE = "phone"
    LONG_NUMBER = "long_number"
    BIRTH_DATE = "birth_date"
    HANDLE = "handle"
    ADDRESS = "address"
    PERSON_NAME = "person_name"
    #: A count of students below the minimum group size.
    SMALL_COUNT = "small_count"
    #: The name or id of a site that may not be named.
    SITE_NAME = "site_name"
    #: A capitalised word that nothing explains; it may be a name.
    UNEXPLAINED_NAME = "unexplained_name"
    #: A description that may fit one person only.
    INDIRECT = "indirect_identifier"
    #: Something was taken out of the text when it came in.
    REDACTED = "redacted"
    #: Its site decided that it is not published.
    WITHHELD = "withheld"


#: What a person at the site may release, having read the sentence. Everything else can
#: only be written anew: what a pattern finds is what it is, whoever looks at it.
RELEASABLE = frozenset(
    {
        HitKind.PERSON_NAME,
        HitKind.UNEXPLAINED_NAME,
        HitKind.INDIRECT,
        HitKind.REDACTED,
    }
)


class Choice(StrEnum):
    """What a site may decide about a held sentence."""

    #: Publish it as it stands; a person has read it.
    RELEASE = "release"
    #: Publish another sentence in its place.
    REWRITE = "rewrite"
    #: Publish neither it nor the text that it stands in.
    WITHHOLD = "withhold"


@dataclass(frozen=True, order=True)
class Hit:
    """One place in one field that keeps a text from being published.

    `start` and `end` count characters of the text as it was sent.
    """

    field: str
    start: int
    end: int
    kind: HitKind


class Screen(Protocol):
    """A scan of one row's texts. No hit means: the scan found nothing to hold."""

    def __call__(
        self,
        texts: Mapping[str, str],
        *,
        state_fips: str,
        unnamed: Collection[str] = (),
        sender_id: str = "",
    ) -> tuple[Hit, ...]:
        """Return every hit, in the order of fields and places.

        Shape: `texts` is field → text, blank fields left out; `state_fips` decides
        the minimum group size; `unnamed` are names and ids of sites that the texts
        must not give away; `sender_id` says whose decisions about sentences count.
        """
        ...
