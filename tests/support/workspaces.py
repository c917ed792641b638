"""A workspace on a folder, with the builders' invented network."""

from pathlib import Path

from pcbl_pipeline.lake import layout
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import Workspace, create_workspace
from tests.support.builders import NETWORK_YAML, csv_bytes

SITE = "0499901"


def make_workspace(folder: Path, **settings: object) -> Workspace:
    """Set up a workspace in a folder."""
    url = f"file:{folder}"
    return create_workspace(Settings(store_url=url, **settings), NETWORK_YAML)


def lessons_csv(workspace: Workspace, *numbers: int, **change: str) -> bytes:
    """Return a file of lessons of the site; a change applies to each."""
    rows = [
        {"lesson_id": f"{SITE}-2026-{number:03d}", "site_id": SITE, **change}
        for number in numbers
    ]
    return csv_bytes(workspace.catalogue.get("lesson_learned"), *rows)


def drop(workspace: Workspace, name: str, content: bytes, *, sender: str = SITE) -> str:
    """Put a file into an inbox and return its key."""
    key = f"{layout.inbox(sender)}{name}"
    workspace.store.put(key, content)
    return key
