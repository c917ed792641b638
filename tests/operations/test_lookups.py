"""Rules that look into other rows, over several files: they wait, and are freed."""

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.replay import reference_codes, replay_waiting
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import csv_bytes

SITE, NEIGHBOUR, AGENCY = "0499901", "0499902", "sea-04"
NO_WAIVER = {"waiver_start": None, "waiver_end": None, "extension_no": None}


def send(
    workspace: Workspace, dataset: str, *changes: dict, sender: str = SITE
) -> Receipt:
    content = csv_bytes(workspace.catalogue.get(dataset), *changes)
    key = f"{layout.inbox(sender)}{dataset}.csv"
    workspace.store.put(key, content)
    return ingest_arrival(workspace, key)


def barrier(revision: int, status: str, **more) -> dict:
    return NO_WAIVER | {"revision": str(revision), "status": status} | more


def codes(receipt: Receipt) -> set[str]:
    return {f.code for f in receipt.all_findings if f.severity != "info"}


def statuses(workspace: Workspace) -> dict[int, str]:
    rows = workspace.lake.current("barrier_and_waiver").collect()
    return dict(rows.select("revision", "status").iter_rows())


def test_settled_barrier_stays_settled_whatever_file_brings_the_next_revision(
    workspace: Workspace,
) -> None:
    send(workspace, "barrier_and_waiver", barrier(1, "open"))
    settled = send(workspace, "barrier_and_waiver", barrier(3, "denied"))
    assert settled.status is Status.ACCEPTED

    again = send(workspace, "barrier_and_waiver", barrier(4, "under_review"))

    assert (again.status, codes(again)) == (Status.HELD, {"K431"})
    assert statuses(workspace) == {1: "open", 3: "denied"}
    # A revision in between is asked about the one before it, not the newest one.
    between = send(workspace, "barrier_and_waiver", barrier(2, "under_review"))
    assert between.status is Status.ACCEPTED


def test_status_is_free_again_once_the_earlier_revision_is_put_right(
    workspace: Workspace,
) -> None:
    send(workspace, "barrier_and_waiver", barrier(1, "withdrawn"))
    send(workspace, "barrier_and_waiver", barrier(2, "open"))
    assert replay_waiting(workspace) == []

    send(workspace, "barrier_and_waiver", barrier(1, "under_review"))
    [freed] = replay_waiting(workspace)

    assert (freed.revision, freed.status) == (2, Status.ACCEPTED)
    assert statuses(workspace) == {1: "under_review", 2: "open"}


def test_barrier_of_a_neighbour_with_the_same_id_settles_nothing(
    workspace: Workspace,
) -> None:
    other = {"site_id": NEIGHBOUR}
    send(
        workspace,
        "barrier_and_waiver",
        barrier(1, "denied", **other),
        sender=NEIGHBOUR,
    )

    receipt = send(workspace, "barrier_and_waiver", barrier(2, "open"))

    assert receipt.status is Status.ACCEPTED


def test_revisions_of_one_file_are_held_against_each_other(
    workspace: Workspace,
) -> None:
    receipt = send(
        workspace, "barrier_and_waiver", barrier(2, "open"), barrier(1, "denied")
    )

    assert codes(receipt) == {"K431"}
    assert statuses(workspace) == {1: "denied"}


def test_learning_waits_for_the_profile_that_says_how_many_educators_there_are(
    workspace: Workspace,
) -> None:
    few, many = {"award_id": "A", "n_started": "30"}, {"award_id": "B"}
    many |= {"n_started": "40", "n_completed": "0"}
    first = send(workspace, "educator_learning", few, many)
    assert (first.status, codes(first)) == (Status.HELD, {"K435"})

    profile = {"ncessch": None, "educators_total": "30", "educators_in_pilot": "1"}
    send(workspace, "site_profile", profile)
    [second] = replay_waiting(workspace)
    assert (second.rows.accepted, codes(second)) == (1, {"K434"})

    send(workspace, "site_profile", profile | {"educators_total": "40"})
    [third] = replay_waiting(workspace)
    assert (third.status, third.rows.accepted) == (Status.ACCEPTED, 2)


def test_profile_and_learning_may_come_in_one_year_and_not_in_another(
    workspace: Workspace,
) -> None:
    send(workspace, "site_profile", {"ncessch": None})

    receipt = send(workspace, "educator_learning", {"school_year": "2024-2025"})

    assert codes(receipt) == {"K435"}


def test_action_waits_for_the_barrier_that_it_names(workspace: Workspace) -> None:
    first = send(workspace, "state_action", {}, sender=AGENCY)
    assert (first.status, codes(first)) == (Status.HELD, {"K433"})

    send(workspace, "barrier_and_waiver", barrier(1, "open"))
    [second] = replay_waiting(workspace)

    assert second.status is Status.ACCEPTED
    [row] = workspace.lake.current("state_action").collect().to_dicts()
    assert (row["sender_id"], row["barrier_ids"]) == (AGENCY, ["0499901-B-004"])


def test_agency_sends_rows_of_its_own_state_only(workspace: Workspace) -> None:
    own = {"barrier_ids": None}
    other = own | {"state_fips": "38", "action_id": "38-DP04-001"}

    receipt = send(workspace, "state_action", own, other, sender=AGENCY)

    assert receipt.rows.quarantined == 1
    [finding] = [f for f in receipt.all_findings if f.code == "K436"]
    assert "04" in finding.expected
    assert finding.count == 1


def test_newer_records_replace_those_of_the_same_year(workspace: Workspace) -> None:
    first, second = ({"student_key": sign * 64} for sign in "ab")
    earlier = {
        "school_year": "2024-2025",
        "first_evidence_on": "2024-09-02",
        "demonstrated_on": "2025-02-12",
    }
    send(workspace, "competency_record", first, first | earlier)

    receipt = send(workspace, "competency_record", second)

    assert receipt.status is Status.ACCEPTED
    rows = workspace.lake.current("competency_record").collect()
    assert sorted(rows.select("school_year", "student_key").iter_rows()) == [
        ("2024-2025", "a" * 64),
        ("2025-2026", "b" * 64),
    ]


def test_no_answer_repeats_a_key_of_a_learner(workspace: Workspace) -> None:
    twice = {"student_key": "c" * 63 + "X"}

    receipt = send(workspace, "competency_record", twice, twice)

    assert codes(receipt) == {"F152"}
    assert twice["student_key"] not in receipt.model_dump_json()


def test_what_only_the_lake_knows_is_named_as_not_checked_at_a_desk(
    workspace: Workspace, tmp_path
) -> None:
    catalogue = workspace.catalogue
    path = tmp_path / "barriers.csv"
    rows = (barrier(2, "open"), barrier(1, "denied"))
    path.write_bytes(csv_bytes(catalogue.get("barrier_and_waiver"), *rows))

    alone = check_file(path, catalogue=catalogue)
    asked = check_file(path, catalogue=catalogue, workspace=workspace, sender_id=SITE)

    assert {"K431", "K432"} <= set(alone.parts[0].not_checked)
    assert codes(alone) == set()
    assert (codes(asked), asked.parts[0].not_checked) == ({"K431"}, ())


def test_rules_that_look_into_other_rows_are_those_that_are_asked_again(
    workspace: Workspace,
) -> None:
    waiting = {"K411", "K412", "K413", "K431", "K432", "K433", "K434", "K435"}

    assert waiting <= reference_codes(workspace.catalogue)
