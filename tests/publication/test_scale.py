"""Pages of a large network: still light, and every lesson still within reach."""

from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.publication.pages.lessons import PART_LENGTH
from tests.support.editions import (
    edition_content,
    lesson,
    many_lessons,
    pages_of,
    render,
)
from tests.support.html import read_html


@pytest.fixture(scope="module")
def full_matrix():
    """Every element with every kind, each with lessons of the longest titles."""
    lists = load_catalogue().code_lists
    pairs = product(lists["element_code"].values, lists["lesson_type"].values)
    rows = [
        lesson(
            9 * place + number,
            element_code=element,
            lesson_type=kind,
            title=f"{'Long title ' * 10}{place} {number}"[:120],
            site_label="Prairie Rose Consolidated Unified School District No. 12",
            practitioner_account=True,
        )
        for place, (element, kind) in enumerate(pairs)
        for number in range(1, 8)
    ]
    return render(edition_content(rows, assistance=()))


def test_the_overview_of_all_elements_and_kinds_stays_light(full_matrix):
    assert len(full_matrix["lessons/index.html"]) < 200_000


def test_the_overview_links_the_first_lessons_of_every_group(full_matrix):
    page = read_html(full_matrix["lessons/index.html"])
    kinds = page.all("article")

    assert len(kinds) == 100
    assert {len(kind.first("ul").all("a")) for kind in kinds} == {2}
    assert {kind.all("a")[-1].text.split(" of ")[0] for kind in kinds} == {
        "All 7 lessons"
    }


def test_a_long_group_is_divided_and_loses_nothing():
    count = 2 * PART_LENGTH + 1
    rows = [lesson(number, title="T" * 120) for number in range(1, count + 1)]
    files = render(edition_content(rows, assistance=()))
    stem = "lessons/groups/cbe3-worked"
    parts = [f"{stem}.html", f"{stem}-2.html", f"{stem}-3.html"]

    pages = pages_of({path: files[path] for path in parts})

    links = [
        link.get("href")
        for path in parts
        for item in pages[path].first("main").all("ol")[-1].all("li")
        for link in item.all("a")
    ]
    assert links == [f"../../lessons/L{n:05d}.html" for n in range(1, count + 1)]
    assert pages[parts[1]].first("main").all("ol")[-1].get("start") == "151"
    assert all(len(files[path]) < 200_000 for path in parts)
    assert f"{stem}-4.html" not in files


#: A name as long as those of real districts that merged.
LONG_NAME = "Prairie Rose Consolidated Unified School District No. "
SITES, REQUESTS, UNMATCHED = 310, 527, 100


@pytest.fixture(scope="module")
def large_network():
    """An edition that names all of 310 sites, with requests, hosts and waivers."""
    usual = edition_content(many_lessons(40), edition="network", assistance=())
    codes = load_catalogue().code_lists["element_code"].values
    numbers = pl.DataFrame({"request": range(1, REQUESTS + 1)})
    names = pl.DataFrame({"site_name": [f"{LONG_NAME}{n}" for n in range(SITES)]})
    hosts = pl.DataFrame({"rank": [1, 2, 3], "host_name": [f"{LONG_NAME}1"] * 3})
    many = {
        "pub3_sites": pl.DataFrame({"element_code": sorted(codes)[:17]}).join(
            names, how="cross"
        ),
        "pub4_waivers": names.with_row_index("line", offset=1),
        "pub8_requests": numbers,
        "pub8_matches": numbers.head(-UNMATCHED).join(hosts, how="cross"),
    }
    tables = {
        name: frame.join(
            usual.tables[name].head(1).drop(frame.columns), how="cross"
        ).select(usual.tables[name].columns)
        for name, frame in many.items()
    }
    return render(replace(usual, documents={}, tables={**usual.tables, **tables}))


def test_every_page_of_a_large_network_is_light(large_network):
    heavy = {
        path: len(page)
        for path, page in large_network.items()
        if path.endswith(".html") and len(page) >= 200_000
    }

    assert heavy == {}


@pytest.mark.parametrize("section", ["exchange", "progress"])
def test_a_long_list_is_divided_and_each_part_leads_to_all(large_network, section):
    pages = pages_of(
        {
            path: page
            for path, page in large_network.items()
            if path.startswith(f"{section}/")
        }
    )

    assert len(pages) > 2
    for page in pages.values():
        hrefs = {link.get("href") for link in page.first("main").all("a")}
        assert {f"../{path}" for path in pages} <= hrefs


def test_divided_lists_lose_nothing(large_network):
    pages = pages_of(
        {
            path: page
            for path, page in large_network.items()
            if path.startswith(("exchange/", "progress/"))
        }
    )
    requests = [
        item.get("id")
        for page in pages.values()
        for item in page.all("caption")
        if item.get("id").startswith("request-")
    ]
    sites = [
        page.text.count(LONG_NAME)
        for path, page in pages.items()
        if path.startswith("progress/")
    ]

    assert requests == [f"request-{n}" for n in range(1, REQUESTS - UNMATCHED + 1)]
    assert sum(sites) == 17 * SITES
