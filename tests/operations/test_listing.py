"""Every single finding is listed, however many there are."""

import tracemalloc

import polars as pl
import pytest

from pcbl_pipeline.operations.check import check_and_list
from pcbl_pipeline.operations.groups import PLACES_IN_RECEIPT
from pcbl_pipeline.operations.listing import (
    LISTING_SCHEMA,
    list_findings,
    write_csv,
    write_parquet,
)
from tests.support.builders import catalogue
from tests.support.lessons import SITE, as_csv, lesson_rows

MANY = PLACES_IN_RECEIPT + 500


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return the answer to a file with more findings than a receipt names."""
    path = tmp_path_factory.mktemp("many") / "lessons.csv"
    rows = lesson_rows(
        MANY,
        lesson_id=lambda n: f"{SITE}-2026-{n % 1000:03d}",
        revision=lambda n: str(n // 1000 + 1),
        lesson_type=lambda n: f"=kind {n}",
        title=lambda n: "" if n % 2 else "T",
    )
    path.write_bytes(as_csv(rows))
    return check_and_list(path, catalogue=catalogue())


def test_receipt_counts_all_and_names_the_first(many):
    receipt, _ = many

    groups = {group.field: group for group in receipt.all_findings}
    assert {name: group.count for name, group in groups.items()} == {
        "lesson_type": MANY,
        "title": MANY / 2,
    }
    assert len(groups["lesson_type"].places) == PLACES_IN_RECEIPT
    assert groups["lesson_type"].places_listed_in == "findings.csv"
    assert groups["title"].places_listed_in is None


def test_both_files_list_every_place(many, tmp_path):
    receipt, listing = many

    write_csv(listing, tmp_path / "a.csv")
    write_parquet(listing, tmp_path / "a.parquet")

    table = pl.read_parquet(tmp_path / "a.parquet")
    text = pl.read_csv(tmp_path / "a.csv", schema=LISTING_SCHEMA, encoding="utf8")
    assert table.schema == LISTING_SCHEMA
    assert table.height == text.height == sum(g.count for g in receipt.all_findings)
    of_type = table.filter(pl.col("column") == "lesson_type")
    assert of_type["row"].to_list() == list(range(2, MANY + 2))
    assert of_type["cell"].to_list() == [f"I{row}" for row in range(2, MANY + 2)]
    assert of_type["value"].to_list() == [f"=kind {n}" for n in range(1, MANY + 1)]
    # A spreadsheet must not run what a site wrote.
    assert text["value"].drop_nulls().str.starts_with("'=kind").sum() == MANY


def test_places_in_the_receipt_are_the_first_of_the_list(many):
    receipt, listing = many

    listed = listing.collect()
    for group in receipt.all_findings:
        mine = listed.filter(pl.col("message") == group.message)
        first = mine.head(len(group.places))
        assert [place.row for place in group.places] == first["row"].to_list()
        assert [place.cell for place in group.places] == first["cell"].to_list()


def test_a_finding_is_no_python_object(many, tmp_path):
    """Writing a list takes the memory of its frame, not of an object per finding."""
    _, listing = many

    tracemalloc.start()
    write_parquet(listing, tmp_path / "a.parquet")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 100 * MANY


def test_no_findings_are_an_empty_list(tmp_path):
    write_csv(list_findings([]), tmp_path / "a.csv")

    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert text == ",".join(LISTING_SCHEMA.names()) + "\n"
