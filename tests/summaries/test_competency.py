"""M07 to M09 from competency records: hand-checked, and as a second implementation."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.competency import competency_outcomes
from tests.summaries.oracle_competency import expected_outcomes
from tests.support.frames import lake_rows

YEAR, SITE = "2025-2026", "0499901"
LAST_DAYS = {YEAR: date(2026, 6, 30), "2024-2025": date(2025, 6, 30)}
SHOWN = date(2026, 3, 9)
COLUMNS = (
    *("site_id", "school_year", "metric_code", "grade_band", "student_group"),
    *("numerator", "denominator", "people"),
)


def record(learner, level=3, **values):
    return {
        "site_id": SITE,
        "school_year": YEAR,
        "student_key": f"{learner:032x}",
        "grade_level": "09",
        "student_groups": ["HI7"],
        "level": level,
        "demonstrated_on": SHOWN if level >= 3 else None,
        "learning_setting": "classroom",
        "expected_by": date(2026, 5, 29),
        **values,
    }


def counted(rows):
    frame = competency_outcomes(lake_rows("competency_record", rows).lazy(), LAST_DAYS)
    return frame.select(COLUMNS).sort(COLUMNS).rows()


def of(metric, rows, band="ALL", group="ALL"):
    """Return numerator, denominator and people of one cell."""
    return [row[5:] for row in counted(rows) if row[2:5] == (metric, band, group)]


def test_a_learner_is_on_pace_who_has_shown_as_much_as_was_expected():
    ahead = [record(1), record(1, 2, expected_by=date(2026, 12, 1)), record(1, 4)]
    behind = [record(2), record(2, 2)]
    # Something else than what was expected: shown is shown, whichever comes first.
    another = [record(3, 2), record(3, 3, expected_by=None)]
    nothing_expected = [record(4, expected_by=None)]

    rows = [*ahead, *behind, *another, *nothing_expected]

    assert of("M07", rows) == [(2, 3, 3)]


def test_what_is_expected_only_in_a_later_year_does_not_count_yet():
    assert of("M07", [record(1, 2, expected_by=date(2026, 7, 1))]) == []


def test_credit_outside_the_classroom_adds_up_over_skills():
    half = {"learning_setting": "work_based", "credits_earned": 0.5}
    rows = [
        *(record(1, **half), record(1, **half)),
        *(record(2, **half), record(2, credits_earned=0.5)),
        record(3, learning_setting=None, credits_earned=2.0),
        record(4),
        record(5, grade_level="08", **half),
    ]

    assert of("M08", rows, band="09-12") == [(1, 4, 4)]
    assert of("M08", rows) == []


def test_records_without_credits_say_nothing_about_credit():
    rows = [record(1, learning_setting="online"), record(2, credits_earned=None)]

    assert of("M08", rows, band="09-12") == []
    assert of("M09", rows) == []


def test_credit_by_mastery_is_counted_in_credits_and_protected_by_learners():
    rows = [
        record(1, credits_earned=0.25),
        record(1, 2, credits_earned=0.75),
        record(2, 4, credits_earned=1.0),
        record(3),
    ]

    assert of("M09", rows) == [(12_500, 20_000, 2)]


def test_a_learner_counts_once_in_the_highest_grade_and_in_every_group():
    rows = [
        record(1, grade_level="05", student_groups=["HI7", "LEP"]),
        record(1, grade_level="06", student_groups=["HI7", "ECODIS"]),
        record(1, grade_level=None, student_groups=None),
    ]

    assert {row[3:5]: row[5:] for row in counted(rows)} == {
        (band, group): (1, 1, 1)
        for band in ("06-08", "ALL")
        for group in ("ALL", "HI7", "LEP", "ECODIS")
    }


def test_years_that_are_not_asked_for_are_left_out():
    assert counted([record(1, school_year="2023-2024")]) == []


records = st.lists(
    st.builds(
        record,
        st.integers(1, 4),
        st.integers(1, 4),
        site_id=st.sampled_from([SITE, "3299901"]),
        school_year=st.sampled_from([YEAR, YEAR, "2024-2025", "2019-2020"]),
        grade_level=st.sampled_from([None, "UG", "02", "08", "09", "12"]),
        student_groups=st.none()
        | st.lists(st.sampled_from(["HI7", "LEP", "IDEA"]), max_size=2, unique=True),
        learning_setting=st.sampled_from([None, "classroom", "online"]),
        credits_earned=st.sampled_from([None, None, 0.0, 0.1, 0.25, 0.75, 1.0]),
        expected_by=st.none() | st.dates(date(2025, 6, 29), date(2025, 7, 2)),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(records)
def test_agrees_with_a_second_implementation(rows):
    frame = lake_rows("competency_record", rows)

    assert counted(rows) == expected_outcomes(frame, LAST_DAYS)


@settings(max_examples=10, deadline=None)
@given(records, st.randoms())
def test_the_order_of_rows_never_changes_a_byte(rows, random):
    before = counted(rows)
    random.shuffle(rows)

    assert counted(rows) == before


def test_an_empty_lake_has_no_outcomes():
    frame = competency_outcomes(pl.LazyFrame(schema=_schema()), LAST_DAYS)

    assert frame.height == 0


def _schema():
    return lake_rows("competency_record", []).schema
