"""Suites: what a contract becomes, what is left out, and that JSON loses nothing."""

import json
from datetime import date

import great_expectations.expectations as gxe
import pytest
from great_expectations.core import ExpectationSuite

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.codelist import Code, CodeList
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    Delivery,
    FieldType,
    Presence,
    Privacy,
)
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.conditions import CONDITIONS
from pcbl_pipeline.validation.prepare import prepare
from pcbl_pipeline.validation.suites import compile_suite
from pcbl_pipeline.validation.verdict import judge
from tests.support.rows import ROW_ID, SENDER, circumstances_of, text_frame
from tests.support.stock_gx import as_gx, outcomes_in_stock_gx, outcomes_on_polars

CATALOGUE = load_catalogue()
DATASETS = list(CATALOGUE.contracts)
GX_SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}


def compiled(dataset, circumstances=None):
    contract = CATALOGUE.get(dataset)
    return compile_suite(
        contract, CATALOGUE, circumstances or circumstances_of(contract)
    )


# ------------------------------------------------------------------------ JSON


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_suite_comes_back_from_its_json_as_it_was(dataset):
    suite = as_gx(compiled(dataset))
    written = json.loads(json.dumps(suite.to_json_dict()))

    read = ExpectationSuite(**written)

    assert read.to_json_dict() == suite.to_json_dict()
    assert read.expectations == suite.expectations
    assert read.name == f"{dataset}_{CATALOGUE.get(dataset).version}"


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_expectation_names_its_rule_and_has_its_severity(dataset):
    suite = compiled(dataset)
    written = json.loads(json.dumps(as_gx(suite).to_json_dict()))["expectations"]

    assert len(written) == len(suite.uses)
    for use, expectation in zip(suite.uses, written, strict=True):
        rule = CATALOGUE.rules[use.code]
        assert use.severity is rule.severity
        assert expectation["severity"] == GX_SEVERITY[rule.severity.value]
        assert expectation["meta"] == {
            "code": use.code,
            "field": use.field,
            "expected": use.expected,
        }
        assert use.field in CATALOGUE.get(dataset).field_names
        assert use.expected


# ------------------------------------------------------------------ what is in it


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_field_has_the_rules_that_its_contract_asks_for(dataset):
    uses = {(use.code, use.field) for use in compiled(dataset).uses}

    for field in CATALOGUE.get(dataset).fields:
        required = field.presence is Presence.REQUIRED
        recommended = field.presence is Presence.RECOMMENDED
        assert (("R303", field.name) in uses) == required
        assert (("R302", field.name) in uses) == recommended
        assert (("R309", field.name) in uses) == (field.max_length is not None)
        bounded = field.minimum is not None or field.maximum is not None
        assert (("R301", field.name) in uses) == bounded


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_rule_of_a_contract_is_in_its_suite_or_named_as_unchecked(dataset):
    own = {rule.code for rule in CATALOGUE.get(dataset).rules}

    for circumstances in (None, Circumstances(), Circumstances(sender=SENDER)):
        suite = compiled(dataset, circumstances)
        used = {use.code for use in suite.uses}
        assert own <= used | set(suite.unchecked)
        assert not used & set(suite.unchecked)
        assert len(set(suite.unchecked)) == len(suite.unchecked)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_expectation_has_a_condition_on_polars(dataset):
    metrics = {
        use.configuration.to_domain_obj().map_metric for use in compiled(dataset).uses
    }

    assert metrics <= set(CONDITIONS)


@pytest.mark.parametrize(
    ("dataset", "offline", "with_a_sender"),
    [
        ("site_profile", {"K402"}, set()),
        ("lesson_learned", {"K402"}, set()),
        ("implementation_status", {"K402", "R322", "R323"}, {"R322", "R323"}),
        ("outcome_metric", {"K402"}, set()),
        ("perception_survey", {"K402"}, set()),
        ("ta_request", {"K402", "K413"}, {"K413"}),
        ("ta_event", {"K411", "K412"}, {"K411", "K412"}),
        ("barrier_and_waiver", {"K402", "K431", "K432"}, {"K431", "K432"}),
        ("competency_record", {"K402"}, set()),
        ("educator_learning", {"K402", "K434", "K435"}, {"K434", "K435"}),
        ("state_action", {"K433", "K436"}, {"K433"}),
    ],
)
def test_what_cannot_be_known_is_named_as_unchecked(dataset, offline, with_a_sender):
    assert set(compiled(dataset, Circumstances()).unchecked) == offline
    known = Circumstances(sender=SENDER)
    assert set(compiled(dataset, known).unchecked) == with_a_sender
    assert compiled(dataset).unchecked == ()


def test_rules_look_at_what_was_given_at_the_text_or_at_the_value():
    by_code = {
        use.code: use.configuration.kwargs
        for use in compiled("ta_event").uses
        if use.code in {"R303", "R304", "R301", "R385", "R383", "K411"}
    }

    assert by_code["R303"]["column"].endswith("__given")
    assert by_code["R304"]["column"].endswith("__text")
    assert not by_code["R301"]["column"].endswith("__text")
    assert by_code["R385"]["column"] == "usefulness_n__given"
    assert by_code["R385"]["row_condition"].column.name == "usefulness_sum__given"
    assert by_code["R383"]["column_A"] == "usefulness_sum"
    assert by_code["K411"]["column"] == "sites_without_profile"


# ---------------------------------------------------- codes that come and go (R314)


VERSIONED = CodeList(
    name="colour",
    title="Colours",
    source="invented for tests",
    valid_from=date(2020, 7, 1),
    codes=(
        Code(code="always", label="Always"),
        Code(code="new", label="New", valid_from=date(2024, 7, 1)),
        Code(code="old", label="Old", valid_to=date(2024, 6, 30)),
        Code(
            code="once",
            label="One year",
            valid_from=date(2024, 7, 1),
            valid_to=date(2025, 6, 30),
        ),
    ),
)
YEARS = ("2023-2024", "2024-2025", "2025-2026", "2025", None)


def colours() -> tuple[Contract, Catalogue]:
    """Return a contract in which `school_year` is neither key nor in a rule."""

    def field(name, kind, **more):
        return ContractField(
            name=name,
            title=name,
            description=name,
            type=kind,
            privacy=Privacy.PUBLIC,
            presence=Presence.OPTIONAL,
            example="x",
            **more,
        )

    contract = Contract(
        dataset="colours",
        code="S0",
        version="1.0",
        valid_from="2020-2021",
        title="Colours",
        description="Invented for tests.",
        grain="one row per id",
        key=("id",),
        delivery=Delivery(mode="upsert"),
        submitted_by="site",
        fields=(
            field("id", FieldType.TEXT),
            field("school_year", FieldType.SCHOOL_YEAR),
            field("colour", FieldType.CODE, code_list="colour"),
        ),
    )
    return contract, Catalogue((contract,), (VERSIONED,), CATALOGUE.generic_rules)


def colour_rows():
    contract, _ = colours()
    codes = (*VERSIONED.values, "never", None)
    return text_frame(
        contract,
        [
            {"id": f"{code}-{year}", "school_year": year, "colour": code}
            for code in codes
            for year in YEARS
        ],
    )


def not_in_use(starts):
    contract, catalogue = colours()
    rows = colour_rows()
    known = Circumstances(school_year_starts=starts)
    occurrences = judge(rows.lazy(), contract, catalogue, known).occurrences
    ids = dict(rows.select(ROW_ID, "id").rows())
    return {
        ids[row]
        for row, code in occurrences.select(ROW_ID, "code").rows()
        if code == "R314"
    }


def test_a_code_may_be_used_in_its_own_school_years_only():
    assert not_in_use((7, 1)) == {
        "new-2023-2024",
        "old-2024-2025",
        "old-2025-2026",
        "once-2023-2024",
        "once-2025-2026",
    }


def test_the_calendar_decides_in_which_school_year_a_code_begins():
    # With school years from August on, July 2024 belongs to 2023-2024.
    assert not_in_use((8, 1)) == {
        "old-2024-2025",
        "old-2025-2026",
        "once-2025-2026",
    }


def test_code_validity_agrees_with_stock_gx():
    contract, catalogue = colours()
    suite = compile_suite(contract, catalogue, Circumstances())
    prepared = prepare(colour_rows().lazy(), contract, catalogue, Circumstances())
    rows = prepared.collect()
    written = json.loads(json.dumps(as_gx(suite).to_json_dict()))

    ours = outcomes_on_polars([use.configuration for use in suite.uses], rows)

    assert ours == outcomes_in_stock_gx(ExpectationSuite(**written), rows)


def test_severities_are_those_of_gx():
    severities = {
        use.severity: use.configuration.severity.value
        for dataset in DATASETS
        for use in compiled(dataset).uses
    }

    assert severities == {Severity.ERROR: "critical", Severity.WARNING: "warning"}


def test_an_expectation_is_of_a_stock_type():
    types = {use.configuration.type for name in DATASETS for use in compiled(name).uses}

    stock = {
        item.expectation_type
        for item in vars(gxe).values()
        if hasattr(item, "expectation_type")
    }
    assert types <= stock
