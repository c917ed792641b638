"""Where releases lie in the store, and what kind of content each file is.

Readers of an edition need `publications/<edition>/` and the edition's folder in each
release; everything else here is for the agencies that answer for the releases.
"""

from pathlib import PurePosixPath

from pcbl_pipeline.model.network import Edition

#: The pointer to the current release.
CURRENT = "publications/current.json"
#: A rule's page within a release, for everybody.
RULE_PAGES = "public/contracts/rules/"
PLAN = "plan.json"
MANIFEST = "manifest.json"

_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
}


def release_folder(release_id: str) -> str:
    """Return the prefix of everything in a release."""
    return f"publications/releases/{release_id}/"


def door(edition: Edition) -> str:
    """Return the key of the page that leads to an edition's current release."""
    return f"publications/{edition}/index.html"


def rule_door(code: str) -> str:
    """Return the key of the page that leads to a rule's page in the current release."""
    return f"publications/public/rules/{code}.html"


def content_type(path: str) -> str:
    """Return the media type under which browsers get a file."""
    suffix = PurePosixPath(path).suffix
    return _CONTENT_TYPES.get(suffix, "application/octet-stream")
