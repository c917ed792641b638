"""Pages of a large network: still light, and every lesson still within reach."""

from itertools import product

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.publication.pages.lessons import PART_LENGTH
from tests.support.editions import edition_content, lesson, pages_of, render
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
