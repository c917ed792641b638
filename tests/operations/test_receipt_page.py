"""The receipt's page: plain words, bounded size, and every number from the receipt."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.model.finding import Place
from pcbl_pipeline.model.receipt import Receipt, RowCounts, Status
from pcbl_pipeline.operations import receipt_page
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.receipt_page import (
    PLACES_ON_PAGE,
    render_receipt,
    rows_in_words,
)
from pcbl_pipeline.operations.receipt_words import WORDS, all_words, verdict_words
from tests.support.builders import catalogue
from tests.support.lessons import SITE, as_csv, lesson_rows
from tests.support.reading_grade import reading_grade

TEMPLATE = Path(receipt_page.__file__).parent / "pages" / "receipt.html"
#: A phrase of a few words has no meaningful grade of its own.
FEW_WORDS = 7


def checked(folder, content: bytes) -> Receipt:
    path = folder / "lessons.csv"
    path.write_bytes(content)
    return check_file(path, catalogue=catalogue())


class _Texts(HTMLParser):
    """Collects what a reader reads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self._in_style = tag == "style"

    def handle_endtag(self, tag):  # noqa: ARG002
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.texts.append(data)


def texts_of(html: str) -> str:
    parser = _Texts()
    parser.feed(html)
    return " ".join(" ".join(parser.texts).split())


@pytest.mark.parametrize("text", all_words())
def test_every_text_of_the_page_reads_at_grade_8_or_below(text):
    assert len(text.split()) < FEW_WORDS or reading_grade(text) <= 8


@pytest.mark.parametrize("text", all_words())
def test_no_text_of_the_page_begs_blames_or_shouts(text):
    assert not re.search(
        r"\b(please|invalid|illegal|fail(ed|ure)?|null|schema|error)\b", text.lower()
    )
    assert "!" not in text


def test_the_template_has_no_words_of_its_own():
    bare = re.sub(r"{%.*?%}|{{.*?}}", " ", TEMPLATE.read_text("utf-8"), flags=re.S)

    words = set(re.findall(r"[A-Za-z]{2,}", texts_of(bare)))
    assert words <= {"UTC", "findings", "csv", "parquet", "pcbl", "pipeline"}


def test_every_word_has_its_place():
    used = set(re.findall(r"words\.([a-z_]+)", TEMPLATE.read_text("utf-8")))

    assert used == set(WORDS)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("check_only", [False, True])
def test_every_status_has_a_verdict_without_gaps(status, check_only):
    receipt = Receipt.model_construct(
        status=status, check_only=check_only, rows=RowCounts(received=1)
    )

    for text in verdict_words(receipt):
        assert text.endswith(".")
        assert not re.search(r"[{}]", text)


@given(st.sets(st.integers(1, 60), min_size=1, max_size=40), st.integers(0, 100))
def test_runs_of_rows_say_which_rows_are_meant(rows, more):
    places = [Place(row=row) for row in rows]

    text, left_out = rows_in_words(places, len(rows) + more)

    named: set[int] = set()
    for run in re.split(r", | and ", text):
        ends = [int(end) for end in run.split(" to ")]
        named |= set(range(ends[0], ends[-1] + 1))
    assert named <= rows
    assert len(named) + left_out == len(rows) + more
    assert text.startswith(str(min(rows)))


def test_the_most_useful_correction_stands_first(tmp_path):
    rows = lesson_rows(
        20,
        lesson_date=lambda n: "3/9/2026" if n > 5 else "2026-03-09",
        lesson_type=lambda n: "Worked!" if n in (1, 2, 20) else "worked",
    )

    page = texts_of(render_receipt(checked(tmp_path, as_csv(rows))).decode())

    first = page.index("Fixing this frees 14 rows.")
    second = page.index(
        "Fixing this frees 2 rows. Once this and all above it are fixed, "
        "17 of the 17 rows set aside are right."
    )
    assert first < second
    assert "There are 2 things to correct. Start with number 1." in page
    assert "rows 7 to 21" in page


def test_the_page_of_a_long_list_stays_small(tmp_path):
    rows = lesson_rows(
        4_000,
        lesson_id=lambda n: f"{SITE}-2026-{n % 1000:03d}",
        revision=lambda n: str(n // 1000 + 1),
        lesson_type="Worked!",
        evidence_type="hearsay",
        title="",
    )

    page = render_receipt(checked(tmp_path, as_csv(rows)))

    assert page.count(b"<tr>") < PLACES_ON_PAGE
    assert len(page) < 1_000_000
    assert b"Show the first 1,000 of 4,000 places" in page
    assert b'href="findings.csv"' in page


def test_the_same_receipt_gives_the_same_page(tmp_path):
    receipt = checked(tmp_path, as_csv(lesson_rows(3, lesson_type="Worked!")))

    assert render_receipt(receipt) == render_receipt(
        Receipt.model_validate_json(receipt.model_dump_json())
    )


def test_a_file_that_was_only_checked_is_not_said_to_be_taken(tmp_path):
    page = texts_of(render_receipt(checked(tmp_path, as_csv(lesson_rows(3)))).decode())

    assert "All 3 rows are right." in page
    assert "Nothing was sent." in page
    assert "were taken" not in page


def test_rules_lead_to_their_pages_where_these_are_published(tmp_path):
    receipt = checked(tmp_path, as_csv(lesson_rows(3, lesson_type="Worked!")))

    page = render_receipt(receipt, rule_pages="https://example.org/rules").decode()
    alone = render_receipt(receipt).decode()

    assert '<a href="https://example.org/rules/R307.html"' in page
    assert texts_of(page).replace(" ", "") == texts_of(alone).replace(" ", "")
    assert "https:" not in alone
