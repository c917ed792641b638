"""What names a person is known by its header and by its cells, and goes no further."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.mapping.identifiers import Identifier, named_by
from pcbl_pipeline.model.identifiers import sha256_hex
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.workspace import Workspace
from tests.support.exports import EXPORTS, read_export, write_csv
from tests.support.workspaces import SITE, drop, make_workspace

#: Invented; none of it may be anywhere but in the bytes as sent.
PEOPLE = [
    ("Quillon, Ada", "Ada Quillon", "ada.quillon@example.org", "(602) 555-0100"),
    ("Vantress, Bo", "Bo Vantress", "bo.vantress@example.org", "602-555-0101"),
    ("Ibarrola, Cyd", "Cyd Ibarrola", "cyd.ibarrola@example.org", "602.555.0102"),
    ("Okonjo, Dez", "Dez Okonjo", "dez.okonjo@example.org", "602 555 0103"),
    ("Ystad, Eli", "Eli Ystad", "eli.ystad@example.org", "602-555-0104"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return make_workspace(tmp_path / "store")


def records(**more: list[str]) -> list[dict[str, str | None]]:
    """Return right competency records of five learners, with more columns."""
    return [
        {
            "site_id": SITE,
            "school_year": "2025-2026",
            "student_key": sha256_hex(b"%d" % number),
            "competency_uri": "SCCCR:ELA.5.RL.5",
            "level": "2",
            **{name: cells[number] for name, cells in more.items()},
        }
        for number in range(5)
    ]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Student Name", Identifier.NAME),
        ("StudentLastName", Identifier.NAME),
        ("First Name", Identifier.NAME),
        ("Name", Identifier.NAME),
        ("Child L Name", Identifier.NAME),
        ("Child MI", Identifier.NAME),
        ("Parent/Guardian Name", Identifier.NAME),
        ("Surname", Identifier.NAME),
        ("Class Teacher(s)", Identifier.NAME),
        ("DOB", Identifier.BIRTH_DATE),
        ("BirthDate", Identifier.BIRTH_DATE),
        ("Date of Birth", Identifier.BIRTH_DATE),
        ("E-Mail", Identifier.EMAIL),
        ("StudentEmail", Identifier.EMAIL),
        ("Home phone", Identifier.PHONE),
        ("Street Address", Identifier.ADDRESS),
        ("TakenAtByIPAddress", Identifier.ADDRESS),
        ("Student ID", Identifier.STUDENT_ID),
        ("Student_StateID", Identifier.STUDENT_ID),
        ("Student No", Identifier.STUDENT_ID),
        ("SSN", Identifier.STUDENT_ID),
        ("Social Security #", Identifier.STUDENT_ID),
        ("User Name", Identifier.STUDENT_ID),
        ("Learner Number", Identifier.STUDENT_ID),
        ("State ID", Identifier.STUDENT_ID),
        ("PermID", Identifier.STUDENT_ID),
        ("STN", Identifier.STUDENT_ID),
        ("Test Taker ID", Identifier.STUDENT_ID),
        ("STD_LASTNM", Identifier.NAME),
        ("TeacherID", Identifier.STAFF_ID),
        ("Official Teacher Staff ID", Identifier.STAFF_ID),
        ("Learner", Identifier.NAME),
        ("Pupil", Identifier.NAME),
        ("Advisor", Identifier.NAME),
        ("Coach", Identifier.NAME),
        ("Homeroom teacher", Identifier.NAME),
        ("Scored By", Identifier.NAME),
        ("Guardian", Identifier.NAME),
        ("Case manager", Identifier.NAME),
        ("Advisor ID", Identifier.STAFF_ID),
        ("Students", None),
        ("Learner level", None),
        ("Student group", None),
        ("Coaching hours", None),
        ("Expected by", None),
        ("School Name", None),
        ("District_StateID", None),
        ("Account State ID", None),
        ("DistrictName", None),
        ("StandardName", None),
        ("Student Grade", None),
        ("student_key", None),
        ("Hashed Student ID", None),
        ("Class", None),
        ("Letter Names (LNF) - Level", None),
        ("Web address", None),
        ("Proficiency if Student Shows No Additional Growth", None),
        ("School ID", None),
        ("", None),
    ],
)
def test_a_header_says_whether_it_names_people(header, kind):
    assert named_by(header) is kind


@given(st.text(max_size=60))
def test_any_header_is_answered(header):
    assert named_by(header) is None or named_by(header) in Identifier


def test_no_column_of_a_contract_about_learners_names_people(catalogue):
    contract = catalogue.get("competency_record")

    assert not [name for name in contract.field_names if named_by(name)]


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [
        ("Student Name", ["x"] * 5, "F150"),
        ("DOB", ["2014-01-02"] * 5, "F150"),
        ("Student ID", ["605000"] * 5, "F150"),
        ("Learner", ["x"] * 5, "F150"),
        ("Advisor", ["x"] * 5, "F150"),
        ("Remark", ["Ms. Tamber"] * 5, "F151"),
        ("Who", ["Ada Q.", "Bo V.", "Cyd I", "Dez O.", "Eli Y."], "F151"),
        ("Remark", [person[0] for person in PEOPLE], "F151"),
        ("Who", [person[1] for person in PEOPLE], "F151"),
        ("Remark", ["", "", PEOPLE[0][2], "", ""], "F151"),
        ("Remark", [person[3] for person in PEOPLE], "F151"),
        ("House no.", ["605000", "605001", "605002", "605003", "605004"], "F151"),
        ("teacher_of_record_keys", ["T-100"] * 5, "F152"),
    ],
)
def test_a_table_about_learners_that_names_people_is_refused(
    tmp_path, catalogue, header, cells, code
):
    path = write_csv(tmp_path / "records.csv", records(**{header: cells}))

    [refused] = read_export(path, catalogue).refused

    [finding] = refused.findings
    assert finding.code == code
    assert finding.place.column == header
    told = finding.model_dump_json()
    assert not [cell for cell in cells if len(cell) > 1 and cell in told]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Remark", ["done"] * 5),
        ("Unit", ["Force and Motion"] * 5),
        ("Class period", ["Period One", "Period Two"] * 2 + ["Period Two"]),
        ("Points", ["12", "14", "9", "30", "22"]),
    ],
)
def test_a_column_that_names_nobody_is_left_out_as_always(
    tmp_path, catalogue, header, cells
):
    path = write_csv(tmp_path / "records.csv", records(**{header: cells}))

    reading = read_export(path, catalogue)

    assert reading.refused == ()
    [item] = reading.datasets[0].recognitions
    assert "C202" in {finding.code for finding in item.findings}


@pytest.mark.parametrize("written", ["60500{}", "{:032}", "60500{}" + "0" * 30])
def test_raw_ids_in_place_of_keys_are_counted_and_refused(tmp_path, catalogue, written):
    rows = records()
    for number, row in enumerate(rows[:3]):
        row["student_key"] = written.format(number)
    path = write_csv(tmp_path / "records.csv", rows)

    [refused] = read_export(path, catalogue).refused

    [finding] = refused.findings
    assert (finding.code, finding.details["count"]) == ("F152", "3")


def test_rows_out_of_shape_are_named_where_cells_are_no_keys(tmp_path, catalogue):
    path = write_csv(tmp_path / "records.csv", records())
    header, *rows = path.read_text().splitlines()
    first = rows[0].split(",")
    rows[0] = ",".join([first[0], "", *first[1:]])
    path.write_text("\n".join([header, *rows]) + "\n")

    [item] = read_export(path, catalogue).refused

    said = {f.details["expected"] for f in item.findings if f.code == "F152"}
    assert said
    assert all("Look at row 2 first" in text for text in said)


def test_names_in_a_known_column_are_found_too(tmp_path, catalogue):
    rows = records(grade_level=[person[0] for person in PEOPLE])
    path = write_csv(tmp_path / "records.csv", rows)

    [refused] = read_export(path, catalogue).refused

    assert [item.code for item in refused.findings] == ["F151"]


@pytest.mark.parametrize(
    ("header", "is_refused"),
    [("Student ID", True), ("Date of birth", True), ("Contact email", False)],
)
def test_another_dataset_is_refused_where_its_rows_are_about_learners(
    tmp_path, catalogue, header, is_refused
):
    contract = catalogue.get("ta_request")
    row = {field.name: field.example for field in contract.fields}
    path = write_csv(tmp_path / "ta_request.csv", [row | {header: "x"}])

    reading = read_export(path, catalogue)

    assert bool(reading.refused) is is_refused


def test_an_export_with_a_column_more_that_names_people_is_refused(tmp_path, catalogue):
    lines = (EXPORTS / "star_standards.csv").read_text("utf-8-sig").splitlines()
    lines = [
        f"{lines[0]},Parent Email",
        *[f"{line},p@example.org" for line in lines[1:]],
    ]
    path = tmp_path / "star.csv"
    path.write_text("\n".join(lines))

    [refused] = read_export(path, catalogue).refused

    assert [(i.code, i.place.column) for i in refused.findings] == [
        ("F150", "Parent Email")
    ]


def test_nothing_of_a_refused_table_is_kept_but_its_bytes(workspace):
    header = "Remark"
    rows = records(**{header: [person[0] for person in PEOPLE]})
    text = "\n".join(
        [",".join(rows[0]), *[",".join(f'"{c}"' for c in r.values()) for r in rows]]
    )
    receipt = ingest_arrival(workspace, drop(workspace, "records.csv", text.encode()))

    kept = {
        item.key: workspace.store.get(item.key)
        for item in workspace.store.list("")
        if not item.key.startswith("raw/") and "/inbox/" not in item.key
    }
    assert receipt.status == "refused"
    assert kept
    assert not [key for key, content in kept.items() if b"Quillon" in content]


def test_a_row_of_an_export_whose_cells_are_shifted_keeps_no_cell(workspace):
    """A name may stand where a level belongs; so nothing of the row is kept."""
    lines = (EXPORTS / "star_standards.csv").read_bytes().splitlines()
    lines[2] = b"Quillon-Ada," + lines[2]

    receipt = ingest_arrival(workspace, drop(workspace, "star.csv", b"\n".join(lines)))

    [row] = workspace.quarantine.rows().collect().to_dicts()
    assert (receipt.rows.accepted, receipt.rows.quarantined) == (4, 1)
    assert (row["row_number"], set(json.loads(row["values"]).values())) == (3, {None})
    assert [item.code for item in receipt.all_findings if item.severity == "error"] == [
        "R311"
    ]


def test_no_raw_id_of_an_export_is_kept_but_in_its_bytes(workspace):
    content = (EXPORTS / "iready_ela.csv").read_bytes()
    # Two rows go into quarantine, too.
    content = content.replace(b"2025-2026", b"some year", 2)

    receipt = ingest_arrival(workspace, drop(workspace, "iready.csv", content))

    assert receipt.rows.accepted
    assert receipt.rows.quarantined
    kept = b"".join(
        workspace.store.get(item.key)
        for item in workspace.store.list("")
        if not item.key.startswith("raw/") and "/inbox/" not in item.key
    )
    assert b"605001" not in kept
    assert b"AUTO_1234567" not in kept
