"""Every rule has a file that breaks it and no other, and one that keeps all rules."""

from pathlib import Path

import pytest

from pcbl_pipeline.operations.ingest import ingest_arrival
from tests.support.rule_examples import ELSEWHERE, coverage_page, pairs
from tests.support.rule_files import codes_found, own_catalogue
from tests.support.workspaces import drop, lessons_csv, make_workspace

PAIRS = pairs()
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rule-coverage.md"


def test_every_rule_has_its_pair_of_files():
    assert set(PAIRS) | set(ELSEWHERE) == set(own_catalogue().rules)


@pytest.mark.parametrize("code", PAIRS)
def test_broken_file_fires_its_rule_and_no_other(code, tmp_path):
    found = codes_found(PAIRS[code].broken, tmp_path)

    assert found - PAIRS[code].also == {code}


def test_kept_files_fire_nothing(tmp_path):
    kept = {_told_apart(pair.kept): (code, pair.kept) for code, pair in PAIRS.items()}

    assert {
        code: found
        for code, example in kept.values()
        if (found := codes_found(example, tmp_path))
    } == {}


def _told_apart(example):
    before = [item and item.content for item in (example.earlier, example.elsewhere)]
    return example.name, example.content, *before, example.mappings is None


@pytest.mark.parametrize("code", ELSEWHERE)
def test_rule_without_a_pair_is_in_the_test_that_is_named(code):
    assert f'"{code}"' in (ROOT / ELSEWHERE[code]).read_text("utf-8")


def test_file_that_came_before_is_answered_as_such_and_another_is_not(tmp_path):
    workspace = make_workspace(tmp_path)
    first = ingest_arrival(
        workspace, drop(workspace, "a.csv", lessons_csv(workspace, 1))
    )

    again = ingest_arrival(
        workspace, drop(workspace, "b.csv", lessons_csv(workspace, 1))
    )

    assert [group.code for group in first.all_findings] == []
    assert [group.code for group in again.all_findings] == ["F190"]


def test_page_of_examples_is_up_to_date():
    how = "Write it anew with `make docs`."

    assert PAGE.read_text("utf-8") == coverage_page(), how
