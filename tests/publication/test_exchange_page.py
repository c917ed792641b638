"""The page on peer exchange: for the network alone, with a reason for each match."""

import polars as pl

from tests.support.editions import edition_content, render
from tests.support.editions_exchange import exchange_tables
from tests.support.html import read_html

PATH = "exchange/index.html"


def test_the_public_has_neither_page_nor_data(public_files, network_files):
    assert not [path for path in public_files if "exchange" in path or "pub8" in path]
    assert PATH in network_files
    assert "data/pub8_matches.csv" in network_files


def test_each_match_says_why(network_files):
    rows = read_html(network_files[PATH]).first("tbody").all("tr")
    host, why, points = (item.text for item in rows[0].children)

    assert (host, points) == ("Saguaro Ridge Unified, Arizona", "6")
    assert why.startswith("On “Progress on mastery” it is at stage 4; the site that")
    assert why.count(". It ") == 3
    assert rows[1].children[0].text == "A pilot site (ask your state agency)"


def test_requests_without_a_host_are_listed_too(network_files):
    page = read_html(network_files[PATH]).first("main")

    assert "1 of 2 open requests have a site that could host." in page.text
    assert "A pilot site (ask your state agency): Family and community" in (
        page.all("ul")[0].text
    )


def test_a_name_that_looks_like_markup_stays_text():
    tables = exchange_tables("network")
    tables["pub8_matches"] = tables["pub8_matches"].with_columns(
        host_name=pl.lit("<b>x</b>")
    )
    content = edition_content(
        [], assistance=(), documents={}, tables=tables, edition="network"
    )

    page = read_html(render(content)[PATH])

    assert not page.all("b")
    assert "<b>x</b>, Arizona" in page.text
