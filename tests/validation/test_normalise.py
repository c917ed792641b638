"""Values as people write them: read where the meaning is certain, else left alone."""

from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.checks import form_checks
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.normalise import count_readings, normalise
from pcbl_pipeline.validation.prepare import prepare, well_formed
from pcbl_pipeline.validation.verdict import judge
from pcbl_pipeline.validation.written import SPREADSHEET_ERRORS, How
from tests.support.rows import (
    SENDER,
    circumstances_of,
    drawn_rows,
    right_row,
    seeded,
    text_frame,
    wide,
)

CATALOGUE = load_catalogue()
DATASETS = list(CATALOGUE.contracts)
#: Fields that stand for their kind: dataset and field.
COST, HOURS = ("ta_event", "cost_usd"), ("ta_event", "hours")
COUNT, DAY = ("ta_event", "participants"), ("ta_event", "event_date")
LESSON = CATALOGUE.get("lesson_learned")


def read(place, *cells, sender=SENDER):
    """Return cells of one column as they are read."""
    return [text for text, _ in read_how(place, *cells, sender=sender)]


def read_how(place, *cells, sender=SENDER):
    """Return cells of one column as they are read, each with how."""
    dataset, name = place
    contract = CATALOGUE.get(dataset)
    rows = text_frame(contract, [{name: cell} for cell in cells]).lazy()
    got = normalise(rows, contract, CATALOGUE, Circumstances(sender=sender)).collect()
    if f"{name}__how" not in got.columns:
        return [(cell, How.AS_SENT) for cell in got[name]]
    assert got[f"{name}__sent"].to_list() == list(cells)
    hows = [How(number) for number in got[f"{name}__how"]]
    return list(zip(got[name], hows, strict=True))


# --------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("place", "cell", "value"),
    [
        (HOURS, "2,5", "2.5"),
        (HOURS, "1.234,5", "1234.5"),
        (HOURS, "1,234.5", "1234.5"),
        (HOURS, "1 234", "1234"),
        (HOURS, "1\u202f234,50", "1234.50"),
        (HOURS, "1'234.5", "1234.5"),
        (HOURS, "1,234,567", "1234567"),
        (HOURS, "0,125", "0.125"),
        (HOURS, "12345,678", "12345.678"),
        (HOURS, "'12", "12"),
        (HOURS, "$12", "$12"),
        (HOURS, "12%", "12%"),
        (HOURS, "12 34", "12 34"),
        (HOURS, "1,23,456", "1,23,456"),
        (HOURS, "1e3", "1e3"),
        (HOURS, "none", "none"),
        (COST, "$1,234", "1234"),
        (COST, "$ 950", "950"),
        (COST, "USD 1,234.50", "1234.50"),
        (COST, "950 USD", "950"),
        (COST, "-$5", "-5"),
        (COST, "€950", "€950"),
        (COUNT, "1,234", "1234"),
        (COUNT, "12.0", "12"),
        (COUNT, "\N{MINUS SIGN}5", "-5"),
        (COUNT, "12.5", "12.5"),
        (COUNT, "12,5", "12,5"),
        (COUNT, "1.234", "1.234"),
        (COUNT, "about 30", "about 30"),
    ],
)
def test_a_number_is_read_where_it_means_one_thing(place, cell, value):
    assert read(place, cell) == [value]


@pytest.mark.parametrize(
    ("place", "beside", "cell", "value", "how"),
    [
        (HOURS, "2,5", "1,234", "1.234", How.DECIMAL_COMMA),
        (HOURS, "2.5", "1,234", "1234", How.THOUSANDS),
        (HOURS, "7", "1,234", "1,234", How.UNCLEAR),
        (HOURS, "2,5", "1.234", "1.234", How.UNCLEAR),
        (HOURS, "2.5", "1.234", "1.234", How.AS_SENT),
        (COUNT, "12,0", "1,000", "1,000", How.UNCLEAR),
        (COUNT, "7", "1,000", "1000", How.THOUSANDS),
        (COUNT, "7", "1.000", "1.000", How.UNCLEAR),
        (COUNT, "1.234.567", "1.000", "1000", How.THOUSANDS),
        (COUNT, "12.0", "1.000", "1", How.WHOLE),
        (COST, "2,50", "1,234", "1,234", How.UNCLEAR),
    ],
)
def test_a_column_decides_what_one_mark_means(place, beside, cell, value, how):
    assert read_how(place, beside, cell)[1] == (value, how)


def test_a_column_that_contradicts_itself_is_left_alone():
    assert read_how(HOURS, "1.5", "2,5", "1,234") == [
        ("1.5", How.AS_SENT),
        ("2,5", How.AS_SENT),
        ("1,234", How.UNCLEAR),
    ]


def test_a_sign_of_percent_says_nothing_new_in_a_column_of_percent():
    field = (
        CATALOGUE.get("ta_event")
        .field("hours")
        .model_copy(update={"unit": "percent of classrooms"})
    )
    contract = CATALOGUE.get("ta_event").model_copy(update={"fields": (field,)})
    rows = pl.LazyFrame({"row_number": [2, 3], "hours": ["45%", "45,5 %"]})

    got = normalise(rows, contract, CATALOGUE, Circumstances()).collect()

    assert got["hours"].to_list() == ["45", "45.5"]


# ----------------------------------------------------------- dates, school years


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-03-09", "2026/03/09", "2026.3.9", "2026-3-9", "20260309", "9 Mar 2026"),
        *(
            "09-Mar-2026",
            "9 March 2026",
            "March 9, 2026",
            "Mar. 9, 2026",
            "9. March 2026",
        ),
        *("March 9th, 2026", "Monday, March 9, 2026"),
        *("2026-03-09T00:00:00", "2026-03-09 00:00:00", "2026-03-09T00:00:00.000Z"),
        *("2026-03-09T00:00:00+05:00", "2026-03-09 14:30", "2026-Mar-09", "9MAR2026"),
    ],
)
def test_a_date_that_means_one_day_is_read(cell):
    assert read(DAY, cell) == ["2026-03-09"]


@pytest.mark.parametrize(
    "cell",
    [
        *("03/09/2026", "3-9-2026", "03.09.2026", "9-Mar-99", "3/9/26", "46090"),
        *(
            "2026-02-30",
            "30/02/2026",
            "13/13/2026",
            "2026-03",
            "March 2026",
            "20261301",
        ),
        *("2026-03-09T22:00:00Z", "9 Marz 2026", "soon", "00/09/2026", "2026-03-09x"),
    ],
)
def test_a_date_that_is_none_or_means_two_days_is_left_alone(cell):
    [(value, how)] = read_how(DAY, cell)

    assert value == cell
    assert how in {How.AS_SENT, How.NO_DAY}


def test_a_day_above_twelve_decides_for_its_column():
    assert read(DAY, "03/09/2026", "31/03/2026") == ["2026-09-03", "2026-03-31"]
    assert read(DAY, "03/09/2026", "3/31/2026 0:00") == ["2026-03-09", "2026-03-31"]
    assert read(DAY, "03/03/2026") == ["2026-03-03"]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["3/25/26"], ["2026-03-25"]),
        (["4/3/26", "4/25/26"], ["2026-04-03", "2026-04-25"]),
        (["4/3/26", "4/25/2026"], ["2026-04-03", "2026-04-25"]),
        (["4/3/26", "25/4/26"], ["2026-03-04", "2026-04-25"]),
        (["26-04-03", "26-04-25"], ["2026-04-03", "2026-04-25"]),
        (["03.03.26"], ["2026-03-03"]),
        (["3-Apr-26"], ["2026-04-03"]),
        (["Apr 3, 26"], ["2026-04-03"]),
        (["25-Apr-26"], ["2026-04-25"]),
    ],
)
def test_a_year_of_two_digits_is_read_where_one_day_is_meant(cells, days):
    assert read_how(DAY, *cells) == [
        (day, How.MONTH_FIRST if len(cell) > 8 and "/" in cell else How.SHORT_YEAR)
        for cell, day in zip(cells, days, strict=True)
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ["4/3/26"],
        # The day, or the year.
        ["25/04/26", "26/05/25"],
        ["1/2/3", "13/13/26"],
        # No likely year.
        ["4/25/09", "4/25/99", "9-Mar-09"],
        ["4-25/26", "2/30/26"],
    ],
)
def test_a_year_of_two_digits_is_left_alone_where_two_days_are_possible(cells):
    assert read(DAY, *cells) == cells


def test_where_years_stand_at_both_ends_only_what_is_certain_is_read():
    cells = ["25/04/26", "4/3/26", "26/04/03"]

    assert read(DAY, *cells) == ["25/04/26", "4/3/26", "2026-04-03"]


@pytest.mark.parametrize("cell", ["0026-02-02", "1026-02-02", "1899-12-31"])
def test_a_year_before_1900_is_no_date_anywhere(cell):
    field = CATALOGUE.get(DAY[0]).field(DAY[1])

    judged = pl.select(day=pl.lit(cell)).select(
        well_formed(form_checks(field, CATALOGUE), "day")
    )

    assert judged.to_series().to_list() == [False]


def test_days_above_twelve_on_both_sides_decide_nothing():
    cells = ["03/09/2026", "31/03/2026", "03/31/2026"]

    assert read(DAY, *cells) == ["03/09/2026", "2026-03-31", "2026-03-31"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2025-26", "2025-2026"),
        ("SY 2025-26", "2025-2026"),
        ("sy2025-2026", "2025-2026"),
        ("School year 2025/2026", "2025-2026"),
        ("2025\N{EN DASH}26", "2025-2026"),
        ("1999-00", "1999-2000"),
        ("2025-27", "2025-27"),
        ("25-26", "25-26"),
        ("2026", "2026"),
        ("2025-06", "2025-06"),
    ],
)
def test_a_school_year_is_read_where_its_years_follow_each_other(cell, value):
    assert read(("ta_event", "school_year"), cell) == [value]


# ------------------------------------------------------------ codes, lists, ids


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("lesson_type", "Open Question", "open_question"),
        ("lesson_type", "did-not-work", "did_not_work"),
        ("lesson_type", "opne_question", "opne_question"),
        ("evidence_tier", "Promising", "3"),
        ("evidence_tier", "3 - Promising", "3"),
        ("evidence_tier", "Promising (3)", "3"),
        ("evidence_tier", "3.0", "3"),
        ("evidence_tier", "None", "0"),
        ("stage_at_time", "Initial implementation", "3"),
        ("stage_at_time", "initial_implementation", "3"),
        ("policy_area", "pa0", "PA0"),
        ("schema_version", "1", "1.0"),
        ("reviewed_no_pii", "Yes", "Y"),
        ("reviewed_no_pii", "FALSE", "N"),
        ("reviewed_no_pii", "1", "Y"),
        ("reviewed_no_pii", "maybe", "maybe"),
        ("audience", "Educator, school leader", "educator;school_leader"),
        ("audience", "educator|school_leader", "educator;school_leader"),
        ("audience", "educator\nschool_leader", "educator;school_leader"),
        ("audience", "educator, teachers", "educator, teachers"),
    ],
)
def test_a_code_is_read_from_its_spelling_or_its_label(name, cell, value):
    assert read(("lesson_learned", name), cell) == [value]


@pytest.mark.parametrize(
    ("place", "cell", "value"),
    [
        (("lesson_learned", "site_id"), "0499\u200b901", "0499901"),
        (("lesson_learned", "site_id"), wide("0499901"), "0499901"),
        (("lesson_learned", "lesson_type"), "wor\u00adked", "worked"),
        (("lesson_learned", "lesson_type"), "'Wor\u2060ked", "worked"),
        (("lesson_learned", "school_year"), "\u20182025-2026", "2025-2026"),
        (("lesson_learned", "resource_url"), "'https://example.org", None),
        (COUNT, "1\u200b2", "12"),
        (DAY, "2026-\u200e03-09", "2026-03-09"),
        (DAY, "2026\N{EN DASH}03\N{NON-BREAKING HYPHEN}09", "2026-03-09"),
    ],
)
def test_signs_that_nobody_sees_or_means_hide_no_value(place, cell, value):
    assert read(place, cell) == [value or cell.removeprefix("'")]


def test_what_nobody_sees_is_left_in_free_text():
    place = ("lesson_learned", "situation")

    assert read(place, "co\u00adoperate", "'tis so") == ["co\u00adoperate", "'tis so"]


def test_ids_in_a_list_are_told_apart_where_none_has_a_space():
    place = ("ta_event", "sites_served")

    assert read(place, "0499901, 0499902", "0499901|0499902\n0499903", "a b, c") == [
        "0499901;0499902",
        "0499901;0499902;0499903",
        "a b, c",
    ]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("site_id", "499901", "0499901"),
        ("site_id", "49990100123", "049990100123"),
        ("site_id", "499902", "499902"),
        ("site_id", "'0499901", "0499901"),
        ("site_id", "0499901.0", "0499901"),
        ("lesson_id", "499901-2026-001", "0499901-2026-001"),
        ("lesson_id", "0499901\N{EN DASH}2026\N{EN DASH}001", "0499901-2026-001"),
    ],
)
def test_an_id_gets_its_zero_back_where_it_is_then_the_senders_own(name, cell, value):
    assert read(("lesson_learned", name), cell) == [value]


def test_without_a_sender_no_zero_is_put_back():
    assert read(("lesson_learned", "site_id"), "499901", sender=None) == ["499901"]
    agency = Sender(sender_id="sea-04", name="Office", kind="agency", state_fips="04")
    assert read(("lesson_learned", "site_id"), "499901", sender=agency) == ["499901"]


# -------------------------------------------------------- blanks, broken formulas


def test_words_for_a_blank_are_read_as_one_except_where_they_may_be_the_answer():
    assert read(DAY, "TBD", "--", "none", "n/a", "N.A.") == ["", "", "", "NA", "NA"]
    assert read(HOURS, "TBD", "-", "none", "n/a") == ["", "", "none", "NA"]
    assert read(("lesson_learned", "situation"), "n/a", "-", "None", "unknown") == [
        *("NA", "", "None", "unknown")
    ]


def test_a_word_for_a_blank_is_no_id_however_wide_the_form_of_ids_is():
    award = ("educator_learning", "award_id")

    assert read(award, "N/A", "unknown", "-", "None", "A1") == ["NA", *[""] * 3, "A1"]


@pytest.mark.parametrize("cell", SPREADSHEET_ERRORS)
def test_an_error_of_a_spreadsheet_is_never_a_value(cell):
    row = right_row(LESSON) | {"situation": cell, "lesson_date": cell.lower()}

    judgement = judge(
        text_frame(LESSON, [row]).lazy(), LESSON, CATALOGUE, circumstances_of(LESSON)
    )

    assert judgement.occurrences.select("code", "field").rows() == [
        ("R315", "lesson_date"),
        ("R315", "situation"),
    ]


def test_an_unreadable_cell_is_no_blank_to_any_rule():
    row = right_row(LESSON) | {"resource_license": "#REF!"}

    judgement = judge(
        text_frame(LESSON, [row]).lazy(), LESSON, CATALOGUE, circumstances_of(LESSON)
    )

    assert judgement.occurrences["code"].to_list() == ["R315"]


def test_none_is_no_blank_where_the_list_has_a_code_for_it():
    row = right_row(LESSON) | {"policy_area": "None"}

    judgement = judge(
        text_frame(LESSON, [row]).lazy(), LESSON, CATALOGUE, circumstances_of(LESSON)
    )

    found = judgement.occurrences.filter(pl.col("field") == "policy_area")
    assert found.select("code", "value").rows() == [("R307", "None")]


def test_a_number_of_two_readings_is_one_finding():
    contract = CATALOGUE.get("ta_event")
    row = right_row(contract) | {"hours": "1,234"}

    judgement = judge(
        text_frame(contract, [row]).lazy(),
        contract,
        CATALOGUE,
        circumstances_of(contract),
    )

    assert judgement.occurrences.select("code", "field", "value").rows() == [
        ("R316", "hours", "1,234")
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2/30/26", "R319"),
        ("31/04/2026", "R319"),
        ("2-30-2026", "R319"),
        ("2/29/2025", "R319"),
        ("3/9/2026", "R306"),
        ("45/30/2026", "R306"),
    ],
)
def test_a_day_that_no_calendar_has_is_called_so(cell, code):
    row = right_row(LESSON) | {"lesson_date": cell}

    judgement = judge(
        text_frame(LESSON, [row]).lazy(), LESSON, CATALOGUE, circumstances_of(LESSON)
    )

    assert judgement.occurrences.select("code", "field", "value").rows() == [
        (code, "lesson_date", cell)
    ]


@pytest.mark.parametrize("cell", ["93%", "93.1 %", "about 30%", "<5%", "40 percent"])
def test_a_percent_is_no_count_and_is_one_finding(cell):
    contract = CATALOGUE.get("ta_event")
    row = right_row(contract) | {"participants": cell}

    judgement = judge(
        text_frame(contract, [row]).lazy(),
        contract,
        CATALOGUE,
        circumstances_of(contract),
    )

    wrong = "R304" if cell.startswith("about") else "R318"
    assert judgement.occurrences.select("code", "field", "value").rows() == [
        (wrong, "participants", cell)
    ]


def test_what_was_read_is_counted_by_column_and_kind():
    contract = CATALOGUE.get("ta_event")
    changes = [
        {"hours": "2,5"},
        {"hours": "3,5"},
        {"hours": "n/a"},
        {"mode": "Workshop"},
    ]
    rows = text_frame(
        contract, [right_row(contract, n) | c for n, c in enumerate(changes)]
    )

    judgement = judge(rows.lazy(), contract, CATALOGUE, circumstances_of(contract))

    counted = {(item.field, item.how): item.count for item in judgement.readings}
    assert counted == {
        ("mode", How.SPELLING): 1,
        ("hours", How.NOT_APPLICABLE): 1,
        ("hours", How.DECIMAL_COMMA): 2,
    }


# ------------------------------------------------------------- for all that is drawn


@cache
def drawn(dataset):
    contract = CATALOGUE.get(dataset)
    return drawn_rows(contract, CATALOGUE, seeded(f"read twice {dataset}"), 300)


def texts(contract, rows):
    return rows.select(contract.field_names)


@pytest.mark.parametrize("dataset", DATASETS)
def test_reading_twice_is_reading_once(dataset):
    contract = CATALOGUE.get(dataset)
    once = normalise(
        drawn(dataset).lazy(), contract, CATALOGUE, circumstances_of(contract)
    ).collect()

    again = normalise(
        once.select("row_number", *contract.field_names).lazy(),
        contract,
        CATALOGUE,
        circumstances_of(contract),
    ).collect()

    assert texts(contract, again).equals(texts(contract, once))


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_value_of_right_form_is_never_changed(dataset):
    contract = CATALOGUE.get(dataset)
    fields = [field for field in contract.fields if field.type not in TEXTS]
    sent = drawn(dataset)

    got = normalise(
        sent.lazy(), contract, CATALOGUE, circumstances_of(contract)
    ).collect()

    for field in fields:
        is_list_of_ids = field.type is FieldType.CODES and not field.code_list
        right = sent.select(well_formed(form_checks(field, CATALOGUE), field.name))
        if not is_list_of_ids:
            mask = right.to_series()
            assert got[field.name].filter(mask).equals(sent[field.name].filter(mask))


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_clean_table_is_not_even_copied(dataset):
    contract = CATALOGUE.get(dataset)
    rows = text_frame(contract, [right_row(contract, number) for number in range(9)])

    got = normalise(rows.lazy(), contract, CATALOGUE, circumstances_of(contract))

    assert got.collect_schema().names() == rows.columns


#: Types of which any text is of right form, words for a blank too.
TEXTS = {FieldType.TEXT, FieldType.NARRATIVE}
_DIGITS = st.text("0123456789.,-+ '$%", min_size=1, max_size=9)
_DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(_DIGITS.map(str.strip).filter(bool), min_size=1, max_size=5))
@pytest.mark.parametrize("place", [HOURS, COST, COUNT], ids=str)
def test_numbers_read_twice_are_numbers_read_once(place, cells):
    once = read(place, *cells)

    assert read(place, *once) == once


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(_DAYS, min_size=1, max_size=5),
    form=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%d.%m.%Y"]),
)
def test_a_column_in_one_order_is_never_read_in_the_other(days, form):
    got = read(DAY, *[day.strftime(form) for day in days])

    for text, day in zip(got, days, strict=True):
        assert text in {day.isoformat(), day.strftime(form)}
    if any(day.day > 12 for day in days):
        assert got == [day.isoformat() for day in days]


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 10**9), min_size=1, max_size=5),
    marks=st.sampled_from([(",", "."), (".", ",")]),
)
def test_numbers_in_one_style_are_never_read_in_the_other(numbers, marks):
    thousands, point = marks
    written = [
        f"{number // 100:,}|{number % 100:02}".replace(",", thousands).replace(
            "|", point
        )
        for number in numbers
    ]

    got = read(HOURS, *written)

    assert [float(text) for text in got] == [number / 100 for number in numbers]


def test_readings_are_counted_after_preparation_too():
    contract = CATALOGUE.get("ta_event")
    rows = text_frame(contract, [right_row(contract) | {"hours": "2,5"}]).lazy()
    knowledge = circumstances_of(contract)

    prepared = prepare(
        normalise(rows, contract, CATALOGUE, knowledge), contract, CATALOGUE, knowledge
    ).collect()

    (reading,) = count_readings(prepared, contract)
    assert (reading.field, reading.how, reading.count) == (
        "hours",
        How.DECIMAL_COMMA,
        1,
    )
    assert prepared["hours"].to_list() == [2.5]


def test_most_kinds_of_reading_are_drawn():
    """The drawn rows would else prove little."""
    kinds = set()
    for dataset in DATASETS:
        contract = CATALOGUE.get(dataset)
        got = normalise(
            drawn(dataset).lazy(), contract, CATALOGUE, circumstances_of(contract)
        ).collect()
        for name in contract.field_names:
            if f"{name}__how" in got.columns:
                kinds |= {How(number) for number in got[f"{name}__how"]}

    assert len(kinds) > len(How) / 2
