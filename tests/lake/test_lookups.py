"""What other rows say: the one received last, and one's own where ids are one's own."""

from pathlib import Path

import polars as pl

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.lake.lookups import find_told
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.verdict import judge
from tests.support.builders import catalogue, make_submission, text_rows

CATALOGUE = catalogue()
BARRIER = CATALOGUE.get("barrier_and_waiver")
LEARNING = CATALOGUE.get("educator_learning")
NO_WAIVER = {"waiver_start": None, "waiver_end": None, "extension_no": None}


def lookup(contract: Contract, name: str):
    return next(item for item in contract.derived if item.name == name)


def land(lake: Lake, dataset: str, *changes: dict, hour: int, sender: str = "0499901"):
    contract = CATALOGUE.get(dataset)
    rows = text_rows(contract, *changes).lazy()
    judged = judge(rows, contract, CATALOGUE, Circumstances()).accepted.collect()
    assert judged.height == len(changes)
    lake.land(
        make_submission(f"{dataset}-{hour}", hour=hour, sender_id=sender),
        contract,
        judged.with_columns(sheet=pl.lit(None, pl.String)),
        revision=1,
    )


def barrier(revision: int, status: str):
    return NO_WAIVER | {"revision": str(revision), "status": status}


def test_earlier_rows_are_the_senders_own(tmp_path: Path) -> None:
    lake, column = (
        Lake(LocalStore(tmp_path), CATALOGUE),
        lookup(BARRIER, "status_before"),
    )
    empty = find_told(lake, column, sender_id="0499901")
    land(lake, "barrier_and_waiver", barrier(1, "open"), barrier(2, "denied"), hour=1)
    land(
        lake,
        "barrier_and_waiver",
        barrier(7, "withdrawn") | {"site_id": "0499902"},
        hour=2,
        sender="0499902",
    )

    told = find_told(lake, column, sender_id="0499901")

    assert empty.is_empty()
    assert empty.schema == told.schema
    assert sorted(told.rows()) == [
        ("0499901-B-004", 1, "open"),
        ("0499901-B-004", 2, "denied"),
    ]


def test_value_of_another_dataset_is_the_one_that_counts_now(tmp_path: Path) -> None:
    lake = Lake(LocalStore(tmp_path), CATALOGUE)
    column = lookup(LEARNING, "educators_in_profile")
    profile = {"ncessch": None, "educators_in_pilot": "1"}
    for hour, total in ((2, "40"), (1, "30")):
        land(lake, "site_profile", profile | {"educators_total": total}, hour=hour)

    told = find_told(lake, column, sender_id="0499902")

    assert told.to_dicts() == [
        {"site_id": "0499901", "school_year": "2025-2026", "value": 40}
    ]
