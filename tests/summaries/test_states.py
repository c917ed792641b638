"""The network by state: checked by hand, and against SQL."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.states import network_states
from tests.summaries.oracle_states import network_states_in_sql

STATES = ["04", "32", "45"]
YEARS = ["2024-2025", "2025-2026", "2026-2027"]
AS_OF = date(2026, 11, 20)
SITES = {"site_id": pl.String, "school_year": pl.String, "state_fips": pl.String}
ACTIONS = {
    "state_fips": pl.String,
    "action_id": pl.String,
    "decision_point": pl.String,
    "decision": pl.String,
    "state_phase": pl.String,
    "decided_on": pl.Date,
    "ended_on": pl.Date,
}


def computed(sites, actions, *, year="2026-2027", as_of=AS_OF):
    frame = network_states(
        pl.DataFrame(sites, schema=SITES, orient="row"),
        pl.DataFrame(actions, schema=ACTIONS, orient="row"),
        states=STATES,
        school_year=year,
        as_of=as_of,
    )
    return frame.rows()


def test_sites_decisions_and_phases_by_hand():
    sites = [
        ("a", "2026-2027", "04"),
        ("b", "2026-2027", "04"),
        ("c", "2025-2026", "32"),  # an earlier year does not count
        ("d", "2026-2027", "45"),
    ]
    day, later = date(2026, 3, 1), date(2026, 12, 1)
    actions = [
        ("04", "A1", "DP01", "decided_yes", "exploration", day, None),
        ("04", "A2", "DP01", "decided_yes", None, day, None),  # the same decision
        (
            "04",
            "A3",
            "DP02",
            "decided_no",
            "replication",
            day,
            None,
        ),  # same day, later id
        ("04", "A4", "DP03", "decided_yes", None, day, date(2026, 11, 20)),  # ended
        (
            "32",
            "B1",
            "DP04",
            "decided_yes",
            "replication",
            later,
            None,
        ),  # not yet known
        ("32", "B2", "DP05", "considering", None, None, None),
    ]

    assert computed(sites, actions) == [
        ("04", "2026-2027", 2, 1, "replication"),
        ("32", "2026-2027", 0, 0, None),
        ("45", "2026-2027", 1, 0, None),
    ]


def test_before_anybody_has_sent_the_new_year_the_year_before_counts():
    sites = [
        ("a", "2024-2025", "04"),
        ("b", "2025-2026", "04"),
        ("c", "2027-2028", "04"),
    ]

    assert computed(sites, [])[0] == ("04", "2025-2026", 1, 0, None)
    assert computed([], [])[0] == ("04", "2026-2027", 0, 0, None)


days = st.dates(date(2026, 11, 10), date(2026, 11, 30))
some_sites = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(YEARS), st.sampled_from([*STATES, "38"])
    ),
    max_size=8,
)
some_actions = st.lists(
    st.tuples(
        st.sampled_from(STATES),
        st.sampled_from(["A1", "A2", "A3", "A4"]),
        st.sampled_from(["DP01", "DP02"]),
        st.sampled_from(["decided_yes", "decided_no", "deferred"]),
        st.sampled_from(["exploration", "replication", None]),
        st.none() | days,
        st.none() | days,
    ),
    max_size=8,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=30, deadline=None)
@given(some_sites, some_actions, st.sampled_from(YEARS))
def test_sql_says_the_same(sites, actions, year):
    expected = network_states_in_sql(
        pl.DataFrame(sites, schema=SITES, orient="row"),
        pl.DataFrame(actions, schema=ACTIONS, orient="row"),
        states=STATES,
        school_year=year,
        as_of=AS_OF,
    )

    assert computed(sites, actions, year=year) == expected
    assert computed(sites[::-1], actions[::-1], year=year) == expected
