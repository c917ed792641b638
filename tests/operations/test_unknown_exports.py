"""A file that no mapping reads yet is called an export, and leads to a mapping."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.model.finding import FindingGroup
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.check import check_file
from tests.support.exports import EXPORTS

CATALOGUE = load_catalogue()
LMS = (
    "Student ID,Student Name,Grade Level,School,Course,Standard,Score (1-4),"
    "Date Assessed,Evidence Type,Teacher Name\n"
    "70121,Learner One,8,Invented Middle,Math 6,MATH.6.RP.3,4,4/3/26,Quiz,R. Invented\n"
)
KEYED = ("site_id", "school_year", "competency_uri", "level", "demonstrated_on")


def answer(path, text: str) -> tuple[Receipt, FindingGroup]:
    path.write_text(text, encoding="utf-8")
    receipt = check_file(path, catalogue=CATALOGUE, sender_id="0499901")
    return receipt, receipt.all_findings[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LMS, id="of learners"),
        pytest.param((EXPORTS / "star_scores.csv").read_text(), id="of a vendor"),
        pytest.param(
            ",".join(f"Measure {n}" for n in range(40)) + "\n" + ",".join("1" * 40),
            id="many columns that are not ours",
        ),
    ],
)
def test_an_unknown_export_leads_to_a_mapping(text, tmp_path):
    receipt, found = answer(tmp_path / "export.csv", text)

    assert receipt.status is Status.REFUSED
    assert [group.code for group in receipt.all_findings] == ["F129"]
    assert "looks like an export" in found.message
    assert 'pcbl mapping suggest "export.csv"' in found.fix


def test_it_says_that_the_file_names_people_and_quotes_no_cell(tmp_path):
    receipt, found = answer(tmp_path / "export.csv", LMS)

    assert "names people: see `Student ID`, `Student Name`" in found.message
    assert "Learner One" not in receipt.model_dump_json()


@pytest.mark.parametrize("header", ["Student ID", "Student Key", "Learner Id"])
def test_an_id_is_never_to_be_called_a_key(header, tmp_path):
    lines = [",".join([header, *KEYED]), ",".join(["1"] * (len(KEYED) + 1))]

    receipt, _ = answer(tmp_path / "records.csv", "\n".join(lines))

    told = receipt.model_dump_json()
    assert f"{header}=student_key" not in told
    assert f"`{header}` looks like" not in told
    assert receipt.status is Status.REFUSED


def test_a_small_list_of_something_else_is_no_export(tmp_path):
    _, found = answer(tmp_path / "routes.csv", "route,stop,time\n12,Elm Street,07:10\n")

    assert found.code == "F107"
