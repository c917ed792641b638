"""What a contract, a field and a rule can say beyond what today's contracts use."""

from typing import get_args

import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.contracts.rule_pages import rule_pages
from pcbl_pipeline.contracts.template import write_template

FIELD = {
    "name": "votes",
    "title": "Votes",
    "description": "Invented for this test.",
    "type": "integer",
    "privacy": "public",
    "example": "1",
}


@pytest.fixture
def variant_of(catalogue):
    """Build a catalogue whose only contract differs from site_profile as told."""

    def build(**changes):
        contract = catalogue.get("site_profile")
        stated = contract.model_dump() | changes
        lists = tuple(catalogue.code_lists.values())
        limits = tuple(catalogue.limit_tables.values())
        changed = type(contract).model_validate(stated)
        return Catalogue((changed,), lists, (), limits)

    return build


def with_field(catalogue, **stated):
    contract = catalogue.get("site_profile")
    return [*contract.model_dump()["fields"], FIELD | stated]


def with_rule(catalogue, **stated):
    rules = catalogue.get("site_profile").model_dump()["rules"]
    return [rules[0] | stated, *rules[1:]]


def test_only_open_columns_may_be_quoted(catalogue):
    lesson, profile = catalogue.get("lesson_learned"), catalogue.get("site_profile")

    assert lesson.field("lesson_id").may_quote
    assert not lesson.field("situation").may_quote
    assert not profile.field("contact_email").may_quote
    assert not catalogue.get("ta_request").field("need").may_quote


def test_numbers_and_dates_are_parsed_and_codes_are_not(catalogue):
    event = catalogue.get("ta_event")
    typed = [item.name for item in event.fields if item.is_typed]

    assert typed == [
        "event_date",
        "hours",
        "staff_hours",
        "cost_usd",
        "participants",
        "usefulness_sum",
        "usefulness_n",
    ]


def test_contract_knows_the_datasets_it_looks_into(catalogue):
    assert catalogue.get("ta_event").references == {"site_profile", "ta_request"}
    assert catalogue.get("ta_request").references == {"ta_event"}
    assert catalogue.get("lesson_learned").references == frozenset()


def test_retired_rule_keeps_its_page_and_says_so(catalogue, variant_of):
    changed = variant_of(rules=with_rule(catalogue, until="0.3.0"))

    assert "| Until | version 0.3.0 |" in rule_pages(changed)["rules/R361.md"]


@pytest.mark.parametrize(
    "kind", get_args(DerivedColumn.model_fields["kind"].annotation)
)
def test_every_kind_of_derived_column_has_words(catalogue, variant_of, kind):
    derived = {
        "name": "computed",
        "kind": kind,
        "of": "leaid",
        "columns": ["ncessch", "leaid"],
        "length": 2,
        "by": 5,
        "reference": {
            "dataset": "site_profile",
            "column": "site_id",
            "order": "cohort_start_year",
        },
        "group": ["leaid"] if kind.startswith(("group_", "previous_")) else [],
        "among": {"site_level": ["lea", "school"]},
        "values": ["0499901"],
        "order": ["school_year"],
        "table": "waiver_days",
    }
    rules = with_rule(
        catalogue,
        kwargs={"column_A": "computed", "column_B": "leaid"},
        when={"cohort_label": "present", "ncessch": "blank"},
    )
    everything = [
        *catalogue.get("site_profile").model_dump()["derived"],
        derived,
    ]

    page = rule_pages(variant_of(derived=everything, rules=rules))["rules/R361.md"]

    words = next(line for line in page.splitlines() if line.startswith("`computed` is"))
    assert "{" not in words
    assert "None" not in words
    assert "`cohort_label` is filled in and `ncessch` is blank" in page


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"maximum": 9}, ("whole", "lessThanOrEqual", "9.0", None)),
        ({"minimum": 1, "maximum": 9}, ("whole", "between", "1.0", "9.0")),
        ({"minimum": 1}, ("whole", "greaterThanOrEqual", "1.0", None)),
        (
            {"minimum": 0, "above_minimum": True, "type": "decimal"},
            ("decimal", "greaterThan", "0.0", None),
        ),
        ({}, None),
    ],
    ids=["at most", "between", "at least", "above", "any"],
)
def test_template_holds_numbers_against_their_limits(
    tmp_path, catalogue, variant_of, limits, expected
):
    changed = variant_of(fields=with_field(catalogue, **limits))
    contract = changed.get("site_profile")
    path = tmp_path / "template.xlsx"

    write_template([contract], changed, path)

    sheet = load_workbook(path)["site_profile"]
    column = len(contract.fields)
    found = [
        (rule.type, rule.operator or "between", rule.formula1, rule.formula2)
        for rule in sheet.data_validations.dataValidation
        if any(cells.min_col == column for cells in rule.sqref.ranges)
    ]
    assert [plain(item) for item in found] == ([plain(expected)] if expected else [])


def plain(rule):
    kind, sign, *bounds = rule
    return kind, sign, *(None if item is None else float(item) for item in bounds)
