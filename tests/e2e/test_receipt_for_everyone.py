"""A receipt is for everyone: narrow or wide, light or dark, on paper, by keyboard."""

import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.ingest import ingest_arrival
from tests.support.browser import axe_violations, driven_browser
from tests.support.lessons import SITE, as_csv, lesson_rows, shift
from tests.support.workspaces import drop, make_workspace

BAD = lesson_rows(
    40,
    lesson_date=lambda n: "3/9/2026" if n % 3 == 0 else "2026-03-09",
    lesson_type=lambda n: "Worked-very-well-" * 5 if n % 7 == 0 else "worked",
    title=lambda n: "" if n in (5, 33) else "Goal checks",
    effect_rating=lambda n: "" if n == 9 else "2",
)
CONTENTS = {
    "in part": as_csv(shift(BAD, "lesson_type", {12}, "right")),
    "next try": as_csv(BAD.with_columns(lesson_type=BAD["lesson_type"].str.head(6))),
    "accepted": as_csv(lesson_rows(3)),
    "columns": as_csv(lesson_rows(3).rename({"lesson_type": "lesson_tipe"})),
    "unknown": b"route,stop\n1,Elm\n",
    "empty": b"",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the receipts' pages as files, by what was sent."""
    folder = tmp_path_factory.mktemp("store")
    workspace = make_workspace(folder)
    found = {}
    for name, content in CONTENTS.items():
        key = drop(workspace, f"{name}.csv", content)
        receipt = ingest_arrival(workspace, key)
        found[name] = folder / layout.answer(
            SITE, receipt.submission_id, "receipt.html"
        )
    return found


@pytest.fixture(scope="module")
def browser():
    with driven_browser() as running:
        yield running


@pytest.fixture
def opened(browser, pages):
    """Return what opens a receipt; the page's own policy lets no script of ours in."""
    contexts = []

    def open_page(name, *, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_wrong(opened, name, width, scheme):
    page = opened(name, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    assert axe_violations(page) == []


def test_axe_would_find_something_wrong(opened):
    page = opened("accepted")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert any(found.startswith("html-has-lang") for found in axe_violations(page))


@pytest.mark.parametrize("name", CONTENTS)
def test_nothing_needs_scrolling_sideways(opened, name):
    page = opened(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    for width in (320, 375, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_skips_to_what_is_to_be_done_and_opens_lists(opened):
    page = opened("in part")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Go to what to do"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "first"

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#f1"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#f1")

    closed = page.locator("details:not([open]) > summary").first
    closed.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_paper_shows_what_the_screen_folds_away(opened):
    page = opened("in part")
    folded = page.locator("details:not([open])").first.locator("> *:not(summary)").first

    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.bounding_box()["height"] > 10
    assert folded.is_visible()


def test_every_link_within_the_page_leads_somewhere(opened):
    page = opened("next try")

    missing = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter("
        "a => !document.getElementById(a.hash.slice(1))).length"
    )
    assert missing == 0


def test_progress_is_told(opened):
    page = opened("next try")

    assert page.get_by_role("heading", name="Since your last file").is_visible()
    assert page.get_by_text("Try 1").is_visible()
