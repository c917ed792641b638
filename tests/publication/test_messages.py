"""The texts: complete, used, plain, and never a way for markup to come in."""

import re
from dataclasses import replace
from datetime import date
from itertools import product

import polars as pl
import pytest

from pcbl_pipeline.publication.annual import numbers, results
from pcbl_pipeline.publication.annual.report import AnnualReport
from pcbl_pipeline.publication.doors import edition_words
from pcbl_pipeline.publication.edition import History
from pcbl_pipeline.publication.messages import Messages, load_messages
from pcbl_pipeline.publication.pages import (
    assistance,
    barriers,
    exchange,
    experience,
    lessons,
    outcome_views,
    outcomes,
    planning,
    progress,
    progress_index,
    progress_panels,
    recommendations,
    releases,
    roadmap,
    website,
)
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.render import (
    closed_door_page,
    door_page,
    tombstone_page,
)
from pcbl_pipeline.publication.tables import PUB1_WITHHELD, TABLES
from pcbl_pipeline.publication.tables.mirror import SITE_TABLES
from tests.support.editions import (
    edition_content,
    lesson,
    many_lessons,
    network_states,
    render,
)
from tests.support.editions_annual import telling_annual
from tests.support.editions_barriers import telling_barriers
from tests.support.editions_outcomes import telling_outcomes
from tests.support.editions_planning import telling_planning
from tests.support.editions_progress import telling_progress
from tests.support.editions_releases import long_history
from tests.support.editions_roadmap import telling_roadmap
from tests.support.mirrors import telling_sites, write_mirror
from tests.support.reading_grade import reading_grade
from tests.support.sections import every_section

MESSAGES = load_messages()


def test_texts_are_escaped_and_so_is_what_is_filled_in():
    messages = Messages({"a": "5 < {x} & more"})

    assert messages("a", x="<b>") == "5 &lt; &lt;b&gt; &amp; more"
    assert messages.plain("a", x="<b>") == "5 < <b> & more"


def test_a_missing_text_is_an_error():
    with pytest.raises(KeyError):
        MESSAGES("no.such.text")
    with pytest.raises(FileNotFoundError):
        load_messages("xx")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 sites"), (1, "1 site"), (1234, "1,234 sites")]
)
def test_counts_follow_number_and_grouping(count, text):
    assert MESSAGES("lessons.counts.sites", count=count) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (1234567.891, 1, "1,234,567.9"),
        (4.25, 1, "4.3"),
        (7, 1, "7.0"),
        (-0.04, 1, "-0.0"),
    ],
)
def test_numbers_are_rounded_half_up(value, digits, text):
    assert MESSAGES.number(value, digits=digits) == text


def test_days_are_written_in_words():
    assert MESSAGES.date(date(2026, 3, 9)) == "March 9, 2026"


class RecordingTexts(dict):
    """Texts that remember which of them were asked for."""

    def __init__(self, texts):
        super().__init__(texts)
        self.used = set()

    def __getitem__(self, key):
        self.used.add(key)
        return super().__getitem__(key)


def test_every_text_is_used_somewhere(monkeypatch):
    texts = RecordingTexts(MESSAGES.texts)
    messages = Messages(texts)
    monkeypatch.setattr(website, "load_messages", lambda *_: messages)
    monkeypatch.setattr(lessons, "PART_LENGTH", 6)
    for module in (outcomes, experience):
        monkeypatch.setattr(module, "SITES_PER_PAGE", 1)
    monkeypatch.setattr(exchange, "REQUESTS_PER_PAGE", 1)
    monkeypatch.setattr(progress, "SITES_PER_PAGE", 1)
    monkeypatch.setattr(releases, "SHOWN", 2)
    monkeypatch.setattr(recommendations, "SHOWN", 0)
    monkeypatch.setattr(recommendations, "PART_LENGTH", 1)
    # Drawing takes time and says nothing that is not handed to it.
    for module, chart in (
        (lessons, "corroboration_matrix"),
        (assistance, "request_bars"),
        (assistance, "days_ranges"),
        (barriers, "weight_bars"),
        (planning, "move_bars"),
        (progress_panels, "stage_panel"),
        (roadmap, "decision_matrix"),
        (progress_index, "index_ranges"),
        *product((outcomes, experience), ("small_ranges",)),
        *product((outcome_views, experience, results), ("band_ranges",)),
        (numbers, "index_ranges"),
    ):
        monkeypatch.setattr(module, chart, lambda *_, **__: "<svg></svg>")

    # All sections that the menu and the readers' questions know of, for once.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(website, "SECTIONS", (every_section,))
        render(edition_content([lesson(1)], assistance=(), documents={}))
    first, *others = telling_contents()
    render(first)
    for content in others:
        # The documents are many, and told once.
        render(replace(content, documents={}))
    for tables in telling_tables():
        render(edition_content([], assistance=(), documents={}, tables=tables))
    for tables in telling_annual():
        content = edition_content([], assistance=(), documents={}, tables=tables)
        labels = Labels(content.code_lists, messages)
        assert AnnualReport(content, Digest(content, labels), labels, messages).sections
    door_page(messages, edition_name="Public", release_id="2026.11.1", to="x.html")
    say_what_doors_say(messages)
    for site in telling_sites():
        write_mirror(site, messages)
    messages.plain("door.rule", code="R307")

    assert set(texts) - texts.used == set()


def say_what_doors_say(messages):
    """Have every edition named, and the pages written that stand for others."""
    for edition in ("public", "network", "agency", "sites/0499901"):
        edition_words(messages, edition)
    closed_door_page(messages, edition_name="Public")
    values = {"release_id": "2026.11.1", "day": "today", "reason": "x", "to": "x"}
    tombstone_page(messages, **values)


def telling_contents():
    """Return contents that between them make the pages say all they can say."""
    usual = edition_content(many_lessons(30))
    yield usual
    unset = {"license_name": None, "contact_email": None}
    yield edition_content([], assistance=(), documents={}, tables={}, **unset)
    yield edition_content(
        [],
        edition="agency",
        assistance=(),
        documents={},
        tables={"pub1_withheld": PUB1_WITHHELD.empty()},
    )
    for history, count in ((History(None, (), ()), 0), (long_history(5), 5)):
        yield edition_content(
            many_lessons(count), assistance=(), documents={}, history=history
        )
    yield edition_content(
        [lesson(1, policy_area="PA2"), lesson(2, policy_area="PA4")],
        edition="network",
        assistance=usual.assistance[:1],
    )
    # Several pages of one group, and an address that is no link.
    yield edition_content(
        [lesson(1, resource_url="javascript:x"), *map(lesson, range(2, 10))],
        assistance=(),
    )
    year = usual.assistance[0]
    quiet = replace(year, modes=year.modes.clear(), unmet=year.unmet.clear())
    yield edition_content(
        [lesson(1)],
        states={"04": "Arizona"},
        assistance=(quiet, replace(quiet, period="2025-2026")),
    )
    asked = year.topics.with_columns(
        pl.when(pl.col("topic") == "grading_reporting")
        .then(1.0)
        .otherwise(12.0)
        .alias(name)
        for name in ("median_days", "p90_days")
    )
    one_day = asked.with_columns(median_days=1.0, cost_per_site_hour=None)
    yield edition_content(
        [lesson(1)],
        assistance=(
            replace(year, topics=asked),
            replace(year, period="2025-2026", topics=one_day),
        ),
    )
    no_gap = {
        name: table.with_columns(gap=None) for name, table in usual.tables.items()
    }
    yield edition_content(many_lessons(30), assistance=(), tables=no_gap)
    alone = year.topics.with_columns(
        requested=1, met=0, events=1, median_days=None, cost_usd=None
    )
    yield edition_content([lesson(1)], assistance=(replace(year, topics=alone),))
    nobody = network_states().with_columns(sites=0)
    one = network_states().head(1).with_columns(sites=1)
    for states in (nobody, one):
        yield edition_content([], assistance=(), tables={"network_states": states})


def telling_tables():
    """Yield tables of the further summaries that make their pages say all they can."""
    yield from telling_progress()
    yield from telling_barriers()
    yield from telling_roadmap()
    yield from telling_planning()
    yield from telling_outcomes()


def test_every_published_column_is_titled_and_described():
    columns = {
        f"tables.{table.name}.columns.{column.name}"
        for table in (*TABLES, *SITE_TABLES)
        for column in table.columns
    }
    described = {
        key.rpartition(".")[0]
        for key in MESSAGES.texts
        if re.match(r"tables\.[a-z0-9_]+\.columns\.", key)
    }

    assert columns == described


@pytest.mark.parametrize(
    "section",
    [
        *("start", "lessons", "standing", "assistance", "about", "progress"),
        *("barriers", "bands", "outcomes", "experience", "annual"),
        *("roadmap", "exchange", "planning", "readers", "search"),
        "recommendations",
    ],
)
def test_pages_can_be_read_by_an_eighth_grader(section):
    sentences = [
        text if text.endswith((".", "?")) else f"{text}."
        for key, text in MESSAGES.texts.items()
        if key.startswith(f"{section}.") and len(text.split()) > 5
    ]
    text = " ".join(sentences)
    # The names of the field's own model and of its help cannot be made plainer.
    for term in ("personalized, competency-based learning", "technical assistance"):
        text = text.replace(term, "it")

    assert reading_grade(text) <= 8
