"""A real browser for the tests: Debian's Chromium, headless, cut off from any network."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_SECONDS = 90
#: Every width with every scheme of colours.
SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    *((1280, "light"), (1280, "dark")),
    *((375, "light"), (375, "dark")),
)
#: The size of targets is of WCAG 2.2, and no rule of axe by itself.
_AXE = {
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_WRONG = """options => axe.run(options).then(result => result.violations.flatMap(
    found => found.nodes.map(node => `${found.id}: ${node.html}`)))"""
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
    page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(_WRONG, _AXE)
    return found


def axe_on_every_screen(page: Page) -> dict[tuple[int, str], list[str]]:
    """Return what is wrong with a page: narrow and wide, light and dark.

    The script is put into the page once, and what is right stays there: so four
    screens take no longer than one by one would two.
    """
    page.evaluate(Axe().axe_script)
    found = {}
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found[width, scheme] = page.evaluate(_WRONG, _AXE)
    return found


def _chromium() -> str:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing; `infra/setup.sh tests` installs it.")
    return chromium
