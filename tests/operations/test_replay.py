"""Rows that wait for what others have yet to send are freed, once, and answered."""

from dataclasses import replace

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import answer_anew, find_waiting, replay_waiting
from pcbl_pipeline.operations.replayed import changes_of
from pcbl_pipeline.operations.sync import plan_sync
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes

SITE, AGENCY, YEAR = "0499901", "sea-04", "2025-2026"


AWARDS = "educator_learning"


def send(workspace: Workspace, sender: str, dataset: str, *changes: dict) -> Receipt:
    key = f"{layout.inbox(sender)}{dataset}.csv"
    workspace.store.put(key, csv_bytes(workspace.catalogue.get(dataset), *changes))
    return ingest_arrival(workspace, key)


def send_profile(workspace: Workspace):
    change = {"site_id": SITE, "leaid": SITE, "ncessch": None, "school_year": YEAR}
    receipt = send(workspace, SITE, "site_profile", change)
    assert receipt.status is Status.ACCEPTED, receipt.all_findings


def send_request(workspace: Workspace):
    change = {
        "site_id": SITE,
        "ta_request_id": "R-1",
        "school_year": YEAR,
        "requested_on": "2025-10-01",
        "needed_by": None,
        "status": "open",
    }
    receipt = send(workspace, SITE, "ta_request", change)
    assert receipt.status is Status.ACCEPTED, receipt.all_findings


def send_events(workspace: Workspace):
    common = {"school_year": YEAR, "event_date": "2025-11-03", "sites_served": SITE}
    return send(
        workspace,
        AGENCY,
        "ta_event",
        {**common, "ta_event_id": "E-1", "ta_request_ids": "R-1"},
        {**common, "ta_event_id": "E-2", "ta_request_ids": None},
    )


def events(workspace: Workspace) -> list[str]:
    rows = workspace.lake.current("ta_event").collect()
    return sorted(rows["ta_event_id"].to_list())


def test_events_before_their_sites_and_requests_wait_and_are_freed(
    workspace: Workspace,
) -> None:
    first = send_events(workspace)
    assert first.status is Status.HELD
    assert {f.code[:3] for f in first.all_findings if f.severity == "error"} == {"K41"}
    assert replay_waiting(workspace) == []

    send_profile(workspace)
    [second] = replay_waiting(workspace)
    assert (second.revision, second.status) == (2, Status.ACCEPTED_WITH_QUARANTINE)
    assert events(workspace) == ["E-2"]

    send_request(workspace)
    [third] = replay_waiting(workspace)
    assert (third.revision, third.status) == (3, Status.ACCEPTED)
    assert events(workspace) == ["E-1", "E-2"]
    assert workspace.quarantine.rows().collect().is_empty()
    assert replay_waiting(workspace) == []


def test_what_a_second_look_changed_is_told_apart_from_what_it_did_not(
    workspace: Workspace,
) -> None:
    first = send_events(workspace)
    send_profile(workspace)
    send_request(workspace)
    [second] = replay_waiting(workspace)
    third = second.model_copy(update={"revision": 3})
    workspace.ledger.record(third)

    told = changes_of(workspace.ledger, [first, second, third])

    assert [(item.freed, item.is_changed) for item in told] == [
        (0, True),
        (2, True),
        (0, False),
    ]


def test_a_replay_ends_where_a_clean_order_would(workspace: Workspace) -> None:
    send_profile(workspace)
    send_request(workspace)

    receipt = send_events(workspace)

    assert (receipt.revision, receipt.status) == (1, Status.ACCEPTED)
    assert events(workspace) == ["E-1", "E-2"]


def test_each_answer_stands_beside_the_earlier_one(workspace: Workspace) -> None:
    first = send_events(workspace)
    send_profile(workspace)
    replay_waiting(workspace)

    prefix = layout.answer(AGENCY, first.submission_id, "")
    names = {item.key.removeprefix(prefix) for item in workspace.store.list(prefix)}

    assert names == {
        "receipt.json",
        "receipt.html",
        "receipt-2.json",
        "receipt-2.html",
        "findings.csv",
        "findings.parquet",
        "marked.xlsx",
    }


def test_an_event_sent_again_meanwhile_is_not_overwritten(workspace: Workspace) -> None:
    """The replay of an older file must not win over a newer one."""
    send_events(workspace)
    send_profile(workspace)
    newer = {
        "school_year": YEAR,
        "event_date": "2025-12-01",
        "sites_served": SITE,
        "ta_event_id": "E-2",
        "ta_request_ids": None,
    }
    send(workspace, AGENCY, "ta_event", newer)

    replay_waiting(workspace)

    [row] = workspace.lake.current("ta_event").collect().to_dicts()
    assert str(row["event_date"]) == "2025-12-01"


def test_a_replay_may_be_of_one_sender_or_one_dataset(workspace: Workspace) -> None:
    first = send_events(workspace)
    send_profile(workspace)
    send_request(workspace)

    assert replay_waiting(workspace, sender_id=SITE) == []
    assert replay_waiting(workspace, dataset="ta_request") == []
    assert find_waiting(workspace, sender_id=SITE) == []
    [waiting] = find_waiting(workspace, sender_id=AGENCY, dataset="ta_event")
    assert waiting.submission_id == first.submission_id
    assert plan_sync(workspace, sender_id=AGENCY).replayed == (waiting,)
    assert plan_sync(workspace, sender_id=AGENCY).left_to_nightly == ()
    assert plan_sync(workspace, sender_id=SITE).left_to_nightly == (waiting,)
    assert events(workspace) == []

    [freed] = replay_waiting(workspace, sender_id=AGENCY, dataset="ta_event")

    assert freed.submission_id == first.submission_id
    assert events(workspace) == ["E-1", "E-2"]
    assert find_waiting(workspace) == []


def test_rows_leave_the_lake_where_a_replay_knows_their_dataset_no_more(
    workspace: Workspace,
) -> None:
    send_profile(workspace)
    receipt = send(workspace, SITE, AWARDS, {"site_id": SITE, "school_year": YEAR})
    assert workspace.lake.current(AWARDS).collect().height == 1
    known = workspace.catalogue
    others = [c for c in known.contracts.values() if c.dataset != AWARDS]
    without = Catalogue(
        tuple(others),
        tuple(known.code_lists.values()),
        known.generic_rules,
        tuple(known.limit_tables.values()),
    )

    again = answer_anew(replace(workspace, catalogue=without), receipt)

    assert again.status is Status.REFUSED
    assert workspace.lake.current(AWARDS).collect().is_empty()
