"""The page on barriers says what its tables say, and names no site in public."""

import polars as pl

from tests.support.editions import edition_content, render
from tests.support.editions_barriers import barriers_tables
from tests.support.html import read_html

PATH = "barriers/index.html"


def page_of(tables, edition="network"):
    content = edition_content(
        [], assistance=(), documents={}, tables=tables, edition=edition
    )
    return render(content).get(PATH)


def test_the_page_says_what_weighs_most_and_what_the_states_did(public_files):
    text = read_html(public_files[PATH]).first("main").text

    assert "9 sites made 14 reports of what stands in their way." in text
    assert (
        "What weighs most of all kinds that stand alone: Seat time (4 sites)." in text
    )
    assert "6 have been decided; 4 were granted." in text


def test_kinds_stand_by_weight_with_those_counted_together_last(public_files):
    rows = read_html(public_files[PATH]).all("tbody")[0].all("tr")

    assert [row.first("th").text for row in rows] == [
        *("Seat time", "Funding", "Other kinds", "All kinds")
    ]


def test_the_register_says_how_many_days_are_left(public_files, network_files):
    public, network = (
        read_html(files[PATH]).all("tbody")[-1].all("tr")
        for files in (public_files, network_files)
    )

    left = [row.children[-1].text for row in public]
    assert (left[0], left[2]) == ("39", "over")
    assert left[1].endswith("not reported")
    assert public[1].first("th").text == "Not shown, as it could name a site"
    assert len(public[0].children) == len(network[0].children) - 1
    assert "Prairie Lark" in network[0].text


def test_without_reports_and_waivers_there_is_no_page():
    none = {name: frame.clear() for name, frame in barriers_tables("public").items()}

    assert page_of(none) is None
    assert page_of({}) is None


def test_a_citation_that_looks_like_markup_stays_text():
    tables = barriers_tables("network")
    tables["pub4_waivers"] = tables["pub4_waivers"].with_columns(
        citation=pl.lit("<b>Rule</b>")
    )

    page = read_html(page_of(tables))

    assert not page.all("b")
    assert "<b>Rule</b>" in page.text
