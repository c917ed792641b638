"""What lessons recommend, and who leads: by hand, and by SQL on drawn rows."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.recommendations import lead_actors, recommendations
from tests.summaries.oracle_recommendations import (
    expected_leads,
    expected_recommendations,
)

AS_OF = date(2026, 3, 1)
LESSONS = {
    "public_id": pl.String,
    "element_code": pl.String,
    "lesson_type": pl.String,
    "lesson_date": pl.Date,
    "recommendation": pl.String,
    "audience": pl.List(pl.String),
    "policy_area": pl.String,
    "corroborated": pl.Boolean,
}
STRENGTHS = pl.DataFrame(
    [("CBE1", "worked", "emerging", 2), ("CBE2", "worked", "strong", 4)],
    schema=["element_code", "lesson_type", "strength", "independent_sites"],
    orient="row",
)
ACTIONS = {
    "state_fips": pl.String,
    "policy_area": pl.String,
    "lead_actor": pl.String,
    "decided_on": pl.Date,
}


def frame(schema, rows):
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_what_several_sites_bear_out_is_recommended_first():
    old, new = date(2025, 1, 1), date(2026, 2, 1)
    state, both = ["state_agency"], ["district_leader", "state_agency"]
    told = [
        ("p1", "CBE1", "worked", old, "One.", state, "PA1", False),
        ("p2", "CBE2", "worked", old, "Two.", both, "PA1", True),
        ("p3", "CBE1", "worked", new, "Three.", ["educator"], "PA1", True),
        ("p4", "CBE1", "worked", new, None, state, "PA1", True),
        ("p5", "CBE1", "worked", new, "Five.", state, "PA1", False),
        ("p6", "MT1", "worked", new, "Six.", state, "PA1", False),
        ("p7", "CBE1", "worked", new, "Seven.", state, "PA3", False),
    ]
    leads = pl.DataFrame(
        {"policy_area": ["PA1", "PA1"], "lead_actor": ["sea_staff", "governor"]}
    )

    found = recommendations(frame(LESSONS, told), STRENGTHS, leads)

    shown = ("audience", "policy_area", "rank", "public_id", "strength")
    assert found.select(shown).rows() == [
        ("district_leader", "PA1", 1, "p2", "strong"),
        ("state_agency", "PA1", 1, "p2", "strong"),
        ("state_agency", "PA1", 2, "p5", "emerging"),
        ("state_agency", "PA1", 3, "p1", "emerging"),
        ("state_agency", "PA1", 4, "p6", None),
        ("state_agency", "PA3", 1, "p7", "emerging"),
    ]
    assert found["lead_actors"].to_list() == [["sea_staff", "governor"]] * 5 + [[]]


def test_who_led_is_counted_by_area_as_known_on_the_day():
    actions = [
        ("04", "PA1", "governor", date(2025, 1, 1)),
        ("04", "PA1", "legislature", date(2026, 1, 1)),
        ("32", "PA1", "legislature", None),
        ("32", "PA1", "legislature", AS_OF),
        ("38", "PA1", "governor", date(2026, 3, 2)),
        ("38", "PA3", "employer_community", None),
    ]

    found = lead_actors(frame(ACTIONS, actions), as_of=AS_OF)

    assert found.rows() == [
        ("PA1", "legislature", "legislative", 2, 3),
        ("PA1", "governor", "executive", 1, 1),
        ("PA3", "employer_community", "other", 1, 1),
    ]


DRAWN_LESSONS = st.lists(
    st.tuples(
        st.sampled_from(["CBE1", "CBE2", "MT1"]),
        st.sampled_from([date(2025, 1, 1), date(2026, 2, 1)]),
        st.sampled_from([None, "Do it."]),
        st.lists(
            st.sampled_from(["state_agency", "district_leader", "educator"]),
            unique=True,
        ),
        st.sampled_from(["PA1", "PA3"]),
        st.booleans(),
    ),
    max_size=7,
)
DRAWN_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["04", "32"]),
        st.sampled_from(["PA1", "PA3", None]),
        st.sampled_from(["governor", "legislature", "employer_community"]),
        st.sampled_from([None, date(2026, 1, 1), date(2026, 4, 1)]),
    ),
    max_size=7,
)


@settings(max_examples=30, deadline=None)
@given(DRAWN_LESSONS, DRAWN_ACTIONS)
def test_sql_says_the_same(told, acted):
    lessons = frame(
        LESSONS,
        [(f"p{n}", row[0], "worked", *row[1:]) for n, row in enumerate(told)],
    )
    actions = frame(ACTIONS, acted)

    leads = lead_actors(actions, as_of=AS_OF)
    found = recommendations(lessons, STRENGTHS, leads)

    assert leads.rows() == expected_leads(actions, AS_OF)
    assert found.rows() == expected_recommendations(lessons, STRENGTHS, actions, AS_OF)
