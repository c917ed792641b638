"""Every page of every edition: well formed, linked, accessible, self-contained."""

import posixpath
import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urldefrag, urlsplit

import polars as pl

from tests.support.editions import (
    RELEASE_ID,
    STATES,
    edition_content,
    lesson,
    pages_of,
    render,
)
from tests.support.html import read_html


def test_rendering_twice_gives_the_same_bytes(public_files):
    assert render(edition_content()) == public_files


def test_every_link_leads_to_a_file_and_every_fragment_to_an_element(files, pages):
    ids = {
        path: {element.get("id") for element in page.all()}
        for path, page in pages.items()
    }

    for path, page in pages.items():
        for element in page.all("a", "link", "script"):
            address = element.get("href") or element.get("src")
            if address == "data:," or urlsplit(address).scheme:
                continue
            target, fragment = urldefrag(address)
            here = posixpath.dirname(path)
            there = posixpath.normpath(posixpath.join(here, target)) if target else path
            assert there in files, f"{path} links to {address}"
            # What a search is asked for stands in its fragment.
            if fragment and not (there == "search.html" and "=" in fragment):
                assert fragment in ids[there], f"{path} links to {address}"


def test_every_page_can_be_reached_from_the_start(pages):
    # The menu leads to the first page of every section.
    sections = [path for path in pages if re.fullmatch(r"[a-z]+/index\.html", path)]
    reached, waiting = set(), ["index.html", *sections]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in pages:
            continue
        reached.add(path)
        for link in pages[path].all("a"):
            target = urldefrag(link.get("href"))[0]
            here = posixpath.dirname(path)
            waiting.append(posixpath.normpath(posixpath.join(here, target)))

    assert reached == set(pages)


def test_nothing_comes_from_elsewhere_and_only_resources_lead_there(files, pages):
    for path, page in pages.items():
        for element in page.all():
            for name, value in element.attributes.items():
                if name in {"xmlns", "content"} or not re.search("//", value or ""):
                    continue
                assert element.tag == "a", f"{path}: {element}"
                assert name == "href"
                assert "noreferrer" in element.get("rel")
                assert path.startswith(("lessons/", "roadmap/"))
    for path, content in files.items():
        if path.startswith("assets/"):
            assert not re.search(rb"https?:|@import|url\(|fetch\(", content)


def test_no_page_holds_inline_script_or_style(pages):
    for page in pages.values():
        assert not page.all("style", "iframe", "object", "embed", "base")
        assert all(item.get("src") for item in page.all("script"))
        for element in page.all():
            handlers = [name for name in element.attributes if name.startswith("on")]
            assert not handlers
            assert "style" not in element.attributes


def test_every_page_carries_a_strict_content_policy(pages):
    for page in pages.values():
        policy = next(
            item.get("content")
            for item in page.all("meta")
            if item.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


def test_every_page_stays_under_200_kilobytes(files):
    for path, content in files.items():
        if path.endswith((".html", ".css", ".js")):
            assert len(content) < 200_000, path


def test_every_page_has_its_landmarks_language_and_own_title(pages):
    titles = [page.first("title").text for page in pages.values()]

    assert len(set(titles)) == len(titles)
    for page in pages.values():
        html = page.first("html")
        assert html.get("lang") == "en"
        body = html.first("body")
        assert [child.tag for child in body.children] == [
            *("a", "header", "main", "footer")
        ]
        assert body.children[0].get("href") == "#main"
        assert body.first("main").get("id") == "main"
        assert len(page.all("main")) == 1
        labels = [nav.get("aria-label") for nav in page.all("nav")]
        assert all(labels)
        assert len(set(labels)) == len(labels)


def test_headings_begin_with_one_h1_and_skip_no_level(pages):
    for path, page in pages.items():
        levels = [
            int(item.tag[1]) for item in page.all("h1", "h2", "h3", "h4", "h5", "h6")
        ]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        for above, below in pairwise(levels):
            assert below <= above + 1, path


def test_ids_are_unique_and_every_reference_to_one_resolves(pages):
    for path, page in pages.items():
        ids = [item.get("id") for item in page.all() if item.get("id")]
        assert len(set(ids)) == len(ids), path
        for element in page.all():
            for name in ("aria-labelledby", "aria-describedby", "for"):
                for target in element.get(name).split():
                    assert target in ids, f"{path}: {name}={target}"


def test_every_table_has_a_caption_and_headers_with_a_scope(pages):
    for path, page in pages.items():
        for table in page.all("table"):
            assert table.first("caption").text, path
            assert all(item.get("scope") in {"row", "col"} for item in table.all("th"))
            columns = len(table.first("thead").all("th"))
            for row in table.first("tbody").all("tr"):
                assert len(row.children) == columns, path
                assert [cell.get("scope") for cell in row.all("th")] == ["row"]


def test_whatever_scrolls_can_be_reached_and_is_named(pages):
    for page in pages.values():
        regions = [item for item in page.all("div") if "scroll" in item.get("class")]
        wide = [inner for region in regions for inner in region.all("table", "svg")]
        # A small chart fits on any screen and needs no scrolling.
        small = [item for item in page.all("svg") if float(item.get("width")) <= 320]
        assert len(wide) + len(small) == len(page.all("table", "svg"))
        for region in regions:
            assert region.get("tabindex") == "0"
            assert region.get("role") == "region"
            assert region.get("aria-label") or region.get("aria-labelledby")


def test_every_region_has_a_name_of_its_own(pages):
    for path, page in pages.items():
        texts = {item.get("id"): item.text for item in page.all()}
        names = [
            item.get("aria-label") or texts.get(item.get("aria-labelledby"))
            for item in page.all("section", "aside", "div")
            if item.get("role") == "region" or item.tag != "div"
        ]
        assert all(names), path
        assert len(set(names)) == len(names), path


def test_every_form_field_has_a_label(pages):
    for page in pages.values():
        labelled = [
            inner
            for label in page.all("label")
            for inner in label.all("select", "input")
        ]
        assert len(labelled) == len(page.all("select", "input"))


def test_every_chart_is_a_named_image_that_states_its_finding(public_files):
    pages = pages_of(public_files)
    charts = [
        (path, figure)
        for path, page in pages.items()
        for figure in page.all("figure")
        if figure.all("svg")
    ]

    assert [path for path, _ in charts] == [
        "index.html",
        "lessons/index.html",
        *["assistance/index.html"] * 4,
        *["annual/index.html"] * 2,
        *["progress/index.html"] * 4,
        "barriers/index.html",
        "outcomes/index.html",
        *(f"outcomes/{code}.html" for code in ("m01", "m04", "m09")),
        *["experience/index.html"] * 5,
        "planning/index.html",
        "roadmap/index.html",
    ]
    for _, figure in charts:
        image = figure.first("svg")
        assert image.get("role") == "img"
        assert image.first("title").text
        assert figure.first("figcaption").first("p").text in image.first("desc").text
        assert "http" not in image.text


def test_every_page_names_release_day_and_edition(pages):
    for page in pages.values():
        footer = page.first("footer")
        assert f"Release {RELEASE_ID}" in footer.text
        assert footer.first("time").get("datetime") == "2026-11-22"
        assert "edition" in footer.text.lower()


def test_every_page_of_an_invented_network_says_so(public_files, network_files):
    for page in pages_of(public_files).values():
        assert "This network is invented." in page.first("header").text
    for page in pages_of(network_files).values():
        assert "invented" not in page.text


def test_editions_are_told_apart(public_files, network_files):
    public = read_html(public_files["index.html"]).first("header").text
    network = read_html(network_files["index.html"]).first("header").text

    assert "Public edition" in public
    assert "Network edition" in network


def test_codes_are_shown_by_their_labels(pages):
    codes = r"\b(did_not_work|student_supports_sel|potentially_positive|CBE\d|PA\d)\b"
    for path, page in pages.items():
        # These explain the codes.
        if path != "about.html" and not path.startswith("contracts/"):
            assert not re.search(codes, page.first("main").text), path


def test_a_code_that_no_list_knows_is_shown_as_it_is():
    files = render(edition_content([lesson(1, element_code="XYZ9")], code_lists={}))

    assert "XYZ9" in read_html(files["lessons/L00001.html"]).text


def test_a_lesson_page_quotes_the_whole_lesson(public_files):
    row = lesson(3)
    page = read_html(public_files["lessons/L00003.html"])
    quotes = [quote.text for quote in page.all("blockquote")]

    assert quotes == [row[name] for name in ("situation", "action", "result")] + [
        row["recommendation"]
    ]
    assert page.first("h1").text == row["title"]
    assert STATES[row["state_fips"]] in page.first("aside").text


def test_paragraphs_of_a_text_stay_paragraphs():
    files = render(edition_content([lesson(1, situation="One.\r\n\r\nTwo.\nThree.")]))
    quote = read_html(files["lessons/L00001.html"]).first("blockquote")

    assert [part.text for part in quote.children] == ["One.", "Two.", "Three."]


def test_a_practitioner_account_is_labelled_wherever_it_is_listed():
    account = lesson(1, practitioner_account=True, evidence_tier=0)
    files = render(edition_content([account, lesson(2, practitioner_account=False)]))

    assert "Practitioner account" in read_html(files["lessons/L00001.html"]).text
    assert "Practitioner account" not in (
        read_html(files["lessons/L00002.html"]).first("aside").text
    )
    for path in ("lessons/index.html", "lessons/groups/cbe3-worked.html"):
        lines = [
            item.text
            for item in read_html(files[path]).first("main").all("li")
            if item.all("a") and "lesson 1" in item.text
        ]
        assert any("Practitioner account" in line for line in lines)


def test_the_digest_keeps_its_order_on_the_page(public_files):
    content = edition_content()
    page = read_html(public_files["lessons/index.html"])
    rows = page.first("tbody").all("tr")
    labels = content.code_lists["element_code"].labels

    shown = [row.first("th").text.split(": ")[0] for row in rows]

    assert shown == [labels[code] for code in content.lessons.groups["element_code"]]


def test_the_current_year_comes_first_with_the_previous_beside(public_files):
    page = read_html(public_files["assistance/index.html"])
    first = page.all("table")[0]

    assert [item.text for item in first.first("thead").all("th")] == [
        *("Measure", "2026-2027", "2025-2026")
    ]
    assert [item.text for item in first.first("tbody").all("tr")[0].children] == [
        *("Requests made", "37", "74")
    ]
    captions = [item.first("caption").text for item in page.all("table")]
    assert [caption[-9:] for caption in captions[1:]] == ["2026-2027"] * 4 + [
        "2025-2026"
    ] * 4


def test_a_year_that_has_just_begun_does_not_stand_before_the_others():
    years = edition_content().assistance
    begun = replace(
        years[0],
        period="2027-2028",
        topics=years[0].topics.filter(pl.col("topic") == "ALL"),
    )
    files = render(edition_content([], assistance=(begun, *years)))

    page = read_html(files["assistance/index.html"])

    assert "2027-2028" not in page.text
    assert b"2027-2028" in files["data/pub2_topics.csv"]


def test_a_year_of_help_without_requests_shows_the_help():
    year = edition_content().assistance[0]
    unasked = replace(
        year,
        topics=year.topics.with_columns(
            requested=0, met=0, open=0, median_days=None, p90_days=None
        ),
        unmet=year.unmet.clear(),
    )

    files = render(edition_content([], assistance=(unasked,)))

    page = read_html(files["assistance/index.html"])
    assert not page.all("svg")
    assert "Sites made 0 requests in 2026-2027." in page.text
    assert "No request is open." in page.text
    assert any("Events by topic" in item.text for item in page.all("table"))


def test_one_year_alone_needs_no_year_beside_it():
    year = edition_content().assistance[:1]
    page = read_html(render(edition_content(assistance=year))["assistance/index.html"])

    assert len(page.all("table")[0].first("thead").all("th")) == 2


def test_measures_without_any_number_have_no_column():
    year = edition_content().assistance[0]
    only_in_total = pl.when(pl.col("topic") == "ALL")
    topics = year.topics.with_columns(
        only_in_total.then(name).alias(name)
        for name in ("cost_usd", "cost_per_site_hour", "cost_coverage")
    )

    files = render(edition_content(assistance=(replace(year, topics=topics),)))

    tables = read_html(files["assistance/index.html"]).all("table")
    by_topic = next(item for item in tables if "Events by topic" in item.text)
    assert "Cost" not in by_topic.first("thead").text
    assert "$27,511" in tables[0].text


def test_a_lesson_page_shows_readers_the_term_of_their_own_state():
    terms = {"32": ("competency-based education",), "38": ("its own", "another")}
    states = {"32": "Nevada", "04": "Arizona"}
    files = render(edition_content([lesson(1)], states=states, state_terms=terms))

    text = read_html(files["lessons/L00001.html"]).first("main").text

    assert "Nevada: competency-based education" in text
    assert "its own" not in text
