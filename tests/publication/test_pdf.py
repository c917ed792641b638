"""PDFs: they open, say what the report says, always in the same bytes, for everyone."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pcbl_pipeline.publication.pdf.printer import MISSING, report_pdf
from pcbl_pipeline.publication.pdf.report import (
    Bullets,
    Fact,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Quote,
    Section,
    TableColumn,
)
from pcbl_pipeline.publication.svg import ON_PAPER, on_paper
from tests.publication.test_style import colours
from tests.support.reports import FINDING, chart, report, stages

TEMPLATES = ("mirror", "annual")
HOSTILE = (
    "#panic()",
    '"; #read("/etc/passwd") //',
    "$ x $ *b* _i_ @ref <label> = Head",
    "#{ sys.inputs.report }",
    "\\u{1F600} /* */ `code`",
)


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return all text, without the places where a long word may break."""
    pages = " ".join(page.extract_text() for page in opened(pdf).pages)
    return " ".join(pages.replace("\u200b", "").split())


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_report_opens_and_says_all_that_it_was_given(template):
    text = text_of(report_pdf(template, report()))

    for said in (
        *("Prairie Rose Unified: where we stand", "Mirror report for", "2026-2027"),
        *("This network is invented.", "What was asked", "37", "59%", FINDING),
        *("Most requests are about grading.", "Ask early.", "One day each."),
        *("Put the goal check on the timetable first.", "a district in Nevada"),
        *("Stages of implementation, by element and window", "Element 4"),
        *("Grading and reporting", "7 met, 2 waiting"),
        *("Stage 0 is not started", "Counts below 10 are not shown."),
        *(
            "Release 2026.11.1 · Site edition",
            "Page 1 of" if template == "mirror" else "",
        ),
    ):
        assert said in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_report_is_the_same_bytes(template):
    assert report_pdf(template, report()) == report_pdf(template, report())


def test_a_screen_reader_finds_title_language_tags_and_text_for_charts():
    reader = opened(report_pdf("annual", report(language="es")))

    catalogue = reader.trailer["/Root"].get_object()
    assert reader.metadata.title == "Prairie Rose Unified: where we stand"
    assert reader.metadata.author == "Prairie & Desert Learning Network"
    assert catalogue["/Lang"] == "es"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1<" in catalogue["/Metadata"].get_data().decode()
    # Strings of the structure are UTF-16 where they leave ASCII.
    assert f"Bars. {FINDING}" in alternatives(reader)


def alternatives(reader: PdfReader) -> set[str]:
    """Return every alternative text of the document's structure."""
    objects = (reader.get_object(n) for n in range(1, len(reader.xref_objStm) + 500))
    return {
        str(item["/Alt"])
        for item in objects
        if isinstance(item, dict) and "/Alt" in item
    }


def test_the_date_of_the_document_is_the_day_of_the_data():
    reader = opened(report_pdf("mirror", report()))

    assert reader.metadata.creation_date.date() == report().day


def test_a_report_for_a_legislature_has_a_cover_contents_and_bookmarks():
    long = report(
        sections=tuple(Section(f"Part {n}", (stages(30),)) for n in range(1, 6))
    )

    reader = opened(report_pdf("annual", long))

    texts = [page.extract_text() for page in reader.pages]
    assert "Page" not in texts[0]
    assert "Contents" in texts[1]
    assert re.search(r"Part 5[ .]+(\d+)", texts[1])
    assert [item.title for item in reader.outline if "Part" in item.title] == [
        f"Part {n}" for n in range(1, 6)
    ]
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]


def test_a_long_table_repeats_its_head_and_loses_no_row():
    pages = opened(report_pdf("mirror", report(stages(150)))).pages

    texts = [page.extract_text() for page in pages]
    with_rows = [text for text in texts if re.search(r"Element \d", text)]
    assert len(with_rows) >= 4
    assert all(re.search(r"Element\s+Window\s+Stage", text) for text in with_rows)
    rows = re.findall(r"Element (\d+)\b", " ".join(texts))
    assert sorted(map(int, rows)) == sorted([*range(1, 151), *range(1, 5)])


def test_a_cell_longer_than_a_page_is_printed_to_its_end():
    cell = "word " * 3000 + "last"
    table = replace(stages(1), rows=((cell, "spring", "3"),))

    assert "word last" in text_of(report_pdf("mirror", report(table)))


def with_text(text: str, template: str = "mirror") -> bytes:
    """Print a report that has a text in every place that takes one."""
    table = replace(
        stages(1),
        caption=text,
        note=text,
        columns=(TableColumn(text), TableColumn(text), TableColumn(text)),
        rows=((text, text, text),),
    )
    blocks = (
        *(Paragraph(text, kind) for kind in ("text", "finding", "note")),
        Bullets((text,)),
        Quote(text, text),
        KeyFigures((KeyFigure(text, text),)),
        table,
        replace(chart(), finding=text, alternative=f"A {text}"),
    )
    whole = report(
        sections=(Section(f"S {text}", blocks),),
        facts=(Fact(text, text),),
        banner=text,
        footer=text,
        subtitle=text,
        publisher=text,
        title=f"T {text}",
    )
    return report_pdf(template, whole)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_program_is_printed_as_it_is(template, text):
    assert text_of(with_text(text, template)).count(text) >= 10


def test_what_no_font_has_is_shown_as_missing_and_nothing_else_is():
    text = text_of(with_text("Jalapeño → 漢 ≥ 3 \x07\u202eday"))

    assert f"Jalapeño → {MISSING} ≥ 3 day" in text


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_printed(text):
    assert with_text(text).startswith(b"%PDF-")


def test_a_word_without_end_stays_on_the_page():
    pages = opened(report_pdf("mirror", report(Paragraph("w" * 400)))).pages
    found: list[float] = []

    def note(text, _cm, tm, _font, size):
        if "w" in text:
            found.append(tm[4] + len(text) * size * 0.5)

    pages[0].extract_text(visitor_text=note)

    assert len(found) > 3
    assert max(found) < pages[0].mediabox.width


def test_a_chart_on_paper_has_the_print_colours_of_the_style_sheet():
    assert set(ON_PAPER.items()) <= set(colours("print").items())
    assert "var(" not in on_paper(chart().svg, font="Libertinus Serif")
