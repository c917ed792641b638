"""`pcbl contracts diff` and `pcbl contracts try`."""

import json
import shutil

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


def test_the_example_of_the_help_compares_with_the_version_that_was_added_to():
    changes = call_json("contracts", "diff", "lesson_learned", "1.0", "1.1")

    told = {(item["where"], item["what"], item["breaking"]) for item in changes}
    added = ("reused_lesson_id", "reuse_kind", "reuse_result")
    assert {(f"field {name}", "added", False) for name in added} <= told
    assert ("rule R353", "added", False) in told
    assert len(told) == 7


def test_diff_of_contract_files_compares_the_code_lists_beside_them(tmp_path):
    shutil.copytree(PRESENT.parents[1], tmp_path / "new")
    new = tmp_path / "new" / "lesson_learned" / "contract.yaml"
    codes = tmp_path / "new" / "codelists" / "lesson_type.yaml"
    content = yaml.safe_load(codes.read_text("utf-8"))
    *kept, gone = content["codes"]
    kept[0]["label"] = "Other words"
    codes.write_text(yaml.safe_dump(content | {"codes": kept}), "utf-8")

    by_contract = call_json("contracts", "diff", PRESENT, new, exit_code=1)
    was = PRESENT.parents[1] / "codelists" / "lesson_type.yaml"
    by_list = call_json("contracts", "diff", was, codes, exit_code=1)

    for changes in (by_contract, by_list):
        assert [(item["what"], item["after"]) for item in changes] == [
            ("codes taken out", ""),
            (f"label of {kept[0]['code']}", "Other words"),
        ]
        assert changes[0]["before"] == gone["code"]
        assert [item["breaking"] for item in changes] == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"rules: []", "neither a contract nor a code list"),
        (b"a: [1", "Line 1 cannot be read"),
        (b"- 1", "holds no names"),
        (b"a: \xff", "not a text file"),
        (b"dataset: lesson_learned\nkeys: [a]", "Did you mean `key`?"),
        (b"name: x\ncodes: []", "one is a contract and one a code list"),
        (None, "No such file"),
    ],
    ids=str,
)
def test_diff_says_in_plain_words_what_is_wrong_with_a_file(content, words, tmp_path):
    other = tmp_path / "other.yaml"
    if content is not None:
        if content.startswith(b"name"):
            content += b"\ntitle: X\nsource: x\nvalid_from: 2020-07-01"
        other.write_bytes(content)

    result = call("contracts", "diff", PRESENT, other)

    assert result.exit_code == ContractInvalid.exit_code
    assert words in " ".join(result.stderr.split())
    assert "pydantic" not in result.stderr


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
