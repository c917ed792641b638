"""A reader picks a word for the model once, and pages show it; without script, too."""

import pytest

from tests.support.browser import axe_violations, driven_browser
from tests.support.editions import edition_content, lesson, render
from tests.support.html import read_html

USUAL, OWN = "personalized, competency-based learning", "mastery-based education"
STATES = {"16": "Idaho", "32": "Nevada"}
TERMS = {"16": (OWN,), "32": ("competency-based education",), "38": ("elsewhere",)}
_SHIFTS = """() => new Promise(done => new PerformanceObserver(list =>
  done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
  .observe({type: 'layout-shift', buffered: true})
  || setTimeout(() => done(0), 300))"""


@pytest.fixture(scope="module")
def files():
    content = edition_content(
        [lesson(1)], states=STATES, state_terms=TERMS, assistance=(), documents={}
    )
    return render(content)


def test_without_a_script_the_usual_term_stands_and_nothing_is_to_be_chosen(files):
    page = read_html(files["index.html"])

    [choice] = [e for e in page.all("div") if "data-term-choice" in e.attributes]
    terms = [e.text for e in page.all("span") if "data-term" in e.attributes]
    assert "hidden" in choice.attributes
    assert terms == [USUAL]
    wordings = [option.get("data-wording") for option in choice.all("option")]
    assert {USUAL, OWN, "deeper learning"} <= set(wordings)
    assert "elsewhere" not in wordings
    assert "another term" not in wordings


def test_a_choice_is_made_by_keyboard_kept_and_shown_on_every_page(files, tmp_path):
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    start = (tmp_path / "index.html").as_uri()
    lesson_page = (tmp_path / "lessons/L00001.html").as_uri()

    with driven_browser() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(start)
        select = page.get_by_label("Your word for it")
        select.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        chosen = page.locator(".lede").inner_text()
        violations = axe_violations(page)
        page.goto(lesson_page)
        kept = page.locator("[data-term]").all_inner_texts()
        shift = page.evaluate(_SHIFTS)
        page.evaluate("localStorage.setItem('pcbl-term', '<b>no such</b>')")
        page.reload()
        unknown = page.locator("[data-term]").all_inner_texts()

    assert OWN in chosen
    assert violations == []
    assert kept == [OWN]
    assert shift == 0
    assert unknown == [USUAL]
