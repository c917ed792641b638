"""Every rule has a file that breaks it and no other, and one that keeps all rules."""

from pathlib import Path

import pytest

from tests.support.rule_examples import coverage_page, pairs
from tests.support.rule_exchanges import EXCHANGES
from tests.support.rule_files import codes_found, own_catalogue

PAIRS = pairs()
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rule-coverage.md"


def test_every_rule_has_its_pair():
    assert set(PAIRS) | set(EXCHANGES) == set(own_catalogue().rules)


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


def test_page_of_examples_is_up_to_date():
    how = "Write it anew with `make docs`."

    assert PAGE.read_text("utf-8") == coverage_page(), how
