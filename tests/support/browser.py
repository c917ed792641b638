"""A real browser for the tests: Debian's Chromium, headless, cut off from any network."""

import shutil
import subprocess
from pathlib import Path

import pytest

_SECONDS = 90
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves: what a page needs must be in the folder.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def page_in_browser(path: Path, profile: Path) -> str:
    """Open a file as a double click would, follow it, and return what stands there."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing; `infra/setup.sh tests` installs it.")
    command = [
        chromium,
        *_FLAGS,
        f"--user-data-dir={profile}",
        "--virtual-time-budget=5000",
        "--dump-dom",
        path.as_uri(),
    ]
    ran = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    return ran.stdout.decode()
