"""Where releases lie in the store, and what kind of content each file is.

Readers of an edition need `publications/<edition>/` and the edition's folder in each
release; everything else here is for the agencies that answer for the releases.
"""

from pathlib import PurePosixPath

from pcbl_pipeline.model.release import EditionName

#: The pointer to the current release.
CURRENT = "publications/current.json"
#: A rule's page within a release, for everybody.
RULE_PAGES = "public/contracts/rules/"
PLAN = "plan.json"
MANIFEST = "manifest.json"
FEED = "feed.xml"
CATALOG = "data.json"
#: What happened to each release, and what was found wrong in any; both only grow.
REGISTER = "publications/register/"
ERRATA = "publications/errata/"
#: The plans of candidates whose files are gone; nothing of what they said.
DROPPED = "publications/dropped/"

_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/atom+xml; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
}


def release_folder(release_id: str) -> str:
    """Return the prefix of everything in a release."""
    return f"publications/releases/{release_id}/"


def candidate_folder(release_id: str) -> str:
    """Return the prefix of a release that waits for a person.

    Not among the releases: those who may read an edition of every release must not
    find what nobody has approved.
    """
    return f"publications/candidates/{release_id}/"


def dropped_plan(release_id: str) -> str:
    """Return the key of the plan of a candidate whose files are gone."""
    return f"{DROPPED}{release_id}.json"


def permalink(release_id: str, edition: EditionName, path: str) -> str:
    """Return where a file of a release stays, from the folder `publications`."""
    return f"releases/{release_id}/{edition}/{path}"


def door_folder(edition: EditionName) -> str:
    """Return the prefix of what leads to an edition's current release."""
    return f"publications/{edition}/"


def door(edition: EditionName) -> str:
    """Return the key of the page that leads to an edition's current release."""
    return f"{door_folder(edition)}index.html"


def above_door(edition: EditionName) -> str:
    """Return the way from an edition's door up to the folder `publications`."""
    return "../" * (edition.count("/") + 1)


def event_key(release_id: str, number: int) -> str:
    """Return the key of one event of a release, counted from 1."""
    return f"{REGISTER}{release_id}/{number:04d}.json"


def erratum_key(number: int) -> str:
    """Return the key of an erratum, counted from 1 over all releases."""
    return f"{ERRATA}{number:04d}.json"


def rule_door(code: str) -> str:
    """Return the key of the page that leads to a rule's page in the current release."""
    return f"publications/public/rules/{code}.html"


def content_type(path: str) -> str:
    """Return the media type under which browsers get a file."""
    suffix = PurePosixPath(path).suffix
    return _CONTENT_TYPES.get(suffix, "application/octet-stream")
