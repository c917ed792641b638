"""`pcbl contracts diff` and `pcbl contracts try`."""

import json

import pytest
import yaml

from pcbl_pipeline.contracts.catalogue import default_expectations_dir, load_catalogue
from pcbl_pipeline.errors import ContractInvalid, UnknownContract
from tests.support.command_line import call, call_json
from tests.support.versions import changed, second_version, with_field
from tests.support.workspaces import SITE, lessons_csv

LONG = "A title of more than eighty characters, as it may be. " * 2
PRESENT = default_expectations_dir() / "lesson_learned" / "contract.yaml"


@pytest.fixture
def lesson():
    return load_catalogue().get("lesson_learned")


def write(path, contract):
    path.write_text(yaml.safe_dump(contract.model_dump(mode="json")), "utf-8")
    return path


def test_diff_of_two_files_lists_what_breaks_and_exits_with_1(lesson, tmp_path):
    new = write(tmp_path / "new.yaml", second_version(lesson))

    changes = call_json("contracts", "diff", PRESENT, new, exit_code=1)
    shown = call("contracts", "diff", PRESENT, new)

    told = {(item["where"], item["what"]): item["breaking"] for item in changes}
    assert told["field title", "max_length"]
    assert not told["field grant_usd", "added"]
    assert shown.exit_code == 1
    assert "breaks" in shown.stdout
    assert "grant_usd" in shown.stdout


def test_diff_that_breaks_nothing_exits_with_0(lesson, tmp_path):
    new = write(tmp_path / "new.yaml", changed(lesson, grain="one row"))

    assert [c["breaking"] for c in call_json("contracts", "diff", PRESENT, new)] == [
        False
    ]
    assert "Nothing changed." in call("contracts", "diff", PRESENT, PRESENT).stdout


def test_diff_of_a_version_that_there_is_not_names_those_there_are():
    result = call("contracts", "diff", "lesson_learned", "1.1", "9.9")

    assert result.exit_code == UnknownContract.exit_code
    assert "lesson_learned 1.1" in result.stderr


def test_diff_wants_two_or_three_words():
    assert call("contracts", "diff", "lesson_learned").exit_code == 2


def test_try_shows_whose_verdicts_would_change(workspace, lesson, tmp_path):
    for name, content in {
        "good.csv": lessons_csv(workspace, 1),
        "long.csv": lessons_csv(workspace, 2, title=LONG),
    }.items():
        (tmp_path / name).write_bytes(content)
        call("ingest", tmp_path / name, "--site", SITE)
    fields = with_field(lesson, "title", max_length=80)
    new = write(tmp_path / "new.yaml", changed(lesson, fields=fields))

    trial = call_json("contracts", "try", new, exit_code=1)
    shown = call("contracts", "try", new)
    same = call("contracts", "try", PRESENT)

    [shift] = trial["shifts"]
    assert (shift["before"]["verdict"], shift["after"]["verdict"]) == (
        "accepted",
        "held",
    )
    assert json.dumps(trial).find("eighty") == -1
    assert shown.exit_code == 1
    assert "long.csv" in shown.stdout
    assert "R309x1" in shown.stdout
    assert "2 files tried: 1 verdicts would change, at 1 senders." in shown.stdout
    assert "2 of 2 files tried" in shown.stderr
    assert same.exit_code == 0


def test_try_of_no_contract_says_so(workspace, tmp_path):
    result = call("contracts", "try", tmp_path / "nowhere.yaml")

    assert result.exit_code == ContractInvalid.exit_code
