"""The same rows get the same answer, whatever kind of file they come in."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import xlwt

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.workspace import Workspace
from tests.support.builders import catalogue, csv_bytes

SITE = "0499901"
CATALOGUE = catalogue()
LESSON = CATALOGUE.get("lesson_learned")


def lessons(*changes: dict[str, str | None]) -> list[dict[str, str | None]]:
    own = {"site_id": SITE, "lesson_id": f"{SITE}-2026-001"}
    content = csv_bytes(LESSON, *[{**own, **change} for change in changes])
    return pl.read_csv(content, infer_schema=False).to_dicts()


def as_csv(rows: list[dict]) -> bytes:
    return pl.DataFrame(rows).write_csv().encode()


def as_xlsx(rows: list[dict]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([list(rows[0]), *[r.values() for r in rows]]):
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text or "")
    return content.getvalue()


def as_xls(rows: list[dict]) -> bytes:
    book, content = xlwt.Workbook(), BytesIO()
    sheet = book.add_sheet("Lessons")
    for number, cells in enumerate([list(rows[0]), *[r.values() for r in rows]]):
        for column, text in enumerate(cells):
            sheet.write(number, column, text or "")
    book.save(content)
    return content.getvalue()


def as_parquet(rows: list[dict]) -> bytes:
    content = BytesIO()
    pl.DataFrame(rows).write_parquet(content)
    return content.getvalue()


def as_zip(rows: list[dict]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("lessons.csv", as_csv(rows))
    return content.getvalue()


WRITERS: dict[str, Callable[[list[dict]], bytes]] = {
    ".xlsx": as_xlsx,
    ".xls": as_xls,
    ".json": lambda rows: json.dumps(rows).encode(),
    ".jsonl": lambda rows: "\n".join(map(json.dumps, rows)).encode(),
    ".parquet": as_parquet,
    ".zip": as_zip,
}


def check(tmp_path: Path, name: str, content: bytes) -> Receipt:
    path = tmp_path / name
    path.write_bytes(content)
    return check_file(path, catalogue=CATALOGUE, sender_id=SITE)


def told(receipt: Receipt) -> list[tuple]:
    return [(f.code, f.field, f.count, f.message) for f in receipt.all_findings]


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_kind_of_file_gets_the_answer_of_a_csv(tmp_path: Path, suffix: str):
    rows = lessons(
        {},
        {"lesson_id": f"{SITE}-2026-002", "lesson_type": "Worked!"},
        {"site_id": SITE[1:], "lesson_id": f"{SITE}-2026-003"},
    )
    expected = check(tmp_path, "lessons.csv", as_csv(rows))

    receipt = check(tmp_path, f"lessons{suffix}", WRITERS[suffix](rows))

    assert receipt.rows == expected.rows
    assert receipt.status == expected.status == Status.ACCEPTED_WITH_QUARANTINE
    assert told(receipt) == told(expected)


def test_rows_of_all_files_in_an_archive_are_judged_together(tmp_path: Path):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("fall.csv", as_csv(lessons({})))
        file.writestr("spring.json", json.dumps(lessons({}, {"lesson_type": "XX"})))

    receipt = check(tmp_path, "drop.zip", content.getvalue())

    (part,) = receipt.parts
    assert part.sheet == "fall.csv, spring.json"
    assert "spring.json: Read as JSON." in part.read_as
    assert "fall.csv: The header is in row 1." in part.read_as
    assert part.rows.received == 3
    twice = next(f for f in part.findings if f.code == "K401")
    assert {(place.sheet, place.row) for place in twice.places} >= {
        ("fall.csv", 2),
        ("spring.json", 1),
    }
    code = next(f for f in part.findings if f.code == "R307")
    assert [(p.sheet, p.row, p.cell) for p in code.places] == [("spring.json", 2, None)]


def test_file_of_an_archive_that_fits_no_dataset_is_refused_by_itself(tmp_path: Path):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("lessons.csv", as_csv(lessons({})))
        file.writestr("bus.csv", "route,stop\n12,Elm Street\n")
        file.writestr("readme.txt", "Our lessons of this year\nWith our thanks\n")

    receipt = check(tmp_path, "drop.zip", content.getvalue())

    assert {part.sheet: part.rows.refused for part in receipt.parts} == {
        "lessons.csv": 0,
        "bus.csv": 1,
    }
    (left_out,) = receipt.findings
    assert (left_out.code, left_out.places[0].sheet) == ("F112", "readme.txt")
    assert "readme.txt in drop.zip" in left_out.message


@pytest.mark.parametrize("suffix", [".jsonl", ".zip"])
def test_what_was_checked_is_what_is_taken_in(
    tmp_path: Path, workspace: Workspace, suffix: str
):
    content = WRITERS[suffix](lessons({}))
    key = f"{layout.inbox(SITE)}lessons{suffix}"
    workspace.store.put(key, content)

    sent = ingest_arrival(workspace, key)

    assert sent.status is Status.ACCEPTED
    assert told(sent) == told(check(tmp_path, f"lessons{suffix}", content))


def test_percent_that_is_shown_is_the_percent_that_is_meant(tmp_path: Path):
    """A share of 0.45 that is shown as 45% is 45 in a column of 0 to 100."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Lessons")
        percent = book.add_format({"num_format": "0%"})
        (row,) = lessons({})
        for column, (name, text) in enumerate(row.items()):
            sheet.write_string(0, column, name)
            sheet.write_string(1, column, text or "")
        sheet.write_string(0, len(row), "share")
        sheet.write_number(1, len(row), 0.45, percent)

    receipt = check(tmp_path, "lessons.xlsx", content.getvalue())

    assert receipt.status is Status.ACCEPTED
    assert "Percent cells: 1, read as shown (45% as 45)." in receipt.parts[0].read_as
