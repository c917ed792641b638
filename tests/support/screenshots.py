"""Pictures of the demo's pages for the README: `infra/screenshots.sh`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browser import driven_browser
from tests.support.sizes import ROOT

DEMO = ROOT / "demo"
#: A picture in a README loads with the page.
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Picture:
    """A picture: of which page, how wide and high, in light or dark, after what."""

    name: str
    path: str
    width: int = 1120
    height: int = 840
    scheme: str = "light"
    #: What to type into the search.
    query: str = ""
    #: What to bring to the top of the picture.
    at: str = ""


PICTURES = (
    Picture("start", "index.html", height=840),
    Picture("search", "search.html", height=820, query="grading mastery"),
    Picture("published-page", "lessons/index.html", height=900),
    Picture("assistance", "assistance/index.html", height=820, at="#demand"),
    Picture("map", "index.html", height=560, at="#map"),
    Picture("narrow-dark", "index.html", width=375, height=780, scheme="dark"),
    Picture("progress", "progress/index.html", at="#stages"),
    Picture("outcomes", "outcomes/index.html", at="#groups"),
    Picture("barriers", "barriers/index.html"),
    Picture("roadmap", "roadmap/index.html"),
    Picture("annual-report", "annual/index.html", at="#part-2"),
)


def take(folder: Path, pictures: tuple[Picture, ...] = PICTURES) -> Iterator[Path]:
    """Take the pictures whose page the newest public edition has."""
    release = json.loads((DEMO / "publications/current.json").read_bytes())
    edition = DEMO / "publications/releases" / release["release_id"] / "public"
    folder.mkdir(parents=True, exist_ok=True)
    with driven_browser() as browser:
        for picture in pictures:
            if not (edition / picture.path).exists():
                continue
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme=picture.scheme,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto((edition / picture.path).as_uri())
            _prepare(page, picture)
            target = folder / f"{picture.name}.png"
            page.screenshot(path=target, animations="disabled")
            context.close()
            size = target.stat().st_size
            assert size < MOST_BYTES, f"{target} has {size} bytes"
            yield target


def _prepare(page: Page, picture: Picture) -> None:
    if picture.query:
        page.get_by_role("searchbox").fill(picture.query)
        page.get_by_role("status").filter(has_text="found").wait_for()
        page.evaluate("document.activeElement.blur()")
    if picture.at:
        page.locator(picture.at).evaluate("element => element.scrollIntoView()")


if __name__ == "__main__":
    for taken in take(ROOT / sys.argv[1]):
        sys.stdout.write(f"{taken}\n")
