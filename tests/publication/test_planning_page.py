"""The page on the planning of help: what to share, who comes first, did it help."""

import polars as pl

from tests.support.editions import edition_content, render
from tests.support.editions_planning import planning_tables, telling_planning
from tests.support.html import read_html

PATH = "planning/index.html"


def planning_page(tables, edition="network"):
    content = edition_content(
        [], assistance=(), documents={}, tables=tables, edition=edition
    )
    return read_html(render(content)[PATH]).first("main")


def test_the_public_sees_numbers_and_neither_sites_nor_requests(public_files):
    page = read_html(public_files[PATH]).first("main")

    assert not [path for path in public_files if "pub8" in path]
    assert "data/pub2_moves.csv" in public_files
    assert [item.text for item in page.all("h2")] == [
        "What speaks for help soon",
        "Did it help?",
        "How this is worked out",
    ]
    assert "9 requests wait for help, at 7 different sites." in page.text


def test_each_session_says_who_meets_who_leads_and_what_it_spares(network_files):
    page = read_html(network_files[PATH]).first("main")
    who, lead, spares = (item.text for item in page.all("dd")[:3])

    assert who == (
        "Coteau Lakes School District, North Dakota; "
        "2 pilot sites (ask your state agency)"
    )
    assert lead == (
        "Saguaro Ridge Unified, Arizona. On “Progress on mastery” it went from stage 1 "
        "in 2024-2025 to stage 3 now. It is further along than 3 of the 3 sites."
    )
    assert spares.startswith(
        "About $1,549: 3 hours spared at 2 of 3 sites, at $258.21 for each hour at a "
        "site. The hours are the median of 7 past sessions on this topic."
    )
    assert page.all("dd")[5].text.startswith("Not known: there are fewer than 3 past")


def test_each_request_shows_its_reasons(network_files):
    page = read_html(network_files[PATH]).first("main")
    rows = page.all("table")[1].first("tbody").all("tr")

    assert rows[0].children[2].text == (
        "It was needed by November 1, 2026. Help is needed now. It has waited 82 days. "
        "No help on this topic has reached the site so far. Its element fell from stage "
        "2 to stage 1. 1 barrier on it waits for a decision. Could join session 1."
    )
    assert "Its element stays at stage 2." in rows[1].children[2].text
    assert rows[3].children[2].text == "None of the reasons holds."


def test_what_followed_help_stands_beside_what_came_without(network_files):
    page = read_html(network_files[PATH]).first("main")
    chart = page.first("svg")

    finding = (
        "Of 17 elements with help, 7 rose by the next rating (41%). Of 433 without "
        "help between two ratings, 92 rose (21%)."
    )
    assert page.first("figcaption").first("p").text == finding
    assert finding in chart.first("desc").text
    assert [row.children[0].text for row in page.all("table")[3].all("tr")[1:3]] == [
        "All topics",
        "Without help, to compare",
    ]
    assert "After such help, 9 of 12 findings were gone in the next file" in page.text


def test_a_long_plan_is_cut_on_the_page_alone():
    first, *_ = telling_planning()

    page = planning_page(first)

    assert len(page.all("h3")) == 20 + 1
    assert "The data files have all 21." in page.text
    assert "No such help lies between two files yet" in page.text


def test_without_any_request_or_answer_there_is_no_page():
    tables = {name: frame.clear() for name, frame in planning_tables("public").items()}
    content = edition_content([], assistance=(), documents={}, tables=tables)

    assert PATH not in render(content)


def test_a_name_that_looks_like_markup_stays_text():
    tables = planning_tables("network")
    for name, column in (("pub8_first", "site_name"), ("pub8_sessions", "mentor_name")):
        tables[name] = tables[name].with_columns(pl.lit("<b>x</b>").alias(column))

    page = planning_page(tables)

    assert not page.all("b")
    assert page.text.count("<b>x</b>") >= 6
