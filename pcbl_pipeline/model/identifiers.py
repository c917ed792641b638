"""Identifiers and how they are written: NCES ids, school years, senders, submissions.

What does not belong here: looking an id up anywhere.
"""

import hashlib
import hmac
import re
from datetime import date

#: Two-digit state FIPS / ANSI codes: 01-56 without 03, 07, 14, 43 and 52, and the
#: territories. Source: FIPS PUB 5-2; U.S. Census Bureau ANSI state codes.
STATE_FIPS = frozenset(
    f"{n:02d}" for n in range(1, 57) if n not in {3, 7, 14, 43, 52}
) | {"60", "66", "69", "72", "78"}

_STATE = "(?:" + "|".join(sorted(STATE_FIPS)) + ")"
#: NCES LEA id: 7 digits, the first two the state's FIPS code (NCES CCD layout).
LEAID_PATTERN = rf"^{_STATE}[0-9]{{5}}$"
#: NCES school id: LEA id and a 5-digit school number (NCES CCD layout).
NCESSCH_PATTERN = rf"^{_STATE}[0-9]{{10}}$"
#: A site is a district (LEA id) or a school (NCES school id).
SITE_ID_PATTERN = rf"^{_STATE}[0-9]{{5}}(?:[0-9]{{5}})?$"
#: School year as Ed-Fi writes it, for instance `2025-2026`.
SCHOOL_YEAR_PATTERN = r"^(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}$"
#: Ed-Fi's school years begin with 1990-1991; a century is as far as a typo reaches.
SCHOOL_YEARS = tuple(f"{year}-{year + 1}" for year in range(1990, 2100))
#: An absolute address with a host and no white space or markup in it.
WEB_ADDRESS_PATTERN = (
    r"^https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?(?:[/?#][^\s<>\"]*)?$"
)

_AGENCY = re.compile(rf"^sea-{_STATE}$")


def is_site_id(text: str) -> bool:
    """Tell whether a text has the shape of a district's or a school's NCES id."""
    return re.match(SITE_ID_PATTERN, text) is not None


def is_agency_id(text: str) -> bool:
    """Tell whether a text is a state agency's sender id, such as `sea-04`."""
    return _AGENCY.match(text) is not None


def agency_id(state_fips: str) -> str:
    """Return the sender id of a state's education agency."""
    return f"sea-{state_fips}"


def is_school_year(text: str) -> bool:
    """Tell whether a text is `YYYY-YYYY` with the second year one after the first."""
    if re.match(SCHOOL_YEAR_PATTERN, text) is None:
        return False
    return int(text[5:]) == int(text[:4]) + 1


def school_year_of(day: date, *, starts: tuple[int, int] = (7, 1)) -> str:
    """Return the school year a day falls into.

    Units: `starts` is (month, day) of the first day of a school year.
    """
    first = day.year if (day.month, day.day) >= starts else day.year - 1
    return f"{first}-{first + 1}"


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 digest of some bytes, as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def submission_id(sender_id: str, sha256: str, *, nth: int = 1) -> str:
    """Return the id of a submission: who sent it, and the digest of what was sent.

    What was withdrawn and is sent once more is another submission: `nth` counts them.

    Twenty hex digits are 80 bits: with a billion files of one sender the chance of
    two colliding is below one in a million. The receipt carries the whole digest.
    """
    return f"{sender_id}-{sha256[:20]}{f'r{nth}' if nth > 1 else ''}"


def sender_of(submission: str) -> str:
    """Return the sender's part of a submission id."""
    return submission.rpartition("-")[0]


def public_lesson_id(lesson_id: str, *, salt: bytes) -> str:
    """Return the id under which a lesson is published: 12 hex digits.

    A lesson id begins with the district's NCES id, so it would name a site that has
    not agreed to be named. A plain digest would not hide it: all ids of the country
    can be tried within minutes. So it is keyed (HMAC-SHA-256) with a random salt of
    the network, which must stay secret and must never change.

    Twelve digits are 48 bits: among 10,000 lessons the chance that two collide is
    below one in a million.

    Raises:
        ValueError: If the salt is shorter than 16 bytes, which could be guessed.
    """
    if len(salt) < 16:
        raise ValueError("the salt of public ids needs at least 16 random bytes")
    return hmac.new(salt, lesson_id.encode(), hashlib.sha256).hexdigest()[:12]
