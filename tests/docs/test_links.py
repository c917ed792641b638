"""Links and images between the pages lead to something that is in the checkout."""

import re
from itertools import pairwise

import pytest

from tests.support.pages import Link, Page, page, pages
from tests.support.sizes import tracked_files

PAGES = [pytest.param(item, id=item.name) for item in pages()]
FILES = set(tracked_files())
#: Data sets of other people, which say themselves where they come from.
OTHERS_DATA = "tests/data/"
FOLDERS = {folder for path in FILES for folder in path.parents}


def leads_elsewhere(link: Link) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:", link.target) is not None


def broken(item: Page, link: Link) -> str | None:
    """Say what is wrong with a link within the checkout."""
    path, _, anchor = link.target.partition("#")
    target = (item.path.parent / path).resolve() if path else item.path
    if path.startswith("/"):
        return f"{link.target}: write it relative to the page"
    if target not in FILES and target not in FOLDERS:
        return f"{link.target}: there is no such file"
    if anchor and anchor not in Page(target).anchors:
        return f"{link.target}: {path or 'this page'} has no such heading"
    return None


@pytest.mark.parametrize("item", PAGES)
def test_every_link_within_the_checkout_leads_somewhere(item):
    found = [broken(item, link) for link in item.links if not leads_elsewhere(link)]

    assert not [problem for problem in found if problem]


@pytest.mark.parametrize("item", PAGES)
def test_every_image_says_in_words_what_it_shows(item):
    silent = [
        link.target
        for link in item.links
        if link.is_image and len(link.text.split()) < 3
    ]

    assert not silent


@pytest.mark.parametrize("item", PAGES)
def test_headings_go_down_one_level_at_a_time(item):
    levels = [level for level, _ in item.headings]

    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_page_is_reached_from_the_readme():
    reached: set[Page] = set()
    waiting = {page("README.md")}
    while waiting:
        reached |= waiting
        waiting = {linked for item in waiting for linked in linked_from(item)} - reached

    lost = {item.name for item in pages() if not item.name.startswith(OTHERS_DATA)}
    lost -= {item.name for item in reached}
    assert not lost, "link them from README.md or from a page that it links"


def linked_from(item: Page) -> set[Page]:
    targets = {
        (item.path.parent / link.target.partition("#")[0]).resolve()
        for link in item.links
        if not leads_elsewhere(link)
    }
    return {Page(target) for target in targets & FILES if target.suffix == ".md"}
