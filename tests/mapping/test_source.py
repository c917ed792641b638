"""A mapping that cannot work, or lets a person through, is refused before it is used."""

from datetime import date

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import ContractInvalid
from pcbl_pipeline.mapping.columns import fitting
from pcbl_pipeline.mapping.soundness import require_sound
from pcbl_pipeline.operations.answer import answer_dataset
from pcbl_pipeline.operations.examine import judge_dataset
from pcbl_pipeline.validation.circumstances import Circumstances
from tests.support.exports import DISTRICT, read_export, records_of, write_csv

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
        ("drop: [Full name]", "drop: [", "Close each bracket"),
        ("drop: [Full name]", "\tdrop: [Full name]", "It holds a tab"),
        ("{column: Stage,", "{column: Stage: 1-4,", "needs quotation marks"),
        ("{column: Stage,", "{colum: Stage,", "Did you mean `column`"),
        ("source: own_tool", "source: Own tool!", "small letters"),
        ("parse: slug", "parse: soundex", "It may be `date`"),
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


def _skills(tmp_path, skills: list[str]):
    rows = [
        {**ROWS[0], "Learner": f"L-{number}", "Skill": skill}
        for number, skill in enumerate(skills)
    ]
    return read_export(write_csv(tmp_path / "own.csv", rows), CATALOGUE, own=source())


def test_a_column_that_a_mapping_uses_must_hold_no_names(tmp_path):
    names = ["Odalys P.", "Wendell R.", "Ines Y.", "Dario M.", "Esme B."]

    reading = _skills(tmp_path, names)

    [refused] = reading.refused
    [finding] = refused.findings
    assert (finding.code, finding.place.column) == ("F151", "Skill")
    assert not [name for name in names if name in finding.model_dump_json()]


def test_skills_of_two_words_are_no_names_where_learners_have_several(tmp_path):
    skills = ["Design Solutions", "Read Complexly", "Lead Self", "Think Ahead"]
    rows = [
        {**ROWS[0], "Learner": f"L-{number}", "Skill": skill}
        for number in range(4)
        for skill in skills
    ]
    path = write_csv(tmp_path / "own.csv", rows)

    assert len(records_of(read_export(path, CATALOGUE, own=source()))) == 16


@pytest.mark.parametrize("header", ["Learner", "Pupil", "Advisor", "Coach"])
def test_a_code_is_not_made_of_a_column_that_names_people(header):
    text = GOOD.replace("{column: Skill, parse: slug}", f"{{column: {header}}}")

    with pytest.raises(ContractInvalid, match=f"`{header}`, which holds"):
        require_sound(source(text), CONTRACT)


@pytest.mark.parametrize("year", ["2025-26", "2025-2027", "YYYY-YYYY"])
def test_a_school_year_that_is_wrong_in_every_row_is_named_at_once(year):
    text = GOOD.replace("2025-2026", year)

    with pytest.raises(ContractInvalid, match="Write the year"):
        require_sound(source(text), CONTRACT)


NEWEST = """
newest_per_key:
  newest_by: {column: Day, parse: date}
  count_as: evidence_count
  first_as: first_evidence_on
"""


def _judged(tmp_path, days: list[str]):
    rows = [
        {**ROWS[2], "Learner": f"L-{n // 2}", "Day": day} for n, day in enumerate(days)
    ]
    path = write_csv(tmp_path / "own.csv", rows)
    text = GOOD.replace(
        '  evidence_count: {column: Pieces, split: [" of ", 1], parse: number}\n', ""
    )
    [tables] = read_export(path, CATALOGUE, own=source(text + NEWEST)).datasets
    judged = judge_dataset(tables, CATALOGUE, Circumstances(sender=DISTRICT))
    return judged, answer_dataset(judged, CATALOGUE).part


def test_days_that_the_pipeline_reads_in_a_field_made_on_the_way_are_told(tmp_path):
    judged, part = _judged(tmp_path, ["13/4/2026", "3/4/2026", "25/4/26", "25/4/26"])

    rows = judged.accepted.collect()
    assert not [item for item in part.findings if item.severity == "error"]
    assert rows["first_evidence_on"].to_list() == [date(2026, 4, 3), date(2026, 4, 25)]


def test_of_results_whose_day_cannot_be_read_none_is_the_newest(tmp_path):
    judged, part = _judged(tmp_path, ["4/3/99", "2026-04-13", "4/13/26", "4/13/26"])

    places = {
        place.column
        for item in part.findings
        if item.code == "C231"
        for place in item.places
    }
    assert places == {"Day"}
    assert judged.rows.accepted == 1


def test_a_value_that_no_column_holds_is_told_by_the_name_of_ours(tmp_path):
    text = GOOD + "assumes: []\n"
    text = text.replace(
        "fields:\n", "fields:\n  learning_setting: {constant: Classroom}\n"
    )
    path = write_csv(tmp_path / "own.csv", ROWS[:3])

    [tables] = read_export(path, CATALOGUE, own=source(text)).datasets
    judged = judge_dataset(tables, CATALOGUE, Circumstances(sender=DISTRICT))
    part = answer_dataset(judged, CATALOGUE).part

    [told] = [item for item in part.findings if item.code == "R317"]
    assert told.places[0].column == "learning_setting"
