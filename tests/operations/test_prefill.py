"""A site's own template begins with rows of its own, and of nobody else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from pcbl_pipeline.contracts.template import write_template
from pcbl_pipeline.model.receipt import Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.prefill import prefilled_rows
from tests.support.builders import csv_bytes
from tests.support.workspaces import SITE, drop

OTHER = "0499902"
#: What is known beforehand of a row.
BEGUN = {
    "site_profile": ("site_id", "school_year", "state_fips", "leaid"),
    "implementation_status": ("site_id", "school_year", "window", "element_code"),
    **dict.fromkeys(
        (
            *("outcome_metric", "perception_survey", "lesson_learned"),
            *("barrier_and_waiver", "ta_request", "educator_learning"),
        ),
        ("site_id", "school_year"),
    ),
}
#: A text that a spreadsheet would run, if it were a formula.
HOSTILE = '=HYPERLINK("https://example.org","see")'


@pytest.fixture
def at(workspace):
    """The workspace as it is opened on the first of November of a year."""

    def on(year):
        return replace(workspace, clock=lambda: datetime(year, 11, 1, tzinfo=UTC))

    return on


@pytest.fixture
def sent(workspace):
    def send(dataset, *rows, sender=SITE):
        contract = workspace.catalogue.get(dataset)
        own = {"site_id": sender, "schema_version": None}
        content = csv_bytes(contract, *[own | row for row in rows])
        key = drop(workspace, f"{dataset}-{len(content)}.csv", content, sender=sender)
        receipt = ingest_arrival(workspace, key)
        assert receipt.status is Status.ACCEPTED, receipt.all_findings
        return workspace

    return send


def all_prefilled(workspace, sender=SITE):
    contracts = workspace.catalogue.contracts.values()
    return prefilled_rows(workspace, contracts, workspace.network.get_sender(sender))


def prefilled(workspace, sender=SITE):
    """Return what was sent before, without the rows that are only begun."""
    return {
        dataset: [row for row in rows if len(row) > len(BEGUN[dataset])]
        for dataset, rows in all_prefilled(workspace, sender).items()
    }


def profile(year, sender=SITE, **changes):
    return {"school_year": year, "leaid": sender, "ncessch": None, **changes}


def test_last_years_profile_is_moved_to_the_present_year(at, sent):
    sent("site_profile", profile("2024-2025", site_name="Old"))
    sent("site_profile", profile("2025-2026", site_name="New", locale_code="NA"))

    [row] = prefilled(at(2026))["site_profile"]

    assert (row["school_year"], row["site_name"]) == ("2026-2027", "New")
    assert (row["leaid"], row["grades_served"]) == (SITE, "09; 10; 11; 12")
    assert row["locale_code"] == "NA"
    assert row["cohort_start_year"] == 2024
    blank = {name for name, value in row.items() if value is None}
    assert {"students_total", "educators_in_pilot", "grant_phase"} <= blank
    assert row["consent_publish_name"] == "Y"


def test_a_profile_of_the_present_year_is_not_asked_for_again(at, sent):
    sent("site_profile", profile("2025-2026"))

    assert prefilled(at(2025))["site_profile"] == []


def test_only_open_requests_come_back_with_their_dates_as_text(at, sent):
    number = f"{SITE}-TA-2026-00"
    sent(
        "ta_request",
        {"ta_request_id": f"{number}2", "status": "scheduled"},
        {"ta_request_id": f"{number}1", "status": "open"},
        {"ta_request_id": f"{number}3", "status": "withdrawn"},
    )

    rows = prefilled(at(2026))["ta_request"]

    assert [row["ta_request_id"][-1] for row in rows] == ["1", "2"]
    assert rows[0]["requested_on"] == "2026-01-20"


def barrier(revision, status, number=1):
    """A barrier without a waiver, so that any status is right."""
    none = dict.fromkeys(("waiver_start", "waiver_end", "extension_no"))
    return {
        "barrier_id": f"{SITE}-B-00{number}",
        "revision": str(revision),
        "status": status,
        **none,
    }


def test_a_barrier_that_was_closed_later_is_not_open(at, sent):
    sent("barrier_and_waiver", barrier(1, "under_review"))
    sent("barrier_and_waiver", barrier(2, "resolved_locally"))

    assert prefilled(at(2026))["barrier_and_waiver"] == []


def test_an_open_barrier_comes_back_once_as_its_next_revision(at, sent):
    sent("barrier_and_waiver", barrier(2, "under_review"), barrier(10, "open"))
    sent("barrier_and_waiver", barrier(1, "open", 2), barrier(1, "denied", 3))

    rows = prefilled(at(2026))["barrier_and_waiver"]

    assert [
        (row["barrier_id"][-1], row["revision"], row["status"]) for row in rows
    ] == [
        ("1", 11, "open"),
        ("2", 2, "open"),
    ]
    assert {row["school_year"] for row in rows} == {"2026-2027"}


def test_a_barrier_sent_back_changed_leaves_the_revision_before_as_it_was(
    at, sent, workspace, tmp_path
):
    sent("barrier_and_waiver", barrier(1, "under_review"))
    path, catalogue = tmp_path / "own.xlsx", workspace.catalogue
    rows, sender = prefilled(at(2026)), workspace.network.get_sender(SITE)
    rows["barrier_and_waiver"][0]["status"] = "denied"
    contract = catalogue.get("barrier_and_waiver")
    write_template([contract], catalogue, path, site=sender, rows=rows)

    receipt = ingest_arrival(workspace, drop(workspace, "b.xlsx", path.read_bytes()))

    assert receipt.rows.accepted == 1
    kept = workspace.lake.current("barrier_and_waiver").sort("revision").collect()
    assert kept["status"].to_list() == ["under_review", "denied"]


def test_nobody_sees_the_rows_of_another_site(at, sent):
    theirs = {"ta_request_id": f"{OTHER}-TA-2026-001", "status": "open"}
    sent("ta_request", theirs, sender=OTHER)
    sent("site_profile", profile("2025-2026", OTHER), sender=OTHER)

    assert not any(prefilled(at(2026)).values())


def test_prefilled_requests_can_be_sent_back_as_they_are(at, sent, workspace, tmp_path):
    sent("ta_request", {"status": "open", "need": HOSTILE, "needed_by": "NA"})
    path, catalogue = tmp_path / "own.xlsx", workspace.catalogue
    rows, sender = prefilled(at(2026)), workspace.network.get_sender(SITE)
    write_template(
        [catalogue.get("ta_request")], catalogue, path, site=sender, rows=rows
    )

    key = drop(workspace, "back.xlsx", path.read_bytes())
    receipt = ingest_arrival(workspace, key)

    assert [group.code for group in receipt.all_findings] == []
    assert receipt.rows.accepted == 1
    [row] = workspace.lake.current("ta_request").collect().to_dicts()
    assert (row["need"], row["not_applicable"]) == (HOSTILE, ["needed_by"])


def test_what_is_known_beforehand_is_filled_in(at, sent, workspace):
    begun = all_prefilled(at(2026))

    assert {name: tuple(rows[0]) for name, rows in begun.items()} == BEGUN
    assert begun["site_profile"] == [
        {
            "site_id": SITE,
            "school_year": "2026-2027",
            "state_fips": SITE[:2],
            "leaid": SITE,
        }
    ]
    ratings = begun["implementation_status"]
    assert {row["window"] for row in ratings} == {"fall"}
    elements = [f"CBE{i}" for i in range(1, 8)] + [f"DC{i:02}" for i in range(1, 11)]
    assert [row["element_code"] for row in ratings] == elements


def test_a_window_that_was_rated_is_not_begun_again(at, sent):
    sent("implementation_status", *ratings_of("2025-2026", "fall"))

    assert all_prefilled(at(2025))["implementation_status"] == []
    assert len(all_prefilled(at(2026))["implementation_status"]) == 17


def test_an_agency_finds_its_state_and_nothing_of_sites(at, workspace):
    begun = all_prefilled(at(2026), f"sea-{SITE[:2]}")

    assert {name: rows[0] for name, rows in begun.items()} == {
        "state_action": {"state_fips": SITE[:2]},
        "ta_event": {"school_year": "2026-2027"},
    }


def ratings_of(year, window):
    elements = [f"CBE{i}" for i in range(1, 8)] + [f"DC{i:02}" for i in range(1, 11)]
    return [
        {
            "school_year": year,
            "window": window,
            "element_code": code,
            "stage_since": "2025-09-01",
        }
        for code in elements
    ]


def own_template(workspace, path):
    """Write what a site finds on the first of a November, as the command does."""
    catalogue = workspace.catalogue
    contracts = [c for c in catalogue.contracts.values() if c.submitted_by == "site"]
    sender = workspace.network.get_sender(SITE)
    rows = all_prefilled(workspace)
    write_template(contracts, catalogue, path, site=sender, rows=rows)


def test_rows_in_which_nothing_was_filled_in_are_left_out_and_told(
    at, workspace, tmp_path
):
    path = tmp_path / "own.xlsx"
    own_template(at(2026), path)
    book = load_workbook(path)
    sheet, contract = book["ta_request"], workspace.catalogue.get("ta_request")
    for column, field in enumerate(contract.fields, start=1):
        if field.name not in ("site_id", "schema_version", "ta_request_id", "status"):
            sheet.cell(3, column).value = field.example
    sheet.cell(3, contract.field_names.index("ta_request_id") + 1).value = f"{SITE}-9"
    sheet.cell(3, contract.field_names.index("status") + 1).value = "open"
    book.save(path)

    receipt = ingest_arrival(workspace, drop(workspace, "own.xlsx", path.read_bytes()))

    assert receipt.status is Status.ACCEPTED
    assert {group.code for group in receipt.all_findings} == {"F111"}
    assert (receipt.rows.received, receipt.rows.accepted) == (1, 1)
    [part] = receipt.parts
    assert (
        "Rows 4 to 7 were left out: nothing was filled in but `site_id`, `school_year`."
        in part.read_as
    )


def test_a_template_sent_back_as_it_was_holds_no_row(at, workspace, tmp_path):
    path = tmp_path / "own.xlsx"
    own_template(at(2026), path)

    receipt = ingest_arrival(workspace, drop(workspace, "own.xlsx", path.read_bytes()))

    assert {group.code for group in receipt.all_findings} <= {"F102", "F111"}
    assert receipt.rows.received == 0
