"""`pcbl withdraw`: said before, done, proven, and answered in words and in JSON."""

import pytest

from pcbl_pipeline.operations.ingest import ingest_arrival
from tests.support.command_line import call, call_json
from tests.support.workspaces import drop, lessons_csv

WHY = ("--reason", "The wrong year", "--by", "Data office")


@pytest.fixture
def sent(workspace):
    content = lessons_csv(workspace, 1, 2, title="A lesson that nobody else has")
    return ingest_arrival(workspace, drop(workspace, "a.csv", content))


def rows(workspace):
    return workspace.lake.current("lesson_learned").collect().height


def test_a_dry_run_says_what_would_go_and_takes_nothing(workspace, sent):
    said = call("withdraw", sent.submission_id, *WHY, "--dry-run").stdout

    assert f"would take back  {sent.submission_id} a.csv: 2 rows" in said
    assert rows(workspace) == 2
    assert call_json("status")["counts"] == {"accepted": 1}


def test_a_submission_is_withdrawn_and_the_proof_is_shown(workspace, sent):
    result = call("withdraw", sent.submission_id, *WHY, "--erase")

    assert result.exit_code == 0, result.output
    for words in (
        f"{sent.submission_id} was withdrawn by Data office.",
        "bytes as sent  erased",
        "none was found",
    ):
        assert words in result.stdout
    assert rows(workspace) == 0
    assert call_json("status")["counts"] == {"withdrawn": 1}
    (again,) = call_json("withdraw", sent.submission_id, *WHY)
    assert again["proof"]["found"] == []
    assert again["proof"]["raw"] == "erased"


def test_what_is_unknown_is_said(workspace):
    result = call("withdraw", "0499901-00", *WHY)

    assert result.exit_code == 33
    assert "no answered submission 0499901-00" in result.stderr


@pytest.mark.parametrize("option", ["--reason", "--by"])
def test_nothing_is_taken_back_without_a_name_and_a_reason(workspace, sent, option):
    result = call("withdraw", sent.submission_id, *WHY, option, " ")

    assert result.exit_code == 2
    assert rows(workspace) == 2
