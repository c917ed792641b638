"""PUB10: worked out by hand, and by SQL on drawn rows."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.annual import educator_awards, participation
from pcbl_pipeline.summaries.quality import quality_note
from tests.summaries.oracle_annual import (
    expected_awards,
    expected_participation,
    expected_quality,
)

YEAR = "2025-2026"
COUNTS = (
    *("schools_total", "schools_in_pilot", "students_total", "students_in_pilot"),
    *("educators_total", "educators_in_pilot"),
)
SITES = {
    "site_id": pl.String,
    "leaid": pl.String,
    "school_year": pl.String,
    "cohort_label": pl.String,
    "grant_phase": pl.String,
    **dict.fromkeys(COUNTS, pl.Int64),
}
LEARNING = {
    "site_id": pl.String,
    "school_year": pl.String,
    "element_code": pl.String,
    "hours": pl.Float64,
    "n_completed": pl.Int64,
}
DELIVERIES = {
    "dataset": pl.String,
    "sender_id": pl.String,
    "window": pl.String,
    "received_on": pl.Date,
    "received": pl.Int64,
    "accepted": pl.Int64,
    "quarantined": pl.Int64,
    "has_accepted": pl.Boolean,
}
DUE = pl.DataFrame(
    [
        ("site_profile", None, date(2025, 12, 30)),
        ("implementation_status", "fall", date(2025, 12, 30)),
        ("implementation_status", "spring", date(2026, 5, 30)),
    ],
    schema={"dataset": pl.String, "window": pl.String, "due_on": pl.Date},
    orient="row",
)


def frame(schema: dict[str, pl.DataType], rows: list[tuple[object, ...]]):
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_school_beside_its_district_is_a_site_but_counts_no_student_twice():
    sites = frame(
        SITES,
        [
            ("0499901", "0499901", YEAR, "Cohort 1", "planning", 4, 2, 300, 100, 30, 9),
            ("049990100012", "0499901", YEAR, "Cohort 1", None, 1, 1, 80, 80, 7, 7),
            ("329990100012", "3299901", YEAR, "Cohort 2", None, 1, 1, 90, 30, 8, 3),
            ("3299902", "3299902", "2024-2025", "Cohort 2", None, 1, 1, 50, 50, 5, 5),
        ],
    )

    rows = participation(sites, YEAR).rows()

    assert rows == [
        ("ALL", "ALL", 3, 5, 3, 390, 130, 38, 12, 0.3333),
        ("cohort", "Cohort 1", 2, 4, 2, 300, 100, 30, 9, 0.3333),
        ("cohort", "Cohort 2", 1, 1, 1, 90, 30, 8, 3, 0.3333),
        ("phase", "planning", 1, 4, 2, 300, 100, 30, 9, 0.3333),
    ]


def test_fewer_than_five_educators_are_not_counted_nor_their_hours():
    learning = frame(
        LEARNING,
        [
            ("a", YEAR, "CBE1", 12.5, 3),
            ("b", YEAR, "CBE1", 10.0, 2),
            ("a", YEAR, "MT1", 4.0, 4),
        ],
    )

    rows = educator_awards(learning, YEAR).rows()

    assert rows == [
        ("CBE1", 2, 2, 5, 57.5, False),
        ("MT1", 1, 1, None, None, True),
    ]


def test_a_delivery_sent_again_is_one_and_on_time_if_any_was():
    deliveries = frame(
        DELIVERIES,
        [
            ("site_profile", "a", None, date(2025, 12, 30), 1, 1, 0, True),
            ("site_profile", "a", None, date(2026, 3, 1), 1, 1, 0, True),
            ("site_profile", "b", None, date(2025, 12, 31), 1, 0, 1, False),
            ("lesson_learned", "a", None, date(2026, 3, 1), 7, 6, 1, True),
        ],
    )

    rows = {row[0]: row[1:] for row in quality_note(deliveries, DUE, 3).rows()}

    assert rows["site_profile"] == (3, 2, 1, 3, 2, 1, 0.3333)
    assert rows["implementation_status"] == (6, 0, 0, 0, 0, 0, 0.0)
    assert rows["lesson_learned"] == (None, 1, None, 7, 6, 1, None)


SMALL = st.integers(0, 9)
DRAWN_SITES = st.lists(
    st.tuples(
        st.sampled_from(
            [("a", "a"), ("a1", "a"), ("a2", "a"), ("b1", "b"), ("c", "c"), ("c1", "c")]
        ),
        st.sampled_from(["Cohort 1", "Cohort 2", None]),
        st.sampled_from(["planning", "implementing", None]),
        st.tuples(*[SMALL] * len(COUNTS)),
    ),
    max_size=6,
    unique_by=lambda row: row[0],
)
DRAWN_LEARNING = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([YEAR, "2024-2025"]),
        st.sampled_from(["CBE1", "MT1", None]),
        st.integers(0, 400).map(lambda tenths: tenths / 10),
        SMALL,
    ),
    max_size=8,
)
DRAWN_DELIVERIES = st.lists(
    st.tuples(
        st.sampled_from(["site_profile", "implementation_status", "ta_request"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from([None, "fall", "spring"]),
        st.sampled_from([date(2025, 12, 30), date(2025, 12, 31), date(2026, 5, 31)]),
        SMALL,
        SMALL,
        SMALL,
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(DRAWN_SITES, DRAWN_LEARNING, DRAWN_DELIVERIES)
def test_sql_says_the_same(sites, learning, deliveries):
    site_rows = frame(
        SITES, [(*ids, YEAR, cohort, phase, *n) for ids, cohort, phase, n in sites]
    )
    learned, sent = frame(LEARNING, learning), frame(DELIVERIES, deliveries)

    assert participation(site_rows, YEAR).rows() == expected_participation(
        site_rows, YEAR
    )
    assert educator_awards(learned, YEAR).rows() == expected_awards(learned, YEAR)
    assert quality_note(sent, DUE, 3).rows() == expected_quality(sent, DUE, 3)
