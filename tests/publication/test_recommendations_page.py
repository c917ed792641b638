"""The page of recommendations: whole texts with their lessons, by area and who leads."""

from dataclasses import replace

import polars as pl
import pytest

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages import recommendations
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.menu import menu_of
from pcbl_pipeline.publication.pages.readers import READERS
from pcbl_pipeline.publication.pages.render import PageWriter
from pcbl_pipeline.publication.pages.roadmap_decision import DecisionView
from pcbl_pipeline.publication.tables import PUB9_EVIDENCE, PUB10_RECOMMENDATIONS
from tests.support.editions import edition_content, lesson
from tests.support.html import read_html

PATH = "recommendations/index.html"
AREAS = ("PA1", "PA2", "PA2", "PA2")


def written(content):
    """Return the pages of recommendations alone, by path."""
    messages = load_messages()
    labels = Labels(content.code_lists, messages)
    pages = list(
        recommendations.recommendation_pages(
            content, Digest(content, labels), labels, messages
        )
    )
    writer = PageWriter(
        content, messages, release_id="2026.11.1", menu=menu_of(pages, messages)
    )
    return {page.path: read_html(writer.render(page)) for page in pages}


@pytest.fixture(scope="module")
def content():
    lessons = [lesson(n, policy_area=area) for n, area in enumerate(AREAS, start=1)]
    told = [
        {
            "audience": audience,
            "policy_area": row["policy_area"],
            "lead_actors": ["legislature"],
            "rank": 1,
            "public_id": row["public_id"],
            "recommendation": f"Advice of {row['public_id']}.",
            "element_code": row["element_code"],
            "lesson_type": row["lesson_type"],
            "corroborated": True,
            "independent_sites": 4,
            "strength": "strong",
        }
        for audience in ("district_leader", "state_agency")
        for row in lessons
    ]
    evidence = [
        (point, "area", *kind)
        for point in ("DP03", "DP04")
        for kind in (("seat_time", 3, 4), ("other", 2, 2))
    ]
    usual = edition_content(lessons, documents={}, contract_files={})
    tables = {
        **usual.tables,
        "pub10_recommendations": pl.DataFrame(
            told, schema=PUB10_RECOMMENDATIONS.empty().schema
        ),
        "pub9_evidence": pl.DataFrame(
            evidence, schema=PUB9_EVIDENCE.empty().schema, orient="row"
        ),
    }
    return replace(usual, tables=tables)


def test_state_and_district_leaders_have_a_part_each_and_a_heading_per_area(content):
    page = written(content)[PATH].first("main")

    parts = [item.text for item in page.all("h2")]
    assert parts == ["For state leaders", "For district leaders", "By who leads"]
    assert [item.get("id") for item in page.all("h3")] == [
        *("state-agency-pa1", "state-agency-pa2"),
        *("district-leader-pa1", "district-leader-pa2"),
    ]
    within = {a.get("href") for a in page.all("a") if a.get("href").startswith("#")}
    assert within <= {f"#{item.get('id')}" for item in page.all("h2", "h3")}


def test_each_recommendation_stands_whole_and_cites_its_lesson_and_group(content):
    page = written(content)[PATH].first("main")
    item = page.all("ol")[1].all("li")[0]

    assert item.first("blockquote").text == "Advice of L00002."
    assert [link.get("href") for link in item.all("a")] == [
        "../lessons/L00002.html",
        "../lessons/groups/cbe3-worked.html",
    ]
    assert "Corroborated" in item.text
    assert "4 lessons · 4 sites · 4 states" in item.text


def test_an_area_tells_who_led_and_which_barriers_sites_report(content):
    page = written(content)[PATH].first("main")
    told = [item.text for item in page.all("p")]

    assert (
        "Who led the states' actions here: "
        "State board of education (1), Intermediary organization (1)."
    ) in told
    assert "No state has reported an action in this area yet." in told
    assert any("Seat time (3 sites), Other kinds (2 sites)" in text for text in told)


def test_who_leads_finds_what_is_recommended_in_their_areas(content):
    row = written(content)[PATH].first("tbody").all("tr")[0]

    assert row.first("th").text == "State board of education"
    assert [link.get("href") for link in row.all("a")] == [
        "#state-agency-pa2",
        "#district-leader-pa2",
    ]


def test_a_decision_leads_to_what_sites_recommend_in_its_area(content):
    messages = load_messages()
    labels = Labels(content.code_lists, messages)

    places = {
        point: DecisionView(point, (), content, labels, messages).recommended
        for point in ("DP03", "DP10")
    }

    assert places == {
        "DP03": [
            ("state_agency", f"{PATH}#state-agency-pa2"),
            ("district_leader", f"{PATH}#district-leader-pa2"),
        ],
        "DP10": [],
    }


def test_a_long_area_has_pages_of_its_own_and_loses_nothing(content, monkeypatch):
    monkeypatch.setattr(recommendations, "SHOWN", 1)
    monkeypatch.setattr(recommendations, "PART_LENGTH", 2)

    pages = written(content)

    stem = "recommendations/state-agency-pa2"
    assert list(pages) == [
        PATH,
        *(f"{stem}.html", f"{stem}-2.html"),
        *(f"{stem}{end}".replace("state-agency", "district-leader")
          for end in (".html", "-2.html")),
    ]  # fmt: skip
    texts = [
        quote.text
        for end in (".html", "-2.html")
        for quote in pages[f"{stem}{end}"].all("blockquote")
    ]
    assert texts == ["Advice of L00002.", "Advice of L00003.", "Advice of L00004."]
    assert len(pages[PATH].all("blockquote")) == 4


def test_a_text_that_looks_like_markup_stays_text(content):
    hostile = content.tables["pub10_recommendations"].with_columns(
        recommendation=pl.lit("<script>x</script>")
    )
    tables = {**content.tables, "pub10_recommendations": hostile}

    page = written(replace(content, tables=tables))[PATH].first("main")

    assert not page.all("script")
    assert page.first("blockquote").text == "<script>x</script>"


def test_without_recommendations_there_is_no_page():
    assert (
        written(edition_content([], tables={}, documents={}, contract_files={})) == {}
    )


def test_those_who_lead_a_site_or_a_state_or_decide_are_led_there():
    for reader in ("site", "state", "policy"):
        places = [place for places in READERS[reader].values() for place in places]
        assert any(place.startswith(PATH) for place in places), reader
