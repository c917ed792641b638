"""Recognition, with whatever contracts there are, and with small ones made for it."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    Delivery,
    FieldType,
    Presence,
    Privacy,
)
from pcbl_pipeline.contracts.rule_pages import placeholders_in
from pcbl_pipeline.reading.headers import HeaderIndex, header_key
from pcbl_pipeline.reading.recognise import recognise, recognise_all
from pcbl_pipeline.reading.tables import ReadResult, TextTable, column_name
from tests.support.files import read_table, read_workbook_of

CATALOGUE = load_catalogue()
PART_OF_A_LESSON = [
    "title",
    "situation",
    "action",
    "result",
    "Kind",
    "When",
    "shoe size",
]
CONTRACTS = [pytest.param(c, id=name) for name, c in CATALOGUE.contracts.items()]


def a_table(headers, *, sheet=None, file_name="a.csv", hidden=False):
    columns = tuple(column_name(position) for position in range(len(headers)))
    return TextTable(
        sheet=sheet,
        header_row=1,
        headers=tuple(headers),
        columns=columns,
        rows=pl.LazyFrame({"row_number": [2], **{name: ["x"] for name in columns}}),
        row_count=1,
        misshapen={},
        read_as=(),
        file_name=file_name,
        hidden=hidden,
    )


def a_contract(dataset, fields, *, key=None, submitted_by="site"):
    """Make a contract of fields given as `name` or as a dict with what differs."""
    given_fields = [{"name": f} if isinstance(f, str) else f for f in fields]
    return Contract(
        dataset=dataset,
        code="S99",
        version="1.0",
        valid_from="2020-2021",
        title=dataset.replace("_", " ").capitalize(),
        description="Invented for tests.",
        grain="one row per visit",
        key=(key or given_fields[0]["name"],),
        delivery=Delivery(mode="upsert"),
        submitted_by=submitted_by,
        fields=tuple(
            ContractField(
                **{
                    "title": f["name"].replace("_", " ").title(),
                    "description": "Invented for tests.",
                    "type": FieldType.TEXT,
                    "privacy": Privacy.PUBLIC,
                    "example": "x",
                    **f,
                }
            )
            for f in given_fields
        ),
    )


VISIT = a_contract(
    "school_visit",
    [
        {"name": "schema_version", "presence": Presence.OPTIONAL},
        "visit_id",
        "site_id",
        "school_year",
        {"name": "visited_on", "title": "Day of the visit", "synonyms": ("visit day",)},
        {"name": "host_name", "presence": Presence.RECOMMENDED},
        {"name": "notes", "presence": Presence.OPTIONAL},
    ],
    key="visit_id",
)
MEETING = a_contract(
    "board_meeting",
    ["meeting_id", "site_id", "school_year", "agenda", "held_on"],
    submitted_by="agency",
)
SMALL = Catalogue((VISIT, MEETING), (), CATALOGUE.generic_rules)
ALL_OF_VISIT = [name for name in VISIT.field_names if name != "schema_version"]


def codes_of(recognition):
    return [finding.code for finding in recognition.findings]


# ------------------------------------------------------------------ which dataset


@pytest.mark.parametrize("contract", CONTRACTS)
def test_all_columns_of_a_dataset_are_that_dataset(contract):
    recognition = recognise(a_table(contract.field_names), CATALOGUE)

    assert recognition.contract is contract
    assert recognition.findings == ()
    assert not recognition.refused
    assert list(recognition.headers) == list(contract.field_names)
    assert recognition.columns["schema_version"] == "c1"


@pytest.mark.parametrize("contract", CONTRACTS)
def test_titles_are_as_good_as_names(contract):
    headers = [f" {field.title.upper()} *" for field in contract.fields]

    recognition = recognise(a_table(headers), CATALOGUE)

    assert recognition.contract is contract
    assert set(recognition.columns) == set(contract.field_names)


@pytest.mark.parametrize("contract", CONTRACTS)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_most_of_its_columns_are_enough_to_know_a_dataset(contract, data):
    names = list(contract.field_names)
    lost = data.draw(st.sets(st.sampled_from(names), max_size=len(names) // 4))
    kept = data.draw(st.permutations([name for name in names if name not in lost]))
    foreign = data.draw(st.lists(st.sampled_from(["xyzzy", "frob", ""]), max_size=3))

    recognition = recognise(a_table([*foreign, *kept]), CATALOGUE)

    assert recognition.contract is contract
    assert set(recognition.columns) == set(kept)
    missing = {item.field: item.code for item in recognition.findings if item.field}
    by_presence = {"required": "C201", "recommended": "C206", "optional": "C203"}
    assert missing == {
        name: by_presence[contract.field(name).presence]
        for name in lost - {"schema_version"}
    }
    assert recognition.refused == ("C201" in missing.values())
    assert codes_of(recognition).count("C202") == len(foreign)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_required_column_is_missed_by_name(contract):
    for field in contract.fields:
        if field.presence is Presence.REQUIRED:
            headers = [name for name in contract.field_names if name != field.name]

            (finding,) = recognise(a_table(headers), CATALOGUE).findings

            assert (finding.code, finding.field) == ("C201", field.name)
            assert finding.details["title"] == field.title


def test_columns_that_every_dataset_has_make_no_dataset():
    headers = ["site_id", "school_year", "notes", "budget", "vendor"]

    recognition = recognise(a_table(headers), SMALL)

    assert (recognition.contract, recognition.refused) == (None, True)
    assert codes_of(recognition) == ["F107"]
    assert recognition.findings[0].details == {
        "where": "a.csv",
        "datasets": "Board meeting (`board_meeting`), School visit (`school_visit`)",
        "hint": "",
    }
    assert (recognition.columns, recognition.headers) == ({}, {})


def test_headers_of_no_dataset_are_answered_with_what_there_is_and_what_they_may_be():
    table = a_table(["Sort", "Kind", "Heading"])

    (finding,) = recognise(table, CATALOGUE, submitted_by="site").findings

    datasets, hint = finding.details["datasets"], finding.details["hint"]
    assert finding.code == "F107"
    assert "Lessons learned (`lesson_learned`)" in datasets
    assert "state_action" not in datasets
    assert "`lesson_type` of `lesson_learned`" in hint
    assert '`pcbl mapping confirm --site ID -d NAME "Sort=COLUMN"`' in hint


def test_part_of_a_dataset_is_set_beside_what_it_lacks():
    recognition = recognise(a_table(PART_OF_A_LESSON), CATALOGUE, sender="0499901")

    (finding,) = recognition.findings
    contract = CATALOGUE.get("lesson_learned")
    required = [f.name for f in contract.fields if f.presence is Presence.REQUIRED]
    absent = [name for name in required if f"`{name}`" in finding.details["absent"]]
    assert (recognition.contract, recognition.refused) == (None, True)
    assert finding.code == "F187"
    assert finding.details["unknown"] == "`Kind`, `When` and `shoe size`"
    assert len(absent) + 4 == len(required)
    assert (finding.details["shared"], finding.details["total"]) == ("4", "19")
    assert "`When` may be `lesson_date`" in finding.details["hint"]
    assert (
        '--site 0499901 -d lesson_learned "Kind=lesson_type"' in finding.details["hint"]
    )


def test_a_few_columns_that_two_datasets_have_do_not_make_a_part():
    headers = ["title", "status", "Bus", "Stop"]

    assert codes_of(recognise(a_table(headers), CATALOGUE)) == ["F107"]


def test_header_in_other_words_is_suggested_for_the_one_missing_column():
    names = CATALOGUE.get("lesson_learned").field_names
    headers = ["When" if name == "lesson_date" else name for name in names]

    recognition = recognise(a_table(headers), CATALOGUE)

    assert "lesson_date" not in recognition.columns
    assert [f.code for f in recognition.findings] == ["C201", "C202"]
    assert "`When`" in recognition.findings[0].details["hint"]


def test_distinguishing_columns_outweigh_shared_ones():
    headers = ["site_id", "school_year", "meeting_id", "agenda", "visited_on"]

    recognition = recognise(a_table(headers), SMALL)

    assert recognition.contract is MEETING


@pytest.mark.parametrize(
    ("sheet", "file_name", "dataset"),
    [
        (None, "Spring-Visit 2026.csv", "spring_visit"),
        (None, "autumn_visit.csv", "autumn_visit"),
        ("Spring visit", "autumn_visit.xlsx", "spring_visit"),
        (None, "data.csv", "autumn_visit"),
    ],
)
def test_name_of_sheet_or_file_breaks_a_tie(sheet, file_name, dataset):
    twins = (
        a_contract("autumn_visit", ["visit_id", "day"]),
        a_contract("spring_visit", ["visit_id", "day"]),
    )
    catalogue = Catalogue(twins, (), CATALOGUE.generic_rules)
    table = a_table(["visit_id", "day"], sheet=sheet, file_name=file_name)

    recognition = recognise(table, catalogue)

    assert recognition.contract is not None
    assert recognition.contract.dataset == dataset


def test_without_any_contract_nothing_is_recognised():
    empty = Catalogue((), (), CATALOGUE.generic_rules)

    recognition = recognise(a_table(["a"]), empty)

    assert codes_of(recognition) == ["F107"]
    assert recognition.findings[0].details["datasets"] == "none is set up"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["0499901-2026-001", "1", "0499901", "2025-2026", "worked"], "F113"),
        (["Desert Rim (fictional)", "2026-03-09", "12.5"], "F113"),
        (["17"], "F113"),
        (["Site", "2024", "2025", "2026"], "F107"),
        (["Student", "Score"], "F107"),
        (["Report of 3/9/2026", "", ""], "F107"),
    ],
)
def test_first_row_of_values_is_no_header(headers, code):
    assert codes_of(recognise(a_table(headers), CATALOGUE)) == [code]


# ------------------------------------------------------------------- which column


@pytest.mark.parametrize(
    "header",
    [
        "visited_on",
        "Visited On",
        "VISITED-ON",
        "visited.on",
        "VisitedOn",
        "\ufeffvisited_on",
        '"visited_on"',
        "visited_on*",
        "visited_on (required)",
        "Visited on (Required) *",
        "visited_on\n(optional)",
        "Day of the visit",
        "day of the visit:",
        "Visit Day",
    ],
)
def test_header_means_a_field_however_it_is_written(header):
    assert HeaderIndex(VISIT).find_field(header) == "visited_on"


@pytest.mark.parametrize("header", ["visited", "visited_ons", "day", "", "*", "on"])
def test_similar_header_means_nothing(header):
    assert HeaderIndex(VISIT).find_field(header) is None


def test_name_goes_before_title_and_title_before_synonym():
    contract = a_contract(
        "order",
        [
            {"name": "goal", "title": "Action"},
            {"name": "action", "title": "Step"},
            {"name": "other", "title": "Other", "synonyms": ("step", "goal")},
        ],
    )
    index = HeaderIndex(contract)

    assert [index.find_field(header) for header in ("Action", "STEP", "Goal")] == [
        "action",
        "action",
        "goal",
    ]


def test_text_that_would_mean_two_fields_means_none():
    contract = a_contract(
        "twice",
        [{"name": "first", "title": "Date"}, {"name": "second", "title": "Date"}],
    )

    assert HeaderIndex(contract).find_field("Date") is None


@given(st.text())
def test_header_key_is_letters_and_digits_in_one_case(text):
    key = header_key(text)

    assert key == "" or key.isalnum()
    assert header_key(f"  {text} *") == header_key(text)


def test_similar_header_is_hinted_at_and_never_taken():
    headers = [name for name in ALL_OF_VISIT if name not in {"visited_on", "notes"}]

    recognition = recognise(a_table([*headers, "visitd_on", "note"]), SMALL)

    assert not {"visited_on", "notes"} & set(recognition.columns)
    assert recognition.refused
    hints = [(f.code, f.details["hint"]) for f in recognition.findings]
    assert hints == [
        ("C201", "`visitd_on` looks like it; if it is, rename that header."),
        ("C203", "`note` looks like it; if it is, rename that header."),
        ("C202", "It looks like `visited_on`; if it is, rename the header."),
        ("C202", "It looks like `notes`; if it is, rename the header."),
    ]


def test_header_similar_to_a_column_that_is_there_gets_no_hint():
    recognition = recognise(a_table([*ALL_OF_VISIT, "visitd_on"]), SMALL)

    (finding,) = recognition.findings
    assert (finding.code, finding.details["hint"]) == ("C202", "")


def test_missing_columns_are_weighed_by_how_much_they_are_wanted():
    headers = [n for n in ALL_OF_VISIT if n not in {"host_name", "notes"}]

    recognition = recognise(a_table(headers), SMALL)

    assert [(f.code, f.field) for f in recognition.findings] == [
        ("C206", "host_name"),
        ("C203", "notes"),
    ]
    assert not recognition.refused


@pytest.mark.parametrize(
    ("extra", "column", "times"),
    [
        (["notes"], "notes", "2"),
        (["Notes"], "notes` or `Notes", "2"),
        (["notes", "Notes"], "notes` or `Notes", "3"),
    ],
)
def test_two_headers_for_one_field_are_refused(extra, column, times):
    recognition = recognise(a_table([*ALL_OF_VISIT, *extra]), SMALL)

    (finding,) = recognition.findings
    assert (finding.code, finding.field) == ("C204", "notes")
    assert finding.details["column"] == column
    assert finding.details["times"] == times
    assert recognition.refused


def test_unknown_columns_are_left_out_one_by_one_with_their_place():
    table = a_table([*ALL_OF_VISIT, "Mood", "Mood", ""])

    recognition = recognise(table, SMALL)

    assert codes_of(recognition) == ["C202"] * 3
    assert [f.details["column"] for f in recognition.findings] == [
        "Mood",
        "Mood",
        "I (no header)",
    ]
    assert [f.place.cell for f in recognition.findings] == ["G1", "H1", "I1"]
    assert not recognition.refused


# --------------------------------------------------------------------- who sends it


@pytest.mark.parametrize("contract", CONTRACTS)
def test_dataset_from_the_wrong_kind_of_sender_is_refused(contract):
    wrong = "agency" if contract.submitted_by == "site" else "site"
    table = a_table([*contract.field_names, "xyzzy"])

    right = recognise(table, CATALOGUE, submitted_by=contract.submitted_by)
    foreign = recognise(table, CATALOGUE, submitted_by=wrong, sender="sea-04")

    assert (codes_of(right), right.refused) == (["C202"], False)
    assert (codes_of(foreign), foreign.refused) == (["F109"], True)
    assert foreign.findings[0].details["sender"] == "sea-04"


# --------------------------------------------------------------------- whole files


def test_sheets_that_are_no_dataset_are_left_out_next_to_one_that_is():
    tables = (
        a_table(["Read", "me"], sheet="Notes"),
        a_table(ALL_OF_VISIT, sheet="Visits"),
        a_table(["1", "2"], sheet="Scratch"),
        a_table(["Code", "Label"], sheet="Lists", hidden=True),
    )

    recognised = recognise_all(ReadResult(tables, ()), SMALL)

    assert [item.table.sheet for item in recognised.recognitions] == ["Visits"]
    assert [(f.code, f.place.sheet) for f in recognised.findings] == [
        ("F112", "Notes"),
        ("F112", "Scratch"),
    ]


def test_each_sheet_is_answered_for_when_none_is_a_dataset():
    tables = (a_table(["a", "b"], sheet="X"), a_table(["1", "2"], sheet="Y"))

    recognised = recognise_all(ReadResult(tables, ()), SMALL)

    assert [codes_of(item) for item in recognised.recognitions] == [["F107"], ["F113"]]
    assert recognised.findings == ()


def test_sheet_with_a_missing_column_still_is_its_dataset():
    tables = (
        a_table(["a"], sheet="X"),
        a_table([n for n in ALL_OF_VISIT if n != "visit_id"], sheet="Y"),
    )

    recognised = recognise_all(ReadResult(tables, ()), SMALL)

    assert [codes_of(item) for item in recognised.recognitions] == [["C201"]]
    assert [finding.code for finding in recognised.findings] == ["F112"]


def test_findings_of_reading_are_kept(tmp_path):
    sheets = {"visits": [ALL_OF_VISIT, ["x"] * len(ALL_OF_VISIT)], "Empty": []}

    recognised = recognise_all(read_workbook_of(tmp_path, sheets), SMALL)

    (recognition,) = recognised.recognitions
    assert recognition.contract is VISIT
    assert [finding.code for finding in recognised.findings] == ["F111"]


def test_findings_bring_all_that_their_messages_need():
    wide = a_table([*ALL_OF_VISIT, "notes", "mood"], sheet="Visits")
    narrow = a_table(
        [n for n in ALL_OF_VISIT if n not in {"visit_id", "notes", "host_name"}]
    )
    recognitions = [
        recognise(wide, SMALL),
        recognise(narrow, SMALL),
        recognise(wide, SMALL, submitted_by="agency"),
        recognise(a_table(["x"]), SMALL),
        recognise(a_table(["1"]), SMALL),
        recognise(a_table(PART_OF_A_LESSON), CATALOGUE),
    ]
    file = recognise_all(ReadResult((wide, a_table(["x"], sheet="N")), ()), SMALL)
    findings = [f for item in recognitions for f in item.findings]

    codes = set()
    for finding in [*findings, *file.findings]:
        needed = placeholders_in(CATALOGUE.rules[finding.code])
        assert needed <= finding.details.keys(), finding.code
        codes.add(finding.code)

    assert codes == {
        *("C201", "C202", "C203", "C204", "C206"),
        *("F107", "F109", "F112", "F113", "F187"),
    }


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Date", "lesson_date"),
        ("Stage", "stage_at_time"),
        ("reviewed", "reviewed_no_pii"),
        ("", None),
        ("Bus", None),
    ],
)
def test_a_header_cut_short_resembles_the_one_column_that_it_can_be(header, field):
    contract = CATALOGUE.get("lesson_learned")

    found = HeaderIndex(contract).find_resembling(header, contract.field_names)

    assert found == field


@pytest.mark.parametrize(
    ("header", "field"),
    [("Rev", "revision"), ("Rec", "recommendation"), ("Re", None), ("Ev", None)],
)
def test_a_word_cut_short_resembles_the_one_missing_column_that_it_can_be(
    header, field
):
    contract = CATALOGUE.get("lesson_learned")
    missing = ("revision", "recommendation", "result")

    assert HeaderIndex(contract).find_resembling(header, missing) == field


def test_a_sheet_called_like_a_dataset_is_told_what_it_lacks():
    lessons = CATALOGUE.get("lesson_learned")
    tables = (
        a_table(lessons.field_names, sheet="Lessons"),
        a_table(["site_id", "school_year", "name"], sheet="Site_Profile"),
        a_table(["site_id", "school_year", "name"], sheet="Notes"),
    )

    recognised = recognise_all(ReadResult(tables, ()), CATALOGUE)

    titled = recognised.recognitions[1]
    assert (codes_of(titled), titled.refused) == (["F128"], True)
    assert "`leaid`" in titled.findings[0].details["absent"]
    assert [(f.code, f.place.sheet) for f in recognised.findings] == [("F112", "Notes")]


def test_only_some_of_thousands_of_headers_are_set_beside_the_columns(monkeypatch):
    compared = []
    find = HeaderIndex.find_all_resembling
    monkeypatch.setattr(
        HeaderIndex,
        "find_all_resembling",
        lambda self, header, among: (
            compared.append(header) or find(self, header, among)
        ),
    )
    headers = [f"thing {number}" for number in range(3_000)]

    recognition = recognise(a_table(headers), CATALOGUE)

    assert codes_of(recognition) == ["F107"]
    assert len(set(compared)) <= 200


def test_a_table_that_is_turned_is_told_how_to_turn_it_back(tmp_path):
    names = list(CATALOGUE.get("ta_request").field_names)
    table = read_table(tmp_path, "".join(f"{name},x,y\n" for name in names))

    [finding] = recognise(table, CATALOGUE).findings

    assert finding.code == "F107"
    assert "Transpose" in finding.details["hint"]
