"""PUB6: the share of favorable answers, pooled only where they are counted alike."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.comparison import ALL_NUMBERS
from pcbl_pipeline.summaries.experience import LINE, experience_cells, is_valid
from tests.summaries.oracle_outcomes import expected_experience
from tests.support.frames import lake_rows

YEAR, BEFORE = "2025-2026", "2024-2025"
A, B = "0499901", "3299901"


def survey(site, favorable, responded, **values):
    return {
        "site_id": site,
        "school_year": YEAR,
        "window": "spring",
        "respondent": "student",
        "instrument": "local",
        "construct_code": "agency",
        "student_group": "ALL",
        "n_invited": 2 * responded,
        "n_responded": responded,
        "n_favorable": favorable,
        "favorable_rule": "Top two of five",
        **values,
    }


def cells_of(rows, sites=(A, B)):
    profiles = lake_rows("site_profile", [{"site_id": site} for site in sites])
    return experience_cells(lake_rows("perception_survey", rows), profiles, YEAR)


def told(cells, prefix="", site="ALL"):
    names = [prefix + name for name in ("numerator", "denominator", "people")]
    at = cells.filter(site_id=site)
    return at.select("instrument", "rule_number", *names).rows()


def test_surveys_with_one_rule_are_pooled():
    cells = cells_of(
        [
            survey(A, 6, 10),
            survey(A, 3, 4, instrument="kw", favorable_rule="top two  of five "),
            survey(B, 1, 20),
        ]
    )

    # The same ten people may have answered both surveys of the first site.
    assert told(cells) == [("ALL", 1, 10, 34, 30)]
    assert cells.filter(site_id="ALL")["invited"].to_list() == [68]


def test_surveys_with_two_rules_have_a_line_each():
    other = "Top box"
    cells = cells_of(
        [
            survey(A, 6, 10),
            survey(B, 1, 20, favorable_rule=other),
            survey(A, 3, 4, instrument="kw", favorable_rule=other),
        ]
    )

    assert told(cells) == [
        ("kw", 1, 3, 4, 4),
        ("local", 1, 1, 20, 20),
        ("local", 2, 6, 10, 10),
    ]


def test_the_last_window_counts_and_is_compared_with_its_like():
    cells = cells_of(
        [
            survey(A, 1, 10, window="fall"),
            survey(A, 6, 10),
            survey(A, 4, 8, school_year=BEFORE),
            survey(A, 2, 8, school_year=BEFORE, window="end_of_year"),
            survey(B, 5, 10),
            survey(B, 5, 10, school_year=BEFORE, favorable_rule="Top box"),
        ]
    )

    assert told(cells) == [("ALL", 1, 11, 20, 20)]
    assert told(cells, "before_") == [("ALL", 1, 4, 8, 8)]
    assert told(cells, "since_") == [("ALL", 1, 6, 10, 10)]


def test_thirty_of_a_hundred_answers_are_enough():
    cells = cells_of([survey(A, 1, 30, n_invited=100), survey(B, 1, 29, n_invited=100)])

    valid = cells.with_columns(is_valid(cells)).select("site_id", "is_valid").rows()

    assert dict(valid) == {"ALL": False, A: True, B: False}


pairs = st.integers(0, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def survey_of(site, pair, student_group, **values):
    # Mostly, a group is a part of everybody; now and then it contradicts them.
    more = 8 if student_group == "ALL" else 0
    numbers = (pair[0] + more, pair[1] + 2 * more)
    return survey(site, *numbers, student_group=student_group, **values)


surveys = st.lists(
    st.builds(
        survey_of,
        st.sampled_from([A, B]),
        pairs,
        school_year=st.sampled_from([YEAR, YEAR, BEFORE]),
        window=st.sampled_from(["fall", "mid_year", "spring", "end_of_year"]),
        instrument=st.sampled_from(["kw", "local"]),
        respondent=st.sampled_from(["student", "student", "educator"]),
        student_group=st.sampled_from(["ALL", "LEP"]),
        favorable_rule=st.sampled_from(["Top box", "top  BOX", "Top two", "Top two"]),
    ),
    max_size=20,
    unique_by=lambda r: tuple(
        r[k]
        for k in (
            "site_id",
            "school_year",
            "window",
            "instrument",
            "respondent",
            "student_group",
        )
    ),
)


@settings(max_examples=40, deadline=None)
@given(surveys, st.sets(st.sampled_from([A, B]), min_size=1))
def test_agrees_with_a_second_implementation(rows, sites):
    cells = cells_of(rows, sites)

    one_line = cells.select(
        "respondent",
        "construct_code",
        pl.format("{}/{}", "instrument", "rule_number"),
        *("student_group", "site_id", "sites"),
        *ALL_NUMBERS,
        "invited",
    )
    profiles = lake_rows("site_profile", [{"site_id": site} for site in sites])
    assert one_line.sort(one_line.columns[:5]).rows() == expected_experience(
        lake_rows("perception_survey", rows), profiles, YEAR, BEFORE
    )


@settings(max_examples=10, deadline=None)
@given(surveys, st.randoms())
def test_the_order_of_rows_never_changes_a_byte(rows, random):
    before = cells_of(rows)
    random.shuffle(rows)

    assert cells_of(rows).equals(before)


def test_a_line_is_the_key_of_its_cells():
    cells = cells_of([survey(A, 1, 10), survey(A, 1, 10, student_group="LEP")])

    key = (*LINE, "student_group", "site_id")
    assert cells.select(key).is_unique().all()
