"""The annual report on its way to its tables: which receipts count, and when."""

from datetime import UTC, date, datetime

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, RowCounts, Status, Verdict
from pcbl_pipeline.operations.summaries.annual import annual
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import parse_network
from tests.support.builders import NETWORK_YAML
from tests.support.frames import lake_rows

NETWORK = parse_network(NETWORK_YAML)
SITES = len(NETWORK.sites)


def receipt(number, dataset, received_at, covers, *, accepted=1, sender="0499901"):
    counts = RowCounts(received=accepted, accepted=accepted)
    return Receipt(
        submission_id=f"{sender}-{number:012x}",
        sender_id=sender,
        sender_name="Invented",
        file_name="file.csv",
        sha256=f"{number:064x}",
        size_bytes=1,
        received_at=received_at,
        source_object="sites/0499901/inbox/file.csv",
        status=Status.ACCEPTED,
        rows=counts,
        parts=(
            ReceiptPart(
                dataset=dataset, verdict=Verdict.ACCEPTED, rows=counts, covers=covers
            ),
        ),
        pipeline_version="0.1.0",
    )


@pytest.fixture
def quality(tmp_path):
    """Return the quality note for some receipts, by dataset."""

    def note(*receipts, as_of=date(2026, 11, 20)):
        ledger = Ledger(LocalStore(tmp_path))
        for item in receipts:
            ledger.record(item)
        frames = {
            name: lake_rows(name, []) for name in ("site_profile", "educator_learning")
        }
        rows = LakeRows(None, ledger, frames)  # type: ignore[arg-type] - never read
        scope = SummaryScope(NETWORK, load_catalogue(), "public", as_of)
        table = annual(rows, scope)["pub10_quality"]
        assert table["school_year"].unique().to_list() == ["2025-2026"]
        told = table.drop("school_year").rows_by_key("dataset", unique=True)
        names = table.columns[2:]
        return {
            name: dict(zip(names, values, strict=True)) for name, values in told.items()
        }

    return note


YEAR = {"school_year": ("2025-2026",)}


def test_each_window_of_ratings_is_owed_and_late_after_thirty_days(quality):
    on_time = datetime(2025, 12, 30, 12, tzinfo=UTC)
    late = datetime(2026, 6, 15, 12, tzinfo=UTC)

    told = quality(
        receipt(1, "implementation_status", on_time, YEAR | {"window": ("fall",)}),
        receipt(2, "implementation_status", late, YEAR | {"window": ("Spring",)}),
    )["implementation_status"]

    assert (told["expected"], told["delivered"], told["on_time"]) == (2 * SITES, 2, 1)
    assert told["completeness"] == pytest.approx(2 / (2 * SITES), abs=1e-4)


def test_a_year_as_people_write_it_is_that_year_and_others_are_not(quality):
    day = datetime(2025, 10, 1, tzinfo=UTC)

    told = quality(
        receipt(1, "site_profile", day, {"school_year": ("2025-26",)}),
        receipt(
            2, "site_profile", day, {"school_year": ("2024-2025",)}, sender="3299901"
        ),
        receipt(3, "site_profile", day, {"school_year": ("",)}, sender="3899901"),
    )["site_profile"]

    assert (told["expected"], told["delivered"]) == (SITES, 1)


def test_a_file_with_the_year_before_the_pilot_is_a_delivery_of_both_years(quality):
    day = datetime(2026, 7, 1, tzinfo=UTC)
    both = {"school_year": ("2022-2023", "2025-2026")}

    told = quality(receipt(1, "outcome_metric", day, both, accepted=90))

    row = told["outcome_metric"]
    assert (row["delivered"], row["accepted"]) == (1, 90)
    assert row["completeness"] == pytest.approx(1 / SITES, abs=1e-4)


def test_what_came_after_the_day_counts_as_its_rows_do(quality):
    later = datetime(2026, 11, 25, tzinfo=UTC)

    told = quality(receipt(1, "lesson_learned", later, YEAR), as_of=date(2026, 11, 20))

    assert told["lesson_learned"]["delivered"] == 1
    assert told["site_profile"]["delivered"] == 0


def test_a_file_of_two_windows_is_two_deliveries_and_its_rows_count_once(quality):
    day = datetime(2025, 12, 1, tzinfo=UTC)
    both = YEAR | {"window": ("fall", "spring")}

    told = quality(receipt(1, "implementation_status", day, both, accepted=34))

    row = told["implementation_status"]
    assert (row["delivered"], row["accepted"]) == (2, 34)
    assert row["on_time"] == 2
