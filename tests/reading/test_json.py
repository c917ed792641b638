"""JSON in every shape in which people send it comes back as the rows it means."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.reading import json_file, refusal
from pcbl_pipeline.reading.tables import INVISIBLE, cell_address
from pcbl_pipeline.reading.texts import decimal_text
from tests.support.files import codes_of, read_bytes, read_table, read_text, rows_of

RECORDS = [{"site_id": "0499901", "n": 1}, {"site_id": "0499902", "n": 2}]
ROWS = [(1, ("0499901", "1")), (2, ("0499902", "2"))]


def reason_of(result):
    (finding,) = result.findings
    return finding.code, finding.place.row, finding.details["reason"]


# ------------------------------------------------------------------------ shapes


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(RECORDS, id="list of records"),
        pytest.param({"data": RECORDS}, id="in a wrapper"),
        pytest.param({"Records": RECORDS, "count": 2}, id="with other entries"),
        pytest.param(
            {"site_id": ["0499901", "0499902"], "n": [1, 2]}, id="lists by column"
        ),
        pytest.param(
            {"site_id": {"0": "0499901", "1": "0499902"}, "n": {"0": 1, "1": 2}},
            id="objects by column",
        ),
        pytest.param({"x1": RECORDS[0], "x2": RECORDS[1]}, id="records by name"),
        pytest.param({"ok": 1, "answer": {"items": RECORDS}}, id="in two wrappers"),
        pytest.param([{"fields": item} for item in RECORDS], id="each in a wrapper"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_shape_is_the_same_table(tmp_path, document, indent):
    table = read_table(tmp_path, json.dumps(document, indent=indent), "a.json")

    assert (table.sheet, table.where) == (None, "a.json")
    assert table.headers == ("site_id", "n")
    assert rows_of(table) == ROWS


def test_first_of_several_lists_names_the_columns(tmp_path):
    lists = [list(RECORDS[0]), *(list(item.values()) for item in RECORDS)]

    table = read_table(tmp_path, json.dumps(lists), "a.json")

    assert table.headers == ("site_id", "n")
    assert rows_of(table) == [(row + 1, cells) for row, cells in ROWS]
    assert "The first list names the columns." in table.read_as


@pytest.mark.parametrize(
    "record",
    [
        {"a": "1", "b": "2", "more": {"tags": [{"x": 1}]}},
        {"site": {"id": "1"}, "grade": {"from": "9", "to": "12"}},
    ],
)
def test_a_single_record_with_objects_inside_stays_one(tmp_path, record):
    [table] = read_text(tmp_path, json.dumps(record), "a.json").tables

    assert table.row_count == 1


def test_an_object_around_the_columns_is_kept_where_a_name_would_stand_twice(tmp_path):
    record = {"id": "1", "fields": {"id": "2"}}

    table = read_table(tmp_path, json.dumps([record]), "a.json")

    assert table.headers == ("id", "fields.id")


@pytest.mark.parametrize("file_name", ["a.jsonl", "a.ndjson", "a.json", "A.JSONL"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_records_line_by_line_are_numbered_by_line(tmp_path, file_name, mark):
    first, second = map(json.dumps, RECORDS)

    table = read_table(tmp_path, f"{mark}{first}\r\n\n{second}", file_name)

    assert rows_of(table) == [(1, ROWS[0][1]), (3, ROWS[1][1])]
    assert table.read_as[0] == "Read as JSON, one record on each line."


@pytest.mark.parametrize("file_name", ["a.jsonl", "a.json"])
def test_a_lone_record_is_a_row(tmp_path, file_name):
    table = read_table(tmp_path, '{"id": "007", "codes": ["a", "b"]}', file_name)

    assert rows_of(table) == [(1, ("007", "a;b"))]


def test_one_list_for_each_dataset_is_one_table_each(tmp_path):
    document = {"lesson_learned": RECORDS, "ta_request": [{"a": "x"}], "site": []}

    result = read_text(tmp_path, json.dumps(document), "a.json")

    assert [(t.sheet, rows_of(t)) for t in result.tables] == [
        ("lesson_learned", ROWS),
        ("ta_request", [(1, ("x",))]),
    ]
    assert codes_of(result) == ["F111"]
    assert result.findings[0].place.sheet == "site"


def test_what_stands_beside_the_records_is_named_in_the_receipt(tmp_path):
    document = {"school_year": "2025-2026", "data": RECORDS, "codes": ["a"]}

    table = read_table(tmp_path, json.dumps(document), "a.json")

    assert table.read_as[-1] == (
        "Left out, as it is no list of records: `school_year`, `codes`."
    )


# ------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("12.50", "12.5"),
        ("-0.0", "0"),
        ("1e3", "1000"),
        ("0.1", "0.1"),
        ("123456789012345678901", "123456789012345678901"),
        ("1e999999999", "1E+999999999"),
        ('"007"', "007"),
        ('" x\\u00a0"', "x"),
        ("true", "TRUE"),
        ("false", "FALSE"),
        ("null", None),
        ('""', None),
        ('["a", null, "b", 3]', "a;b;3"),
        ("[]", None),
    ],
)
@pytest.mark.parametrize("file_name", ["a.json", "a.jsonl"])
def test_value_becomes_the_text_one_would_type(tmp_path, written, text, file_name):
    record = f'{{"k": "1", "v": {written}}}'
    content = f"[{record}]" if file_name == "a.json" else record

    table = read_table(tmp_path, content, file_name)

    assert rows_of(table) == [(1, ("1", text))]


def test_columns_are_all_names_in_order_of_appearance(tmp_path):
    content = '[{"b": 1, "a": 2}, {}, {"c": 3, "b": null}, {"a": null}]'

    table = read_table(tmp_path, content, "a.json")

    assert table.headers == ("b", "a", "c")
    assert rows_of(table) == [(1, ("1", "2", None)), (3, (None, None, "3"))]


def test_values_within_a_record_get_dotted_names(tmp_path):
    content = '[{"site": {"id": "007", "place": {"state": "AZ"}}, "n": 1}]'

    table = read_table(tmp_path, content, "a.json")

    assert table.headers == ("site.id", "site.place.state", "n")


def test_tables_within_a_table_are_left_blank_and_named(tmp_path):
    content = '[{"a": "1"}, {"a": "2", "b": [{"x": 1}]}, {"a": "3", "b": [[1]]}]'

    result = read_text(tmp_path, content, "a.json")

    (table,), (finding,) = result.tables, result.findings
    assert (table.headers, table.row_count) == (("a",), 3)
    assert (finding.code, finding.place.column, finding.place.row) == ("F135", "b", 2)
    assert finding.details["times"] == "2"


def test_records_have_no_header_row_and_cells_no_address(tmp_path):
    table = read_table(tmp_path, '[{"a": 1}]', "a.json")

    assert table.header_row is None
    assert cell_address(table, "c1", 1) is None


@settings(deadline=None, max_examples=60)
@given(
    records=st.lists(
        st.dictionaries(
            st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=4),
            st.none()
            | st.booleans()
            | st.integers()
            | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(float)
            | st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
            max_size=5,
        ),
        max_size=8,
    ),
    by_line=st.booleans(),
)
def test_any_records_come_back_value_for_value(tmp_path_factory, records, by_line):
    folder = tmp_path_factory.getbasetemp()
    lines = [json.dumps(record) for record in records]
    content = "\n".join(lines) if by_line else f"[{','.join(lines)}]"

    result = read_text(folder, content, "a.jsonl" if by_line else "a.json")

    expected = []
    for number, record in enumerate(records, 1):
        texts = {
            name.strip(INVISIBLE): typed(value).strip(INVISIBLE)
            for name, value in record.items()
        }
        if any(texts.values()):
            expected.append((number, {k: v for k, v in texts.items() if v}))
    assert [(row, cells) for row, cells in read_back(result) if cells] == expected


def typed(value):
    if value is None or isinstance(value, bool | str):
        return {True: "TRUE", False: "FALSE", None: ""}.get(value, value)
    return decimal_text(Decimal(repr(value)))


def read_back(result):
    for table in result.tables:
        for row, cells in rows_of(table):
            pairs = zip(table.headers, cells, strict=True)
            yield row, {name: cell for name, cell in pairs if cell is not None}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("content", ["[]", "{}", '{"data": []}', "[{}, {}]", "{}\n{}"])
def test_json_without_any_value_is_empty(tmp_path, content):
    assert codes_of(read_text(tmp_path, content, "a.json")) == ["F101"]


@pytest.mark.parametrize(
    ("content", "file_name", "row"),
    [
        ('[{"a": 1}, {"a": 2}, {"a"', "a.json", 3),
        ('[{"a": 1}, {"a": 2} {"a": 3}]', "a.json", 2),
        ('[{"a": 1}] trailing', "a.json", 1),
        ('{"a": 1}\n{"a": \n', "a.jsonl", 2),
        ('{"a": 1}\n{"a": NaN}\n', "a.ndjson", 2),
        ('{"a": 1}\n\nnot json\n', "a.json", 3),
        ("plain text", "a.json", None),
        ('[{"a": 1e99999999999999999999}]', "a.json", 1),
    ],
)
def test_broken_json_is_one_finding_at_its_record(tmp_path, content, file_name, row):
    code, found, reason = reason_of(read_text(tmp_path, content, file_name))

    assert (code, found) == ("F132", row)
    assert "breaks off" in reason


def test_json_that_is_not_utf8_says_so(tmp_path):
    content = '{"a": "x"}\n{"a": "é"}'.encode("cp1252")

    code, row, reason = reason_of(read_bytes(tmp_path, content, "a.jsonl"))

    assert (code, row) == ("F132", 2)
    assert "not saved as UTF-8" in reason


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('[{"a": 1}, {"a": 1, "a": 2}]', 2),
        ('{"a": 1}\n{"b": 2, "b": 2}', 2),
        ('[{"a.b": 1, "a": {"b": 2}}]', 1),
        ('{"a": [1], "a": [2]}', None),
    ],
)
def test_name_that_stands_twice_is_told_and_neither_value_is_chosen(
    tmp_path, content, row
):
    code, found, reason = reason_of(read_text(tmp_path, content, "a.json"))

    assert (code, found) == ("F132", row)
    assert "stands twice" in reason


@pytest.mark.parametrize(
    "content",
    [
        "[1, 2]",
        '[["a"], ["1", "2"]]',
        '[["a", "a"], ["1", "2"]]',
        "[[1], [2]]",
        '[["a"], 1]',
        '"text"',
        "12",
        '{"a": [1, {}]}',
        '{"a":{"b":[[1]]}}',
    ],
)
def test_json_that_is_no_list_of_records(tmp_path, content):
    assert codes_of(read_text(tmp_path, content, "a.json")) == ["F133"]


def test_columns_of_unequal_length_are_not_guessed_together(tmp_path):
    result = read_text(tmp_path, '{"a": [1, 2, 3], "b": [1]}', "a.json")

    assert codes_of(result) == ["F134"]
    assert result.findings[0].details["counts"] == "from 1 to 3"


# ------------------------------------------------------------------------- bombs


@pytest.mark.parametrize("file_name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param("[" * 1_000_000, id="lists"),
        pytest.param('{"a":' * 1_000_000, id="objects"),
        pytest.param('[{"a":' + "[" * 200_000 + "]" * 200_000 + "}]", id="in a record"),
        pytest.param('{"a": 1}\n{"a":' + '{"a":' * 50 + "1" + "}" * 51, id="in a line"),
    ],
)
def test_deep_nesting_is_an_answer_not_a_crash(tmp_path, file_name, content):
    code, _, reason = reason_of(read_text(tmp_path, content, file_name))

    assert code in {"F115", "F132", "F133"}
    assert "deep" in reason or "breaks off" in reason or "no record" in reason


@pytest.mark.parametrize("file_name", ["a.json", "a.jsonl"])
def test_more_columns_than_a_spreadsheet_has_are_refused(tmp_path, file_name):
    record = json.dumps({f"n{i}": 1 for i in range(refusal.MAX_COLUMNS + 1)})

    code, _, reason = reason_of(read_text(tmp_path, f"{record}\n", file_name))

    assert (code, reason) == ("F115", "it has 16,385 columns")


@pytest.mark.parametrize("by_line", [False, True])
def test_a_new_name_in_every_record_ends_at_the_limit_of_cells(tmp_path, by_line):
    lines = [f'{{"n{i}": 1}}' for i in range(5_000)]
    content = "\n".join(lines) if by_line else f"[{','.join(lines)}]"

    code, _, reason = reason_of(read_text(tmp_path, content, "a.json"))

    assert (code, reason) == ("F115", "it has 4,473 rows with 4,473 columns")


def test_wide_and_long_json_ends_at_the_limit_of_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(refusal, "MAX_AREA", 1000)
    content = json.dumps([{f"n{i}": 1 for i in range(100)}, *[{"n1": 1}] * 20])

    code, _, reason = reason_of(read_text(tmp_path, content, "a.json"))

    assert (code, reason) == ("F115", "it has 11 rows with 100 columns")


def test_very_long_value_is_refused(tmp_path):
    content = json.dumps([{"a": "x" * (refusal.LONGEST_CELL + 1)}])

    code, _, reason = reason_of(read_text(tmp_path, content, "a.json"))

    assert code == "F115"
    assert "characters" in reason


def test_line_without_an_end_is_not_taken_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(json_file, "_LONGEST_LINE_BYTES", 1000)
    content = '{"a": 1}\n{"a": "' + "x" * 2000 + '"}'

    code, _, reason = reason_of(read_text(tmp_path, content, "a.jsonl"))

    assert code == "F115"
    assert "line 2" in reason


@settings(deadline=None, max_examples=150)
@given(
    content=st.text(st.sampled_from([*'{}[]",:.1ae-\\\n é']), max_size=40),
    file_name=st.sampled_from(["a.json", "a.jsonl"]),
)
def test_any_text_gets_an_answer(tmp_path_factory, content, file_name):
    result = read_text(tmp_path_factory.getbasetemp(), content, file_name)

    assert result.tables or result.findings
