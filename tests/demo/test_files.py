"""The files: the same bytes each time, in the shapes that people send."""

import codecs
import zipfile
from collections import Counter, defaultdict
from datetime import UTC, datetime

import openpyxl
import pytest

from pcbl_pipeline.demo.corpus import (
    ACTIONS,
    AS_OF,
    EVENTS,
    LEARNING,
    OUTCOMES,
    PROFILES,
    RATINGS,
    RECORDS,
    SURVEYS,
)
from pcbl_pipeline.demo.drops import make_drops
from pcbl_pipeline.demo.files import write_demo_files
from pcbl_pipeline.demo.network import demo_network


@pytest.fixture(scope="module")
def contents(demo_folder, key):
    return {item.path: (demo_folder / item.path).read_bytes() for item in key.files}


def test_the_same_seed_gives_the_same_bytes_and_the_same_key(
    tmp_path, catalogue, key, contents
):
    again = write_demo_files(tmp_path, catalogue=catalogue)

    assert again == key
    assert contents == {
        item.path: (tmp_path / item.path).read_bytes() for item in again.files
    }


def test_another_seed_drops_the_same_files_in_another_order(catalogue, key):
    order = [(item.sender_id, item.file_name) for item in key.files]

    other = [
        (item.parcel.sender, item.parcel.name)
        for item in make_drops(key.seed + 1, catalogue)
    ]

    assert other != order
    assert sorted(other) == sorted(order)


def test_nothing_but_the_files_of_the_key_is_written(demo_folder, key):
    written = {
        path.relative_to(demo_folder).as_posix()
        for path in demo_folder.rglob("*")
        if path.is_file()
    }

    assert written == {item.path for item in key.files}


def test_every_site_sends_ratings_outcomes_surveys_and_learning(key, corpus):
    sent = defaultdict(set)
    for item in key.files:
        sent[item.sender_id] |= {row.dataset for row in item.standing.rows}
    sites = {row["site_id"] for row in corpus.rows[PROFILES]}

    for site in sites:
        assert {RATINGS, OUTCOMES, SURVEYS, LEARNING} <= sent[site], site
    assert {s for s in sites if RECORDS in sent[s]} == {"3299902", "3899901", "4599902"}
    assert {s for s in sent if ACTIONS in sent[s]} == set(sent) - sites


def test_every_sender_drops_files(key):
    assert {item.sender_id for item in key.files} == set(demo_network().senders)


def test_files_are_dropped_one_after_the_other_before_the_day_of_the_demo(
    demo_folder, key
):
    times = [item.dropped_at for item in key.files]

    assert times == sorted(set(times))
    assert times[-1] < datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    assert [item.round for item in key.files] == sorted(i.round for i in key.files)
    for item in key.files:
        changed = (demo_folder / item.path).stat().st_mtime
        assert datetime.fromtimestamp(changed, UTC) == item.dropped_at


def test_profiles_are_not_always_dropped_first(key):
    waiting = [item for item in key.files if item.after_replay]

    assert waiting
    datasets = {row.dataset for item in waiting for row in item.first.rows}
    assert {EVENTS, ACTIONS} <= datasets <= {EVENTS, ACTIONS, LEARNING}


def test_delimited_files_come_in_every_dialect(contents):
    first_lines = {
        content.removeprefix(codecs.BOM_UTF8).split(b"\n")[0]
        for path, content in contents.items()
        if path.endswith((".csv", ".tsv", ".txt")) and content
    }
    texts = [content for path, content in contents.items() if path.endswith(".csv")]

    for delimiter in (b",", b";", b"\t"):
        assert any(line.count(delimiter) > 8 for line in first_lines), delimiter
    assert any(line.startswith(b'"') for line in first_lines)
    assert any(line.endswith(b"\r") for line in first_lines)
    assert any(content.startswith(codecs.BOM_UTF8) for content in texts)
    assert any(not content.startswith(codecs.BOM_UTF8) for content in texts)


def test_workbooks_hold_one_sheet_or_one_per_dataset(demo_folder, contents):
    paths = [path for path in contents if path.endswith(".xlsx")]
    sheets = Counter(
        len(openpyxl.load_workbook(demo_folder / path, read_only=True).sheetnames)
        for path in paths
        if zipfile.is_zipfile(demo_folder / path)
    )

    assert sheets[1] >= 5
    assert sum(count for number, count in sheets.items() if number > 1) >= 5


def test_some_workbooks_keep_dates_and_numbers_and_some_only_text(demo_folder):
    typed = first_data_cells(demo_folder / "0499903/Painted Wash PCBL workbook.xlsx")
    untyped = first_data_cells(demo_folder / "329990400021/requests.xlsx")

    assert {"int", "str"} <= {type(value).__name__ for value in typed}
    assert {type(value).__name__ for value in untyped} == {"str"}


def first_data_cells(path) -> list[object]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [cell.value for cell in sheet[2] if cell.value is not None]


def test_a_third_of_the_files_or_more_have_mistakes(key):
    faulty = [item for item in key.files if item.planted]

    assert len(faulty) * 3 >= len(key.files)
