"""Ready for a second language: every word of a page comes from the catalogue or data.

A pseudo-language marks each text of the catalogue; what a page says without the marks
would stay English in every language.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.codelist import CodeList
from pcbl_pipeline.publication.charts_map import state_places
from pcbl_pipeline.publication.edition import EditionContent, History
from pcbl_pipeline.publication.messages import Messages, load_messages
from pcbl_pipeline.publication.pages import mirror, recommendations, website
from pcbl_pipeline.publication.pages import render as rendering
from pcbl_pipeline.publication.pages.menu import GROUPS
from pcbl_pipeline.publication.site_edition import SiteContent, site_data_files
from tests.support.editions import STATES, edition_content, lesson, render
from tests.support.editions_releases import history
from tests.support.mirrors import site_content

#: Where readers may write to; an address is in no language.
CONTACT = "pilot@example.org"
TEMPLATES = sorted((Path(rendering.__file__).parent / "templates").glob("*.html"))
SPOKEN = ("aria-label", "alt", "title", "placeholder", "label")
SPOKEN_DATA = ("one", "other", "partly", "unknown", "failed")
#: Markup, codes as they stand in the data files, and addresses.
_NOT_SAID = re.compile(
    r'<title>.*?</title>|<span class="code">.*?</span>|<[^>]+>|\w+/[^\s⟧]+'
)
WORD = re.compile(r"[^\W\d_]{2,}")
#: Names that are the same in every language.
NAMES = {"CSV", "JSON", "Parquet", "CC", "BY", "lesson", "learned", "ta", "request"}
NAMES |= {postal for *_, postal in state_places().values()}


def marked(text: str) -> str:
    return f"⟦{text}⟧"


def outside_marks(text: str) -> str:
    """Return what stands in no mark; marks may stand in marks."""
    depth, left = 0, []
    for character in text:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        left.append(character if depth == 0 and character not in "⟦⟧" else " ")
    assert depth == 0
    return "".join(left)


def pseudo_messages() -> Messages:
    texts = {key: marked(text) for key, text in load_messages().texts.items()}
    english = load_messages().texts
    texts |= {key: english[key] for key in english if key.startswith("language.")}
    months = english["language.months"].split()
    texts["language.months"] = " ".join(marked(month) for month in months)
    texts["language.code"] = "qps"
    return Messages(texts)


#: Columns of the published tables that hold what people wrote.
WRITTEN = (
    *("title", "description", "equity_statement", "citation", "recommendation"),
    *("site_label", "site_name", "host_name", "award_title"),
    *("other_title", "other_label"),
)
#: Columns of words that stand in what people wrote.
WORDS = ("only_first", "only_second", "shared_words")


def marked_lists() -> dict[str, CodeList]:
    return {
        name: item.model_copy(
            update={
                "source": marked(item.source),
                "codes": tuple(
                    code.model_copy(
                        update={
                            "label": marked(code.label),
                            "description": marked(code.description or ""),
                        }
                    )
                    for code in item.codes
                ),
            }
        )
        for name, item in load_catalogue().code_lists.items()
    }


def marked_tables(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Mark what people wrote, and what a cohort is called."""
    cohort = {"pub10_participation": "value", "pub3_index": "group"}
    kinds = {"pub10_participation": "grouping", "pub3_index": "group_kind"}
    found = {}
    for name, table in tables.items():
        texts = [column for column in WRITTEN if column in table.columns]
        frame = table.with_columns(pl.format("⟦{}⟧", column) for column in texts)
        lists = [column for column in WORDS if column in table.columns]
        each = pl.format("⟦{}⟧", pl.element())
        frame = frame.with_columns(pl.col(lists).list.eval(each))
        if name in cohort:
            is_name = pl.col(kinds[name]) == "cohort"
            label = pl.col(cohort[name])
            # Cohorts that are counted together are named by the catalogue.
            is_name &= ~label.is_in(["other", "unknown"])
            named = pl.when(is_name).then(pl.format("⟦{}⟧", label)).otherwise(label)
            frame = frame.with_columns(named.alias(cohort[name]))
        found[name] = frame
    return found


def marked_content() -> EditionContent:
    """Return a whole edition for the network, all of whose data are marked too."""
    lessons = [
        lesson(
            number,
            title=marked(f"Title {number}"),
            site_label=marked("a district"),
            result=marked("Result."),
            **dict.fromkeys(("situation", "action", "recommendation"), marked("Text.")),
            lesson_type="worked" if number < 7 else "adapted",
            policy_area=f"PA{number % 3}",
            resource_url=None,
        )
        for number in range(1, 10)
    ]
    usual = edition_content(lessons, edition="network")
    return replace(
        usual,
        network_name=marked("Network"),
        states={fips: marked(name) for fips, name in STATES.items()},
        state_terms={"32": (marked("a term"),)},
        code_lists=marked_lists(),
        documents={},
        contract_files={},
        tables=marked_tables(usual.tables),
        history=marked_history(usual.history),
    )


def marked_history(history: History) -> History:
    told = tuple(replace(item, text=marked(item.text)) for item in history.errata)
    return replace(history, errata=told)


def marked_site() -> SiteContent:
    site = site_content(
        site_name=marked("Site"),
        state=marked("State"),
        network_name=marked("Network"),
        code_lists=marked_lists(),
        errata=marked_history(history([])).errata,
    )
    return replace(site, tables=marked_tables(site.tables))


@pytest.fixture(scope="module")
def pages():
    """Return every kind of page, of an edition and of a site."""
    messages = pseudo_messages()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(website, "load_messages", lambda *_: messages)
        patch.setattr(recommendations, "SHOWN", 0)
        files = render(marked_content())
    site = marked_site()
    report = mirror.report_files(
        site, site_data_files(site), messages, release_id="2026.11.1"
    )
    files |= {f"sites/{path}": content for path, content in report}
    return {p: c.decode() for p, c in files.items() if p.endswith(".html")}


def test_every_section_is_among_the_pages(pages):
    assert {path.split("/")[0].removesuffix(".html") for path in pages} >= {
        *(section for sections in GROUPS.values() for section in sections),
        *("sites", "start", "search"),
    }


def test_pages_say_which_language_they_are_in(pages):
    assert all('<html lang="qps">' in page for page in pages.values())


def test_no_word_of_a_page_stays_english(pages):
    for path, page in pages.items():
        text = _NOT_SAID.sub(" ", page.split("<body>")[1]).replace(CONTACT, "")
        words = set(WORD.findall(outside_marks(text)))
        assert words <= NAMES, (path, words - NAMES)


def test_nothing_that_is_only_heard_stays_english(pages):
    names = "|".join((*SPOKEN, *(f"data-{name}" for name in SPOKEN_DATA)))
    said = re.compile(
        rf'(?<= )(?:{names})="([^"]*)"|name="description" content="([^"]*)"'
    )
    for path, page in pages.items():
        for found in said.findall(page):
            words = set(WORD.findall(outside_marks("".join(found))))
            assert words <= NAMES, (path, words)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_word_of_its_own(template):
    text = template.read_text(encoding="utf-8")
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    spoken = "|".join(SPOKEN)

    assert not WORD.findall(re.sub(r"<[^>]*>|&\w+;", " ", bare))
    assert not [
        words
        for words in re.findall(rf' (?:{spoken})="([^"]*)"', bare)
        if WORD.search(words)
    ]


def test_the_script_of_the_search_has_no_text_of_its_own():
    script = (rendering.ASSETS / "search.js").read_text(encoding="utf-8")
    code = re.sub(r"^\s*//.*$", "", script.partition('"use strict";')[2], flags=re.M)

    texts = re.findall(r'"([^"\n]*)"', code)
    assert not [text for text in texts if " " in text.strip() and WORD.search(text)]
