"""Whatever a site writes stays text: on pages, in charts, in spreadsheets."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.publication.pages.digest import is_web_address
from tests.support.editions import (
    edition_content,
    lesson,
    lessons_content,
    pages_of,
    render,
)
from tests.support.html import read_html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></head><body onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}{count}{0}",
    "<!--",
    "]]>&lt;b&gt;&#60;",
]
_FIELDS = ("title", "situation", "action", "result", "recommendation", "site_label")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_quoted_and_never_becomes_markup(text):
    row = lesson(1, **dict.fromkeys(_FIELDS, text), resource_license=text)

    files = render(edition_content([row, lesson(2)], network_name=text))

    for page in pages_of(files).values():
        assert not page.all("img", "b", "raw")
        assert all(item.get("src") for item in page.all("script"))
        for element in page.all():
            assert not [name for name in element.attributes if name.startswith("on")]
    page = read_html(files["lessons/L00001.html"])
    assert page.first("h1").texts == [text]
    assert page.first("blockquote").first("p").texts == [text]
    assert page.first("title").text.startswith(" ".join(text.split()))


def test_hostile_labels_stay_text_in_charts():
    lists = edition_content().code_lists
    hostile = lists["element_code"].model_copy(
        update={
            "codes": tuple(
                code.model_copy(update={"label": "<script>x</script>"})
                for code in lists["element_code"].codes
                if code.code == "CBE3"
            )
        }
    )

    files = render(
        edition_content([lesson(1)], code_lists={**lists, "element_code": hostile})
    )

    chart = read_html(files["lessons/index.html"]).first("svg")
    assert not chart.all("script")
    assert "<script>x</script>" in chart.text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " https://example.org",
        "https://example.org/\nx",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//example.org/x",
        "https:example.org",
        "https://",
        "http://[::1",
        "vbscript:x",
        "file:///etc/passwd",
        "lessons/index.html",
    ],
)
def test_only_web_addresses_become_links(address):
    row = lesson(1, resource_url=address, resource_license="CC BY 4.0")

    page = read_html(
        render(edition_content([row], assistance=()))["lessons/L00001.html"]
    )

    assert not [link for link in page.all("a") if "external" in link.get("rel")]
    assert " ".join(address.split()) in page.text


@given(st.text())
def test_no_text_at_all_passes_for_a_web_address_with_another_scheme(text):
    assert not is_web_address(f"javascript:{text}")
    if is_web_address(text):
        assert text.lower().startswith(("http://", "https://"))


def test_a_web_address_becomes_a_link_that_tells_nothing_of_the_reader():
    address = "https://example.org/a?b=1&c=2"
    row = lesson(1, resource_url=address, resource_license="CC BY 4.0")

    page = read_html(
        render(edition_content([row], assistance=()))["lessons/L00001.html"]
    )

    link = next(item for item in page.all("a") if item.get("href") == address)
    assert {"noopener", "noreferrer", "nofollow"} <= set(link.get("rel").split())


@pytest.mark.parametrize(
    "name", ["../up", "a/b", "", ".hidden", "a.b", "index", "a b", "ü"]
)
def test_an_id_that_cannot_name_a_page_blocks_the_publication(name):
    with pytest.raises(PublicationBlocked, match="Lesson ids name pages"):
        render(edition_content([lesson(1, public_id=name)], assistance=()))


def test_two_lessons_of_one_id_block_the_publication():
    with pytest.raises(PublicationBlocked, match="L00001"):
        render(edition_content([lesson(1), lesson(1, title="Another")]))


def test_a_group_that_names_an_unpublished_lesson_blocks_the_publication():
    content = edition_content([lesson(1)])
    groups = lessons_content([lesson(1), lesson(2)]).groups
    broken = replace(content, lessons=replace(content.lessons, groups=groups))

    with pytest.raises(PublicationBlocked, match="L00002"):
        render(broken)
