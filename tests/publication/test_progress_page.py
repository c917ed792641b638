"""The page on progress says what its tables say, and names nobody in public."""

import polars as pl

from tests.support.editions import edition_content, render
from tests.support.editions_progress import progress_tables
from tests.support.html import read_html

PATH = "progress/index.html"


def page_of(tables, edition="network"):
    content = edition_content(
        [], assistance=(), documents={}, tables=tables, edition=edition
    )
    return render(content).get(PATH)


def test_the_page_says_how_far_the_pilot_is_and_where_it_stalls(public_files):
    text = read_html(public_files[PATH]).first("main").text

    assert "“Data systems” was furthest: in use at 2 of 3 sites." in text
    assert "“Active learning, own paths and pace” came last, with 2 of 14." in text
    assert "It stalls most at Learner decisions: 1 of 12 sites moved up" in text


def test_each_element_has_a_small_chart_with_its_own_finding(public_files):
    panels = [
        item
        for item in read_html(public_files[PATH]).all("figure")
        if "multiple" in item.get("class")
    ]

    assert [panel.first("h3").text for panel in panels] == [
        *("Learner decisions", "Active learning, own paths and pace", "Data systems")
    ]
    assert "In use at 9 of 14 sites; 6 of 13 in spring" in panels[0].first("p").text
    # As many boxes as there are stages with a site in them.
    assert len(panels[2].first("svg").all("path")) == 2 + 3


def test_sites_are_named_to_the_network_alone(public_files, network_files):
    name = b"Prairie Lark Public Schools"

    assert not [path for path, content in public_files.items() if name in content]
    assert name in network_files[PATH]


def test_without_a_window_to_show_there_is_no_page():
    tables = progress_tables("public")
    none = tables | {"pub3_elements": tables["pub3_elements"].clear()}

    assert page_of(none) is None
    assert page_of({}) is None


def test_a_name_that_looks_like_markup_stays_text():
    tables = progress_tables("network")
    hostile = pl.lit("<script>x</script>")
    tables["pub3_sites"] = tables["pub3_sites"].with_columns(site_name=hostile)
    tables["pub3_index"] = tables["pub3_index"].with_columns(
        group=pl.when(pl.col("group") == "Cohort 1").then(hostile).otherwise("group")
    )

    page = read_html(page_of(tables))

    assert all(item.get("src") for item in page.all("script"))
    assert "<script>x</script>" in page.all("svg")[-1].text
