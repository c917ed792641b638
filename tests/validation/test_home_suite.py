"""The suite that a site takes home: stock GX runs it on the file as it is sent."""

import json
from itertools import product

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.reading.tables import clean_cell
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.normalise import normalise
from pcbl_pipeline.validation.prepare import how_name
from pcbl_pipeline.validation.suites import compile_suite
from pcbl_pipeline.validation.verdict import judge
from pcbl_pipeline.validation.written import How
from tests.support.home import as_read_at_home, published_suite, told_at_home
from tests.support.rows import (
    FIRST_ROW,
    circumstances_of,
    drawn,
    right_row,
    seeded,
    text_frame,
)

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(item, id=name) for name, item in CATALOGUE.contracts.items()]
#: Rules about how a cell could not be read: at home it has the wrong form.
UNREAD = {"R316", "R318", "R319"}
ROWS = 100


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_rule_is_in_the_suite_or_named_with_the_reason(contract):
    written = json.loads(published_suite(contract, CATALOGUE))

    whole = compile_suite(contract, CATALOGUE, circumstances_of(contract))
    told = {item["meta"]["code"] for item in written["expectations"]}
    left_out = set(written["meta"]["not_covered"])
    assert {u.code for u in whole.uses} - UNREAD - {"C240"} <= told | left_out
    assert not told & left_out
    for item in written["expectations"]:
        assert {"code", "field", "expected", "why", "fix", "page"} <= set(item["meta"])
        assert set(item["meta"]["needs"]) <= set(contract.field_names)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_stock_gx_passes_right_rows_and_tells_of_others_what_we_tell(contract):
    right = right_rows(contract)
    frame = text_frame(contract, [*right, *drawn_rows(contract)])
    suite = published_suite(contract, CATALOGUE)
    judged = Judged(contract, frame)

    told = told_at_home(suite, as_read_at_home(frame.select(contract.field_names)))

    assert len(right) > 3
    assert not {
        (item.code, item.field, row)
        for item in told
        for row in item.rows
        if row < len(right)
    }
    assert not [item for item in told if not item.rows]
    assert not {
        (item.code, item.field, row)
        for item in told
        for row in item.rows
        if not judged.remarks(row)
        and not any(judged.reads_otherwise(row, name) for name in item.needs)
    }
    known = {item["meta"]["code"] for item in json.loads(suite)["expectations"]}
    found = {row for item in told for row in item.rows}
    ours = judged.certain(known | UNREAD)
    assert len(ours) > ROWS // 4
    assert not {item for item in ours if item[0] not in found}


@pytest.mark.parametrize("dataset", ["barrier_and_waiver", "state_action"])
def test_blanks_may_be_read_as_null_as_well(dataset):
    contract = CATALOGUE.get(dataset)
    frame = text_frame(contract, right_rows(contract)).select(contract.field_names)

    rows = as_read_at_home(frame, keep_blanks=False)

    assert rows.isna().any(axis=None)
    assert told_at_home(published_suite(contract, CATALOGUE), rows) == []


def test_a_column_that_must_be_there_is_missed_and_others_need_not_be():
    contract = CATALOGUE.get("ta_request")
    frame = text_frame(contract, right_rows(contract)).select(contract.field_names)
    optional = next(f.name for f in contract.fields if f.presence == "optional")

    rows = as_read_at_home(frame.drop("topic", optional))

    told = told_at_home(published_suite(contract, CATALOGUE), rows)
    assert [(item.code, item.field) for item in told] == [("C201", "topic")]


def right_rows(contract):
    """Return right rows, each with one cell blank, as far as we take them so."""
    blank_cells = product(contract.field_names, ("", "NA"))
    rows = [
        right_row(contract, 500 + number) | {name: blank}
        for number, (name, blank) in enumerate(blank_cells)
    ]
    judged = Judged(contract, text_frame(contract, rows))
    return [row for number, row in enumerate(rows) if not judged.remarks(number)]


def drawn_rows(contract):
    """Return rows with faults, their cells cut as a reader of files cuts them."""
    drawn_cells = drawn(contract, CATALOGUE, seeded(contract.dataset), ROWS)
    return [
        {name: text and clean_cell(text) for name, text in row.items()}
        for row in drawn_cells
    ]


class Judged:
    """What our own judge says of the same rows, knowing nothing but the file."""

    def __init__(self, contract, frame):
        known = Circumstances()
        judged = judge(frame.lazy(), contract, CATALOGUE, known)
        self.found = judged.occurrences.select(
            pl.col("row_number") - FIRST_ROW, pl.col("code").cast(pl.String)
        ).rows()
        self.read = normalise(frame.lazy(), contract, CATALOGUE, known).collect()
        self.names = contract.field_names

    def remarks(self, row):
        return any(number == row for number, _ in self.found)

    def reads_otherwise(self, row, name):
        how = how_name(name)
        read = self.read[how][row] if how in self.read.columns else How.AS_SENT
        return How.AS_SENT < read < How.ERROR

    def certain(self, codes):
        """Return the findings in rows of which every cell was read as it stands."""
        return {
            (row, code)
            for row, code in self.found
            if code in codes
            and not any(self.reads_otherwise(row, name) for name in self.names)
        }
