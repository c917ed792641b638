"""The Table Schema says the same as the contract, as far as it can say it."""

import json
import re

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import FieldType, Presence
from pcbl_pipeline.contracts.table_schema import table_schema

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_schema_is_json_with_the_contracts_columns_and_key(contract):
    schema = json.loads(json.dumps(table_schema(contract, CATALOGUE)))

    assert [item["name"] for item in schema["fields"]] == list(contract.field_names)
    assert tuple(schema["primaryKey"]) == contract.key
    assert schema["missingValues"] == ["", "NA"]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_promise_of_a_field_is_carried_over(contract):
    schema = table_schema(contract, CATALOGUE)

    for field, item in zip(contract.fields, schema["fields"], strict=True):
        limits = item.get("constraints", {})
        codes = CATALOGUE.codes_of(field)
        assert limits.get("required", False) == (field.presence is Presence.REQUIRED)
        assert limits.get("minimum") == field.minimum
        assert limits.get("maximum") == field.maximum
        assert limits.get("maxLength") == field.max_length
        if field.type is FieldType.CODE:
            assert limits["enum"] == list(codes.values)
        if field.pattern:
            assert limits["pattern"] == field.pattern


@pytest.mark.parametrize("contract", CONTRACTS)
def test_examples_pass_their_own_patterns(contract):
    for item in table_schema(contract, CATALOGUE)["fields"]:
        pattern = item.get("constraints", {}).get("pattern")
        assert pattern is None or re.fullmatch(pattern, item["example"])


def test_list_of_codes_takes_spaces_but_no_unknown_code():
    fields = table_schema(CATALOGUE.get("lesson_learned"), CATALOGUE)["fields"]
    pattern = next(i for i in fields if i["name"] == "audience")["constraints"][
        "pattern"
    ]

    assert re.fullmatch(pattern, "educator ; school_leader")
    assert not re.fullmatch(pattern, "educator;teachers")
    assert not re.fullmatch(pattern, "educator school_leader")


def test_types_are_those_of_the_standard():
    types = {
        item["type"]
        for contract in CATALOGUE.contracts.values()
        for item in table_schema(contract, CATALOGUE)["fields"]
    }

    assert types == {"string", "integer", "number", "date"}
