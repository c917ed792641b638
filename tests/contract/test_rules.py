"""The rules as a set: what a coordinator reads must be whole, plain and true."""

import re

import pytest
from great_expectations.expectations.registry import get_expectation_impl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import ContractRule
from pcbl_pipeline.contracts.rule_pages import FAMILIES, placeholders_in
from pcbl_pipeline.contracts.wording import PLACEHOLDERS
from tests.support.reading_grade import reading_grade, syllable_count

CATALOGUE = load_catalogue()
RULES = [pytest.param(rule, id=code) for code, rule in CATALOGUE.rules.items()]
OWN_RULES = [
    pytest.param(contract, rule, id=rule.code)
    for contract in CATALOGUE.contracts.values()
    for rule in contract.rules
]
#: What a contract's own rule may fill in; the engine knows nothing else of it.
OWN_PLACEHOLDERS = {
    "column",
    "dataset",
    "expected",
    "limits",
    "missing",
    "title",
}
#: Column with a value of an earlier row → the field that it is a value of.
TOLD_BY = {
    item.name: item.reference.column
    for contract in CATALOGUE.contracts.values()
    for item in contract.derived
    if item.kind == "latest_earlier"
}
#: The longest run of a Flesch-Kincaid grade that counts as plain.
GRADE = 8
#: A phrase of a few words has no meaningful grade of its own.
FEW_WORDS = 7


def test_names_are_as_unique_as_codes():
    names = [rule.name for rule in CATALOGUE.rules.values()]

    assert len(set(names)) == len(names)


def test_every_family_letter_is_explained():
    assert {code[0] for code in CATALOGUE.rules} <= set(FAMILIES)


@pytest.mark.parametrize("rule", RULES)
def test_summary_is_one_sentence(rule):
    assert re.fullmatch(r"[A-Z][^.!?]*\.", rule.summary)


@pytest.mark.parametrize("rule", RULES)
def test_answer_says_what_is_wrong_what_was_expected_and_what_to_do(rule):
    for text in (rule.message, rule.fix):
        assert text.endswith((".", "}"))
    assert rule.expected


@pytest.mark.parametrize("rule", RULES)
def test_answer_reads_at_grade_8_or_below(rule):
    whole = f"{rule.message} {rule.expected} {rule.fix}"
    parts = [rule.summary, rule.message, rule.expected, rule.fix]

    assert reading_grade(whole) <= GRADE
    for part in parts:
        assert len(part.split()) < FEW_WORDS or reading_grade(part) <= GRADE, part


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_why_and_shows_what_is_right_and_what_is_wrong(rule):
    assert rule.why
    assert rule.wrong
    assert rule.right or rule.example


@pytest.mark.parametrize("rule", RULES)
def test_reason_is_as_plain_as_the_answer(rule):
    if rule.why:
        assert rule.why.endswith(".")
        few = len(rule.why.split()) < FEW_WORDS
        assert few or reading_grade(rule.why) <= GRADE


@pytest.mark.parametrize("rule", RULES)
def test_answer_neither_begs_nor_blames_nor_shouts(rule):
    text = f"{rule.summary} {rule.message} {rule.expected} {rule.fix}".lower()

    assert not re.search(
        r"\b(please|invalid|illegal|fail(ed|ure)?|null|schema)\b", text
    )
    assert "!" not in text


@pytest.mark.parametrize("rule", RULES)
def test_placeholders_are_known_ones(rule):
    known = OWN_PLACEHOLDERS if isinstance(rule, ContractRule) else set(PLACEHOLDERS)

    assert placeholders_in(rule) <= known


@pytest.mark.parametrize("rule", RULES)
def test_braces_are_placeholders_and_nothing_else(rule):
    for text in (rule.message, rule.expected, rule.fix):
        assert not re.search(r"[{}]", re.sub(r"\{[a-z_]+\}", "", text))


def test_every_explained_placeholder_is_used():
    used = frozenset().union(*map(placeholders_in, CATALOGUE.rules.values()))

    assert used == set(PLACEHOLDERS)


@pytest.mark.parametrize(("contract", "rule"), OWN_RULES)
def test_own_rule_is_an_expectation_that_great_expectations_accepts(contract, rule):
    expectation = get_expectation_impl(rule.expectation)(**rule.kwargs)

    assert expectation.expectation_type == rule.expectation


@pytest.mark.parametrize(("contract", "rule"), OWN_RULES)
def test_own_rule_looks_at_columns_that_exist(contract, rule):
    columns = set(contract.field_names) | {item.name for item in contract.derived}
    named = [rule.kwargs.get(key) for key in ("column", "column_A", "column_B")]
    used = {name for name in named if name}

    assert used
    assert used <= columns


@pytest.mark.parametrize(("contract", "rule"), OWN_RULES)
def test_own_rule_names_codes_that_exist_in_its_condition(contract, rule):
    for column, allowed in rule.when.items():
        if not isinstance(allowed, str):
            field = contract.field(TOLD_BY.get(column, column))
            codes = CATALOGUE.codes_of(field)
            if codes is None:
                assert set(allowed) <= set(range(int(field.minimum), 100))
                assert max(allowed) <= field.maximum
            else:
                assert set(allowed) <= set(codes.values)


@pytest.mark.parametrize(("contract", "rule"), OWN_RULES)
def test_own_rule_points_at_a_column_and_gives_an_example(contract, rule):
    assert rule.fields
    assert rule.example


def test_every_derived_column_serves_a_rule():
    for contract in CATALOGUE.contracts.values():
        used = {name for rule in contract.rules for name in rule.names}
        assert {item.name for item in contract.derived} <= used


def test_a_value_is_looked_up_by_a_whole_key():
    """Otherwise several rows would answer, and which one counts would be chance."""
    for contract in CATALOGUE.contracts.values():
        for item in contract.derived:
            if item.is_lookup:
                order = {item.reference.order} - {None}
                found_by = {*item.reference.same} | order
                assert found_by == set(CATALOGUE.get(item.reference.dataset).key)
                assert bool(order) == (item.kind == "latest_earlier")


def test_references_lead_to_columns_that_exist():
    for contract in CATALOGUE.contracts.values():
        for item in contract.derived:
            if item.reference is not None:
                target = CATALOGUE.get(item.reference.dataset)
                order = {item.reference.order} - {None}
                wanted = {item.reference.column, *item.reference.same} | order
                assert wanted <= set(target.field_names)
                assert set(item.reference.same) <= set(contract.field_names)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("table", 2),
        ("needed", 2),
        ("filled", 1),
        ("boxes", 2),
        ("agency", 3),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllable_count(word) == count


def test_reading_grade_tells_plain_from_hard():
    plain = "Keep the right row. Delete the others."
    hard = "Deduplication necessitates reconciliation of contradictory identifiers."

    assert reading_grade(plain) < 4
    assert reading_grade(hard) > 14
    assert reading_grade("") == 0
