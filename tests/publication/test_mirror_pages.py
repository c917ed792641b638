"""The mirror report's page: whole, linked, light, and with every reason told."""

import json
import posixpath
import re

import frictionless
import jsonschema
import pytest

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.mirror_views import MirrorView
from tests.support.browser import axe_on_every_screen, driven_browser
from tests.support.html import read_html
from tests.support.mirrors import render_site, site_content


@pytest.fixture(scope="module")
def files():
    return render_site(site_content())


@pytest.fixture(scope="module")
def page(files):
    return read_html(files["index.html"])


def test_links_lead_to_own_files_or_into_the_network_edition(files, page):
    for element in page.all("a", "link"):
        address = (element.get("href") or "").partition("#")[0]
        if address in {"", "data:,"}:
            continue
        target = posixpath.normpath(address)
        own = {*files, "manifest.json"}
        assert target in own or target.startswith("../../network/"), address


def test_fragments_lead_to_parts_of_the_page(page):
    ids = {element.get("id") for element in page.all()}
    parts = [link.get("href") for link in page.all("a")]

    assert {part[1:] for part in parts if part.startswith("#")} <= ids


def test_stages_stand_side_by_side_and_steps_are_recalled(page):
    grid = page.first("main").all("table")[0]

    assert len(grid.all("tr")) == 1 + 17
    assert [cell.text for cell in grid.all("tr")[3].all("td")] == [
        *("2", "3", "4", "2 to 3 (9 sites)")
    ]
    assert "Learner decisions went from stage 0 to 1, since April 30, 2026" in page.text


def test_stages_are_drawn_beside_the_networks_with_what_that_shows(page):
    figure = page.first("figure")
    finding = figure.first("p").text

    # Of 15 elements with a line of the network, 5 are at stage 4, above its 2 to 3,
    # and one is at stage 3, above its 2.
    assert finding == (
        "Of 15 elements, 0 lie below the middle half of the network's sites "
        "and 6 above it."
    )
    assert finding in figure.first("svg").first("desc").text
    assert "4 (was 2)" in figure.first("svg").text


def test_what_was_counted_from_records_says_so(page):
    assert "41 of 90, from our records" in page.text


def test_own_rates_are_exact_beside_bands_of_the_network(page):
    assert re.search(r"45\.6%\s*41 of 90", page.text)
    assert "45% (of 100-299)" in page.text
    assert "hidden to protect people" in page.text
    assert "45.6% (2023-2024)" in page.text


def test_every_lesson_says_why_it_is_shown(page):
    told = page.text

    assert "You rated “Timely support” at stage 1" in told
    assert "Invented Mesa District went from stage 1, when it wrote this, to 3." in told
    assert "Your barrier 0499901-B1 is about “Timely support”" in told
    assert "Your request 0499901-R1 is about “Timely support”" in told
    assert "It also shares words with it: bell, schedule." in told
    words = "registrar, transcript, hand, field, winter."
    assert f"shares words with your barrier 0499901-B1: {words}" in told
    assert f"shares words with your request 0499901-R1: {words}" in told


def test_own_lessons_stand_beside_those_that_may_say_the_same(page):
    rows = [row.text for row in page.all("tr") if "checks of goals" in row.text]

    pair = (
        "Weekly checks of goals kept learners on pace "
        "Weekly goal checks kept learners on pace Invented Mesa District 63%"
    )
    assert rows == [
        f"{pair} Nobody has decided yet.",
        f"{pair} They say the same. One of them could be taken back.",
    ]


def test_the_page_is_light_and_holds_no_script_or_style(files, page):
    assert len(files["index.html"]) < 200_000
    assert not page.all("script", "style", "iframe")
    assert all("style" not in element.attributes for element in page.all())
    assert page.first("html").get("lang") == "en"
    assert [part.tag for part in page.first("body").children] == [
        *("a", "header", "main", "footer")
    ]


def test_a_site_that_sent_nothing_gets_a_page_that_says_so():
    page = read_html(render_site(site_content(tables={}))["index.html"])

    assert "No stage has been rated yet." in page.text
    assert "No barrier is open." in page.text


def test_a_hostile_name_stays_text():
    page = read_html(
        render_site(site_content(site_name="<b onload=x>Mesa</b>"))["index.html"]
    )

    assert not page.all("b")
    assert "<b onload=x>Mesa</b>" in page.first("h1").text


def test_json_files_keep_their_published_schema(files):
    schema = json.loads(files["data/schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)

    for path, content in files.items():
        if path.startswith("data/pub7_") and path.endswith(".json"):
            jsonschema.validate(json.loads(content), schema)


def test_the_data_package_describes_every_file(files, tmp_path):
    for path, content in files.items():
        if path.startswith("data/"):
            (tmp_path / posixpath.basename(path)).write_bytes(content)

    package = frictionless.Package(str(tmp_path / "datapackage.json"))

    assert len(package.resources) == 9
    assert "licenses" not in json.loads(files["data/datapackage.json"])
    for resource in package.resources:
        rows = json.loads(files[f"data/{resource.name}.json"])["rows"]
        with resource:
            assert len(resource.read_rows()) == len(rows)


def test_axe_finds_nothing_wrong_with_the_report_on_any_screen(files, tmp_path):
    for path, content in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    with driven_browser() as browser:
        page = browser.new_page()
        page.goto((tmp_path / "index.html").as_uri())
        found = axe_on_every_screen(page)
        width = page.evaluate("document.body.scrollWidth")
        brand = page.locator(".brand").bounding_box()

    assert found == {screen: [] for screen in found}
    # On the last screen, a narrow one, nothing is squeezed.
    assert width <= 375
    assert brand["width"] > 250


def test_a_survey_that_the_network_has_not_published_yet_stands_beside_its_last():
    survey = _rows_of("pub7_experience")[0]
    fall = survey | {
        "school_year": "2026-2027",
        "window": "fall",
        "percent": 80.0,
        "network_percent_band": None,
    }
    site = site_content(rows={"pub7_experience": [fall, survey]})

    row = view_of(site).experience.everyone[0]

    assert (row.year, row.own) == ("Fall 2026-2027", "80.0%")
    assert row.before == "75.0% (Spring 2025-2026)"
    assert row.network == "75%, Spring 2025-2026"


def test_of_two_surveys_in_a_year_the_newest_is_told_once():
    survey = _rows_of("pub7_experience")[0]
    rows = [survey, survey | {"window": "fall", "percent": 50.0}]

    told = view_of(site_content(rows={"pub7_experience": rows})).experience.everyone

    assert [(row.year, row.before) for row in told] == [
        ("Spring 2025-2026", "50.0% (Fall 2025-2026)")
    ]


def test_groups_stand_in_the_order_of_their_list_by_measure():
    rate = _rows_of("pub7_outcomes")[0]
    rows = [
        rate | {"metric_code": metric, "student_group": group}
        for metric in ("M01", "M04")
        for group in ("ALL", "LEP", "HI7")
    ]

    outcomes = view_of(site_content(rows={"pub7_outcomes": rows})).outcomes

    assert len(outcomes.everyone) == 2
    (table,) = outcomes.groups
    assert [group for group, _ in table.rows] == [
        "Hispanic or Latino",
        "English learners",
    ]
    assert all(len(cells) == len(table.labels) == 2 for _, cells in table.rows)


def test_one_measure_of_two_kinds_of_students_is_told_apart():
    rate = _rows_of("pub7_outcomes")[0]
    rows = [rate, rate | {"pilot_scope": "pilot_students"}]

    told = view_of(site_content(rows={"pub7_outcomes": rows})).outcomes.everyone

    assert len({row.label for row in told}) == 2


def _rows_of(table):
    return site_content().tables[table].to_dicts()


def view_of(content):
    messages = load_messages()
    return MirrorView(content, Labels(content.code_lists, messages), messages)
