"""The clean rows: what they promise in number, form and words."""

import re
from calendar import day_name, month_name
from collections import defaultdict
from datetime import date
from itertools import combinations, pairwise

import pytest

from pcbl_pipeline.contracts.contract import FieldType, Presence
from pcbl_pipeline.demo.corpus import (
    ACTIONS,
    AS_OF,
    BARRIERS,
    EVENTS,
    LESSONS,
    PROFILES,
    REQUESTS,
    load_corpus,
)
from pcbl_pipeline.demo.network import demo_network
from pcbl_pipeline.model.identifiers import school_year_of

DATASETS = sorted(load_corpus().rows)
STORY = ("title", "situation", "action", "result", "recommendation")
#: Above this share of shared word pairs, two texts are near duplicates.
ALIKE = 0.38

NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|[1-9])"
LEARNER = (
    r"(?:students?|learners?|pupils?|child|children|kids?|\w+ graders?|seniors?"
    r"|juniors?|freshm[ae]n|sophomores?|kindergart\w+|graduates?|girls?|boys?"
    r"|athletes?|teenagers?)"
)
PERSONAL = {
    "small count": rf"(?i)\b{NUMBER}\s+(?:\w+\s+){{0,2}}{LEARNER}\b",
    "e-mail or handle": r"@\w+",
    "phone or id": r"\d{3}[-. ]\d{4}|\d{5,}",
    "date": r"\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2}",
}
#: Capitalised words inside a sentence that name nobody.
NOBODY = {*month_name, *day_name, "Fridays", "Wednesdays", "English", "Spanish"}


@pytest.fixture
def clean_texts(corpus):
    """Return id → texts, without the lessons that are planted to be held."""
    held = {item.lesson_id for item in corpus.narratives}
    texts = {
        f"{row['lesson_id']} r{row['revision']}": [row[name] for name in STORY]
        for row in corpus.rows[LESSONS]
        if row["lesson_id"] not in held
    }
    texts |= {r["ta_request_id"]: [r["need"]] for r in corpus.rows[REQUESTS]}
    for row in corpus.rows[BARRIERS]:
        told = ("description", "workaround", "agency_response")
        texts[f"{row['barrier_id']} r{row['revision']}"] = [row[name] for name in told]
    for row in corpus.rows[ACTIONS]:
        told = ("title", "description", "equity_statement")
        texts[row["action_id"]] = [row[name] for name in told]
    return texts


def test_there_is_as_much_as_promised(corpus):
    lessons = {row["lesson_id"] for row in corpus.rows[LESSONS]}

    assert len(lessons) >= 110
    assert len(corpus.rows[REQUESTS]) >= 55
    assert len(corpus.rows[EVENTS]) >= 45
    assert len(corpus.rows[PROFILES]) == 16 * 2


@pytest.mark.parametrize("dataset", DATASETS)
def test_keys_are_unique(corpus, catalogue, dataset):
    key = catalogue.get(dataset).key
    keys = [tuple(row[name] for name in key) for row in corpus.rows[dataset]]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("dataset", DATASETS)
def test_clean_rows_have_every_column_of_the_contract(corpus, catalogue, dataset):
    names = set(catalogue.get(dataset).field_names) - {"schema_version"}

    assert all(set(row) == names for row in corpus.rows[dataset])


@pytest.mark.parametrize("dataset", DATASETS)
def test_clean_cells_are_what_the_contract_asks_for(corpus, catalogue, dataset):
    wrong = [
        (row[catalogue.get(dataset).key[0]], field.name, row[field.name])
        for row in corpus.rows[dataset]
        for field in catalogue.get(dataset).fields
        if field.name in row and not is_right(row[field.name], field, catalogue)
    ]

    assert not wrong


def is_right(text, field, catalogue) -> bool:
    """Judge a cell by the contract, without the pipeline's own validation."""
    if not text:
        return field.presence is Presence.OPTIONAL
    codes = catalogue.codes_of(field)
    if codes is not None:
        items = text.split(";") if field.type is FieldType.CODES else [text]
        return set(items) <= set(codes.values)
    fits = field.max_length is None or len(text) <= field.max_length
    return fits and re.search(field.pattern or "", text) and has_type(text, field)


def has_type(text, field) -> bool:
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            return in_range(float(text), field)
        case FieldType.DATE:
            return date.fromisoformat(text).isoformat() == text
        case FieldType.SCHOOL_YEAR:
            first, last = text.split("-")
            return int(last) - int(first) == 1
        case FieldType.URI:
            return text.startswith("https://example.org/")
    return True


def in_range(number, field) -> bool:
    least = float("-inf") if field.minimum is None else field.minimum
    most = float("inf") if field.maximum is None else field.maximum
    return least <= number <= most and not (field.above_minimum and number == least)


@pytest.mark.parametrize(
    ("dataset", "name"),
    [(LESSONS, "lesson_date"), (REQUESTS, "requested_on"), (EVENTS, "event_date")],
)
def test_dates_lie_before_the_day_of_the_demo(corpus, dataset, name):
    for row in corpus.rows[dataset]:
        assert date.fromisoformat(row[name]) <= AS_OF, row


@pytest.mark.parametrize(
    ("dataset", "name"), [(REQUESTS, "requested_on"), (EVENTS, "event_date")]
)
def test_dates_lie_in_the_school_year_of_their_row(corpus, dataset, name):
    for row in corpus.rows[dataset]:
        assert school_year_of(date.fromisoformat(row[name])) == row["school_year"], row


def test_texts_point_to_no_person(clean_texts):
    found = {
        (what, key, match.group())
        for key, texts in clean_texts.items()
        for what, pattern in PERSONAL.items()
        for match in re.finditer(pattern, " ".join(texts))
    }

    assert not found


def test_texts_name_nobody(clean_texts):
    inside_sentence = r'(?<!^)(?<![.!?:"(] )(?<!["(])\b[A-Z][A-Za-z]+'
    found = {
        (key, word)
        for key, texts in clean_texts.items()
        for text in texts
        for word in re.findall(inside_sentence, text)
        if word not in NOBODY
    }

    assert not found


def test_texts_name_no_site(clean_texts):
    names = [
        site.name.removesuffix(" (fictional)").split()[0]
        for site in demo_network().sites
    ]
    for key, texts in clean_texts.items():
        assert not [name for name in names if name in " ".join(texts)], key


def test_no_two_lessons_repeat_each_other_unless_planted(corpus):
    first = [row for row in corpus.rows[LESSONS] if row["revision"] == "1"]
    pairs = {row["lesson_id"]: word_pairs(row) for row in first}

    alike = {
        (a, b)
        for (a, in_a), (b, in_b) in combinations(pairs.items(), 2)
        if len(in_a & in_b) > ALIKE * len(in_a | in_b)
    }

    assert alike == {tuple(sorted(pair)) for pair in corpus.near_duplicates}


def word_pairs(row) -> set[tuple[str, str]]:
    words = re.findall(r"\w+", " ".join(row[name] for name in STORY).lower())
    return set(pairwise(words))


def test_titles_differ(corpus):
    titles = [row["title"] for row in corpus.rows[LESSONS] if row["revision"] == "1"]

    assert len(titles) == len(set(titles))


def test_lessons_cover_every_element_kind_tier_and_area(corpus, catalogue):
    for name in (
        "element_code",
        "lesson_type",
        "policy_area",
        "share_level",
        "effect_rating",
        "evidence_type",
        "evidence_tier",
        "reviewed_no_pii",
    ):
        used = {row[name] for row in corpus.rows[LESSONS]}
        field = catalogue.get(LESSONS).field(name)
        assert used == set(catalogue.codes_of(field).values), name


def test_some_practitioner_accounts_say_that_it_worked(corpus):
    accounts = [
        row
        for row in corpus.rows[LESSONS]
        if (row["lesson_type"], row["evidence_tier"]) == ("worked", "0")
    ]

    assert len(accounts) >= 3


def test_sites_corroborate_and_contradict_each_other(corpus):
    sites = defaultdict(set)
    for row in corpus.rows[LESSONS]:
        sites[row["element_code"], row["lesson_type"]].add(row["site_id"])
    corroborated = [
        group
        for group, ids in sites.items()
        if len(ids) >= 3 and len({site[:2] for site in ids}) >= 2
    ]
    contradicted = {
        element
        for element, kind in sites
        if kind == "did_not_work" and (element, "worked") in sites
    }

    assert len(corroborated) >= 15
    assert len(contradicted) >= 8


def test_help_is_of_every_fate(corpus):
    statuses = {row["status"] for row in corpus.rows[REQUESTS]}
    asked = {r["ta_request_id"]: r["requested_on"] for r in corpus.rows[REQUESTS]}
    days, modes = {}, defaultdict(set)
    for row in corpus.rows[EVENTS]:
        for request in filter(None, row["ta_request_ids"].split(";")):
            waited = date.fromisoformat(row["event_date"]) - date.fromisoformat(
                asked[request]
            )
            days[request] = min(waited.days, days.get(request, waited.days))
            modes[request].add(row["mode"])
    fulfilled = {
        row["ta_request_id"]
        for row in corpus.rows[REQUESTS]
        if row["status"] == "fulfilled"
    }

    assert statuses == {"open", "scheduled", "fulfilled", "withdrawn", "declined"}
    assert set(days) == fulfilled
    assert min(days.values()) >= 0
    assert sum(waited > 60 for waited in days.values()) >= 4
    assert sum(found == {"library_resource"} for found in modes.values()) >= 4
    assert any(row["cost_usd"] == "" for row in corpus.rows[EVENTS])


def test_topics_are_asked_for_by_many_sites_and_by_few(corpus):
    sites = defaultdict(set)
    for row in corpus.rows[REQUESTS]:
        sites[row["topic"]].add(row["site_id"])

    assert sum(len(ids) >= 3 for ids in sites.values()) >= 8
    assert any(len(ids) < 3 for ids in sites.values())
