"""`pcbl init`, `status`, `settings` and `contracts`."""

import openpyxl
import pytest

from pcbl_pipeline.errors import (
    SettingsInvalid,
    StoreUnavailable,
    UnknownContract,
    WorkspaceMissing,
)
from pcbl_pipeline.operations import ingest as ingesting
from tests.support.command_line import call, call_json
from tests.support.workspaces import SITE, drop, lessons_csv


def test_init_makes_an_inbox_for_each_sender(tmp_path):
    answer = call_json("init")

    assert answer["senders"]
    for sender in answer["senders"]:
        assert (tmp_path / "pcbl-workspace" / "sites" / sender / "inbox").is_dir()
    assert "#" in (tmp_path / "pcbl-workspace" / "network.yaml").read_text()


def test_init_keeps_an_edited_network_and_adds_its_sites(tmp_path):
    call("init")
    definition = tmp_path / "pcbl-workspace" / "network.yaml"
    edited = definition.read_text().replace(
        "sites:", 'sites:\n  - {site_id: "%s", name: New (invented)}'
    )
    state = call_json("init")["senders"][0][:2]
    definition.write_text(edited % f"{state}99977")

    answer = call_json("init")

    assert f"{state}99977" in answer["senders"]
    assert f"{state}99977" in definition.read_text()


def test_init_in_another_place(tmp_path):
    call("--workspace", "file:elsewhere", "init")

    assert (tmp_path / "elsewhere" / "network.yaml").is_file()


def test_the_workspace_option_has_the_last_word(tmp_path, monkeypatch):
    monkeypatch.setenv("PCBL_STORE_URL", "file:by-variable")

    assert call_json("settings")["store_url"] == "file:by-variable"
    assert call_json("--workspace", "by-option", "settings")["store_url"] == "by-option"


def test_status_tells_what_came_and_what_waits(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))
    call("ingest")
    drop(workspace, "b.csv", lessons_csv(workspace, 2))

    answer = call_json("status")

    assert answer["counts"] == {"accepted": 1}
    assert [item["key"] for item in answer["waiting"]] == [f"sites/{SITE}/inbox/b.csv"]
    assert answer["current_release"] is None
    shown = call("status").stdout
    assert "a.csv" in shown
    assert "waiting       sites/0499901/inbox/b.csv" in shown


def test_init_says_the_step_after_editing_once_it_was_edited(tmp_path):
    first = call("init").stdout
    definition = tmp_path / "pcbl-workspace" / "network.yaml"
    definition.write_text(definition.read_text() + "# Mine now.\n")

    second = call("init").stdout

    assert "Next: edit that file, then run `pcbl init` again." in first
    assert "edit that file" not in second
    assert "Next: get templates with `pcbl contracts template --site" in second
    assert "`pcbl ingest --site" in second


def test_status_forgets_a_failure_whose_file_is_gone(workspace, monkeypatch):
    key = drop(workspace, "a.csv", lessons_csv(workspace, 1))
    with monkeypatch.context() as patched:
        patched.setattr(ingesting, "land_dataset", fail)
        call("ingest")
    before = call("status").stdout

    workspace.store.delete(key)

    assert "our fault     sites/0499901/inbox/a.csv (1 try, StoreUnavailable)" in before
    assert "our fault" not in call("status").stdout


def fail(*_: object, **__: object) -> None:
    raise StoreUnavailable("out")


def test_the_terminal_calls_a_file_what_its_page_calls_it(workspace):
    drop(workspace, "a.csv", lessons_csv(workspace, 1, 2, lesson_type="Worked!"))
    content = (
        lessons_csv(workspace, 3)
        + lessons_csv(workspace, 4, lesson_type="Worked!").split(b"\n", 1)[1]
    )
    drop(workspace, "b.csv", content)

    shown = call("ingest").stdout + call("status").stdout

    assert shown.count("accepted in part") >= 2
    assert "quarantine:" not in shown.replace("in quarantine", "")
    assert "accepted with quarantine" not in shown


def test_without_a_workspace_the_next_step_is_named():
    result = call("status")

    assert result.exit_code == WorkspaceMissing.exit_code
    assert "Run `pcbl init`" in result.stderr
    assert "Traceback" not in result.output


def test_an_error_is_json_too():
    answer = call_json("status", exit_code=WorkspaceMissing.exit_code)

    assert answer["error"] == "WorkspaceMissing"
    assert answer["exit_code"] == WorkspaceMissing.exit_code


def test_a_wrong_setting_names_its_variable(monkeypatch):
    monkeypatch.setenv("PCBL_FILE_SIZE_LIMIT_MB", "much")

    result = call("settings")

    assert result.exit_code == SettingsInvalid.exit_code
    assert "PCBL_FILE_SIZE_LIMIT_MB" in result.stderr


def test_settings_are_shown_with_what_they_mean(monkeypatch):
    monkeypatch.delenv("PCBL_LISTEN_QUIET_SECONDS")  # which all tests make short

    result = call("settings")

    assert "PCBL_LISTEN_QUIET_SECONDS=1.0" in result.stdout
    assert "not changed for this long" in result.stdout


def test_contracts_are_listed():
    names = [item["dataset"] for item in call_json("contracts", "list")]

    assert {"site_profile", "lesson_learned", "ta_request", "ta_event"} <= set(names)
    assert "lesson_learned" in call("contracts", "list").stdout


def test_a_contract_is_shown_with_columns_and_rules():
    answer = call_json("contracts", "show", "lesson_learned")
    shown = call("contracts", "show", "lesson_learned").stdout

    names = [field["name"] for field in answer["fields"]]
    assert "lesson_id" in names
    assert all(name in shown for name in names)
    assert all(rule["code"] in shown for rule in answer["rules"])


def test_an_unknown_contract_is_answered_with_the_known_ones():
    result = call("contracts", "show", "lessons")

    assert result.exit_code == UnknownContract.exit_code
    assert "lesson_learned" in result.stderr


@pytest.mark.parametrize("named", [(), ("ta_request", "lesson_learned")])
def test_a_template_is_a_workbook_with_a_sheet_per_dataset(named, tmp_path):
    answer = call_json("contracts", "template", *named, "-o", "mine.xlsx")

    sheets = openpyxl.load_workbook(tmp_path / "mine.xlsx").sheetnames
    assert set(answer["datasets"]) <= set(sheets)
    assert not named or answer["datasets"] == list(named)


def test_a_template_for_a_site_offers_what_the_site_sends(workspace):
    answer = call_json("contracts", "template", "--site", SITE)

    assert "lesson_learned" in answer["datasets"]
    assert "ta_event" not in answer["datasets"]
