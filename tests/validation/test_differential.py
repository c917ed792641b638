"""Every contract's suite, in our engine and in stock GX on pandas: the same outcome.

This is what holds `conditions.py` to GX: it is an independent oracle, fed with the
suite's JSON, that knows nothing of Polars.
"""

import json

import pytest
from great_expectations.core import ExpectationSuite

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.normalise import normalise
from pcbl_pipeline.validation.prepare import prepare
from pcbl_pipeline.validation.suites import compile_suite
from tests.support.rows import (
    ROW_ID,
    circumstances_of,
    drawn_rows,
    seeded,
    text_frame,
)
from tests.support.stock_gx import as_gx, outcomes_in_stock_gx, outcomes_on_polars

# Of pandas, about patterns with groups that a contract writes for people to read.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This pattern is interpreted as a regular"
)

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(c, id=name) for name, c in CATALOGUE.contracts.items()]
AGENCY = Sender(
    sender_id="sea-04", name="Office (fictional)", kind="agency", state_fips="04"
)


def compare(contract, rows, circumstances):
    """Run a suite in both engines; return how many rows each expectation found."""
    suite = compile_suite(contract, CATALOGUE, circumstances)
    read = normalise(rows.lazy(), contract, CATALOGUE, circumstances)
    prepared = prepare(read, contract, CATALOGUE, circumstances).collect()
    written = json.loads(json.dumps(as_gx(suite).to_json_dict()))

    ours = outcomes_on_polars([use.configuration for use in suite.uses], prepared)
    stock = outcomes_in_stock_gx(ExpectationSuite(**written), prepared)

    assert len(stock) == len(suite.uses)
    assert {k: (ours.get(k), stock[k]) for k in stock if ours.get(k) != stock[k]} == {}
    return [outcome.unexpected_count for outcome in stock.values()]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_suite_finds_the_same_rows_as_stock_gx(contract):
    draw = seeded(f"planted faults in {contract.dataset}")
    rows = drawn_rows(contract, CATALOGUE, draw, 120).sample(
        fraction=1, shuffle=True, seed=7
    )

    found = compare(contract, rows, circumstances_of(contract))

    # Faults were planted, and no rule is so wide that it finds most rows.
    assert sum(count > 0 for count in found) > len(found) / 3
    assert max(found) < rows.height / 2


def test_a_suite_agrees_with_stock_gx_where_little_is_given():
    """Blank columns are where null semantics differ, if they do."""
    contract = CATALOGUE.get("ta_event")
    draw = seeded(f"few columns of {contract.dataset}")
    kept = draw.sample(contract.field_names, k=len(contract.fields) // 3)
    rows = drawn_rows(contract, CATALOGUE, draw, 20).select(ROW_ID, *kept)

    compare(contract, rows, Circumstances(sender=AGENCY))


def test_a_suite_agrees_with_stock_gx_on_no_rows():
    contract = CATALOGUE.get("lesson_learned")

    compare(contract, text_frame(contract, []), circumstances_of(contract))
