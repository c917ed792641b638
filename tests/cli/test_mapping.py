"""`pcbl mapping`: from a file never seen to a mapping that is kept and used."""

import json

import pytest

from pcbl_pipeline.workspace import Workspace
from tests.support.command_line import call, call_json
from tests.support.exports import EXPORTS
from tests.support.workspaces import SITE, drop, make_workspace

STAR = EXPORTS / "star_scores.csv"
LEVEL = "RenaissanceBenchmarkCategoryName"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return make_workspace(tmp_path / "store")


def url(workspace: Workspace) -> tuple[str, str]:
    return "--workspace", workspace.settings.store_url


def test_a_file_never_seen_is_drafted_tried_kept_and_taken(workspace, tmp_path):
    draft = tmp_path / "ours.yaml"
    key = drop(workspace, "scores.csv", STAR.read_bytes())
    before = call_json(*url(workspace), "ingest", key, exit_code=1)

    call_json("mapping", "suggest", STAR, "-o", draft)
    chosen = draft.read_text().replace("column: FILL-IN", f"column: {LEVEL}")
    draft.write_text(chosen)
    unfinished = call(*url(workspace), "mapping", "add", draft, "--site", SITE)
    shown = call("mapping", "try", draft, STAR).output
    draft.write_text(chosen.replace("FILL-IN", "star"))
    tried = call_json("mapping", "try", draft, STAR)
    added = call_json(*url(workspace), "mapping", "add", draft, "--site", SITE)
    again = tmp_path / "again.csv"
    again.write_bytes(STAR.read_bytes() + b"\n")
    after = call_json(*url(workspace), "ingest", "--site", SITE, again)

    assert before["receipts"][0]["status"] == "refused"
    assert tried["receipt"]["rows"]["accepted"] == 5
    assert len(tried["records"]) == 5
    assert tried["skills"] == {"star:overall": 5}
    assert tried["levels"] == {"1": 3, "3": 2}
    assert "competency_uri: FILL-IN:overall" in shown
    assert "write a name in place of FILL-IN" in shown
    assert unfinished.exit_code == 12
    assert "not finished" in unfinished.output
    assert added["version"] == 1
    assert after["receipts"][0]["status"] == "accepted"
    assert after["receipts"][0]["mapping_version"] == 1
    assert after["receipts"][0]["parts"][0]["mapping"] == "star_scores v1"
    assert len(workspace.lake.current("competency_record").collect()) == 5


def test_headers_and_values_are_confirmed_and_listed(workspace):
    confirm = (*url(workspace), "mapping", "confirm", "--site", SITE, "--by", "Ada")

    call_json(*confirm, "-d", "lesson_learned", "Sort = of=lesson_type")
    made = call_json(*confirm, "-d", "lesson_learned.lesson_type", "Fine=worked")
    listed = call_json(*url(workspace), "mapping", "list", "--site", SITE)

    [header], [code] = made["headers"], made["codes"]
    assert (header["header"], header["field"]) == ("Sort = of", "lesson_type")
    assert (code["value"], code["code"], code["confirmed_by"]) == (
        "Fine",
        "worked",
        "Ada",
    )
    assert listed["site"] == made
    assert "star_standards" in {item["source"] for item in listed["sources"]}
    text = call(*url(workspace), "mapping", "list", "--site", SITE).output
    assert "the header `Sort = of` is `lesson_type`" in text


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("-d", "lesson_learned", "Sort"), 2),
        (("-d", "lesson_learned", "=lesson_type"), 2),
        (("-d", "lessons", "Sort=lesson_type"), 11),
        (("-d", "lesson_learned", "Sort=colour"), 12),
        (("-d", "lesson_learned.lesson_type", "Fine=grand"), 12),
    ],
)
def test_what_cannot_be_confirmed_has_its_exit_code(workspace, arguments, exit_code):
    result = call(*url(workspace), "mapping", "confirm", "--site", SITE, *arguments)

    assert result.exit_code == exit_code, result.output


def test_a_known_export_is_shown_in_words_and_as_data():
    text = call("mapping", "show", "star_standards").output
    shown = call_json("mapping", "show", "star_standards")

    assert "StandardMasteryLevel" in text
    assert "keyed hash" in text
    assert shown["fields"]["student_key"]["hash"] == "student"
    assert call("mapping", "show", "nothing").exit_code == 12


def test_a_draft_goes_to_the_screen_where_no_file_is_named():
    text = call("mapping", "suggest", STAR).output

    assert text.startswith("# Draft of a mapping")
    assert "hash: student" in text


def test_a_mapping_that_lets_a_person_through_is_not_kept(workspace, tmp_path):
    text = json.loads(call("mapping", "suggest", STAR, "--json").stdout)["mapping"]
    path = tmp_path / "ours.yaml"
    path.write_text(text.replace(", hash: student", ""))

    result = call(*url(workspace), "mapping", "add", path, "--site", SITE)

    assert result.exit_code == 12
    assert "must be hashed" in result.output
    assert workspace.site_mappings.newest(SITE).version == 0


def test_a_mapping_that_is_no_file_is_named(tmp_path):
    result = call("mapping", "try", tmp_path / "none.yaml", STAR)

    assert result.exit_code == 14


def test_a_file_that_was_taken_is_read_again_by_a_corrected_mapping(
    workspace, tmp_path
):
    draft = tmp_path / "ours.yaml"
    call_json("mapping", "suggest", STAR, "-o", draft)
    text = draft.read_text().replace("column: FILL-IN", f"column: {LEVEL}")
    draft.write_text(text.replace("FILL-IN:overall", "star:raeding"))
    add = (*url(workspace), "mapping", "add", draft, "--site", SITE)
    call_json(*add)
    call_json(*url(workspace), "ingest", drop(workspace, "s.csv", STAR.read_bytes()))

    draft.write_text(text.replace("FILL-IN:overall", "star:reading"))
    told = call(*add)
    before = workspace.lake.current("competency_record").collect()
    done = call_json(*add, "--read-again")
    after = workspace.lake.current("competency_record").collect()
    nothing_left = call_json(*add, "--read-again")

    assert "1 file (s.csv)" in told.output
    assert "--read-again" in told.output
    assert set(before["competency_uri"]) == {"star:raeding"}
    assert set(after["competency_uri"]) == {"star:reading"}
    assert after.height == before.height == 5
    assert [item["revision"] for item in done["read_again"]] == [2]
    assert nothing_left["read_again"] == nothing_left["read_before"] == []
