"""The way of one file: every kind of input gets an answer, once, and nothing is lost."""

import contextlib
import json
import traceback
from pathlib import Path

import polars as pl
import pytest

from pcbl_pipeline.errors import SubmissionUnreadable, UnforeseenFault, UnknownSender
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status, Verdict
from pcbl_pipeline.operations import ingest as ingest_module
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.workspace import Workspace, build_workspace
from tests.support.builders import csv_bytes
from tests.support.faults import Killed, MortalStore

SITE = "0499901"


def drop(
    workspace: Workspace, content: bytes, name: str = "file.csv", sender: str = SITE
) -> str:
    key = f"{layout.inbox(sender)}{name}"
    workspace.store.put(key, content)
    return key


def lessons(workspace: Workspace, *changes: dict[str, str | None]) -> bytes:
    numbered = [
        {"lesson_id": f"{SITE}-2026-{n:03d}", "site_id": SITE, **change}
        for n, change in enumerate(changes, 1)
    ]
    return csv_bytes(workspace.catalogue.get("lesson_learned"), *numbered)


def answers(workspace: Workspace, sender: str = SITE) -> dict[str, bytes]:
    """Return the outbox: name below the submission's folder → content."""
    prefix = layout.outbox(sender)
    keys = [item.key for item in workspace.store.list(prefix)]
    return {key.removeprefix(prefix): workspace.store.get(key) for key in keys}


def landed(workspace: Workspace, dataset: str = "lesson_learned") -> list[tuple]:
    rows = workspace.lake.current(dataset).collect()
    return sorted(rows.select("lesson_id", "revision", "title").iter_rows())


def codes(receipt: Receipt) -> list[str]:
    return [finding.code for finding in receipt.all_findings]


def test_takes_the_good_rows_and_sets_the_others_aside(workspace: Workspace) -> None:
    content = lessons(workspace, {}, {"lesson_type": "Worked!"}, {})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert receipt.status is Status.ACCEPTED_WITH_QUARANTINE
    assert receipt.rows.model_dump() == {
        "received": 3,
        "accepted": 2,
        "quarantined": 1,
        "refused": 0,
        "superseded": 0,
    }
    [finding] = [f for f in receipt.all_findings if f.severity == "error"]
    [place] = finding.places
    assert (finding.code, finding.field) == ("R307", "lesson_type")
    assert (place.row, place.column, place.value) == (3, "lesson_type", "Worked!")
    assert place.cell == "I3"
    assert len(landed(workspace)) == 2
    [waiting] = workspace.quarantine.rows().collect().to_dicts()
    assert waiting["row_number"] == 3
    assert json.loads(waiting["values"])["lesson_type"] == "Worked!"
    assert waiting["reasons"] == [{"code": "R307", "field": "lesson_type"}]


def test_answers_as_json_page_and_lists(workspace: Workspace) -> None:
    content = lessons(workspace, {"lesson_type": "=cmd|' /C calc'!A0"})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    outbox = answers(workspace)
    folder = receipt.submission_id
    assert set(outbox) == {
        f"{folder}/{n}"
        for n in (
            "receipt.json",
            "receipt.html",
            "findings.csv",
            "findings.parquet",
            "marked.xlsx",
        )
    }
    assert Receipt.model_validate_json(outbox[f"{folder}/receipt.json"]) == receipt
    page = outbox[f"{folder}/receipt.html"].decode()
    assert "http" not in page.replace("http-equiv", "")
    assert "R307" in page
    assert "I2" in page
    listed = outbox[f"{folder}/findings.csv"].decode("utf-8-sig")
    assert "'=cmd" in listed  # a spreadsheet must not run what a site wrote
    assert workspace.ledger.find_receipt(SITE, folder) == receipt


def test_keeps_the_raw_bytes(workspace: Workspace) -> None:
    content = b"not,a,dataset\n1,2,3\n"

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert workspace.store.get(layout.raw(receipt.sha256)) == content


BAD_FILES = {
    "empty": (b"", "file.csv", "F101"),
    "unknown dataset": (b"route,stop\n12,Elm Street\n", "bus.csv", "F107"),
    "not a workbook": (b"just text", "book.xlsx", "F103"),
    "cut in a letter": ("title\nRésumé\n".encode()[:-2], "file.csv", "F104"),
    "too large": (b"x" * 1_000_000, "file.csv", "F105"),
    "unsupported": (b"%PDF-1.7", "file.pdf", "F106"),
}


@pytest.mark.parametrize(("content", "name", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_answers_a_file_that_cannot_be_taken(
    workspace: Workspace, content: bytes, name: str, code: str
) -> None:
    receipt = ingest_arrival(workspace, drop(workspace, content, name))

    assert receipt.status is Status.REFUSED
    assert code in codes(receipt)
    [finding] = [f for f in receipt.all_findings if f.code == code]
    assert finding.fix
    assert "{" not in finding.message + finding.expected + finding.fix
    assert f"{receipt.submission_id}/receipt.html" in answers(workspace)
    assert find_arrivals(workspace) == []


def test_answers_a_header_without_rows(workspace: Workspace) -> None:
    header = lessons(workspace).splitlines()[0]

    receipt = ingest_arrival(workspace, drop(workspace, header + b"\n"))

    assert receipt.status is Status.REFUSED
    assert "F102" in codes(receipt)


def test_refuses_a_file_of_another_site_with_one_finding(workspace: Workspace) -> None:
    content = lessons(workspace, {"site_id": "0499902"}, {"site_id": "0499902"})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert (receipt.status, codes(receipt)) == (Status.REFUSED, ["F108"])
    assert (receipt.rows.received, receipt.rows.refused) == (2, 2)
    assert workspace.quarantine.rows().collect().is_empty()


def test_sets_single_rows_of_another_site_aside(workspace: Workspace) -> None:
    content = lessons(workspace, {}, {"site_id": "0499902"})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert receipt.status is Status.ACCEPTED_WITH_QUARANTINE
    assert [c for c in codes(receipt) if c.startswith("K")] == ["K402"]


def test_refuses_a_dataset_that_somebody_else_sends(workspace: Workspace) -> None:
    content = csv_bytes(workspace.catalogue.get("ta_event"), {})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert (receipt.status, codes(receipt)) == (Status.REFUSED, ["F109"])


def test_holds_a_file_in_which_every_row_is_wrong(workspace: Workspace) -> None:
    content = lessons(workspace, {"lesson_date": "soon"}, {"lesson_date": "later"})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    assert receipt.status is Status.HELD
    assert receipt.parts[0].verdict is Verdict.HELD


def test_a_row_with_a_missing_comma_is_one_finding(workspace: Workspace) -> None:
    good = lessons(workspace, {}, {}, {}, {}).splitlines()
    good[2] = good[2].replace(b",", b"", 1)

    receipt = ingest_arrival(workspace, drop(workspace, b"\n".join(good)))

    assert [f.code for f in receipt.all_findings if f.severity == "error"] == ["R311"]
    assert receipt.parts[0].findings[0].places[0].row == 3
    assert (receipt.rows.accepted, receipt.rows.quarantined) == (3, 1)


def test_the_same_bytes_again_change_nothing(workspace: Workspace) -> None:
    content = lessons(workspace, {}, {"lesson_type": "no"})
    first = ingest_arrival(workspace, drop(workspace, content, "first.csv"))
    before = (landed(workspace), workspace.lake.versions(), answers(workspace))

    again = ingest_arrival(workspace, drop(workspace, content, "second.csv"))

    assert again.repeat
    assert codes(again) == ["F190"]
    assert "first.csv" in again.findings[0].message
    assert (landed(workspace), workspace.lake.versions()) == before[:2]
    outbox = answers(workspace)
    assert before[2].items() <= outbox.items()
    assert any("already-received" in name for name in outbox.keys() - before[2].keys())
    assert workspace.ledger.receipts() == [first]
    assert find_arrivals(workspace) == []


def test_the_same_bytes_from_another_site_are_another_submission(
    workspace: Workspace,
) -> None:
    content = b"not,a,dataset\n1,2,3\n"

    one = ingest_arrival(workspace, drop(workspace, content))
    two = ingest_arrival(workspace, drop(workspace, content, sender="0499902"))

    assert one.submission_id != two.submission_id
    assert not two.repeat


def test_ingesting_the_same_arrival_again_returns_its_receipt(
    workspace: Workspace,
) -> None:
    key = drop(workspace, lessons(workspace, {}, {}))

    first = ingest_arrival(workspace, key)

    assert ingest_arrival(workspace, key) == first


def test_a_corrected_file_frees_nothing_twice(workspace: Workspace) -> None:
    ingest_arrival(
        workspace, drop(workspace, lessons(workspace, {}, {"lesson_type": "x"}))
    )

    corrected = ingest_arrival(
        workspace, drop(workspace, lessons(workspace, {}, {}), "b.csv")
    )

    assert corrected.status is Status.ACCEPTED
    assert len(landed(workspace)) == 2


def state(workspace: Workspace) -> tuple:
    """Return everything that a reader could see, without times and versions."""
    receipts = [
        r.model_copy(update={"received_at": None}) for r in workspace.ledger.receipts()
    ]
    rows = workspace.lake.current("lesson_learned").drop("received_at").collect()
    aside = workspace.quarantine.rows().drop("received_at").collect()
    return (
        receipts,
        rows.sort("lesson_id", "revision").to_dicts(),
        aside.sort("submission_id", "row_number").to_dicts(),
        sorted(answers(workspace)),
        find_arrivals(workspace),
    )


def test_a_crash_at_any_write_leaves_nothing_lost_and_nothing_doubled(
    tmp_path: Path, workspace: Workspace
) -> None:
    """Die before each write in turn, sweep again, and end as an undisturbed run does."""
    content = lessons(workspace, {}, {"lesson_type": "Worked!"}, {})
    ingest_arrival(workspace, drop(workspace, content))
    undisturbed = state(workspace)

    for moment in range(1, 30):
        store = LocalStore(tmp_path / f"crash{moment}")
        fresh = build_workspace(workspace.settings, store, workspace.network)
        key = drop(fresh, content)
        mortal = MortalStore(store, dies_at=moment)
        dying = build_workspace(workspace.settings, mortal, workspace.network)
        with contextlib.suppress(Killed):
            ingest_arrival(dying, key)
        for arrival in find_arrivals(fresh):
            ingest_arrival(fresh, arrival.key)
        assert state(fresh) == undisturbed, f"died before write {moment}"
        if mortal.survived:
            assert moment > 6, "the crash points were not reached"
            return
    pytest.fail("ingesting one file never finished")


def test_our_own_fault_is_said_to_be_ours_and_tried_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = drop(workspace, lessons(workspace, {}, {}))

    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("ours, quoting what a row holds")

    monkeypatch.setattr(ingest_module, "judge_dataset", broken)
    with pytest.raises(UnforeseenFault, match="ZeroDivisionError") as raised:
        ingest_arrival(workspace, key)
    # Orchestrators keep errors with their texts and their causes.
    assert "quoting" not in "".join(traceback.format_exception(raised.value))

    [told] = [c for n, c in answers(workspace).items() if n.endswith("receipt.json")]
    assert Receipt.model_validate_json(told).status is Status.FAILED
    [page] = [c for n, c in answers(workspace).items() if n.endswith(".html")]
    assert b"on our side" in page
    [failure] = workspace.ledger.failures()
    assert (failure.attempts, failure.error) == (1, "ZeroDivisionError")
    assert [arrival.key for arrival in find_arrivals(workspace)] == [key]

    monkeypatch.undo()
    receipt = ingest_arrival(workspace, key)

    assert receipt.status is Status.ACCEPTED
    [told] = [c for n, c in answers(workspace).items() if n.endswith("receipt.json")]
    assert Receipt.model_validate_json(told) == receipt
    assert list(workspace.ledger.failures()) == []


def test_a_key_that_is_no_drop_is_the_operators_matter(workspace: Workspace) -> None:
    with pytest.raises(SubmissionUnreadable, match="pcbl status"):
        ingest_arrival(workspace, "sites/0499901/inbox/gone.csv")
    workspace.store.put("sites/0499999/inbox/a.csv", b"x")
    with pytest.raises(UnknownSender, match="0499999"):
        ingest_arrival(workspace, "sites/0499999/inbox/a.csv")


def test_half_written_files_are_left_alone(workspace: Workspace) -> None:
    for name in ("~$book.xlsx", ".hidden.csv", "a.csv.part", "b.crdownload"):
        drop(workspace, b"x", name)

    assert find_arrivals(workspace) == []


def test_rows_keep_which_fields_do_not_apply(workspace: Workspace) -> None:
    ingest_arrival(
        workspace, drop(workspace, lessons(workspace, {"recommendation": "NA"}, {}))
    )

    rows = workspace.lake.current("lesson_learned").sort("lesson_id").collect()
    assert rows["not_applicable"].to_list() == [["recommendation"], []]
    assert rows.select(pl.col("recommendation").is_null()).to_series().to_list() == [
        True,
        False,
    ]


def test_keeps_the_record_of_great_expectations_without_values(
    workspace: Workspace,
) -> None:
    content = lessons(workspace, {}, {"lesson_type": "Worked!"})

    receipt = ingest_arrival(workspace, drop(workspace, content))

    key = layout.validation(SITE, receipt.submission_id, "lesson_learned", 1)
    kept = workspace.store.get(key)
    record = json.loads(kept)
    failed = [r for r in record["results"] if not r["success"]]
    assert [r["expectation_config"]["meta"]["code"] for r in failed] == ["R307"]
    assert failed[0]["result"]["unexpected_count"] == 1
    assert b"Worked!" not in kept
