"""A submission is taken back: its rows go, what they replaced returns, and it is proven."""

import contextlib
import shutil

import polars as pl
import pytest

from pcbl_pipeline.errors import WithdrawalImpossible
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.model.withdrawal import RawBytes
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.operations.replay import find_waiting, replay_waiting
from pcbl_pipeline.operations.waive import explain
from pcbl_pipeline.operations.withdraw import finish_withdrawals, withdraw
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import build_workspace
from tests.support.builders import csv_bytes
from tests.support.faults import Killed, MortalStore
from tests.support.readable import found_in
from tests.support.rule_files import own_catalogue
from tests.support.workspaces import SITE, drop, lessons_csv, make_workspace

AGENCY, YEAR = "sea-04", "2025-2026"
WHY = {"reason": "It is of the wrong year.", "by": "Data office"}
CANARY = "Maya Lopez sang to the canaries at noon"
NAME = "0499901-2026-777"


@pytest.fixture(autouse=True)
def contracts(monkeypatch):
    # Reading the contracts takes longer than most of these tests.
    monkeypatch.setattr(
        "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
    )


@pytest.fixture
def workspace(tmp_path, contracts):
    return make_workspace(tmp_path / "store")


def send(workspace, name, content, sender=SITE):
    return ingest_arrival(workspace, drop(workspace, name, content, sender=sender))


def send_rows(workspace, sender, dataset, *changes):
    content = csv_bytes(workspace.catalogue.get(dataset), *changes)
    return send(workspace, f"{dataset}.csv", content, sender)


def titles(workspace):
    rows = workspace.lake.current("lesson_learned").collect()
    return dict(sorted((r["lesson_id"][-3:], r["title"]) for r in rows.to_dicts()))


def answers(workspace, receipt):
    prefix = layout.answer(receipt.sender_id, receipt.submission_id, "")
    keys = [item.key for item in workspace.store.list(prefix)]
    return {key.removeprefix(prefix): workspace.store.get(key) for key in keys}


def everything(workspace):
    return {
        item.key: workspace.store.get(item.key) for item in workspace.store.list("")
    }


def codes(receipt):
    return {finding.code for finding in receipt.all_findings}


def state(workspace):
    """Return the rows that a reader could see, whatever was told of them."""
    frames = [workspace.quarantine.rows().drop("received_at").collect()]
    frames += [
        workspace.lake.current(name).drop("received_at").collect()
        for name in workspace.catalogue.contracts
    ]
    return [sorted(map(str, frame.to_dicts())) for frame in frames]


def test_what_a_file_had_replaced_counts_again_and_both_answers_say_so(workspace):
    first = send(workspace, "a.csv", lessons_csv(workspace, 1, 2, title="First words"))
    second = send(workspace, "b.csv", lessons_csv(workspace, 2, 3, title="Other words"))

    (done,) = withdraw(workspace, second.submission_id, **WHY)

    assert titles(workspace) == {"001": "First words", "002": "First words"}
    (again,) = done.again
    assert (again.submission_id, again.back) == (first.submission_id, 1)
    anew = workspace.ledger.find_receipt(SITE, first.submission_id)
    assert (anew.revision, anew.status) == (2, Status.ACCEPTED)
    assert "F188" in codes(anew)
    told = workspace.ledger.find_receipt(SITE, second.submission_id)
    assert (told.revision, told.status) == (2, Status.WITHDRAWN)
    assert told.withdrawal.reason == WHY["reason"]
    outbox = answers(workspace, second)
    assert set(outbox) == {"receipt.html", "receipt.json"}
    assert Receipt.model_validate_json(outbox["receipt.json"]) == told
    page = outbox["receipt.html"].decode()
    for words in ("withdrawn", WHY["reason"], "Data office", "1 row of a.csv count"):
        assert words in page


def test_rows_that_needed_what_was_withdrawn_wait_again(workspace):
    site = {"site_id": SITE, "leaid": SITE, "ncessch": None, "school_year": YEAR}
    send_rows(workspace, SITE, "site_profile", site)
    need = {"site_id": SITE, "ta_request_id": "R-1", "school_year": YEAR}
    need |= {"requested_on": "2025-10-01", "needed_by": None, "status": "open"}
    request = send_rows(workspace, SITE, "ta_request", need)
    event = {"school_year": YEAR, "event_date": "2025-11-03", "sites_served": SITE}
    events = send_rows(
        workspace,
        AGENCY,
        "ta_event",
        event | {"ta_event_id": "E-1", "ta_request_ids": "R-1"},
        event | {"ta_event_id": "E-2", "ta_request_ids": None},
    )
    assert events.status is Status.ACCEPTED

    (done,) = withdraw(workspace, request.submission_id, **WHY)

    assert [(i.submission_id, i.set_aside) for i in done.again] == [
        (events.submission_id, 1)
    ]
    rows = workspace.lake.current("ta_event").collect()
    assert rows["ta_event_id"].to_list() == ["E-2"]
    assert workspace.quarantine.rows().collect().height == 1
    # What the other sender was told is nothing of this one's.
    told = workspace.ledger.find_receipt(SITE, request.submission_id)
    assert told.withdrawal.again == ()


def test_the_lake_is_as_if_the_file_had_never_come(tmp_path):
    with_it, without = (make_workspace(tmp_path / name) for name in ("one", "other"))
    files = [
        ("a.csv", lessons_csv(with_it, 1, 2, title="One")),
        ("b.csv", lessons_csv(with_it, 2, 3, title="Two", lesson_type="odd")),
        ("c.csv", lessons_csv(with_it, 2, title="Three")),
    ]
    sent = [send(with_it, *file) for file in files]
    send(without, *files[0])
    send(without, *files[2])

    withdraw(with_it, sent[1].submission_id, **WHY)

    assert state(with_it) == state(without)
    assert replay_waiting(with_it) == []


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Two files of lessons; the second one names a person, also in its own name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "pcbl_pipeline.workspace.load_catalogue", lambda _: own_catalogue()
        )
        folder = tmp_path_factory.mktemp("prepared") / "store"
        workspace = make_workspace(folder)
        send(workspace, "a.csv", lessons_csv(workspace, 1, 2, title="First words"))
        good = {"lesson_id": NAME, "title": CANARY, "situation": f"So. {CANARY}."}
        bad = {"lesson_id": f"{SITE}-2026-002", "title": f"2 {CANARY}", "revision": "x"}
        lesson = workspace.catalogue.get("lesson_learned")
        rows = [{"site_id": SITE} | row for row in (good, bad)]
        other = {"site_id": SITE, "lesson_id": f"{SITE}-2026-002", "title": "Canary 2"}
        content = csv_bytes(lesson, *rows, other)
        receipt = send(workspace, "Maya Lopez.csv", content)
    assert receipt.status is Status.ACCEPTED_WITH_QUARANTINE
    return folder, receipt


def copy_of(prepared, folder):
    shutil.copytree(prepared[0], folder)
    return make_workspace(folder)


def test_erased_means_that_no_file_of_the_store_holds_a_word_of_it(prepared, tmp_path):
    workspace, receipt = copy_of(prepared, tmp_path / "store"), prepared[1]
    needles = {CANARY, NAME, "Maya Lopez.csv", "Maya Lopez"}
    holders = {key.split("/")[0] for key in found_in_all(workspace, needles)}
    assert holders == {"lake", "ledger", "raw", "sites"}

    (done,) = withdraw(workspace, receipt.submission_id, **WHY, erase=True)

    assert found_in_all(workspace, needles) == []
    assert (done.proof.raw, done.proof.found) == (RawBytes.ERASED, ())
    assert done.proof.values > 3
    searched = {item.place: item.files for item in done.proof.searched}
    assert searched["lake"] > 4
    assert searched["outboxes"] > 4
    kept = workspace.ledger.find_receipt(SITE, receipt.submission_id)
    assert (kept.sha256, kept.file_name) == (receipt.sha256, "erased.csv")
    assert titles(workspace) == {"001": "First words", "002": "First words"}


def found_in_all(workspace, needles):
    files = everything(workspace)
    by_content = [key for key in files if found_in({key: files[key]}, needles)]
    by_name = [key for key in files if any(needle in key for needle in needles)]
    return [*by_content, *by_name]


def test_kept_bytes_are_for_the_office_alone_and_can_be_erased_later(
    prepared, tmp_path
):
    workspace, receipt = copy_of(prepared, tmp_path / "store"), prepared[1]
    other = send(workspace, "odd.csv", f"a,b\n{CANARY},2\n".encode())
    (kept,) = withdraw(workspace, receipt.submission_id, **WHY)
    assert kept.proof.also_sent_in == (other.submission_id,)
    withdraw(workspace, other.submission_id, **WHY, erase=True)
    files = everything(workspace)
    readers = {k: v for k, v in files.items() if k.startswith(("lake/", "sites/"))}
    inbox = layout.inbox(SITE)
    assert {k for k in found_in_all(workspace, {CANARY}) if k in readers} == {
        f"{inbox}Maya Lopez.csv"
    }
    assert kept.proof.raw is RawBytes.KEPT
    assert layout.raw(receipt.sha256) in files

    (erased,) = withdraw(workspace, receipt.submission_id, **WHY, erase=True)

    assert erased.proof.raw is RawBytes.ERASED
    assert found_in_all(workspace, {CANARY, "Maya Lopez.csv"}) == []


def test_what_is_left_anywhere_is_named_and_nothing_is_called_done(prepared, tmp_path):
    workspace, receipt = copy_of(prepared, tmp_path / "store"), prepared[1]
    places = {
        f"sites/{SITE}/outbox/stray/findings.csv",
        "publications/old/index.html",
        "lake/lesson_learned/stray.json",
        "ledger/tries/stray.json",
    }
    for place in places:
        workspace.store.put(place, f"x {CANARY} y".encode())

    with pytest.raises(WithdrawalImpossible, match="left in 4 files: lake/") as told:
        withdraw(workspace, receipt.submission_id, **WHY, erase=True)

    assert "Maya" not in str(told.value)
    assert workspace.store.head(layout.raw(receipt.sha256))
    assert all(finish_withdrawals(workspace).values())
    for place in places:
        workspace.store.delete(place)
    assert finish_withdrawals(workspace) == {receipt.submission_id: None}
    assert found_in_all(workspace, {CANARY}) == []


def test_a_crash_at_any_write_is_finished_by_the_next_run(prepared, tmp_path):
    """Die, run again, and end as an undisturbed run does.

    Before some of the writes: before each in turn it passes too, and takes a minute.
    """
    receipt = prepared[1]
    undisturbed = copy_of(prepared, tmp_path / "undisturbed")
    withdraw(undisturbed, receipt.submission_id, **WHY, erase=True)
    names = {key for key in everything(undisturbed) if not key.startswith("lake/")}

    for moment in range(7, 80, 20):
        fresh = copy_of(prepared, tmp_path / f"crash{moment}")
        store = LocalStore(tmp_path / f"crash{moment}")
        mortal = MortalStore(store, dies_at=moment)
        dying = build_workspace(fresh.settings, mortal, fresh.network)
        with contextlib.suppress(Killed):
            withdraw(dying, receipt.submission_id, **WHY, erase=True)
        if mortal.survived:
            assert moment > 20, "the crash points were not reached"
            return
        finish_withdrawals(fresh)
        withdraw(fresh, receipt.submission_id, **WHY, erase=True)
        assert state(fresh) == state(undisturbed), f"died before write {moment}"
        left = {key for key in everything(fresh) if not key.startswith("lake/")}
        assert left == names, f"died before write {moment}"
        assert found_in_all(fresh, {CANARY}) == []
    pytest.fail("withdrawing one file never finished")


def test_the_same_bytes_sent_again_are_a_new_file_and_it_is_said(workspace):
    content = lessons_csv(workspace, 1)
    first = send(workspace, "a.csv", content)
    withdraw(workspace, first.submission_id, **WHY, erase=True)
    assert titles(workspace) == {}

    again = send(workspace, "b.csv", content)

    assert again.submission_id == f"{first.submission_id}r2"
    assert (again.status, again.repeat) == (Status.ACCEPTED, False)
    assert "F189" in codes(again)
    assert set(titles(workspace)) == {"001"}
    assert workspace.store.get(layout.raw(first.sha256)) == content
    withdraw(workspace, again.submission_id, **WHY)
    assert send(workspace, "c.csv", content).submission_id.endswith("r3")


def test_a_drop_of_the_time_before_is_withdrawn_with_the_file(workspace):
    """Also where the inbox was restored, or swept late: it never comes back."""
    content = lessons_csv(workspace, 1)
    first = send(workspace, "a.csv", content)
    late = drop(workspace, "late.csv", content)
    withdraw(workspace, first.submission_id, **WHY)

    told = [ingest_arrival(workspace, key) for key in (first.source_object, late)]

    assert {item.status for item in told} == {Status.WITHDRAWN}
    assert titles(workspace) == {}
    assert workspace.quarantine.rows().collect().is_empty()
    assert find_arrivals(workspace) == []
    assert find_waiting(workspace) == []


def test_bytes_that_another_sender_sent_too_stay(workspace):
    content = b"not,a,dataset\n1,2,3\n"
    one = send(workspace, "a.csv", content)
    other = send(workspace, "a.csv", content, sender="0499902")

    (done,) = withdraw(workspace, one.submission_id, **WHY, erase=True)

    assert done.proof.raw is RawBytes.SHARED
    assert workspace.store.get(layout.raw(other.sha256)) == content
    (last,) = withdraw(workspace, other.submission_id, **WHY, erase=True)
    assert last.proof.raw is RawBytes.ERASED


def test_a_reason_that_repeats_the_file_is_not_taken(prepared, tmp_path):
    workspace, receipt = copy_of(prepared, tmp_path / "store"), prepared[1]
    why = f"It says: {CANARY}"

    with pytest.raises(WithdrawalImpossible, match="The reason repeats") as told:
        withdraw(workspace, receipt.submission_id, reason=why, by="Data office")

    assert "Maya" not in str(told.value)
    assert workspace.withdrawals.begun() == []


def test_there_must_be_an_answered_file(workspace):
    for name in ("0499901-00", "nothing", ""):
        with pytest.raises(WithdrawalImpossible, match="pcbl status"):
            withdraw(workspace, name, **WHY)


def test_a_list_that_corrects_the_file_goes_with_it(workspace):
    lesson = workspace.catalogue.get("lesson_learned")
    rows = [{"lesson_id": f"{SITE}-2026-00{n}", "site_id": SITE} for n in (1, 2)]
    rows[1]["lesson_type"] = "opne question"
    first = send(workspace, "lessons.csv", csv_bytes(lesson, *rows))
    patch = answers(workspace, first)["suggestions.csv"]
    second = send(workspace, "suggestions.csv", patch)
    assert len(titles(workspace)) == 2

    done = withdraw(workspace, first.submission_id, **WHY, erase=True)

    assert [item.withdrawal.submission_id for item in done] == [
        *(second.submission_id, first.submission_id),
    ]
    assert {item.proof.raw for item in done} == {RawBytes.ERASED}
    assert titles(workspace) == {}
    late = send(workspace, "again.csv", patch + b"\n")
    assert "F171" in codes(late)


def test_a_file_that_came_in_between_no_longer_stands_in_a_lists_way(workspace):
    lesson = workspace.catalogue.get("lesson_learned")
    row = {"lesson_id": f"{SITE}-2026-001", "site_id": SITE}
    first = send(
        workspace, "a.csv", csv_bytes(lesson, row | {"lesson_type": "opne question"})
    )
    between = send(workspace, "b.csv", lessons_csv(workspace, 2))
    patch = answers(workspace, first)["suggestions.csv"]
    refused = send(workspace, "suggestions.csv", patch)
    assert codes(refused) == {"F172"}

    withdraw(workspace, between.submission_id, **WHY)

    assert set(titles(workspace)) == {"001"}
    anew = workspace.ledger.find_receipt(SITE, refused.submission_id)
    assert anew.status is Status.ACCEPTED


def test_what_a_withdrawn_sheet_decided_or_explained_goes_with_it(workspace):
    held = "The best idea came from Maya."
    plain = dict.fromkeys(("title", "situation", "result", "recommendation"), "Fine.")
    send(workspace, "a.csv", lessons_csv(workspace, 1, **plain, action=held))
    queue = workspace.store.get(layout.release_queue(SITE, ".csv"))
    lines = pl.read_csv(queue, infer_schema=False)
    filled = lines.with_columns(decision=pl.lit("withhold")).write_csv().encode()
    sheet = send(workspace, "release_queue.csv", filled)
    assert sheet.status is Status.ACCEPTED
    (decision,) = workspace.sentence_decisions.standing(SITE).values()
    assert decision.source == sheet.submission_id

    withdraw(workspace, sheet.submission_id, **WHY)

    assert workspace.sentence_decisions.standing(SITE) == {}
    assert held.encode() in workspace.store.get(layout.release_queue(SITE, ".csv"))


def test_with_the_bytes_goes_what_was_explained_about_them(workspace):
    site = {"site_id": SITE, "leaid": SITE, "ncessch": None, "school_year": YEAR}
    receipt = send_rows(workspace, SITE, "site_profile", site | {"locale_code": None})
    (code,) = {g.code for g in receipt.all_findings if g.severity == "warning"}
    explain(workspace, SITE, receipt.submission_id, code, "Maya Lopez counted them.")

    withdraw(workspace, receipt.submission_id, **WHY, erase=True)

    assert workspace.waivers.all(SITE) == []
    assert found_in_all(workspace, {"Maya Lopez"}) == []
