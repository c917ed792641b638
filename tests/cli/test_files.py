"""`pcbl check` and `pcbl ingest`."""

import io
import json

import openpyxl
import pytest

from pcbl_pipeline.errors import (
    StoreUnavailable,
    SubmissionsFailed,
    SubmissionUnreadable,
    UnknownSender,
)
from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations import ingest as ingesting
from pcbl_pipeline.reading.recognise import SUMMARY_SHEET
from tests.support.command_line import call, call_json
from tests.support.lessons import as_csv, lesson_rows, shift
from tests.support.workspaces import SITE, drop, lessons_csv


@pytest.fixture
def good(workspace, tmp_path):
    path = tmp_path / "good.csv"
    path.write_bytes(lessons_csv(workspace, 1, 2))
    return path


@pytest.fixture
def bad(workspace, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(lessons_csv(workspace, 3, lesson_type="Worked!"))
    return path


def test_check_finds_nothing_in_a_good_file(good):
    receipt = call_json("check", good)

    assert receipt["status"] == "accepted"
    assert receipt["rows"]["accepted"] == 2


def test_check_says_what_to_do_and_exits_with_1(bad):
    result = call("check", bad)

    assert result.exit_code == 1
    assert "lesson_type" in result.stdout
    assert "row 2" in result.stdout
    assert "To do:" in result.stdout


def test_check_keeps_nothing(workspace, bad, tmp_path):
    before = sorted(tmp_path.rglob("*"))

    call("check", bad, "--site", SITE)

    after = sorted(
        path for path in tmp_path.rglob("*") if ".pcbl-store" not in str(path)
    )
    assert [path for path in after if path not in before] == []


def test_check_gives_the_findings_that_ingesting_gives(workspace, bad):
    checked = call_json("check", bad, "--site", SITE, exit_code=1)
    ingested = call_json("ingest", bad, "--site", SITE, exit_code=1)["receipts"][0]

    assert checked["parts"][0]["findings"] == ingested["parts"][0]["findings"]


def test_check_gives_causes_ranks_and_lists_as_ingesting_does(workspace, tmp_path):
    path = tmp_path / "lessons.csv"
    rows = lesson_rows(
        6,
        lesson_date="3/9/2026",
        title=lambda n: "" if n == 2 else "T",
        lesson_type=lambda n: "Worked!" if n < 3 else "worked",
    )
    path.write_bytes(as_csv(shift(rows, "lesson_type", {6}, "left")))

    checked = call_json(
        "check", path, "--site", SITE, "--output", tmp_path / "out", exit_code=1
    )
    ingested = call_json("ingest", path, "--site", SITE, exit_code=1)["receipts"][0]

    assert checked["parts"] == ingested["parts"]
    assert [f["code"] for f in checked["parts"][0]["findings"]][:1] == ["F161"]
    prefix = layout.answer(SITE, ingested["submission_id"], "")
    for name in ("findings.csv", "findings.parquet"):
        sent = workspace.store.get(f"{prefix}{name}")
        assert (tmp_path / "out" / name).read_bytes() == sent


def test_check_writes_the_whole_answer_into_a_folder(bad, tmp_path):
    result = call("check", bad, "--output", tmp_path / "new" / "answer")

    assert "open receipt.html" in result.stderr
    page = (tmp_path / "new" / "answer" / "receipt.html").read_text("utf-8")
    assert "Nothing was sent" in page
    assert {item.name for item in (tmp_path / "new" / "answer").iterdir()} == {
        "receipt.html",
        "receipt.json",
        "findings.csv",
        "findings.parquet",
        "marked.xlsx",
        "suggestions.csv",
    }
    assert 'href="marked.xlsx"' in page
    assert "Send it first" in page


#: What a receipt says of a sent file's way, and what only the network knows.
ON_THE_WAY = {"check_only", "received_at", "source_object"}
ONLY_THE_NETWORK = {"sender_name", "fictional"}


@pytest.mark.parametrize("where", ["beside the network", "alone"])
def test_check_writes_what_ingesting_delivers(
    workspace, bad, tmp_path, monkeypatch, where
):
    (tmp_path / "desk").mkdir()
    with monkeypatch.context() as moved:
        if where == "alone":
            moved.chdir(tmp_path / "desk")
        call("check", bad, "--site", SITE, "--output", tmp_path / "desk" / "out")

    sent = call_json("ingest", bad, "--site", SITE, exit_code=1)["receipts"][0]

    out = {item.name: item.read_bytes() for item in (tmp_path / "desk/out").iterdir()}
    prefix = layout.answer(SITE, sent["submission_id"], "")
    delivered = {
        item.key.removeprefix(prefix): workspace.store.get(item.key)
        for item in workspace.store.list(prefix)
    }
    checked = json.loads(out["receipt.json"])
    in_parts = {
        name
        for ours, theirs in zip(checked["parts"], sent["parts"], strict=True)
        for name in theirs
        if ours[name] != theirs[name]
    }
    told = {name for name in sent if checked[name] != sent[name]} - {"parts"}
    alone = where == "alone"
    assert told <= ON_THE_WAY | (ONLY_THE_NETWORK if alone else set())
    assert in_parts <= ({"not_checked"} if alone else set())
    assert out.keys() == delivered.keys() >= {"marked.xlsx", "suggestions.csv"}
    for name in out.keys() - {"receipt.html", "receipt.json", "marked.xlsx"}:
        assert out[name] == delivered[name]
    assert cells_of(out["marked.xlsx"]) == cells_of(delivered["marked.xlsx"])


def cells_of(workbook: bytes) -> list[list[tuple]]:
    """Return the cells of all sheets but the summary, which tells of the way."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return [
        [tuple(cell.value for cell in row) for row in sheet]
        for sheet in book
        if sheet.title != SUMMARY_SHEET
    ]


def test_check_says_what_a_correction_frees(bad):
    result = call("check", bad)

    assert "Fixing this frees 1 row." in result.stdout


def test_remarks_are_counted_and_shown_only_when_asked_for(workspace, tmp_path):
    path = tmp_path / "bad.csv"
    lines = lessons_csv(workspace, 3, lesson_type="Worked!").decode().splitlines()
    path.write_text(
        "\n".join(
            f"{line},{end}" for line, end in zip(lines, ("mood", "1"), strict=True)
        )
    )

    short, whole = call("check", path).stdout, call("check", path, "--verbose").stdout

    assert "1 remark: `--verbose` shows them" in short
    assert "C202" not in short
    assert "C202" in whole
    assert "remark" not in whole
    assert whole.index("R307") < whole.index("C202")


def test_check_says_what_changed_since_the_last_file(workspace, bad, tmp_path):
    call("ingest", bad, "--site", SITE)
    path = tmp_path / "next.csv"
    path.write_bytes(lessons_csv(workspace, 3, title="New"))

    result = call("check", path, "--site", SITE)

    assert "Since the last file: 1 fixed, 0 still open, 0 new" in result.stdout


def test_check_needs_no_workspace(good, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    result = call("check", good, "--site", SITE)

    assert result.exit_code == 0
    assert "There is no workspace here" in result.stderr


def test_check_of_no_file_says_so(workspace):
    result = call("check", "nothing.csv")

    assert result.exit_code == SubmissionUnreadable.exit_code
    assert "There is no file nothing.csv." in result.stderr


def test_ingest_takes_all_that_waits(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    drop(workspace, "b.csv", lessons_csv(workspace, 2))

    first = call_json("ingest")
    second = call_json("ingest")

    assert [item["file_name"] for item in first["receipts"]] == ["a.csv", "b.csv"]
    assert second == {"receipts": [], "failed": {}}


def test_ingest_takes_a_key(workspace):
    key = drop(workspace, "a.csv", lessons_csv(workspace, 1))
    drop(workspace, "b.csv", lessons_csv(workspace, 2))

    answer = call_json("ingest", key)

    assert [item["source_object"] for item in answer["receipts"]] == [key]


def test_ingest_drops_a_local_file_for_its_site(workspace, good):
    result = call("ingest", good, "--site", SITE)

    assert result.exit_code == 0
    assert "2 accepted" in result.stdout
    assert workspace.store.head(f"sites/{SITE}/inbox/good.csv")


def test_ingesting_a_file_again_says_that_it_was_received(workspace, good):
    call("ingest", good, "--site", SITE)

    result = call("ingest", good, "--site", SITE)

    assert result.exit_code == 0
    assert "already received" in result.stdout


def test_a_file_dropped_over_an_unread_one_does_not_hide_it(workspace, good):
    drop(workspace, good.name, lessons_csv(workspace, 7))

    call("ingest", good, "--site", SITE)

    received = [item.rows.accepted for item in workspace.ledger.receipts()]
    assert received == [1, 2]


def test_ingest_asks_whose_a_local_file_is(workspace, good):
    result = call("ingest", good)

    assert result.exit_code == SubmissionUnreadable.exit_code
    assert "pcbl ingest --site ID" in result.stderr


def test_ingest_for_a_stranger_is_refused(workspace, good):
    result = call("ingest", good, "--site", "0400000")

    assert result.exit_code == UnknownSender.exit_code
    assert "`0400000` is neither a site nor an agency" in result.stderr


def test_ingest_of_a_missing_key_names_the_key(workspace):
    answer = call_json(
        "ingest",
        f"sites/{SITE}/inbox/gone.csv",
        exit_code=SubmissionUnreadable.exit_code,
    )

    assert answer["failed"] == {f"sites/{SITE}/inbox/gone.csv": "SubmissionUnreadable"}


def test_one_failure_of_ours_does_not_stop_the_others(workspace, monkeypatch):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    drop(workspace, "b.csv", lessons_csv(workspace, 2))
    real = ingesting.ingest_arrival

    def fail_on_a(workspace, key):
        if key.endswith("a.csv"):
            raise StoreUnavailable("out")
        return real(workspace, key)

    monkeypatch.setattr(ingesting, "ingest_arrival", fail_on_a)
    answer = call_json("ingest", exit_code=SubmissionsFailed.exit_code)

    assert [item["file_name"] for item in answer["receipts"]] == ["b.csv"]
    assert answer["failed"] == {f"sites/{SITE}/inbox/a.csv": "StoreUnavailable"}
