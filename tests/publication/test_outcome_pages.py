"""The pages on outcomes and experience: ranges and words, hidden rows, many sites."""

from dataclasses import replace
from functools import cache

import pytest

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages import experience, outcomes
from pcbl_pipeline.publication.pages.bands import BandWords, furthest, parts_of
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.menu import menu_of
from pcbl_pipeline.publication.pages.render import PageWriter
from pcbl_pipeline.publication.tables import PUB5_OUTCOMES
from tests.support.editions import RELEASE_ID, edition_content
from tests.support.editions_outcomes import (
    SITES,
    frame_of,
    outcome,
    statistical_tables,
)
from tests.support.html import read_html

MESSAGES = load_messages()
WORDS = BandWords(MESSAGES)
LARGEST_PAGE = 200_000


@cache
def content_without_tables():
    # These pages need neither the contracts nor their documents, which take time.
    return edition_content([], assistance=(), documents={}, contract_files={})


def pages_of(section, tables=None):
    """Return path → bytes of one section's pages."""
    tables = statistical_tables() if tables is None else tables
    content = replace(content_without_tables(), tables=tables)
    labels = Labels(content.code_lists, MESSAGES)
    pages = list(section(content, labels, MESSAGES))
    menu = menu_of(pages, MESSAGES)
    writer = PageWriter(content, MESSAGES, release_id=RELEASE_ID, menu=menu)
    return {page.path: writer.render(page) for page in pages}


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("45", "45%"),
        ("<=5", "5% or less"),
        (">=98", "98% or more"),
        ("21-39", "21% to 39%"),
    ],
)
def test_a_band_is_written_as_the_range_that_it_is(label, words):
    assert WORDS.percent({"percent_band": label}) == words


@pytest.mark.parametrize(
    ("points", "lower_is_better", "words"),
    [
        (5, False, "up about 5 points (better)"),
        (-5, False, "down about 5 points (worse)"),
        (5, True, "up about 5 points (worse)"),
        (-5, True, "down about 5 points (better)"),
        (-5, None, "down about 5 points"),
    ],
)
def test_a_change_says_whether_it_is_good_news(points, lower_is_better, words):
    row = {"change": points, "change_note": None, "lower_is_better": lower_is_better}

    assert WORDS.change(row) == words


def test_a_hidden_row_has_a_reason_and_no_number():
    page = read_html(pages_of(outcomes.outcome_pages)["outcomes/m04.html"])
    row = next(
        item
        for item in page.first("table").all("tr")
        if item.text.startswith("American Indian")
    )

    assert [cell.text for cell in row.all("td")][:2] == ["hidden", "hidden"]
    assert not any(character.isdigit() for character in row.text)
    assert "would tell how small another group is" in page.text


def test_a_section_has_no_page_where_its_table_is_missing():
    for section in (outcomes.outcome_pages, experience.experience_pages):
        assert pages_of(section, tables={}) == {}


def test_hundreds_of_sites_fit_onto_small_pages_that_are_linked():
    sites = [f"0499{n:03d}" for n in range(450)]
    rows = [outcome("M04", "ALL")]
    rows += [outcome("M04", "ALL", s, site_label=f"Site {s}") for s in sites]

    pages = pages_of(
        outcomes.outcome_pages, {"pub5_outcomes": frame_of(PUB5_OUTCOMES, rows)}
    )

    lists = [path for path in pages if path.startswith("outcomes/m04-sites")]
    linked = {
        link.get("href")
        for path in lists
        for link in read_html(pages[path]).all("a")
        if link.get("href").startswith("by-site/")
    }
    assert len(lists) == 3
    assert linked == {f"by-site/{site}.html" for site in sites}
    assert max(len(pages[path]) for path in lists) < LARGEST_PAGE


@pytest.mark.parametrize("text", ["<script>x</script>", "{{ 7 * 7 }}{0}", '"><b>'])
def test_the_name_of_a_site_stays_text(text):
    site = next(iter(SITES))
    rows = [outcome("M04", "ALL"), outcome("M04", "ALL", site, site_label=text)]

    pages = pages_of(
        outcomes.outcome_pages, {"pub5_outcomes": frame_of(PUB5_OUTCOMES, rows)}
    )

    page = read_html(pages[f"outcomes/by-site/{site}.html"])
    assert not page.all("b")
    assert all(script.get("src") for script in page.all("script"))
    assert text in page.first("h1").text


def test_surveys_that_count_in_two_ways_are_told_apart():
    page = read_html(pages_of(experience.experience_pages)["experience/index.html"])

    assert "Efficacy (Local survey, rule 1)" in page.text
    assert "Efficacy (Local survey, rule 2)" in page.text
    assert "Efficacy (KnowledgeWorks survey)" in page.text


def test_what_the_first_found_of_whom_something_is_told_stands_first():
    page = read_html(pages_of(experience.experience_pages)["experience/index.html"])
    finding, first, *_ = (
        item.text for item in page.all("p") if item.get("class") == "finding"
    )

    assert finding.startswith("Students: The most favorable answers are on ")
    assert finding == f"Students: {first}"


def test_the_widest_gaps_are_told_by_group():
    gaps = [("A", "x"), ("B", "y"), ("A", "z")]

    assert furthest(gaps, MESSAGES) == (
        "Furthest behind all others in x and z: A. Furthest behind all others in y: B."
    )


@pytest.mark.parametrize(
    ("count", "lengths"), [(0, []), (4, [4]), (5, [2, 3]), (9, [3, 3, 3])]
)
def test_parts_of_a_list_are_of_much_the_same_length(count, lengths):
    assert [len(part) for part in parts_of(range(count), 4)] == lengths


def test_the_overview_has_every_group_by_every_measure():
    page = read_html(pages_of(outcomes.outcome_pages)["outcomes/index.html"])
    table = page.all("table")[1]

    heads = [item.text for item in table.first("thead").all("th")]
    rows = {
        row.first("th").text: [cell.text for cell in row.all("td")]
        for row in table.first("tbody").all("tr")
    }
    assert heads[0] == "Group"
    assert {len(cells) for cells in rows.values()} == {len(heads) - 1}
    hispanic = rows["Hispanic or Latino"][0]
    assert hispanic.startswith("41%")
    assert hispanic.endswith("about 6 points below")
    assert rows["Asian"][0] == "hidden"
