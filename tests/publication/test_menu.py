"""The ways in: a menu of what there is, and start pages that lead to answers."""

import pytest

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages import website
from pcbl_pipeline.publication.pages.menu import GROUPS, menu_of
from pcbl_pipeline.publication.pages.readers import READERS, reader_pages
from tests.support.editions import edition_content, lesson, render
from tests.support.html import read_html
from tests.support.sections import every_section, stub

MESSAGES = load_messages()


@pytest.fixture
def whole(monkeypatch):
    """Return the files of an edition with a stub of every section."""
    monkeypatch.setattr(website, "SECTIONS", (every_section,))
    return render(edition_content([lesson(1)], assistance=(), documents={}))


def links(element) -> dict[str, str]:
    return {link.get("href"): link.text for link in element.all("a")}


def navs(page) -> dict[str, object]:
    return {nav.get("aria-label"): nav for nav in page.first("header").all("nav")}


def test_the_menu_has_what_there_is_and_nothing_else(public_files, whole):
    few = links(navs(read_html(public_files["lessons/index.html"]))["All pages"])
    all_of_them = links(navs(read_html(whole["lessons/index.html"]))["All pages"])

    assert "../exchange/index.html" not in few
    assert all_of_them["../exchange/index.html"] == "Peer exchange"
    sections = {section for group in GROUPS.values() for section in group}
    assert {path.split("/")[1].split(".")[0] for path in all_of_them} >= sections


def test_a_section_that_nobody_named_is_in_the_menu_under_its_title():
    menu = menu_of([stub("weather"), stub("progress")], MESSAGES)

    assert [(entry.section, entry.label) for entry in menu.entries] == [
        ("progress", "Progress"),
        ("weather", "Title of weather"),
    ]
    assert [entry.section for entry in menu.first] == ["progress"]


def test_only_the_first_page_of_a_section_is_in_the_menu(public_files):
    menu = links(navs(read_html(public_files["index.html"]))["All pages"])

    assert [path for path in menu if path.startswith("lessons/")] == [
        "lessons/index.html"
    ]
    assert not [path for path in menu if "contracts" in path]


def test_the_menu_says_where_the_reader_is(public_files):
    def marked(path):
        panel = navs(read_html(public_files[path]))["All pages"]
        return {
            link.text: link.get("aria-current")
            for link in panel.all("a")
            if link.get("aria-current")
        }

    assert marked("index.html") == {"Start": "page"}
    assert marked("lessons/index.html") == {"Lessons": "page"}
    assert marked("lessons/L00001.html") == {"Lessons": "true"}
    assert marked("start/policy.html") == {"Policymakers": "page"}


def test_every_reader_is_led_to_answers_from_the_start_page(public_files):
    start = links(read_html(public_files["index.html"]).first("main"))

    for reader in READERS:
        assert f"start/{reader}.html" in start
        page = read_html(public_files[f"start/{reader}.html"])
        questions = page.first("ol").all("a") and page.all("ol")[-1].all("li")
        assert questions, reader
        assert all(item.first("h3").text.endswith("?") for item in questions)


def test_with_every_section_every_question_is_asked(whole):
    for reader, questions in READERS.items():
        page = read_html(whole[f"start/{reader}.html"])
        asked = [item.first("a").get("href") for item in page.all("ol")[-1].all("li")]
        paths = [place.partition("#")[0] for place in asked]
        first = [places[0].partition("#")[0] for places in questions.values()]
        assert paths == [f"../{path}" for path in first]
        assert 3 <= len(asked) <= 5


def test_a_question_without_its_page_goes_to_the_next_best_or_is_not_asked():
    pages = [stub("progress", finding="Half of the sites moved up.")]

    asked = {
        page.values["reader"]: [
            (answer.address, answer.sentence) for answer in page.values["answers"]
        ]
        for page in reader_pages(pages, MESSAGES)
    }

    found = "Half of the sites moved up."
    assert asked["policy"] == [("progress/index.html", found)]
    assert asked["provider"] == [("progress/index.html", found)]
    assert asked["research"] == []


def test_a_question_leads_to_the_place_of_its_answer(public_files, empty_files):
    def asked(files):
        page = read_html(files["start/district.html"]).first("main")
        return {href: words for href, words in links(page).items() if "?" in words}

    told = asked(public_files)["../lessons/index.html#places"]
    assert told == "What did sites in places like ours learn?"
    assert "../assistance/index.html#totals" in asked(public_files)
    # Without an answer there, to the top of the page.
    assert "../lessons/index.html" in asked(empty_files)


def test_an_answer_in_a_sentence_stands_under_its_question(public_files):
    asked = read_html(public_files["start/state.html"]).first("main").text
    given = read_html(public_files["assistance/index.html"]).first("section")

    assert given.first("p").text in asked
    assert "an hour of help for one site cost" in asked


def test_every_question_has_an_answer_of_its_own(public_files):
    for reader in READERS:
        page = read_html(public_files[f"start/{reader}.html"])
        told = [item.all("p")[-1].text for item in page.all("ol")[-1].all("li")]
        assert len(set(told)) == len(told), reader


def test_the_start_page_tells_what_each_section_found(public_files, empty_files):
    start = read_html(public_files["index.html"]).first("main").text

    assert "6 of 30 groups of lessons come from at least 3 sites." in start
    assert "Sites made 37 requests in 2026-2027." in start
    assert "What we know so far" not in read_html(empty_files["index.html"]).text
