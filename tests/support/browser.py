"""A real browser for the tests: Debian's Chromium, headless, cut off from any network."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

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
    command = [
        _chromium(),
        *_FLAGS,
        f"--user-data-dir={profile}",
        "--virtual-time-budget=5000",
        "--dump-dom",
        path.as_uri(),
    ]
    ran = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    return ran.stdout.decode()


@contextmanager
def driven_browser() -> Iterator[Browser]:
    """Start the same browser for a test that turns pages about and presses keys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=list(_FLAGS)
        )
        yield browser
        browser.close()


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core, with all its rules, finds wrong with a page as it stands."""
    result = Axe().run(page)
    return [
        f"{found['id']}: {node['html']}"
        for found in result.response["violations"]
        for node in found["nodes"]
    ]


def _chromium() -> str:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing; `infra/setup.sh tests` installs it.")
    return chromium
