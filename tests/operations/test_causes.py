"""One mistake is one finding; what follows from it is counted and listed under it."""

import pytest

from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.causes.find import SEARCHES
from pcbl_pipeline.operations.causes.forms import FORMS
from pcbl_pipeline.operations.check import check_and_list, check_file
from tests.support.builders import catalogue
from tests.support.files import csv_line
from tests.support.lessons import LESSON, as_csv, lesson_rows, shift, swap
from tests.support.reading_grade import reading_grade
from tests.support.rows import right_row

CATALOGUE = catalogue()


@pytest.fixture
def answered(tmp_path):
    """Return what checks a file's content: its receipt and the list of findings."""

    def answer(content):
        path = tmp_path / "lessons.csv"
        path.write_bytes(content)
        receipt, listing = check_and_list(path, catalogue=CATALOGUE)
        return receipt, listing.collect()

    return answer


def errors(receipt: Receipt) -> list[tuple]:
    """Return what stands on its own: code, field, places, findings explained."""
    return [
        (group.code, group.field, group.count, group.explains)
        for group in receipt.all_findings
        if group.severity is Severity.ERROR
    ]


def test_dates_all_in_one_other_form_are_one_finding_that_says_how_to_fix_it(answered):
    receipt, _ = answered(as_csv(lesson_rows(10, lesson_date="3/9/2026")))

    assert errors(receipt) == [("F161", "lesson_date", 10, 10)]
    [group] = receipt.all_findings
    assert "dates with slashes" in group.message
    assert "yyyy-mm-dd" in group.fix
    assert group.places[0].value == "3/9/2026"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("lesson_date", "9.3.2026", "points"),
        ("lesson_date", "46090", "day counts"),
        ("lesson_date", "3/9/26", "short year"),
        ("lesson_date", "9-Mar-99", "month as a word"),
        ("school_year", "2026", "one year"),
    ],
)
def test_each_known_form_is_named(answered, field, value, words):
    receipt, _ = answered(as_csv(lesson_rows(4, **{field: value})))

    [group] = [g for g in receipt.all_findings if g.code == "F161"]
    assert (group.field, group.count) == (field, 4)
    assert words in group.message


def test_words_that_have_no_form_in_common_stay_what_they_are(answered):
    dates = ["soon", "later", "3/9/2026", "in May", "2026"]
    rows = lesson_rows(5, lesson_date=lambda n: dates[n - 1])

    receipt, _ = answered(as_csv(rows))

    assert errors(receipt) == [("R306", "lesson_date", 5, 0)]


def test_two_slips_are_no_column_in_another_form(answered):
    rows = lesson_rows(5, lesson_date=lambda n: "3/9/2026" if n < 3 else "2026-03-09")

    receipt, _ = answered(as_csv(rows))

    assert errors(receipt) == [("R306", "lesson_date", 2, 0)]


def test_a_day_that_does_not_exist_is_not_taken_for_another_form(answered):
    receipt, _ = answered(as_csv(lesson_rows(5, lesson_date="2026-02-30")))

    assert errors(receipt) == [("R306", "lesson_date", 5, 0)]


def test_slips_beside_the_form_of_a_column_stay_open(answered):
    rows = lesson_rows(10, lesson_date=lambda n: "soon" if n == 10 else "3/9/2026")

    receipt, _ = answered(as_csv(rows))

    assert errors(receipt) == [
        ("F161", "lesson_date", 9, 9),
        ("R306", "lesson_date", 1, 0),
    ]


def test_zeros_lost_in_several_columns_are_one_finding(answered):
    rows = lesson_rows(
        3, site_id="499901", lesson_id=lambda number: f"499901-2026-{number:03d}"
    )

    receipt, _ = answered(as_csv(rows))

    assert errors(receipt) == [("F162", "lesson_id", 6, 6)]
    [group] = receipt.all_findings
    assert "`lesson_id` and `site_id`" in group.message
    assert {place.column for place in group.places} == {"lesson_id", "site_id"}


def test_ids_that_no_zero_makes_right_are_not_taken_for_lost_zeros(answered):
    receipt, _ = answered(as_csv(lesson_rows(4, site_id="4999")))

    assert errors(receipt) == [("R308", "site_id", 4, 0)]


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("which", [{2}, {2, 5, 6}, set(range(1, 11))])
@pytest.mark.parametrize("field", ["lesson_id", "school_year", "lesson_type", "title"])
def test_shifted_rows_are_one_finding(answered, side, which, field):
    receipt, _ = answered(as_csv(shift(lesson_rows(10), field, which, side)))

    [(code, _, count, explains)] = errors(receipt)
    assert (code, count) == ("F160", len(which))
    assert explains >= 4 * len(which)
    [group] = [g for g in receipt.all_findings if g.code == "F160"]
    assert {place.row for place in group.places} == {number + 1 for number in which}
    assert f"too far to the {side}" in group.message
    assert (group.rows_touched, group.rows_freed) == (len(which), len(which))


def test_a_finding_left_of_the_shift_is_not_explained_by_it(answered):
    rows = lesson_rows(6, school_year=lambda n: "20xx" if n == 2 else "2025-2026")

    receipt, _ = answered(as_csv(shift(rows, "lesson_type", {2}, "right")))

    assert [(code, field) for code, field, *_ in errors(receipt)] == [
        ("F160", "lesson_type"),
        ("R310", "school_year"),
    ]


def test_keys_that_a_shift_makes_equal_are_no_finding_of_their_own(tmp_path):
    contract = CATALOGUE.get("ta_request")
    rows = [right_row(contract, number) for number in range(3)]
    lines = [[row[name] or "" for name in contract.field_names] for row in rows]
    shifted = [list(contract.field_names), *(["", *line[:-1]] for line in lines)]
    path = tmp_path / "requests.csv"
    path.write_text("".join(f"{csv_line(line, ',')}\n" for line in shifted))

    receipt = check_file(path, catalogue=CATALOGUE)

    assert [code for code, *_ in errors(receipt)] == ["F160"]


def test_two_wrong_codes_in_a_row_are_no_shift(answered):
    rows = lesson_rows(4, lesson_type="Worked!", effect_rating="high")

    receipt, _ = answered(as_csv(rows))

    assert [code for code, *_ in errors(receipt)] == ["R307", "R307"]


@pytest.mark.parametrize(
    ("one", "other"), [("lesson_type", "lesson_date"), ("lesson_type", "title")]
)
def test_swapped_columns_are_one_finding(answered, one, other):
    receipt, _ = answered(as_csv(swap(lesson_rows(8), one, other)))

    [(code, _, count, _)] = errors(receipt)
    assert (code, count) == ("F163", 8)
    [group] = receipt.all_findings
    assert f"`{one}`" in group.message
    assert f"`{other}`" in group.message


def test_rows_split_by_another_sign_than_the_header_are_one_finding(answered):
    header, *_ = as_csv(lesson_rows(1)).splitlines()
    rows = lesson_rows(5).write_csv(separator=";", include_header=False).encode()

    receipt, _ = answered(header + b"\n" + rows)

    assert [code for code, *_ in errors(receipt)] == ["C210"]


def test_a_misspelt_header_is_one_finding(answered):
    receipt, listing = answered(
        as_csv(lesson_rows(3).rename({"lesson_type": "lesson_tipe"}))
    )

    assert errors(receipt) == [("C201", "lesson_type", 1, 1)]
    assert [group.code for group in receipt.all_findings] == ["C201"]
    assert dict(listing.select("code", "caused_by").iter_rows()) == {
        "C201": None,
        "C202": "C201",
    }


@pytest.mark.parametrize(
    "content",
    [
        bytes.fromhex("7469746c650acff0e8e2e5f2f1f2e2e8e520f3f7e5ede8eae00a"),
        as_csv(lesson_rows(3)).replace(b",", b"--"),
        b"\n".join(as_csv(lesson_rows(3)).splitlines()[1:]),
    ],
    ids=["encoding", "delimiter", "no header"],
)
def test_what_is_wrong_with_the_whole_file_is_one_finding(answered, content):
    receipt, _ = answered(content)

    assert len(errors(receipt)) == 1


def test_what_follows_from_a_cause_is_listed_with_it(answered):
    _, listing = answered(as_csv(shift(lesson_rows(10), "site_id", {3}, "right")))

    caused = listing.filter(listing["caused_by"] == "F160")
    assert listing.filter(listing["code"] == "F160").height == 1
    assert caused.height == listing.height - 1
    assert caused["row"].unique().to_list() == [4]


def test_a_cause_changes_no_rows_fate(answered):
    rows = shift(lesson_rows(10, lesson_date="3/9/2026"), "lesson_type", {1}, "left")

    receipt, _ = answered(as_csv(rows))

    assert (receipt.rows.quarantined, receipt.to_correct) == (10, 21)


def test_every_search_has_its_rule_and_the_order_comes_from_the_rules():
    order = list(CATALOGUE.explained_by)

    assert set(SEARCHES) <= set(order)
    assert {
        code for code in order if code.startswith(("F16", "C228", "C229", "C23"))
    } == set(SEARCHES)
    for code, explained in CATALOGUE.explained_by.items():
        for other in explained & set(order):
            assert order.index(code) < order.index(other)


def test_forms_are_named_in_plain_words():
    for forms in FORMS.values():
        for form in forms:
            assert reading_grade(f"The values are written as {form.words}.") <= 8
            assert reading_grade(form.way) <= 8


def test_contract_has_the_columns_that_these_tests_rely_on():
    assert {"lesson_date", "lesson_type", "title", "site_id"} <= set(LESSON.field_names)
