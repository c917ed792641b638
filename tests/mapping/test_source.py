"""A mapping that cannot work, or lets a person through, is refused before it is used."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.mapping.columns import fitting
from pcbl_pipeline.mapping.soundness import require_sound
from tests.support.exports import read_export, records_of, write_csv

CATALOGUE = load_catalogue()
CONTRACT = CATALOGUE.get("competency_record")
#: One that works; each test changes a line of it.
GOOD = """
source: own_tool
version: "1"
title: Our own tool
signs: {all: [Learner, Skill, Stage]}
crosswalks:
  stages: {Not yet: "1", Nearly: "2", Got it: "3"}
fields:
  site_id: {sender: site_id}
  school_year: {constant: 2025-2026}
  student_key: {column: Learner, hash: student}
  competency_uri: {combine: ["own:", {column: Skill, parse: slug}]}
  level: {column: Stage, crosswalk: stages}
  demonstrated_on: {column: Day, parse: date, when: {level: ["3"]}}
  evidence_count: {column: Pieces, split: [" of ", 1], parse: number}
drop: [Full name]
"""
ROWS = [
    {
        "Learner": str(number),
        "Full name": "Quillon",
        "Skill": "Fractions & ratios",
        "Stage": stage,
        "Day": "2026-02-03",
        "Pieces": f"{number} of 9",
    }
    for number, stage in enumerate(["Not yet", "nearly", "Got it", "??"], 1)
]


def source(text: str = GOOD):
    return parse_source(text, CATALOGUE.sources, name="own.yaml")


def test_a_mapping_of_a_sites_own_tool_makes_its_records(tmp_path):
    path = write_csv(tmp_path / "own.csv", ROWS)

    records = records_of(read_export(path, CATALOGUE, own=source()))

    assert records["level"].to_list() == ["1", "2", "3", "??"]
    assert records["demonstrated_on"].to_list() == [None, None, "2026-02-03", None]
    assert set(records["competency_uri"]) == {"own:fractions-ratios"}
    assert records["evidence_count"].to_list() == ["1", "2", "3", "4"]
    assert records["row_number"].to_list() == [2, 3, 4, 5]


def test_own_mappings_go_before_shipped_ones():
    headers = ["Student ID", "Academic Year", "Overall Relative Placement", "Learner"]
    own = source(GOOD.replace("[Learner, Skill, Stage]", "[Learner]"))

    assert fitting(headers, CATALOGUE.sources.values()).source == "iready_diagnostic"
    assert fitting(headers, [own]) is own


def test_an_extending_mapping_adds_to_what_it_extends(tmp_path):
    text = """
        source: our_star
        extends: star_standards
        version: "2"
        crosswalks:
          schools: {School One: "049990100123"}
        fields:
          ncessch: {column: SchoolName, crosswalk: schools}
    """
    ours, star = source(text), CATALOGUE.sources["star_standards"]

    assert ours.label == "our_star v2"
    assert set(ours.fields) == set(star.fields)
    assert ours.fields["level"] == star.fields["level"]
    assert ours.fields["ncessch"].headers == ("SchoolName",)
    assert set(ours.crosswalks) == {"mastery", "schools"}


@pytest.mark.parametrize("name", CATALOGUE.sources)
def test_every_shipped_mapping_is_sound(name):
    shipped = CATALOGUE.sources[name]

    require_sound(shipped, CATALOGUE.get(shipped.dataset))
    assert shipped.source == name
    assert shipped.description
    assert shipped.origin
    assert shipped.assumes


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("source: own_tool", "source: Own tool!", "source"),
        ("title: Our own tool\n", "", "title"),
        ("crosswalk: stages", "crosswalk: grades", "no such crosswalk: grades"),
        ("{column: Stage,", "{column: Stage, constant: x,", "exactly one"),
        ("when: {level:", "when: {grade_level:", "no such field: grade_level"),
        ("{constant: 2025-2026}", "{group: year}", "no such group"),
        ("parse: slug", "parse: soundex", "parse"),
        ('split: [" of ", 1]', 'split: ["", 1]', "split"),
        ("drop: [Full name]", "unpivot: {headers: '(x'}", "not a pattern"),
        ("drop: [Full name]", "unpivot: {headers: 'x.*'}", "named group"),
        ("drop: [Full name]", "extends: nothing", "extends `nothing`"),
        ("drop: [Full name]", "colour: red", "colour"),
        ("drop: [Full name]", "drop: [", "not YAML"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_named(old, new, problem):
    assert old in GOOD
    with pytest.raises(ContractInvalid, match=r"own\.yaml") as caught:
        source(GOOD.replace(old, new))

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (", hash: student}", "}", "`student_key` must be hashed"),
        ("  level:", "  leevel:", "`leevel` is no column"),
        ("  school_year: {constant: 2025-2026}\n", "", "`school_year` must be made"),
        ("{column: Skill, parse: slug}", "{column: Student Name}", "names of people"),
        ("{column: Stage, ", "{column: [Stage, Student ID], ", "student ids"),
    ],
)
def test_a_mapping_that_does_not_fit_or_lets_a_person_through_is_named(
    old, new, problem
):
    assert old in GOOD
    text = GOOD.replace(old, new).replace('when: {level: ["3"]}', "")

    with pytest.raises(ContractInvalid) as caught:
        require_sound(source(text), CONTRACT)

    assert problem in str(caught.value)


def test_a_column_that_an_export_lacks_is_named_before_any_row(tmp_path):
    rows = [{k: v for k, v in row.items() if k != "Stage"} for row in ROWS]
    path = write_csv(tmp_path / "own.csv", rows)
    own = source(GOOD.replace("[Learner, Skill, Stage]", "[Learner, Skill]"))

    [refused] = read_export(path, CATALOGUE, own=own).refused

    assert [(i.code, i.details["column"]) for i in refused.findings] == [
        ("C226", "Stage")
    ]


def test_results_without_a_level_make_no_record_and_are_counted(tmp_path):
    text = GOOD.replace('Not yet: "1"', "Not yet: null")
    own = source(text + "not_measured_if_blank: [level]\n")
    path = write_csv(tmp_path / "own.csv", ROWS)

    reading = read_export(path, CATALOGUE, own=own)

    assert records_of(reading)["row_number"].to_list() == [3, 4, 5]
    told = {i.code: i.details for i in reading.datasets[0].recognitions[0].findings}
    assert told["C222"]["count"] == "1"
    assert (told["C220"]["rows"], told["C220"]["records"]) == ("4", "3")
