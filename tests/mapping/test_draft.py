"""A draft made from a file never seen can be used, and holds nothing of a person."""

import pytest
import yaml

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.sources import parse_source
from pcbl_pipeline.errors import ContractInvalid, SubmissionUnreadable
from pcbl_pipeline.mapping.identifiers import named_by
from pcbl_pipeline.mapping.profile import level_of
from pcbl_pipeline.mapping.soundness import require_sound
from pcbl_pipeline.operations.draft import suggest_mapping
from pcbl_pipeline.operations.mapping_trial import try_mapping
from tests.support.exports import EXPORTS, read_export, records_of, write_csv

CATALOGUE = load_catalogue()
FILES = sorted(path.stem for path in EXPORTS.glob("*.csv"))
#: Of the same files as the shipped mappings: level, day and learner agree.
SAME = ["iready_ela", "iready_math", "map_growth", "star_skill_area", "star_standards"]


def chosen(text: str) -> str:
    """Choose the level of the one file that tells it in several ways."""
    return text.replace("{column: FILL-IN,", "{column: StateBenchmarkCategoryName,")


@pytest.mark.parametrize("name", FILES)
def test_a_draft_is_a_mapping_that_reads_its_file(name):
    path = EXPORTS / f"{name}.csv"

    text = chosen(suggest_mapping(path).text)
    source = parse_source(text, {}, name=name)
    require_sound(source, CATALOGUE.get(source.dataset))
    receipt = try_mapping(text, path, CATALOGUE).receipt

    assert receipt.rows.accepted >= 4
    errors = {item.code for item in receipt.all_findings if item.severity == "error"}
    assert errors <= {"R311"}


@pytest.mark.parametrize("name", SAME)
def test_an_untouched_draft_makes_the_records_of_the_shipped_mapping(name):
    path = EXPORTS / f"{name}.csv"
    drafted = parse_source(suggest_mapping(path).text, {}, name=name)

    ours = records_of(read_export(path, CATALOGUE, own=drafted))
    shipped = records_of(read_export(path, CATALOGUE))

    for field in ("row_number", "level", "first_evidence_on", "evidence_count"):
        assert ours[field].to_list() == shipped[field].to_list(), field


@pytest.mark.parametrize("name", FILES)
def test_a_draft_holds_no_value_that_may_be_personal(name):
    text = suggest_mapping(EXPORTS / f"{name}.csv").text

    for personal in ("60500", "604821", "email@email", "AUTO_1", "1/1/2015", "dist1-"):
        assert personal not in text


def test_what_a_draft_cannot_know_is_asked_for(tmp_path):
    rows = [
        {"Student ID": str(n), "Skill": f"Skill {n}", "Mastery level": level}
        for n, level in enumerate(["Beginning", "Proficient", "Blue", "Proficient"])
    ]
    path = write_csv(tmp_path / "2024 tool export.csv", rows)

    draft = suggest_mapping(path)

    assert "source: tool_export" in draft.text
    assert [point for point in draft.open_points if "Blue" in point]
    assert [point for point in draft.open_points if "school_year" in point]
    assert "    Blue: null  # which level is it?" in draft.text


def test_days_that_come_before_months_are_seen(tmp_path):
    rows = [
        {
            "Learner ID": str(n),
            "Standard": f"AA.{n}",
            "Level": "2",
            "Date assessed": f"{day}/03/2026",
        }
        for n, day in enumerate(["13", "04", "27"])
    ]
    path = write_csv(tmp_path / "tool.csv", rows)
    drafted = parse_source(suggest_mapping(path).text, {}, name="tool")

    records = records_of(read_export(path, CATALOGUE, own=drafted))

    days = records["first_evidence_on"].to_list()
    assert days == ["2026-03-13", "2026-03-04", "2026-03-27"]
    assert set(records["school_year"]) == {"2025-2026"}


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("Beginning", "1"),
        ("Not Yet", "1"),
        ("Does Not Meet Expectations", "1"),
        ("Well Below Benchmark", "1"),
        ("3 or More Grade Levels Below", "1"),
        ("Approaching", "2"),
        ("On Watch", "2"),
        ("Partially Proficient", "2"),
        ("Meets", "3"),
        ("Proficient", "3"),
        ("At/Above Benchmark", "3"),
        ("Mid or Above Grade Level", "3"),
        ("Exceeds Expectations", "4"),
        ("Advanced", "4"),
        ("Level 2", "2"),
        ("4", "4"),
        ("Not Assessed", None),
        ("Blue", None),
    ],
)
def test_the_words_of_levels_are_understood(value, level):
    assert level_of(value) == level


def test_where_no_column_looks_like_levels_the_draft_asks_for_them(tmp_path):
    rows = [{"Student ID": "1", "House": "Red"}, {"Student ID": "2", "House": "Blue"}]
    path = write_csv(tmp_path / "houses.csv", rows)

    draft = suggest_mapping(path)

    assert "House" in draft.open_points[0]
    assert "days" in " ".join(draft.open_points)
    assert parse_source(draft.text, {}, name="houses").fields["student_key"].hash


def test_scores_side_by_side_are_drafted_with_bands_to_be_set(tmp_path):
    rows = [
        {"Student ID": str(n), "Year": "2025", "Algebra Score": s, "Data Score": s}
        for n, s in enumerate(["12", "77", "91"])
    ]
    path = write_csv(tmp_path / "scores.csv", rows)

    draft = suggest_mapping(path)
    drafted = parse_source(draft.text, {}, name="scores")
    records = records_of(read_export(path, CATALOGUE, own=drafted))

    assert [point for point in draft.open_points if "score" in point]
    assert records["level"].to_list() == ["1", "1", "2", "2", "3", "3"]
    assert set(records["school_year"]) == {"2024-2025"}


def test_a_file_that_is_not_there_is_answered(tmp_path):
    with pytest.raises(SubmissionUnreadable, match="no file"):
        suggest_mapping(tmp_path / "none.csv")


def test_a_mapping_tried_on_another_file_says_what_the_file_lacks():
    text = suggest_mapping(EXPORTS / "star_standards.csv").text

    with pytest.raises(ContractInvalid, match="StandardName"):
        try_mapping(text, EXPORTS / "iready_ela.csv", CATALOGUE)


def test_a_trial_shows_the_first_records_with_their_keys_cut():
    path = EXPORTS / "star_standards.csv"

    trial = try_mapping(suggest_mapping(path).text, path, CATALOGUE)

    assert len(trial.records) == 5
    assert all(len(record["student_key"]) == 8 for record in trial.records)
    assert not trial.has_errors


def test_several_yardsticks_for_one_result_are_no_skills(tmp_path):
    path = EXPORTS / "star_scores.csv"

    draft = suggest_mapping(path, CATALOGUE.sources.values())
    receipt = try_mapping(chosen(draft.text), path, CATALOGUE).receipt

    assert draft.open_points[0].startswith("Which one?")
    assert "DistrictBenchmarkCategoryName" in draft.open_points[0]
    assert receipt.rows.received == 5
    assert "star_skill_area, star_standards" in draft.text
    with pytest.raises(ContractInvalid, match="name a column"):
        try_mapping(draft.text, path, CATALOGUE)


@pytest.mark.parametrize(
    ("kinds", "is_asked"),
    [
        (["Fall", "Winter", "Spring"], True),
        (["Pre", "Post"], True),
        (["State", "District", "Vendor"], True),
        (["Fall 2025 Reading", "Fall 2025 Writing", "Fall 2025 Speaking"], False),
        (["State history", "Geometry", "Writing"], False),
    ],
)
def test_what_columns_differ_in_is_asked_about_unless_it_is_a_skill(
    tmp_path, kinds, is_asked
):
    levels = ["Beginning", "Proficient", "Developing", "Proficient"]
    rows = [
        {"Student ID": f"70{n}1", **{f"{kind} Level": level for kind in kinds}}
        for n, level in enumerate(levels)
    ]

    draft = suggest_mapping(write_csv(tmp_path / "scores.csv", rows))

    assert ("Which one?" in " ".join(draft.open_points)) is is_asked
    assert ("unpivot:" in draft.text) is not is_asked


def _of_a_school(tmp_path, name="lms.csv"):
    scores = ["1", "2", "3", "4", "IE", "M", "2.5", "3.5", "3", "2"]
    codes = ["MATH.6.RP.3", "SCI.MS-PS1-1", "WS.COLLAB"]
    rows = [
        {
            "Student ID": f"70{n}1",
            "Student Name": f"Learner {n}",
            "Grade Level": "3",
            "Standard Name": "x y",
            "Standard Code": codes[n % 3],
            "Score (1-4)": score,
            "Date Assessed": f"{n + 1}/{n + 14}/26",
            "Learner": "Odalys P.",
            "Teacher Email": "r@example.org",
            "Number Of Levels": "4",
        }
        for n, score in enumerate(scores)
    ]
    return write_csv(tmp_path / name, rows)


def test_what_a_school_system_exports_is_drafted_whole(tmp_path):
    path = _of_a_school(tmp_path)

    text = suggest_mapping(path).text
    drafted = parse_source(text, {}, name="lms")
    records = records_of(read_export(path, CATALOGUE, own=drafted))

    assert drafted.fields["level"].column == ("Score (1-4)",)
    assert drafted.fields["demonstrated_on"].column == ("Date Assessed",)
    assert drafted.fields["teacher_of_record_keys"].hash == "teacher"
    assert drafted.newest_per_key is not None
    assert set(drafted.drop) == {"Student Name", "Learner"}
    assert {"Standard Code", "Score (1-4)"} <= set(drafted.signs.all)
    assert records["competency_uri"][0] == "FILL-IN:MATH.6.RP.3"
    assert records["demonstrated_on"][2] == "2026-03-16"
    assert "IE: null  # which level is it?" in text


def test_a_draft_makes_the_same_skills_of_the_file_of_another_term(tmp_path):
    drafts = [
        parse_source(suggest_mapping(_of_a_school(tmp_path, name)).text, {}, name=name)
        for name in ("fall.csv", "spring term.csv")
    ]

    assert drafts[0].fields["competency_uri"] == drafts[1].fields["competency_uri"]


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("CCSS.ELA.RI.7", "CCSS:ELA.RI.7"),
        ("MATH.6.RP.3", "FILL-IN:MATH.6.RP.3"),
        ("C.2.1", "FILL-IN:C.2.1"),
    ],
)
def test_a_subject_is_not_taken_for_a_list_of_standards(tmp_path, code, made):
    rows = [
        {"Student ID": f"70{n}1", "Standard": code, "Level": level}
        for n, level in enumerate(["Beginning", "Proficient"])
    ]
    path = write_csv(tmp_path / "tool.csv", rows)

    drafted = parse_source(suggest_mapping(path).text, {}, name="tool")
    records = records_of(read_export(path, CATALOGUE, own=drafted))

    assert set(records["competency_uri"]) == {made}


def test_a_trial_counts_the_records_that_its_receipt_counts(tmp_path):
    path = _of_a_school(tmp_path)
    lines = path.read_text().splitlines()
    # The same learner in the same skill, on a later day.
    path.write_text("\n".join([*lines, lines[1].replace("1/14/26", "1/30/26")]))

    trial = try_mapping(suggest_mapping(path).text, path, CATALOGUE)

    assert sum(trial.skills.values()) == trial.receipt.rows.received
    assert trial.records[0]["evidence_count"] == "1"


#: Headers and first rows as tools write them, and what the draft must take from where.
TOOLS = {
    "results of a gradebook": (
        [
            *("Student name", "Student ID", "Student SIS ID", "Section SIS ID"),
            *("Learning outcome name", "Learning Outcome Points Hidden"),
            *("Learning Outcome Rating", "Submission date"),
        ],
        [
            ["Ana Q", "1000", "S1", "P2", "Linear equations", "false", "Mastery"],
            ["Luis R", "1001", "S2", "P2", "Two unknowns", "false", "Near Mastery"],
        ],
        ("Student ID", "Learning outcome name", "Learning Outcome Rating"),
    ),
    "a site for practice": (
        ["Student", "Email", "Skill", "Mastery level", "Mastery points"],
        [
            ["Ana Q", "ana@example.org", "Basic ratios", "Familiar", "80"],
            ["Luis R", "luis@example.org", "Rates", "Mastered", "100"],
        ],
        ("Email", "Skill", "Mastery level"),
    ),
    "a growth test": (
        ["Student ID", "Growth Measure", "Instructional Area", "Area RIT Range"],
        [["7", "Yes", "Geometry", "HiAvg"], ["8", "Yes", "Statistics", "LoAvg"]],
        ("Student ID", "Instructional Area", "Area RIT Range"),
    ),
    "a student information system": (
        [
            "Student_Number",
            "LastFirst",
            "Identifier",
            "Standard Name",
            "Standard Grade",
        ],
        [
            ["7", "Q, Ana", "7.RP.1", "Ratios", "3"],
            ["8", "R, L", "7.NS.2", "Sums", "2"],
        ],
        ("Student_Number", "Standard Name", "Standard Grade"),
    ),
    "a reading program": (
        ["Username", "SIS ID", "Grade", "Objective", "Objective status"],
        [["ana.q", "S1", "2", "Vowels", "Met"], ["luis.r", "S2", "3", "Nouns", "Met"]],
        ("SIS ID", "Objective", "Objective status"),
    ),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_draft_takes_learner_skill_and_level_from_the_right_columns(tmp_path, tool):
    headers, rows, expected = TOOLS[tool]
    cells = [dict(zip(headers, row, strict=False)) for row in rows]
    path = write_csv(tmp_path / "export.csv", cells)

    fields = yaml.safe_load(suggest_mapping(path).text)["fields"]

    learner = fields["student_key"]["column"]
    taken = (
        learner if isinstance(learner, str) else learner[0],
        fields["competency_uri"]["combine"][1]["column"],
        fields["level"]["column"],
    )
    assert taken == expected
    assert fields["student_key"]["hash"] == "student"


def test_the_grade_that_learners_are_in_is_no_level(tmp_path):
    rows = [
        {"SIS ID": f"S{n}", "Grade": "2", "Current Level": str(n)} for n in range(9)
    ]

    text = suggest_mapping(write_csv(tmp_path / "export.csv", rows)).text

    assert yaml.safe_load(text)["fields"]["level"] != {
        "column": "Grade",
        "crosswalk": "levels",
    }


@pytest.mark.parametrize("header", ["LastFirst", "Login", "Unique ID", "External ID"])
def test_short_headers_of_people_are_known(header):
    assert named_by(header) is not None
