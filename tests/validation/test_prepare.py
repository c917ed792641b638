"""From text to what a suite judges: texts, guarded values, derived columns."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import ContractRule, FieldType
from pcbl_pipeline.contracts.derived import DerivedColumn, Reference
from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.validation.checks import form_checks
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import split_codes, text_name
from tests.support.rows import (
    FIRST_ROW,
    ROW_ID,
    circumstances_of,
    drawn_rows,
    right_row,
    seeded,
)
from tests.support.small_contract import field, prepared, small_contract

CATALOGUE = load_catalogue()
LESSON = CATALOGUE.get("lesson_learned")
SITES = Reference(dataset="site_profile", column="site_id", same=("school_year",))
REQUESTS = Reference(dataset="ta_request", column="ta_request_id")


# --------------------------------------------------------------- blank and NA


def test_na_and_blank_are_both_missing_but_told_apart():
    rows = [
        {"lesson_id": "NA", "title": None, "situation": "", "revision": "NA"},
        {"lesson_id": "na", "title": "NA.", "situation": "N/A", "revision": None},
    ]

    got = prepared(LESSON, rows)

    assert got["not_applicable"].to_list() == [["lesson_id", "revision"], []]
    assert got["lesson_id__text"].to_list() == [None, "na"]
    assert got["title__text"].to_list() == [None, "NA."]
    assert got["situation__text"].to_list() == [None, "N/A"]
    assert got["revision"].to_list() == [None, None]


def test_a_column_that_the_file_lacks_is_blank():
    rows = pl.DataFrame({ROW_ID: [2], "lesson_id": ["0499901-2026-001"], "more": ["x"]})

    got = prepared(LESSON, rows)

    assert got["title__text"].to_list() == [None]
    assert got["revision"].dtype == pl.Int64
    assert got["not_applicable"].to_list() == [[]]
    assert "more" not in got.columns


# ---------------------------------------------------------------- typed values


def test_a_value_is_there_only_when_its_own_form_is_right():
    rows = [
        {"revision": "+7", "lesson_date": "2024-02-29", "site_id": "0499901"},
        {"revision": "7.0", "lesson_date": "2026-1-3", "site_id": "499901"},
        {"revision": "", "lesson_date": "2026-02-30", "site_id": "049990100123"},
    ]

    got = prepared(LESSON, rows)

    assert got["revision"].to_list() == [7, None, None]
    assert got["lesson_date"].to_list() == [date(2024, 2, 29), None, None]
    assert got["site_id"].to_list() == ["0499901", None, "049990100123"]
    assert got["site_id__text"].to_list() == ["0499901", "499901", "049990100123"]


@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize(
    "kind", [FieldType.INTEGER, FieldType.DECIMAL, FieldType.DATE], ids=str
)
@given(data=st.data())
def test_a_text_of_right_form_always_becomes_a_value(kind, data):
    """Otherwise a value would turn into a blank, and nobody would be told."""
    checked = field("value", kind)
    contract = small_contract(fields=(checked,))
    patterns = [
        check.kwargs["regex"]
        for check in form_checks(checked, CATALOGUE)
        if "regex" in check.kwargs
    ]
    texts = data.draw(
        st.lists(st.from_regex(patterns[0]).map(str.strip).filter(bool), min_size=1)
    )
    if kind is FieldType.DATE:
        # A day of an earlier year has no right form: it is a slip.
        days = st.dates(min_value=date(1900, 1, 1))
        texts = [text.isoformat() for text in data.draw(st.lists(days))]

    got = prepared(contract, [{"value": text} for text in texts])

    assert got["value"].null_count() == 0
    if kind is not FieldType.DATE:
        assert got["value"].to_list() == [
            (int if kind is FieldType.INTEGER else float)(text) for text in texts
        ]


@pytest.mark.parametrize("dataset", CATALOGUE.contracts)
def test_rows_keep_their_numbers_and_their_order(dataset):
    contract = CATALOGUE.get(dataset)
    rows = drawn_rows(contract, CATALOGUE, seeded(dataset), 60)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=3)

    got = prepared(contract, shuffled, circumstances_of(contract))

    assert got[ROW_ID].to_list() == shuffled[ROW_ID].to_list()
    names = [text_name(name) for name in contract.field_names]
    sent = shuffled.select(contract.field_names)
    blank = sent.select(pl.all().replace(["NA", ""], None))
    assert got.select(names).rows() == blank.rows()


def test_a_value_that_a_rule_compares_is_guarded_wherever_the_rule_names_it():
    rule = ContractRule(
        code="R399",
        name="address-twice",
        severity=Severity.ERROR,
        summary="Two addresses are the same.",
        message="`{column}` is the same address.",
        expected="Two addresses.",
        fix="Correct one of them.",
        expectation="expect_column_pair_values_to_be_equal",
        kwargs={"column_A": "other", "column_B": "address"},
        fields=("other",),
    )
    fields = (field("address", FieldType.URI), field("link", FieldType.URI))
    rows = [{"address": "example.org", "link": "example.org"}]

    got = prepared(small_contract(fields=fields, rules=(rule,)), rows)

    assert got["address"].to_list() == [None]
    assert got["link"].to_list() == ["example.org"]


# -------------------------------------------------------------- derived columns


def test_a_prefix_is_the_first_characters():
    contract = small_contract(
        DerivedColumn(name="start", kind="prefix", of="id", length=3)
    )

    got = prepared(contract, [{"id": "éab12"}, {"id": "x"}, {"id": None}])

    assert got["start"].to_list() == ["éab", "x", None]


def test_the_first_given_is_the_first_that_is_not_blank():
    contract = small_contract(
        DerivedColumn(name="given", kind="first_given", columns=("id", "other"))
    )

    got = prepared(
        contract,
        [{"id": "a", "other": "b"}, {"id": "NA", "other": "b"}, {"other": None}],
    )

    assert got["given"].to_list() == ["a", "b", None]


def test_times_multiplies_and_leaves_blank_what_is_no_number():
    contract = small_contract(
        DerivedColumn(name="most", kind="times", of="count", by=5)
    )

    got = prepared(contract, [{"count": "4"}, {"count": "four"}, {"count": None}])

    assert got["most"].to_list() == [20, None, None]


@pytest.mark.parametrize(
    ("starts", "first", "last"),
    [
        ((7, 1), date(2025, 7, 1), date(2026, 6, 30)),
        ((8, 15), date(2025, 8, 15), date(2026, 8, 14)),
        ((1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        ((3, 1), date(2025, 3, 1), date(2026, 2, 28)),
    ],
)
def test_a_school_year_begins_and_ends_as_the_calendar_says(starts, first, last):
    contract = small_contract(
        DerivedColumn(name="first", kind="school_year_first_day", of="school_year"),
        DerivedColumn(name="last", kind="school_year_last_day", of="school_year"),
    )
    years = ["2025-2026", "2025-2027", "25-26", None]

    got = prepared(
        contract,
        [{"school_year": year} for year in years],
        Circumstances(school_year_starts=starts),
    )

    assert got["first"].to_list() == [first, None, None, None]
    assert got["last"].to_list() == [last, None, None, None]


def test_the_received_date_is_the_same_in_every_row():
    contract = small_contract(DerivedColumn(name="today", kind="received_date"))
    known = Circumstances(received_on=date(2026, 11, 22))

    got = prepared(contract, [{"id": "a"}, {"id": "b"}], known)

    assert got["today"].to_list() == [date(2026, 11, 22)] * 2
    assert "today" not in prepared(contract, [{"id": "a"}]).columns


def test_items_of_a_list_are_looked_up_one_by_one_in_their_school_year():
    contract = small_contract(
        DerivedColumn(name="strangers", kind="unresolved", of="ids", reference=SITES)
    )
    known = pl.DataFrame(
        {
            "value": ["0499901", "0499902", "0499901"],
            "school_year": ["2025-2026", "2025-2026", "2024-2025"],
        }
    )
    rows = [
        {"ids": "0499901; 0499902", "school_year": "2025-2026"},
        {"ids": "0499901;0499902", "school_year": "2024-2025"},
        {"ids": "z;0499901 ;;a; z", "school_year": "2025-2026"},
        {"ids": "0499902", "school_year": "2025/2026"},
        {"ids": None, "school_year": "2025-2026"},
        {"ids": "NA", "school_year": "2025-2026"},
        {"ids": ";", "school_year": "2025-2026"},
    ]

    got = prepared(contract, rows, Circumstances(known={SITES: known}))

    assert got["strangers"].to_list() == [None, "0499902", "a;z;z", *[None] * 4]
    assert got[ROW_ID].to_list() == list(range(FIRST_ROW, FIRST_ROW + 7))


def test_a_single_value_is_looked_up_as_a_whole():
    contract = small_contract(
        DerivedColumn(name="unknown", kind="unresolved", of="id", reference=REQUESTS)
    )
    known = {REQUESTS: pl.DataFrame({"value": ["a;b", "c"]})}

    got = prepared(
        contract,
        [{"id": "a;b"}, {"id": "c"}, {"id": "a"}, {"id": None}],
        Circumstances(known=known),
    )

    assert got["unknown"].to_list() == [None, None, "a", None]


def test_nothing_is_known_when_nothing_was_ever_sent():
    contract = small_contract(
        DerivedColumn(name="strangers", kind="unresolved", of="ids", reference=SITES)
    )
    nothing = pl.DataFrame(schema={"value": pl.String, "school_year": pl.String})

    got = prepared(
        contract,
        [{"ids": "0499901", "school_year": "2025-2026"}],
        Circumstances(known={SITES: nothing}),
    )

    assert got["strangers"].to_list() == ["0499901"]


def test_a_reference_that_nobody_looked_up_adds_no_column():
    contract = CATALOGUE.get("ta_event")

    got = prepared(contract, [right_row(contract)])

    assert "sites_without_profile" not in got.columns
    assert "usefulness_most" in got.columns


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a;b", ["a", "b"]),
        (" a ;\tb\n", ["a", "b"]),
        ("a;;b;", ["a", "b"]),
        ("\x1ca;\xa0b", ["a", "b"]),
        (";", []),
        ("a b", ["a b"]),
        (None, None),
    ],
)
def test_a_list_is_split_at_semicolons(text, parts):
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})

    assert frame.select(split_codes(pl.col("text"))).to_series().to_list() == [parts]
