"""Polluted files are read back or answered, and the published score says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from tests.support import reading_score
from tests.support.pollution import DATASETS, clean_table
from tests.support.pollutions import pollutions
from tests.support.reading_score import page, score_all

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    return score_all(tmp_path_factory.mktemp("polluted"))


def test_every_polluted_file_is_read_back_or_answered(scored):
    assert [item for item in scored if not item.is_right] == []


def test_corpus_is_large_and_names_each_pollution_once(scored):
    names = [name for named in pollutions().values() for name in named]

    assert len(set(names)) == len(names) > 100
    assert len(scored) == len(names) * len(DATASETS)


def test_published_score_is_up_to_date(scored):
    published = (DOCS / "reading.md").read_text("utf-8")

    assert published == page(scored), "Write it anew with `make docs`."


def test_score_notices_a_table_that_comes_back_otherwise(tmp_path, monkeypatch):
    clean = clean_table("lesson_learned", load_catalogue())
    polluted = pollutions()["Dialects"]["semicolon"](clean)
    spoilt = replace(polluted, content=polluted.content.replace(b"CBE3", b"CBE4", 1))
    only = {"Dialects": {"semicolon": lambda _: spoilt}}
    monkeypatch.setattr(reading_score, "pollutions", lambda: only)
    monkeypatch.setattr(reading_score, "DATASETS", ("lesson_learned",))

    (item,) = score_all(tmp_path)

    assert not item.is_right
    assert item.outcome == "rows differ: 6 instead of 6"
