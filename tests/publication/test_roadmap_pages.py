"""The pages of the roadmap say what their tables say, with evidence beside the policy."""

import polars as pl

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.roadmap_logic import LogicView
from tests.support.editions import edition_content, lesson, render
from tests.support.editions_roadmap import roadmap_tables
from tests.support.html import read_html

PATH = "roadmap/index.html"


def files_of(tables, lessons=()):
    content = edition_content(list(lessons), assistance=(), documents={}, tables=tables)
    return render(content)


def main_of(files, path):
    return read_html(files[path]).first("main")


def test_the_matrix_has_every_decision_and_every_state_with_an_action(public_files):
    page = main_of(public_files, PATH)
    table = page.all("table")[0]

    assert [item.text for item in table.first("thead").all("th")] == [
        *("Decision", "Arizona", "Nevada", "North Dakota")
    ]
    assert len(table.first("tbody").all("tr")) == 13
    assert (
        "At least one of the 3 states has said yes to 2 of the 13 decisions."
        in page.first("figcaption").text
    )


def test_the_chart_tells_decisions_apart_by_shape(public_files):
    image = main_of(public_files, PATH).first("svg")
    shapes = {(item.get("d"), item.get("fill")) for item in image.all("path")}

    # In effect, yes, considering, deferred and no.
    assert len({item for item in shapes if item[0] and item[1]}) >= 5
    assert "2021" in image.text


def test_each_decision_has_a_page_with_equity_statements_side_by_side(public_files):
    page = main_of(public_files, "roadmap/dp05.html")

    assert [item.text for item in page.all("blockquote")] == [
        "Half of the places go to districts with few means."
    ] * 2
    assert "Economically" in page.text or "Groups named:" in page.text


def test_the_logic_model_tells_what_states_did_and_what_the_network_has(public_files):
    page = main_of(public_files, "roadmap/logic.html")
    cards = page.all("ol")[-1]

    assert "Of 5 actions of states, 5 are about inputs, 0 about activities" in page.text
    assert [item.text for item in cards.all("h3")] == [
        *("Inputs", "Activities", "Outcomes")
    ]
    has = {link.text: link.get("href") for link in cards.all("a")}
    assert has["Kinds of support in effect: 2"] == "../roadmap/index.html#supports"
    assert has["Lessons from sites: 60"] == "../lessons/index.html"
    assert has["Sites that took part: 12"] == "../annual/index.html"
    assert len(page.first("tbody").all("tr")) == 5
    assert "No state has reported an action on this part yet." in page.text


def test_what_an_edition_has_not_is_not_told_of_the_logic_model():
    content = edition_content(
        [], assistance=(), documents={}, contract_files={}, tables=roadmap_tables()
    )
    messages = load_messages()
    labels = Labels(content.code_lists, messages)

    parts = LogicView(content, labels, messages, ()).parts

    assert [[words for words, _ in part.has] for part in parts] == [
        ["Kinds of support in effect: 2", "Events of help for sites: 0"],
        ["Lessons from sites: 0"],
        [],
    ]


def test_an_action_whose_words_wait_still_stands_there():
    tables = roadmap_tables()
    held = tables["pub9_actions"].with_columns(
        title=pl.lit(None, pl.String), description=pl.lit(None, pl.String)
    )

    page = main_of(files_of(tables | {"pub9_actions": held}), "roadmap/dp05.html")

    assert "Arizona: Its title waits for the agency" in page.text
    assert "None" not in page.text


def test_evidence_from_the_ground_stands_beside_the_policy():
    lessons = [
        lesson(1, policy_area="PA2", corroborated=False, title="Alone"),
        lesson(2, policy_area="PA2", corroborated=True, title="Shared"),
        lesson(3, policy_area="PA4", title="Of another area"),
    ]

    page = main_of(files_of(roadmap_tables(), lessons), "roadmap/dp05.html")

    captions = [item.text for item in page.all("caption")]
    assert captions == [
        "Barriers that the states name as a reason",
        "Barriers in the same area of policy: District innovation",
    ]
    links = [a.text for a in page.all("a") if "lessons/" in a.get("href")]
    assert links == ["Shared", "Alone"]


def test_a_decision_that_no_state_has_taken_still_shows_what_sites_report():
    page = main_of(files_of(roadmap_tables()), "roadmap/dp03.html")

    assert "No state has reported an action on this decision yet." in page.text
    assert "No barrier on this decision" in page.text


def test_only_web_addresses_become_sources(public_files):
    links = [
        a.get("href")
        for path in ("roadmap/dp05.html", "roadmap/dp07.html")
        for a in main_of(public_files, path).all("a")
        if "external" in a.get("rel")
    ]

    assert set(links) == {"https://example.org/actions"}


def test_a_text_that_looks_like_markup_stays_text():
    tables = roadmap_tables()
    hostile = pl.lit("<script>x</script>")
    tables["pub9_actions"] = tables["pub9_actions"].with_columns(
        title=hostile, description=hostile, equity_statement=hostile
    )

    files = files_of(tables)

    for path in (PATH, "roadmap/dp05.html"):
        assert not main_of(files, path).all("script")
        assert "<script>x</script>" in main_of(files, path).text


def test_without_actions_there_is_no_page():
    tables = {name: frame.clear() for name, frame in roadmap_tables().items()}

    assert not [path for path in files_of(tables) if path.startswith("roadmap/")]
