"""A trial tells what a changed contract would do, and does nothing."""

import pytest
import yaml

from pcbl_pipeline.contracts.catalogue import default_expectations_dir
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Verdict
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.trial import changed_catalogue, try_catalogue
from tests.support.builders import csv_bytes
from tests.support.versions import changed, second_version, with_field
from tests.support.workspaces import SITE, drop, lessons_csv

LONG = "A title of more than eighty characters, as it may be. " * 2


@pytest.fixture
def received(workspace):
    """A good file, one that a shorter title would hold, and one of another dataset."""
    request = workspace.catalogue.get("ta_request")
    for name, content in {
        "good.csv": lessons_csv(workspace, 1, 2),
        "long.csv": lessons_csv(workspace, 3, 4, title=LONG),
        "notes.csv": b"colour,shape\nred,round\nblue,square\n",
        "request.csv": csv_bytes(request, {"site_id": SITE}),
    }.items():
        ingest_arrival(workspace, drop(workspace, name, content))
    return workspace


def contents(workspace):
    items = workspace.store.list("")
    return {item.key: (item.etag, item.modified_at) for item in items}


def shorter(workspace):
    lesson = workspace.catalogue.get("lesson_learned")
    fields = with_field(lesson, "title", max_length=80)
    return workspace.catalogue.with_contract(changed(lesson, fields=fields))


def test_says_whose_verdicts_would_change_and_by_which_rule(received):
    trial = try_catalogue(received, shorter(received))

    assert trial.datasets == ("lesson_learned",)
    assert (trial.tried, trial.not_tried) == (4, ())
    [shift] = trial.shifts
    assert (shift.file_name, shift.dataset) == ("long.csv", "lesson_learned")
    assert (shift.before.verdict, shift.before.rows.accepted) == (Verdict.ACCEPTED, 2)
    assert (shift.after.verdict, shift.after.rows.quarantined) == (Verdict.HELD, 2)
    assert shift.after.findings["R309"] == 2
    assert trial.sites == (SITE,)


def test_writes_nothing(received):
    before = contents(received)

    try_catalogue(received, shorter(received))

    assert contents(received) == before


def test_unchanged_contracts_judge_nothing_anew(received):
    trial = try_catalogue(received, received.catalogue)

    assert (trial.datasets, trial.shifts, trial.sites) == ((), (), ())
    assert trial.tried == 4


def test_a_version_that_begins_later_leaves_earlier_years_alone(received):
    lesson = received.catalogue.get("lesson_learned")
    later = received.catalogue.with_contract(second_version(lesson))

    trial = try_catalogue(received, later)

    assert "lesson_learned" in trial.datasets
    assert trial.shifts == ()


def test_what_only_warns_is_told_but_is_no_changed_verdict(received):
    lesson = received.catalogue.get("lesson_learned")
    rule = {
        "code": "R300",
        "name": "title-says-title",
        "severity": "warning",
        "summary": "Invented.",
        "message": "Invented.",
        "expected": "Invented.",
        "fix": "Invented.",
        "expectation": "expect_column_values_to_not_be_in_set",
        "kwargs": {"column": "title", "value_set": [LONG.strip()]},
        "fields": ["title"],
    }
    rules = [*lesson.model_dump()["rules"], rule]
    catalogue = received.catalogue.with_contract(changed(lesson, rules=rules))

    trial = try_catalogue(received, catalogue)

    [shift] = trial.shifts
    assert not shift.changes_verdict
    assert shift.after.findings["R300"] == 2
    assert trial.sites == ()


def test_dataset_that_is_no_more_is_told_as_a_change(received):
    contracts = received.catalogue.contracts
    kept = tuple(c for c in contracts.values() if c.dataset != "lesson_learned")
    without = type(received.catalogue)(
        kept,
        tuple(received.catalogue.code_lists.values()),
        received.catalogue.generic_rules,
        tuple(received.catalogue.limit_tables.values()),
    )

    trial = try_catalogue(received, without)

    changes = {(s.file_name, s.dataset): s for s in trial.shifts}
    assert {name for name, _ in changes} == {"good.csv", "long.csv"}
    assert changes["good.csv", "lesson_learned"].after is None
    # Most like it is another dataset now, or none; its columns are lacking either way.
    [other] = [
        shift
        for (name, dataset), shift in changes.items()
        if name == "good.csv" and dataset != "lesson_learned"
    ]
    assert other.before is None
    assert other.after.verdict is Verdict.REFUSED


def test_what_cannot_be_tried_is_named(received):
    last = received.ledger.receipts()[-1]
    received.store.delete(layout.raw(last.sha256))

    trial = try_catalogue(received, shorter(received))

    assert trial.not_tried == (last.submission_id,)
    assert trial.tried == 3


def test_progress_is_told_file_by_file(received):
    told = []

    try_catalogue(
        received, received.catalogue, on_progress=lambda *now: told.append(now)
    )

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_one_contract_file_or_a_whole_folder_can_be_tried(received, tmp_path):
    lesson = received.catalogue.get("lesson_learned")
    newer = second_version(lesson).model_dump(mode="json")
    path = tmp_path / "new.yaml"
    path.write_text(yaml.safe_dump(newer), "utf-8")

    one = changed_catalogue(received.catalogue, path)
    same = changed_catalogue(received.catalogue, default_expectations_dir())

    assert [item.version for item in one.versions("lesson_learned")] == ["1.1", "2.0"]
    assert same.contracts == received.catalogue.contracts
    with pytest.raises(ContractInvalid, match="nowhere"):
        changed_catalogue(received.catalogue, tmp_path / "nowhere.yaml")
