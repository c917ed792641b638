"""The planning of help against answers worked out by hand."""

from datetime import date

import polars as pl
import pytest

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.planning import assistance_plan
from pcbl_pipeline.summaries.planning_named import (
    named_first,
    named_sessions,
    plan_totals,
    reasons_shown,
    with_session,
)
from tests.support.frames import lake_rows, lake_table

AS_OF = date(2026, 6, 30)
SITES = """
| site_id | site_name | state_fips | willing_to_host | consent_publish_name |
| 0499901 | Alder     | 04         | N               | Y                    |
| 0499902 | Birch     | 04         | Y               | N                    |
| 0499903 | Cedar     | 04         | Y               | Y                    |
| 3299901 | Dogwood   | 32         | N               | Y                    |
| 3299902 | Elm       | 32         | Y               | N                    |
"""
#: The fall window ends on 2025-11-30, the spring window on 2026-04-30.
RATINGS = """
| site_id | window | element_code | stage |
| 0499901 | fall   | CBE4         | 2     |
| 0499901 | spring | CBE4         | 1     |
| 0499902 | fall   | CBE4         | 1     |
| 0499902 | spring | CBE4         | 2     |
| 0499903 | fall   | CBE4         | 1     |
| 0499903 | spring | CBE4         | 3     |
| 3299901 | spring | CBE4         | 2     |
| 3299902 | spring | CBE4         | 4     |
| 0499901 | fall   | DC01         | 4     |
| 0499901 | spring | DC01         | 4     |
"""
REQUESTS = """
| ta_request_id | site_id | topic          | element_code | urgency | requested_on | needed_by  | preferred_mode  | open_to_peers | status    |
| q1            | 0499901 | policy_waivers | CBE4         | 2       | 2026-05-01   | 2026-06-29 | coaching        | Y             | open      |
| q2            | 0499902 | policy_waivers | CBE4         | 3       | 2026-06-01   | 2026-08-31 | workshop        | Y             | open      |
| q3            | 3299901 | policy_waivers | CBE4         | 3       | 2026-04-30   |            | workshop        | N             | open      |
| q4            | 0499901 | data_systems   | DC01         | 1       | 2026-06-30   | 2026-06-30 | help_desk       | Y             | open      |
| q5            | 0499901 | data_systems   | DC01         | 3       | 2026-01-01   |            | help_desk       | Y             | scheduled |
| q6            | 3299902 | data_systems   | DC09         | 3       | 2026-01-01   |            | help_desk       | Y             | open      |
| q7            | 0499999 | policy_waivers | CBE4         | 3       | 2026-01-01   |            | workshop        | Y             | open      |
| q8            | 0499903 | policy_waivers | CBE4         | 3       | 2026-07-01   |            | workshop        | Y             | open      |
"""
EVENTS = """
| ta_event_id | event_date | mode             | topic          | hours | cost_usd | sites_served    | ta_request_ids |
| e1          | 2026-02-01 | coaching         | policy_waivers | 1     | 100      | 0499902         |                |
| e2          | 2026-03-01 | workshop         | policy_waivers | 2     | 500      | 0499903;3299902 |                |
| e3          | 2026-03-02 | workshop         | policy_waivers | 4     |          | 0499903         |                |
| e4          | 2026-03-03 | convening        | data_systems   | 6     | 1200     | 0499901;0499902 | q6             |
| e5          | 2026-03-04 | library_resource | data_systems   | 9     | 0        | 0499901         |                |
| e6          | 2026-07-01 | workshop         | policy_waivers | 9     | 9000     | 0499901         |                |
"""
BARRIERS = """
| barrier_id | revision | site_id | element_code | status       | opened_on  |
| b1         | 1        | 0499901 | CBE4         | open         | 2026-01-01 |
| b2         | 1        | 0499901 | CBE4         | open         | 2026-01-01 |
| b2         | 2        | 0499901 | CBE4         | granted      | 2026-01-01 |
| b3         | 1        | 0499902 | DC01         | under_review | 2026-01-01 |
"""
FIRST = (
    *("rank", "ta_request_id", "is_late", "is_urgent", "is_old", "is_unhelped"),
    *("is_stuck", "is_blocked", "reasons", "session"),
)


def plan(requests=REQUESTS, *, sites=SITES, ratings=RATINGS, events=EVENTS):
    if isinstance(requests, str):
        requests = lake_table("ta_request", requests)
    return assistance_plan(
        requests,
        lake_table("ta_event", events),
        lake_table("implementation_status", ratings),
        lake_table("barrier_and_waiver", BARRIERS),
        lake_table("site_profile", sites),
        lake_rows("lesson_learned", []),
        calendar=Calendar(),
        as_of=AS_OF,
    )


def test_who_has_the_most_reasons_comes_first():
    found = plan().first.select(FIRST).rows()

    # q1 (Alder): needed yesterday, on the very 60th day; no event on waivers served
    # Alder by then, its element fell, one barrier on it is still open. q3 (Dogwood):
    # urgent and on its 61st day, unhelped, rated once. q2 (Birch): urgent; helped (e1);
    # its element rose. q4: needed today; DC01 is at the highest stage; helped (e4).
    # q5 is scheduled, e4 answered q6, q7's site has no profile, q8 is of tomorrow.
    assert found == [
        (1, "q1", True, False, False, True, True, True, 4, 1),
        (2, "q3", False, True, True, True, False, False, 3, None),
        (3, "q2", False, True, False, False, False, False, 1, 1),
        (4, "q4", False, False, False, False, False, False, 0, None),
    ]


def test_of_equal_reasons_the_more_urgent_comes_first_then_the_older():
    rows = [
        {"ta_request_id": name, "site_id": "3299901", "urgency": urgency}
        | {"requested_on": date(2026, month, 1), "element_code": "MT1"}
        for name, urgency, month in (("a", 1, 6), ("b", 2, 6), ("c", 1, 5))
    ]

    first = plan(lake_rows("ta_request", rows)).first

    assert first["ta_request_id"].to_list() == ["b", "c", "a"]
    assert first["reasons"].unique().to_list() == [1]


def test_requests_that_share_a_need_become_a_session_with_mentor_and_saving():
    (session,) = plan().sessions.to_dicts()

    # q1 and q2; q3 does not let peers join. Both are in one state: of what they would
    # prefer, coaching cannot be shared. q1 was needed yesterday. Elm (stage 4) is
    # ahead of Alder by 3 and of Birch by 2; Cedar by 2 and 1; Birch asks itself.
    assert {
        name: session[name]
        for name in ("topic", "sites", "requests", "states", "mode", "mode_basis")
    } == {
        "topic": "policy_waivers",
        "sites": 2,
        "requests": 2,
        "states": 1,
        "mode": "workshop",
        "mode_basis": "asked",
    }
    assert session["needed_by"] == date(2026, 8, 31)
    assert (session["mentor_id"], session["mentor_fits"]) == ("3299902", 2)
    assert (session["mentor_stage_first"], session["mentor_stage"]) == (4, 4)
    # Three past events on waivers: 1, 2, 4 hours; two with a cost, so all three with
    # one count: 1,800 dollars by 1 + 4 + 12 site-hours, of four events with hours.
    assert (session["hours"], session["hours_basis"]) == (2.0, "topic")
    assert session["hours_events"] == 3
    assert (session["cost_basis"], session["cost_events"]) == ("network", 3)
    assert session["cost_per_site_hour"] == 105.8824
    assert session["cost_coverage"] == 0.75
    assert session["saving_usd"] == 212
    assert session["no_saving"] is None


@pytest.mark.parametrize(
    ("kept", "reason", "hours"),
    [(("e1", "e2"), "few_events", None), (("e1", "e2", "e3"), "few_costs", 2.0)],
)
def test_too_few_past_events_say_nothing_about_a_saving(kept, reason, hours):
    lines = EVENTS.strip().splitlines()
    events = "\n".join(
        line
        for line in lines
        if line.startswith(("| ta_event_id", *(f"| {e}" for e in kept)))
    )

    (session,) = plan(events=events).sessions.to_dicts()

    assert (session["no_saving"], session["hours"]) == (reason, hours)
    assert session["saving_usd"] is None


def test_a_mentor_tells_from_where_it_came():
    without_elm = SITES.replace(
        "Elm       | 32         | Y", "Elm       | 32         | N"
    )

    (session,) = plan(sites=without_elm).sessions.to_dicts()

    assert session["mentor_id"] == "0499903"
    assert (session["mentor_stage_first"], session["mentor_stage"]) == (1, 3)
    assert session["mentor_year_first"] == "2025-2026"


def test_sites_of_several_states_meet_online():
    joined = REQUESTS.replace("workshop        | N ", "workshop        | Y ")

    (session,) = plan(joined).sessions.to_dicts()

    assert (session["states"], session["mode"]) == (2, "virtual_session")
    assert session["mode_basis"] == "states"


def test_a_site_that_asks_twice_is_no_session():
    rows = [
        {"ta_request_id": name, "site_id": "0499901", "urgency": 1}
        | {"requested_on": date(2026, 6, 1)}
        for name in "ab"
    ]

    assert plan(lake_rows("ta_request", rows)).sessions.is_empty()


def test_only_sites_that_agreed_are_named_and_agencies_see_the_states():
    sites = lake_table("site_profile", SITES)
    seen = {
        edition: named_first(plan(), sites, edition).select("site_name", "state_fips")
        for edition in ("network", "agency")
    }
    mentors = {
        edition: named_sessions(plan(), sites, edition)
        .select("has_mentor", "mentor_name", "mentor_state_fips")
        .row(0)
        for edition in ("network", "agency")
    }

    assert seen["network"].rows()[2] == (None, None)
    assert seen["agency"].rows()[2] == (None, "04")
    assert seen["network"].rows()[0] == seen["agency"].rows()[0] == ("Alder", "04")
    assert mentors == {"network": (True, None, None), "agency": (True, None, "32")}


def test_no_stage_stands_beside_a_name_where_it_could_give_another_site_away():
    sites = lake_table("site_profile", SITES)
    told = named_first(plan(), sites, "network").select("stage", "stage_before").rows()
    # Of the sites that want no name one or two rated CBE4 in a window, and none DC01.
    # Where three did in both, nobody can be found out.
    third = SITES.replace(
        "Dogwood   | 32         | N               | Y", "Dogwood | 32 | N | N"
    )
    more = RATINGS + "| 3299901 | fall | CBE4 | 2 |\n| 3299902 | fall | CBE4 | 4 |\n"
    free = named_first(plan(sites=third, ratings=more), sites, "network")

    assert told == [(None, None), (None, None), (None, None), (4, 4)]
    assert free.select("stage", "stage_before").rows()[:2] == [(2, 2), (1, 2)]


def test_neither_text_nor_id_of_a_request_is_told():
    sites = lake_table("site_profile", SITES)

    for edition in ("network", "agency"):
        for told in (
            named_first(plan(), sites, edition),
            named_sessions(plan(), sites, edition),
        ):
            ids = {"need", "ta_request_id", "site_id", "mentor_id", "sender_id"}
            assert not ids & set(told.columns)


def test_a_site_sees_which_session_its_request_could_join():
    own = pl.DataFrame(
        {"site_id": ["0499901"] * 2, "ta_request_id": ["q4", "q1"], "age": [1, 2]}
    )

    assert with_session(own, plan()).rows() == [
        ("0499901", "q4", 1, None, None),
        ("0499901", "q1", 2, 1, 1),
    ]


def test_the_public_sees_numbers_with_three_sites_behind_them():
    totals = plan_totals(plan(), "network", as_of=AS_OF).row(0, named=True)
    public = plan_totals(plan(), "public", as_of=AS_OF).row(0, named=True)

    assert totals == {
        "as_of": AS_OF,
        "requests": 4,
        "sites": 3,
        "sessions": 1,
        "session_sites": 2,
        "valued": 1,
        "saving_usd": 212,
    }
    assert (public["requests"], public["sites"]) == (4, 3)
    assert {public[name] for name in list(totals)[3:]} == {None}
    assert reasons_shown(plan(), "network").rows()[:2] == [
        ("ALL", 4, 3),
        ("is_late", 1, 1),
    ]
    assert reasons_shown(plan(), "public")["reason"].to_list() == ["ALL"]


def test_the_public_sees_no_plan_for_fewer_than_three_sites():
    two = lake_table("ta_request", REQUESTS).filter(
        pl.col("ta_request_id").is_in(["q1", "q2"])
    )

    assert plan_totals(plan(two), "public", as_of=AS_OF).is_empty()
    assert plan_totals(plan(two), "network", as_of=AS_OF).height == 1


def test_the_public_sees_no_saving_of_a_single_session():
    joined = REQUESTS.replace("workshop        | N ", "workshop        | Y ")

    public = plan_totals(plan(joined), "public", as_of=AS_OF).row(0, named=True)

    assert (public["sessions"], public["session_sites"]) == (1, 3)
    assert (public["valued"], public["saving_usd"]) == (1, None)


def test_nothing_to_plan_is_a_plan():
    nothing = plan(lake_rows("ta_request", []))

    assert nothing.first.is_empty()
    assert nothing.sessions.is_empty()
    assert plan_totals(nothing, "public", as_of=AS_OF).row(0)[1:] == (
        0,
        0,
        0,
        0,
        0,
        None,
    )
