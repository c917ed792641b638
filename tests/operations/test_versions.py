"""A row is judged by the version of its own school year, and keeps to be known by it."""

import json

import polars as pl
import pytest

from pcbl_pipeline.model.receipt import Status, Verdict
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from tests.support.builders import csv_bytes
from tests.support.versions import (
    changed,
    moved_to,
    second_version,
    with_field,
    with_second_version,
)
from tests.support.workspaces import SITE, drop

LONG = "A title of more than eighty characters, as it may be. " * 2
OLD, NEW = "2025-2026", "2026-2027"


@pytest.fixture
def changing(workspace):
    return moved_to(workspace, with_second_version(workspace.catalogue))


def lessons(workspace, *rows, version="2.0"):
    """Write rows with all columns of a version."""
    contract = workspace.catalogue.version("lesson_learned", version)
    numbered = [
        {"lesson_id": f"{SITE}-2026-{n:03d}", "site_id": SITE, "schema_version": None}
        | row
        for n, row in enumerate(rows, 1)
    ]
    return csv_bytes(contract, *numbered)


def ingest(workspace, content, name="lessons.csv"):
    return ingest_arrival(workspace, drop(workspace, name, content))


def codes(receipt):
    return {group.code for group in receipt.all_findings}


def landed(workspace, *names):
    rows = workspace.lake.current("lesson_learned").sort("lesson_id", "revision")
    return rows.select("lesson_id", *names).collect().rows()


def test_each_file_is_judged_by_the_version_of_its_year(changing):
    old = ingest(
        changing, lessons(changing, {"school_year": OLD, "title": LONG}, version="1.1")
    )
    new = ingest(changing, lessons(changing, {"school_year": NEW, "title": LONG}))

    assert old.status is Status.ACCEPTED
    assert [part.contract_version for part in old.parts] == ["1.1"]
    assert new.status is Status.HELD
    assert [part.contract_version for part in new.parts] == ["2.0"]
    assert codes(new) == {"R309"}


def test_receipt_says_which_version_judged_and_for_which_years(changing):
    receipt = ingest(changing, lessons(changing, {"school_year": NEW}))

    [part] = receipt.parts
    assert (
        part.read_as[-1] == "checked by version 2.0, for school years from 2026-2027 on"
    )


def test_with_one_version_nothing_is_said_of_versions(workspace):
    content = lessons(workspace, {}, version="1.1")

    receipt = ingest(workspace, content)

    assert not any("version" in line for line in receipt.parts[0].read_as)


def test_rows_of_two_years_are_judged_each_by_its_own_and_land_together(changing):
    content = lessons(
        changing,
        {"school_year": OLD, "title": LONG},
        {"school_year": NEW, "title": LONG},
        {"school_year": NEW, "grant_usd": "7.5"},
        {"school_year": OLD, "lesson_type": "Worked!"},
    )

    receipt = ingest(changing, content)

    by_version = {part.contract_version: part for part in receipt.parts}
    assert {v: part.rows.accepted for v, part in by_version.items()} == {
        "1.1": 1,
        "2.0": 1,
    }
    assert receipt.rows.received == 4
    assert landed(changing, "contract_version", "grant_usd") == [
        (f"{SITE}-2026-001", "1.1", None),
        (f"{SITE}-2026-003", "2.0", 7.5),
    ]
    places = {
        (part.contract_version, group.code, place.row)
        for part in receipt.parts
        for group in part.findings
        for place in group.places
        if group.severity == "error"
    }
    assert places == {("2.0", "R309", 3), ("1.1", "R307", 5)}
    waiting = changing.quarantine.rows().sort("row_number").collect()
    assert waiting.select("row_number", "contract_version").rows() == [
        (3, "2.0"),
        (5, "1.1"),
    ]
    kept = [item.key for item in changing.store.list("ledger/validations/")]
    assert [key.rpartition("/")[2] for key in kept] == [
        "lesson_learned-1.1-0001.json",
        "lesson_learned-2.0-0001.json",
    ]


def test_doing_it_again_changes_nothing(changing):
    content = lessons(changing, {"school_year": OLD}, {"school_year": NEW})
    first = ingest(changing, content)
    before = landed(changing, "received_at", "contract_version")
    [arrival] = changing.store.list("ledger/arrivals/")
    changing.store.delete(arrival.key)

    again = ingest_arrival(changing, f"sites/{SITE}/inbox/lessons.csv")

    assert again == first
    assert landed(changing, "received_at", "contract_version") == before


def test_a_key_that_stands_in_two_years_is_seen(changing):
    twice = {"lesson_id": f"{SITE}-2026-001"}
    content = lessons(
        changing, twice | {"school_year": OLD}, twice | {"school_year": NEW}
    )

    receipt = ingest(changing, content)

    assert codes(receipt) == {"K401"}
    assert receipt.status is Status.HELD
    assert [part.contract_version for part in receipt.parts] == ["2.0"]


@pytest.mark.parametrize(
    ("named", "year", "version", "found"),
    [
        ("1.1", OLD, "1.1", set()),
        ("2.0", NEW, "2.0", set()),
        ("1.1", NEW, "2.0", {"C240"}),
        ("2.0", OLD, "1.1", {"C240"}),
        ("9.9", OLD, "1.1", {"C205"}),
        (None, "2025-27", "1.1", {"R310"}),
        ("1.1", "last year", "1.1", {"R310"}),
        ("2.0", None, "2.0", {"R303"}),
        (None, "NA", "2.0", {"R303"}),
        (None, "1999-2000", "1.1", set()),
    ],
)
def test_version_named_in_the_file_decides_only_where_the_year_does_not(
    changing, named, year, version, found
):
    content = lessons(changing, {"schema_version": named, "school_year": year})

    receipt = ingest(changing, content)

    [part] = receipt.parts
    assert part.contract_version == version
    errors_and_warnings = {g.code for g in part.findings if g.severity != "info"}
    assert errors_and_warnings == found


def test_version_of_other_years_is_a_warning_that_names_the_right_one(changing):
    content = lessons(changing, {"schema_version": "1.1", "school_year": NEW})

    receipt = ingest(changing, content)

    [finding] = [group for group in receipt.all_findings if group.code == "C240"]
    assert receipt.status is Status.ACCEPTED
    assert finding.severity == "warning"
    assert finding.expected.startswith("2.0, the version for school years from")


def test_file_with_the_headers_of_an_older_version_is_recognised_as_that(workspace):
    contract = workspace.catalogue.get("lesson_learned")
    renamed = with_field(contract, "title", name="headline", title="Headline")
    newer = second_version(contract, fields=renamed)
    changing = moved_to(workspace, workspace.catalogue.with_contract(newer))

    old = ingest(changing, lessons(changing, {"school_year": OLD}, version="1.1"))
    new = ingest(changing, lessons(changing, {"school_year": NEW}, version="2.0"))
    mixed = ingest(
        changing,
        lessons(changing, {"school_year": OLD}, {"school_year": NEW}, version="1.1"),
    )

    assert old.status is Status.ACCEPTED
    assert new.status is Status.ACCEPTED
    assert {part.contract_version: part.verdict for part in mixed.parts} == {
        "1.1": Verdict.ACCEPTED,
        "2.0": Verdict.REFUSED,
    }
    assert mixed.rows.add_up
    assert mixed.rows.refused == 1
    assert "C201" in codes(mixed)
    assert set(changing.lake.current("lesson_learned").collect_schema()) >= {
        "title",
        "headline",
    }


def test_rows_of_before_are_null_in_a_column_that_came_later(workspace):
    ingest(workspace, lessons(workspace, {}, version="1.1"))
    changing = moved_to(workspace, with_second_version(workspace.catalogue))
    assert landed(changing, "grant_usd") == [(f"{SITE}-2026-001", None)]
    content = lessons(
        changing,
        {"lesson_id": f"{SITE}-2027-001", "school_year": NEW, "grant_usd": "3"},
    )

    ingest(changing, content, "newer.csv")

    assert landed(changing, "contract_version", "grant_usd") == [
        (f"{SITE}-2026-001", "1.1", None),
        (f"{SITE}-2027-001", "2.0", 3.0),
    ]


def test_a_snapshot_of_two_versions_replaces_its_scopes(workspace):
    contract = workspace.catalogue.get("site_profile")
    fields = with_field(contract, "site_name", max_length=80)
    newer = changed(contract, version="2.0", valid_from=NEW, fields=fields)
    changing = moved_to(workspace, workspace.catalogue.with_contract(newer))
    base = {"site_id": SITE, "leaid": SITE, "ncessch": None, "schema_version": None}

    def profiles(name):
        years = [base | {"school_year": y, "site_name": name} for y in (OLD, NEW)]
        return csv_bytes(newer, *years)

    ingest(changing, profiles("First"), "a.csv")
    receipt = ingest(changing, profiles("Second"), "b.csv")

    rows = changing.lake.current("site_profile").sort("school_year").collect()
    assert rows.select("school_year", "site_name", "contract_version").rows() == [
        (OLD, "Second", "1.0"),
        (NEW, "Second", "2.0"),
    ]
    assert receipt.rows.accepted == 2


def test_year_after_the_last_version_is_not_collected(workspace):
    contract = workspace.catalogue.get("lesson_learned")
    ended = changed(contract, valid_to=OLD)
    changing = moved_to(workspace, workspace.catalogue.with_contract(ended))
    content = lessons(
        changing, {"school_year": OLD}, {"school_year": NEW}, version="1.1"
    )

    receipt = ingest(changing, content)

    [finding] = [g for g in receipt.all_findings if g.severity == "error"]
    assert (finding.code, finding.count, finding.places[0].row) == ("C241", 1, 3)
    assert finding.expected == "A school year up to 2025-2026."


def test_row_with_the_wrong_number_of_cells_is_accounted_for(changing):
    whole = lessons(changing, {"school_year": OLD}, {"school_year": NEW}).decode()
    head, old, new = whole.strip().split("\n")
    content = "\n".join((head, old, new, new + ",one,more", old[:40])) + "\n"

    receipt = ingest(changing, content.encode())

    assert receipt.rows.received == 4
    assert receipt.rows.add_up
    assert receipt.rows.quarantined == 2
    assert "R311" in codes(receipt)


def test_check_at_the_site_names_the_same_versions(changing, tmp_path):
    content = lessons(
        changing, {"school_year": OLD, "title": LONG}, {"school_year": NEW}
    )
    path = tmp_path / "lessons.csv"
    path.write_bytes(content)

    checked = check_file(path, catalogue=changing.catalogue)
    ingested = ingest(changing, content)

    def parts(receipt):
        return [(p.contract_version, p.rows, p.verdict) for p in receipt.parts]

    assert parts(checked) == parts(ingested)


def test_what_was_superseded_is_told_by_version(changing):
    rows = [{"school_year": OLD}, {"school_year": NEW}]
    early = drop(changing, "early.csv", lessons(changing, *rows))
    ingest(changing, lessons(changing, {"school_year": NEW}, {"school_year": NEW}))

    receipt = ingest_arrival(changing, early)

    counts = {part.contract_version: part.rows.superseded for part in receipt.parts}
    landed_now = pl.DataFrame(landed(changing, "contract_version"), orient="row")
    assert counts == {"1.1": 1, "2.0": 1}
    assert set(landed_now["column_1"]) == {"2.0"}
    assert json.loads(receipt.model_dump_json())["status"] == "superseded"
