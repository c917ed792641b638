"""The pages in a real browser, from a folder: for everyone, and searched through."""

import re
from itertools import product

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.operations.contract_files import contract_pages
from pcbl_pipeline.publication.pages import recommendations
from tests.support.browser import (
    axe_on_every_screen,
    axe_violations,
    driven_browser,
)
from tests.support.editions import edition_content, lesson, render

TITLES = {
    1: "Grading by mastery took two years of talks with families",
    2: "Advisors who check goals weekly keep ninth graders on pace",
    3: "Seat time rules stopped credit for internships",
    4: "Micro-credentials helped teachers to judge performance tasks",
    5: "The bus schedule decides what a flexible day can be",
    6: "Report cards without letter grades confused colleges",
}
#: What a reader may type → lessons that must be among the first three pages found.
QUERIES = {
    "grading": {1, 6},
    "grade mastery": {1},
    "how to grade by mastery": {1},
    "advisor goal": {2},
    "microcredential": set(),
    "micro credential": {4},
    "internship": {3},
    "schedul": {5},
    "shedule": {5},
    "colleges reports": {6},
    "CREDÍT internships": {3},
    "teacher": {4},
}
#: One page of each template.
PAGES = (
    "index.html",
    "start/site.html",
    "search.html",
    "lessons/index.html",
    "lessons/groups/cbe3-worked.html",
    "lessons/L00001.html",
    "assistance/index.html",
    "progress/index.html",
    "barriers/index.html",
    "outcomes/index.html",
    "outcomes/m01.html",
    "experience/index.html",
    "roadmap/index.html",
    "roadmap/dp05.html",
    "roadmap/logic.html",
    "recommendations/index.html",
    "recommendations/state-agency-pa1.html",
    "exchange/index.html",
    "changes.html",
    "planning/index.html",
    "annual/index.html",
    "about.html",
    "codebook.html",
    "contracts/data-dictionary/site_profile.html",
    # The rule with the longest line of code.
    "contracts/rules/R344.html",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write an edition into a folder, as a reader may have it."""
    lessons = [
        lesson(n, title=title, stage_at_time=n % 5, policy_area=f"PA{n % 3}")
        for n, title in TITLES.items()
    ]
    kept = (
        "contracts/data-dictionary/site_profile",
        "contracts/data-dictionary/README",
        "contracts/rules/R344",
    )
    documents = {
        path: re.sub(r"\]\([^)]*\)", "]", text)
        for path, text in contract_pages(load_catalogue()).items()
        if path.startswith(kept)
    }
    # Its readers see every kind of page.
    network = edition_content(lessons, documents=documents, edition="network")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recommendations, "SHOWN", 0)
        files = render(network)
    place = tmp_path_factory.mktemp("edition")
    for path, content in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return place


@pytest.fixture(scope="module")
def browser():
    with driven_browser() as running:
        yield running


@pytest.fixture(scope="module")
def window(browser):
    """Return the one window of these tests; axe needs the pages' policy set aside."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser):
    """Return a window in which the pages' own policy holds."""
    context = browser.new_context(viewport={"width": 375, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wrong_narrow_or_wide_light_or_dark(window, folder, path):
    window.goto((folder / path).as_uri())
    window.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    found = axe_on_every_screen(window)

    assert found == {screen: [] for screen in found}


def test_axe_would_find_a_small_target(window, folder):
    window.goto((folder / "search.html").as_uri())
    window.evaluate(
        "document.body.insertAdjacentHTML('beforeend', "
        "'<button aria-label=a style=\"all:unset;width:9px;height:9px\"></button>' + "
        "'<button aria-label=b style=\"all:unset;width:9px;height:9px\"></button>')"
    )

    assert any(found.startswith("target-size") for found in axe_violations(window))


def test_no_page_needs_scrolling_sideways(window, folder):
    for path, width in product(PAGES, (320, 375, 800)):
        window.set_viewport_size({"width": width, "height": 800})
        window.goto((folder / path).as_uri())
        window.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        assert window.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_keyboard_opens_the_menu_and_goes_through_it(page, folder):
    page.goto((folder / "lessons/index.html").as_uri())
    focused = "document.activeElement.textContent.trim()"

    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the content"
    # What the reader calls the model of learning.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    for name in ("Prairie & Desert Learning Network", "Search", "Menu"):
        page.keyboard.press("Tab")
        assert page.evaluate(focused) == name
        assert page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle"
        ) == ("solid")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Start"
    # What is in focus lies in view, and nothing lies over it.
    assert page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect();"
        "return document.activeElement === document.elementFromPoint("
        "box.left + box.width / 2, box.top + box.height / 2); })()"
    )


def test_the_keyboard_goes_from_who_is_addressed_to_what_is_recommended(page, folder):
    page.goto((folder / "recommendations/index.html").as_uri())
    focused = "document.activeElement.textContent.trim()"

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for name in ("For state leaders", "For district leaders"):
        page.keyboard.press("Tab")
        assert page.evaluate(focused) == name
    page.keyboard.press("Enter")
    page.wait_for_url("**#district-leader")
    # The way goes on from there, and what is in focus can be seen.
    page.keyboard.press("Tab")
    section = (
        "document.activeElement.closest('section').getAttribute('aria-labelledby')"
    )
    assert page.evaluate(section) == "district-leader"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == (
        "solid"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#district-leader-pa')")


def test_the_menu_works_without_script(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())

    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="Experience", exact=True).click()
    assert page.url.endswith("experience/index.html")
    page.goto((folder / "search.html").as_uri())
    assert not page.get_by_role("searchbox").is_visible()
    page.locator("summary", has_text="Lessons by element").click()
    page.locator("main a[href='lessons/groups/cbe3-worked.html']").click()
    assert page.url.endswith("/lessons/groups/cbe3-worked.html")
    context.close()


def found_for(page, query: str) -> list[str]:
    """Type a query and return the paths that are found, best first."""
    page.get_by_role("searchbox").fill(query)
    status = page.get_by_role("status")
    page.wait_for_function(
        "query => decodeURIComponent(location.hash).replaceAll('+', ' ') === '#q=' + query"
        " && !document.querySelector('[data-search-results]').ariaBusy",
        arg=query,
    )
    assert "found" in status.text_content()
    links = page.locator("[data-search-results] a")
    return [str(link.get_attribute("href")) for link in links.all()]


def test_what_readers_type_leads_to_the_lesson(page, folder):
    page.goto((folder / "search.html").as_uri())

    missed = {
        query: found[:3]
        for query, wanted in QUERIES.items()
        if not {f"lessons/L{n:05d}.html" for n in wanted}
        <= set((found := found_for(page, query))[:3])
    }

    assert missed == {}


def test_a_search_is_told_narrowed_kept_in_the_address_and_cleared(page, folder):
    page.goto((folder / "search.html").as_uri() + "#q=goals&kind=lesson")
    status = page.get_by_role("status")
    status.filter(has_text="found").wait_for()
    results = page.locator("[data-search-results] li")

    told = status.text_content()
    assert re.fullmatch(r"\d+ pages? found\.", told)
    assert results.count() == int(told.split()[0])
    assert set(results.locator(".by").all_text_contents()) == {
        text
        for text in results.locator(".by").all_text_contents()
        if "Lesson · " in text
    }

    # Who came by a link sees what it narrows the search down to.
    assert page.locator("select[name=kind]").is_visible()
    assert page.locator("select[name=kind]").input_value() == "lesson"
    page.locator("select[name=state]").select_option(label="Nevada")
    page.wait_for_function("() => location.hash.includes('state=32')")
    page.wait_for_function(
        "before => document.querySelector('[data-search-status]').textContent !== before",
        arg=told,
    )
    narrowed = results.locator("a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert narrowed
    assert set(narrowed) <= {"lessons/L00001.html", "lessons/L00005.html"}

    page.get_by_role("button", name="Clear all").click()
    page.wait_for_function("() => location.hash === ''")
    assert status.text_content() == ""
    assert not page.locator("[data-search-results]").is_visible()


def test_a_word_that_stands_nowhere_is_named(page, folder):
    page.goto((folder / "search.html").as_uri())

    page.get_by_role("searchbox").fill("zeppelin goals")
    page.get_by_role("status").filter(has_text="Not on any page: zeppelin.").wait_for()

    assert page.locator("[data-search-results] li").count() > 0
