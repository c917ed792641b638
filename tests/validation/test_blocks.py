"""Judging in blocks: how many rows are in memory at a time changes nothing."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.blocks import Blocks
from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.reading.tables import clean_cells
from pcbl_pipeline.validation import verdict
from pcbl_pipeline.validation.report import validation_json
from pcbl_pipeline.validation.verdict import judge
from tests.support.rows import ROW_ID, circumstances_of, drawn_rows, seeded

CATALOGUE = load_catalogue()
DATASETS = sorted(CATALOGUE.contracts)
ROWS = 24


def drawn(dataset, seed):
    """Return rows, right and wrong ones, of which some stand there twice."""
    contract = CATALOGUE.get(dataset)
    rows = drawn_rows(contract, CATALOGUE, seeded(f"{dataset} {seed}"), ROWS)
    again = rows.head(4).with_columns(pl.col(ROW_ID) + ROWS + 100)
    both = pl.concat([rows, again])
    return contract, both.with_columns(clean_cells(pl.col(contract.field_names)))


def judged(contract, rows, block_rows):
    known = circumstances_of(contract)
    return judge(rows.lazy(), contract, CATALOGUE, known, block_rows=block_rows)


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(DATASETS), st.integers(0, 9), st.integers(8, ROWS))
def test_the_size_of_a_block_changes_nothing_in_the_answer(dataset, seed, size):
    contract, rows = drawn(dataset, seed)

    whole = judged(contract, rows, len(rows))
    parts = judged(contract, rows, size)

    assert parts.accepted.collect().equals(whole.accepted.collect())
    assert parts.quarantined.collect().equals(whole.quarantined.collect())
    assert parts.occurrences.equals(whole.occurrences)
    assert parts.readings == whole.readings
    assert parts.compared.findings == whole.compared.findings
    assert parts.compared.measures.equals(whole.compared.measures)
    told = [validation_json(item.suite.name, item.results) for item in (parts, whole)]
    assert told[0] == told[1]


def test_no_more_rows_than_a_block_are_prepared_at_a_time(monkeypatch):
    contract, rows = drawn("competency_record", 0)
    heights = []
    prepare = verdict.prepare

    def recorded(block, *args):
        heights.append(block.select(pl.len()).collect().item())
        return prepare(block, *args)

    monkeypatch.setattr(verdict, "prepare", recorded)
    judged(contract, rows, 10)

    assert heights == [10, 10, 8]


def test_a_key_is_found_twice_however_far_apart_its_rows_are():
    contract, rows = drawn("competency_record", 1)
    first = rows.head(1)
    last = first.with_columns(pl.lit(9_999, pl.Int64).alias(ROW_ID))

    judgement = judged(contract, pl.concat([first, rows.slice(5, 8), last]), 3)

    twice = judgement.occurrences.filter(pl.col("code") == "K401")
    assert {first[ROW_ID].item(), 9_999} <= set(twice[ROW_ID])


@given(st.integers(0, 25), st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_blocks_hold_all_rows_in_their_order(count, size):
    rows = pl.DataFrame({"n": range(count)}, schema={"n": pl.Int64})

    blocks = Blocks.of(rows.lazy(), size)

    assert len(blocks) == count
    assert blocks.collect().equals(rows)
    assert pl.concat(blocks).equals(rows)
    assert max(block.height for block in blocks) <= size


def test_frames_that_are_added_are_read_in_the_order_in_which_they_came():
    empty = pl.DataFrame(schema={"n": pl.Int64})
    blocks = Blocks()

    for frame in (empty, pl.DataFrame({"n": [1, 2]}), empty, pl.DataFrame({"n": [3]})):
        blocks.add(frame)

    assert blocks.collect()["n"].to_list() == [1, 2, 3]
    assert len(blocks) == 3
