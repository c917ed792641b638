"""Exports that districts really have become competency records, whole and in place."""

import csv
import hashlib
import hmac

import openpyxl
import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.mapping.identifiers import named_by
from pcbl_pipeline.operations.answer import answer_dataset, answer_refused
from pcbl_pipeline.operations.check import check_file
from pcbl_pipeline.operations.examine import judge_dataset
from pcbl_pipeline.validation.circumstances import Circumstances
from tests.support.exports import DISTRICT, EXPORTS, SECRET, read_export, records_of

#: File → the mapping that reads it, and how many records it becomes.
MAPPED = {
    "dibels8_benchmark": ("dibels8_benchmark v1", 25),
    "gold_checkpoint": ("gold_checkpoint v1", 28),
    "iready_ela": ("iready_diagnostic v1", 12),
    "iready_math": ("iready_diagnostic v1", 8),
    "map_growth": ("map_growth v1", 22),
    "star_skill_area": ("star_skill_area v1", 5),
    "star_standards": ("star_standards v1", 5),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def rows_of(name: str) -> list[dict[str, str]]:
    with (EXPORTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def hashed(text: str, purpose: str = "student") -> str:
    message = f"{purpose}|0499901|{text}".encode()
    return hmac.new(SECRET, message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("name", MAPPED)
def test_an_export_is_known_and_every_record_is_right(name, catalogue):
    reading = read_export(EXPORTS / f"{name}.csv", catalogue)
    mapping, count = MAPPED[name]

    [tables] = reading.datasets
    judged = judge_dataset(tables, catalogue, Circumstances(sender=DISTRICT))
    part = answer_dataset(judged, catalogue).part

    assert part.mapping == mapping
    assert (part.rows.received, part.rows.add_up) == (count, True)
    errors = [item.code for item in part.findings if item.severity == "error"]
    # One row of that file is cut off, in the file as it was published.
    assert errors == (["R311"] if name == "map_growth" else [])
    assert any(f"by mapping {mapping}" in text for text in part.read_as)


def test_star_standards_become_what_a_second_reading_makes_of_them(catalogue):
    reading = read_export(EXPORTS / "star_standards.csv", catalogue)

    expected = [
        {
            "site_id": "0499901",
            "school_year": row["SchoolYear"],
            "student_key": hashed(row["StudentSourcedID"]),
            "competency_uri": row["StandardName"].replace(".", ":", 1),
            "level": {"Beginning": "1", "Developing": "2", "Secure": "3"}[
                row["StandardMasteryLevel"]
            ],
            "evidence_count": "1",
            "first_evidence_on": row["CompletedDateLocal"][:10],
            "learning_setting": "classroom",
        }
        for row in rows_of("star_standards")
    ]
    found = records_of(reading)
    assert found.drop("row_number").select(sorted(found.columns[1:])).to_dicts() == [
        dict(sorted(row.items())) for row in expected
    ]


IREADY_LEVELS = {
    "3 or More Grade Levels Below": "1",
    "2 Grade Levels Below": "1",
    "1 Grade Level Below": "2",
    "Early On Grade Level": "2",
    "Mid or Above Grade Level": "3",
}


@pytest.mark.parametrize("name", ["iready_ela", "iready_math"])
def test_iready_becomes_what_a_second_reading_makes_of_it(name, catalogue):
    newest: dict[tuple[str, str], dict[str, str]] = {}
    times: dict[tuple[str, str], list[str]] = {}
    for row in rows_of(name):
        month, day, year = row["Completion Date"].split("/")
        done = f"{year}-{int(month):02}-{int(day):02}"
        for header, text in row.items():
            domain = header.removesuffix(" Relative Placement")
            if domain in {header, "Overall"} or text in {"", "Not Assessed"}:
                continue
            key = (row["Student ID"], domain)
            times.setdefault(key, []).append(done)
            if key not in newest or newest[key]["done"] <= done:
                newest[key] = {"done": done, "level": IREADY_LEVELS[text], **row}
    expected = {
        (hashed(student), f"iready:{slug(domain)}"): (
            row["level"],
            row["done"] if row["level"] == "3" else None,
            str(len(times[student, domain])),
            min(times[student, domain]),
            f"{int(row['Student Grade']):02}",
        )
        for (student, domain), row in newest.items()
    }

    records = records_of(read_export(EXPORTS / f"{name}.csv", catalogue))

    fields = (
        "level", "demonstrated_on", "evidence_count", "first_evidence_on", "grade_level",
    )  # fmt: skip
    found = {
        (row["student_key"], row["competency_uri"]): tuple(row[f] for f in fields)
        for row in records.to_dicts()
    }
    assert found == expected
    assert len(records) == len(expected)


def slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


@pytest.mark.parametrize("name", MAPPED)
def test_no_value_of_a_column_that_names_people_is_anywhere_in_the_answer(
    name, catalogue
):
    personal = {
        text
        for row in rows_of(name)
        for header, text in row.items()
        if header and text and len(text) > 2 and named_by(header) is not None
    }

    reading = read_export(EXPORTS / f"{name}.csv", catalogue)
    judged = judge_dataset(
        reading.datasets[0], catalogue, Circumstances(sender=DISTRICT)
    )
    answered = answer_dataset(judged, catalogue)
    listing = answered.listing.collect()
    kept = [
        judged.accepted.collect().write_json(),
        judged.quarantined.collect().write_json(),
        listing.write_json(),
        answered.part.model_dump_json(),
    ]

    assert personal
    cells = {
        str(cell)
        for frame in (judged.accepted.collect(), judged.quarantined.collect(), listing)
        for column in frame.get_columns()
        for cell in column.to_list()
    }
    assert not personal & cells
    # Longer ones are not even a part of anything that is kept.
    long = {text for text in personal if len(text) >= 6 and text != "Student"}
    assert not [text for text in long if any(text in whole for whole in kept)]


def test_places_are_those_of_the_file_as_sent_also_of_a_wide_one(tmp_path, catalogue):
    text = (EXPORTS / "iready_math.csv").read_text("utf-8-sig")
    lines = text.splitlines()
    # Row 6 is the newest of the second learner.
    cells = lines[6 - 1].split(",")
    position = lines[0].split(",").index("Geometry Relative Placement")
    cells[position] = "Way Above"
    lines[6 - 1] = ",".join(cells)
    path = tmp_path / "iready.csv"
    path.write_text("\n".join(lines))

    reading = read_export(path, catalogue)
    judged = judge_dataset(
        reading.datasets[0], catalogue, Circumstances(sender=DISTRICT)
    )
    [wrong] = [
        item
        for item in answer_dataset(judged, catalogue).part.findings
        if item.severity == "error"
    ]

    [place] = wrong.places
    assert (place.row, place.column) == (6, "Geometry Relative Placement")
    assert place.cell == "AW6"
    assert "Geometry Relative Placement" in wrong.message
    assert place.value is None


def test_the_columns_of_an_export_may_stand_in_any_order_and_be_more(
    tmp_path, catalogue
):
    frame = pl.read_csv(EXPORTS / "star_standards.csv", infer_schema=False)
    frame = frame.select(reversed(frame.columns)).with_columns(Remark=pl.lit("fine"))
    frame.rename({"StandardName": "Standard Name"}).write_csv(tmp_path / "other.csv")

    changed = records_of(read_export(tmp_path / "other.csv", catalogue))
    plain = records_of(read_export(EXPORTS / "star_standards.csv", catalogue))

    assert changed.equals(plain.select(changed.columns))


def test_an_export_of_scores_without_skills_is_refused_and_nothing_is_quoted(catalogue):
    reading = read_export(EXPORTS / "star_scores.csv", catalogue)

    assert reading.datasets == ()
    [refused] = reading.refused
    answer = answer_refused(refused, catalogue).part.model_dump_json()
    assert "email@email.com" not in answer
    assert "605000" not in answer


def test_an_export_saved_as_a_workbook_makes_the_same_records(catalogue, tmp_path):
    """People open an export in a spreadsheet program and save it as it offers."""
    with (EXPORTS / "star_standards.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        lines = list(csv.reader(file))
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "star_standards.xlsx")

    saved = read_export(tmp_path / "star_standards.xlsx", catalogue)
    sent = read_export(EXPORTS / "star_standards.csv", catalogue)

    assert records_of(saved).height == 5
    assert records_of(saved).equals(records_of(sent))


def test_a_check_without_a_site_says_so_and_asks_for_no_secret(catalogue):
    receipt = check_file(EXPORTS / "star_standards.csv", catalogue=catalogue)

    assert receipt.rows.accepted == 5
    assert any("No site was named" in text for text in receipt.parts[0].read_as)


def test_a_school_that_sends_is_the_school_of_its_records(catalogue, tmp_path):
    school = DISTRICT.model_copy(update={"sender_id": "049990100123"})

    reading = read_export(EXPORTS / "star_standards.csv", catalogue, sender=school)

    assert set(records_of(reading)["ncessch"]) == {"049990100123"}


def test_an_agency_does_not_send_what_sites_send(catalogue):
    agency = DISTRICT.model_copy(update={"sender_id": "sea-04", "kind": "agency"})

    reading = read_export(EXPORTS / "iready_ela.csv", catalogue, sender=agency)

    [refused] = reading.refused
    assert [item.code for item in refused.findings] == ["F109"]
    assert refused.table.row_count == 5
