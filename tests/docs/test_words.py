"""What the pages call things is what receipts, ledger and code call them."""

import re

import pytest

from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.receipt_words import SEVERITIES, STATUSES, WORDS
from pcbl_pipeline.reading.read import KINDS_BY_SUFFIX
from tests.support.pages import page
from tests.support.reading_grade import reading_grade

FOR_SITES = page("docs/for-sites.md")
RUNBOOK = page("docs/operations.md")
#: The longest run of a Flesch-Kincaid grade that counts as plain.
GRADE = 8
#: A printed page, with its tables.
LINES = 110
#: A status that no receipt bears: before the answer.
NOT_ON_RECEIPTS = {Status.RECEIVED}


def sentences(text: str) -> list[str]:
    """Return the paragraphs and cells of a page that are long enough to grade."""
    plain = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", text)
    plain = re.sub(r"^[#>|*\-0-9. ]+", "", plain, flags=re.MULTILINE)
    parts = re.split(r"\n\s*\n|\||\n(?=[A-Z])", plain.replace("**", ""))
    return [part.strip() for part in parts if len(part.split()) >= 7]


@pytest.mark.parametrize("text", sentences(FOR_SITES.prose))
def test_page_for_sites_reads_at_grade_8_or_below(text):
    assert reading_grade(text) <= GRADE


def test_page_for_sites_stays_one_page():
    assert len(FOR_SITES.text.splitlines()) <= LINES


@pytest.mark.parametrize("status", [s for s in Status if s not in NOT_ON_RECEIPTS])
def test_page_for_sites_explains_every_answer_by_the_words_on_the_receipt(status):
    assert f"**{STATUSES[status]}**" in FOR_SITES.text


@pytest.mark.parametrize(
    "words", [*SEVERITIES.values(), WORDS["begin"], WORDS["progress"]]
)
def test_page_for_sites_explains_the_other_words_on_the_receipt(words):
    assert words in FOR_SITES.text


def test_page_for_sites_names_the_files_that_are_read():
    named = set(re.findall(r"`(\.[a-z]+)`", FOR_SITES.text))

    assert named == set(KINDS_BY_SUFFIX)


@pytest.mark.parametrize("status", Status)
def test_runbook_says_what_to_do_about_every_status(status):
    rows = re.findall(r"^\| `([a-z_]+)` \|", RUNBOOK.text, re.MULTILINE)

    assert status.value in rows


def glossary() -> dict[str, list[str]]:
    """Return heading → words of every part of the glossary."""
    _, *parts = re.split(r"^## ", page("GLOSSARY.md").text, flags=re.MULTILINE)
    return {
        part.partition("\n")[0]: re.findall(r"^\| \*\*([^*]+)\*\*", part, re.MULTILINE)
        for part in parts
    }


def test_every_word_of_the_glossary_has_one_meaning():
    words = [word for part in glossary().values() for word in part]

    assert len(words) > 50
    assert sorted(set(words)) == sorted(words)


def test_glossary_is_in_the_order_of_the_alphabet():
    for part, words in glossary().items():
        assert words == sorted(words, key=alphabetical), part


def alphabetical(word: str) -> str:
    return word.lower().replace("-", " ")
