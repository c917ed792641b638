"""Codes as headers are told as one mistake, in every dataset that has such a column."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import Presence
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.reading.recognise import recognise
from tests.reading.test_recognise import a_table

CATALOGUE = load_catalogue()
STATUS = CATALOGUE.get("implementation_status")
#: Every required column of a key whose values come from a list.
CODED = [
    (contract, field)
    for contract in CATALOGUE.contracts.values()
    for field in contract.fields
    if field.name in contract.key
    and field.presence is Presence.REQUIRED
    and CATALOGUE.codes_of(field)
    and len(CATALOGUE.codes_of(field).values) > 3
]


def codes(headers, **more) -> list[str]:
    found = recognise(a_table(headers, **more), CATALOGUE)
    return [item.code for item in found.findings]


@pytest.mark.parametrize(
    ("contract", "field"),
    [pytest.param(*pair, id=f"{pair[0].dataset}-{pair[1].name}") for pair in CODED],
)
def test_codes_of_a_missing_column_side_by_side_come_first(contract, field):
    others = [name for name in contract.field_names if name != field.name]
    listed = CATALOGUE.codes_of(field).values[:3]

    found = recognise(a_table([*others, *listed]), CATALOGUE)

    assert found.refused
    first, *rest = found.findings
    assert (first.code, first.field) == ("F127", field.name)
    following = [item for item in rest if f"`{field.name}`" in item.details["hint"]]
    assert [item.code for item in following] == ["C201", "C202", "C202", "C202"]


def test_elements_in_the_headers_are_one_finding(tmp_path):
    elements = [f"CBE{number}" for number in range(1, 8)]
    header = ["Site", "School Year", "Window", *elements]
    row = ["0499901", "2025-2026", "Fall", *"1121012"]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join([",".join(header), ",".join(row)]))

    receipt = check_file(path, catalogue=CATALOGUE)

    cause, *others = receipt.all_findings
    assert (cause.code, cause.severity) == ("F127", "error")
    assert "`CBE1`, `CBE2`, `CBE3`, `CBE4` and 3 more" in cause.message
    assert "`element_code`" in cause.fix
    assert "`stage`" in cause.fix
    assert {item.code for item in others} <= {"C203", "C206"}
    assert {item.code for item in cause.explained} == {"C201", "C202"}


def test_terms_in_the_headers_are_told_where_all_else_of_the_key_is_there():
    key = ["site_id", "school_year", "element_code", "element name"]
    terms = ["Fall stage", "Mid-year stage", "Spring stage", "End of year stage"]

    found = recognise(a_table([*key, *terms]), CATALOGUE)

    assert found.contract is STATUS
    assert found.findings[0].code == "F127"
    assert found.findings[0].field == "window"
    assert found.findings[0].details["values"] == "`stage`"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([*STATUS.field_names, "CBE1", "CBE2"], id="its column is there"),
        pytest.param(
            [n for n in STATUS.field_names if n != "element_code"] + ["CBE1"],
            id="one code is chance",
        ),
        pytest.param(
            [n for n in STATUS.field_names if n != "element_code"]
            + ["CBE1", "CBE2", "mood", "colour", "shoe", "size"],
            id="most headers are something else",
        ),
        pytest.param(
            ["site_id", "school_year", "Fall stage", "Spring stage"], id="key"
        ),
    ],
)
def test_other_headers_are_not_taken_for_codes(headers):
    assert "F127" not in codes(headers)
