"""The suite that a site takes home: stock GX loads it, and it says what it needs."""

import json

import pytest
from great_expectations.core import ExpectationSuite

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.validation.prepare import names_in, prepare
from pcbl_pipeline.validation.suite_json import suite_json
from pcbl_pipeline.validation.suites import compile_suite
from tests.support.rows import circumstances_of, right_row, text_frame
from tests.support.stock_gx import outcomes_in_stock_gx

pytestmark = pytest.mark.filterwarnings(
    "ignore:This pattern is interpreted as a regular"
)

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]


def asking(contract) -> set[str]:
    """Return the rules that ask for other rows than those of the file."""
    columns = {c.name for c in contract.derived if c.is_lookup or c.looks_back}
    return {rule.code for rule in contract.rules if columns & names_in(rule)}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_suite_is_complete_but_for_what_depends_on_the_sender(contract):
    written = json.loads(json.dumps(suite_json(contract, CATALOGUE)))

    whole = compile_suite(contract, CATALOGUE, circumstances_of(contract))
    codes = {item["meta"]["code"] for item in written["expectations"]}
    assert codes | set(written["meta"]["not_included"]) == {u.code for u in whole.uses}
    assert set(written["meta"]["not_included"]) <= {"K402", "K436"} | asking(contract)
    named = json.dumps(
        [item["kwargs"] for item in written["expectations"]], sort_keys=True
    )
    for column in written["meta"]["columns"]:
        assert column in named or column.removesuffix("__text") in named


@pytest.mark.parametrize("contract", CONTRACTS)
def test_stock_gx_runs_the_suite_over_the_columns_that_it_describes(contract):
    written = json.loads(json.dumps(suite_json(contract, CATALOGUE)))
    known = circumstances_of(contract)
    rows = text_frame(contract, [right_row(contract, n) for n in range(3)])
    prepared = prepare(rows.lazy(), contract, CATALOGUE, known).collect()

    outcomes = outcomes_in_stock_gx(ExpectationSuite(**written), prepared)

    assert set(written["meta"]["columns"]) <= set(prepared.columns)
    assert len(outcomes) == len(written["expectations"])
    failed = [key for key, outcome in outcomes.items() if not outcome.success]
    # Single rows lack what they refer to, and the other rows of their group.
    expected = ("R302", '"K4', '"E5')
    assert all(any(code in key for code in expected) for key in failed), failed
