"""PUB2 against answers worked out by hand, and what the public must not learn."""

from datetime import date

import polars as pl
import pytest

from pcbl_pipeline.summaries.assistance import assistance_summary
from tests.support.frames import lake_rows, lake_table

SITES = """
| site_id |
| 0499901 |
| 0499902 |
| 0499903 |
| 3299901 |
"""
NO_EVENTS = lake_rows("ta_event", [])
NO_REQUESTS = lake_rows("ta_request", [])


def summary(
    requests=NO_REQUESTS,
    events=NO_EVENTS,
    sites=SITES,
    *,
    edition="network",
    as_of="2026-06-30",
):
    if isinstance(requests, str):
        requests = lake_table("ta_request", requests)
    if isinstance(events, str):
        events = lake_table("ta_event", events)
    return assistance_summary(
        requests,
        events,
        lake_table("site_profile", sites),
        edition=edition,
        period="2025-2026",
        first_day=date(2025, 7, 1),
        last_day=date(2026, 6, 30),
        as_of=date.fromisoformat(as_of),
    )


def row(frame: pl.DataFrame, topic: str = "ALL") -> dict[str, object]:
    return frame.row(by_predicate=pl.col("topic") == topic, named=True)


#: Ages on 2026-06-30 are in the comments; `days` until the first event after them.
REQUESTS = """
| ta_request_id | site_id | topic         | requested_on | urgency | status    |
| a1            | 0499901 | data_systems  | 2026-01-01   | 3       | fulfilled |
| a2            | 0499901 | data_systems  | 2026-02-01   | 2       | fulfilled |
| a3            | 0499901 | data_systems  | 2026-05-31   | 1       | scheduled |
| b1            | 0499902 | data_systems  | 2026-05-01   | 3       | open      |
| b2            | 0499902 | equity_practice | 2026-04-01 | 2       | declined  |
| b3            | 0499902 | equity_practice | 2026-06-29 | 3       | withdrawn |
| c1            | 3299901 | equity_practice | 2025-06-30 | 3       | open      |
| c2            | 3299901 | equity_practice | 2025-07-01 | 1       | fulfilled |
"""
EVENTS = """
| ta_event_id | event_date | topic           | mode             | hours | sites_served    | ta_request_ids | cost_usd | usefulness_sum | usefulness_n |
| e1          | 2026-01-11 | data_systems    | workshop         | 3.5   | 0499901;0499902 | a1             | 700      | 40             | 9            |
| e2          | 2026-03-01 | data_systems    | library_resource | 0.5   | 0499901         | a1;a2          |          | 5              | 1            |
| e3          | 2026-06-20 | data_systems    | coaching         | 1.25  | 0499901         | a3             | 100.5    |                |              |
| e4          | 2025-08-30 | equity_practice | library_resource | 1     | 3299901         | c2             | 0        | 45             | 10           |
| e5          | 2025-06-30 | equity_practice | workshop         | 8     | 3299901         |                | 9000     | 50             | 10           |
"""


def test_counts_how_quickly_requests_were_met():
    result = summary(REQUESTS, EVENTS)

    # data_systems: a1 met after 10 days, a2 after 28, a3 after 20; b1 open, 60 days old.
    data_systems = row(result.topics, "data_systems")
    assert data_systems["requested"] == 4
    assert data_systems["met"] == 3
    assert data_systems["median_days"] == 20
    assert data_systems["p90_days"] == 28
    # Due are a1, a2 and b1 (60 days old to the day); a3 is 30 days old.
    assert (data_systems["met_60_count"], data_systems["met_60_due"]) == (2, 3)
    assert data_systems["met_60_share"] == 0.6667
    assert data_systems["open"] == 1
    assert data_systems["median_age_days"] == 60
    assert data_systems["urgency_sum"] == 3


def test_counts_what_was_given_and_what_it_cost():
    result = summary(REQUESTS, EVENTS)

    data_systems = row(result.topics, "data_systems")
    assert data_systems["events"] == 3
    # 2 + 1 + 1 sites in 3 events.
    assert data_systems["reach"] == 1.3333
    # 3.5 x 2 + 0.5 + 1.25
    assert data_systems["site_hours"] == 8.75
    # e1 and e3 have a cost: 800.50 over 8.25 site-hours.
    assert data_systems["cost_usd"] == 800.5
    assert data_systems["cost_per_site_hour"] == 97.0303
    assert data_systems["cost_coverage"] == 0.6667
    # a1 was helped by a workshop too; a2 by the library alone.
    assert data_systems["fulfilled"] == 2
    assert data_systems["self_served_share"] == 0.5
    assert data_systems["usefulness"] == 4.5
    assert data_systems["usefulness_n"] == 10


def test_the_total_is_computed_from_all_rows_not_from_the_topics():
    result = summary(REQUESTS, EVENTS)

    assert result.topics.rows()[0] == (
        "ALL",
        *(6, 4, 20, 60),  # days: 10, 20, 28, and 60 for c2
        *(3, 5, 0.6),  # due: a1, a2, b1, b2, c2
        *(2, 60, 5),  # b1 is 60 days old, b2 90; the lower one is the median
        *(4, 1.25, 9.75),  # e5 was given before the period
        *(800.5, 86.5405, 0.75),  # 800.50 over 9.25 site-hours
        *(3, 0.6667),
        *(4.5, 20),
    )
    assert result.topics["topic"].to_list() == [
        "ALL",
        "data_systems",
        "equity_practice",
    ]


def test_leaves_out_requests_that_were_withdrawn_or_made_before_the_period():
    result = summary(REQUESTS, EVENTS)

    equity = row(result.topics, "equity_practice")
    # b2 was declined: nothing met it, so it stays open; c2 was met.
    assert (equity["requested"], equity["met"], equity["open"]) == (2, 1, 1)
    assert equity["urgency_sum"] == 2


def test_nothing_after_the_day_of_the_summary_is_known():
    result = summary(REQUESTS, EVENTS, as_of="2026-02-28")

    total = row(result.topics)
    # a2's event is on 2026-03-01; a3, b1 and b2 were not yet asked for.
    assert (total["requested"], total["met"], total["open"]) == (3, 2, 1)
    assert total["median_age_days"] == 27
    assert total["events"] == 2
    # The library helped a1 later; by then only the workshop had.
    assert (total["fulfilled"], total["self_served_share"]) == (3, 0.3333)


def test_an_event_after_the_period_still_answers_a_request_of_it():
    requests = """
| ta_request_id | site_id | requested_on |
| a1            | 0499901 | 2026-06-20   |
"""
    events = """
| ta_event_id | event_date | ta_request_ids |
| e1          | 2026-07-05 | a1             |
"""
    total = row(summary(requests, events, as_of="2026-09-01").topics)

    assert (total["met"], total["median_days"], total["events"]) == (1, 15, 0)


def test_help_given_before_the_request_does_not_answer_it():
    requests = """
| ta_request_id | site_id | requested_on | status    |
| a1            | 0499901 | 2026-01-10   | fulfilled |
| a2            | 0499901 | 2026-01-10   | fulfilled |
"""
    events = """
| ta_event_id | event_date | mode             | ta_request_ids |
| e1          | 2026-01-09 | library_resource | a1;a2          |
| e2          | 2026-01-10 | library_resource | a2             |
"""
    total = row(summary(requests, events).topics)

    assert (total["met"], total["median_days"], total["open"]) == (1, 0, 1)
    assert total["self_served_share"] == 1.0


def test_a_fulfilled_request_without_any_event_did_not_serve_itself():
    requests = """
| ta_request_id | site_id | requested_on | status    |
| a1            | 0499901 | 2026-01-10   | fulfilled |
"""
    total = row(summary(requests).topics)

    assert (total["fulfilled"], total["self_served_share"]) == (1, 0.0)


def test_an_id_that_two_sites_use_means_the_request_of_the_site_served():
    requests = """
| ta_request_id | site_id | requested_on |
| 1             | 0499901 | 2026-01-01   |
| 1             | 0499902 | 2026-01-02   |
| 2             | 0499901 | 2026-01-03   |
| 2             | 0499902 | 2026-01-04   |
| 3             | 0499901 | 2026-01-05   |
"""
    events = """
| ta_event_id | event_date | sites_served    | ta_request_ids |
| e1          | 2026-02-01 | 0499902         | 1              |
| e2          | 2026-02-01 | 3299901         | 2;3            |
"""
    result = row(summary(requests, events).topics)

    # Request 1 of 0499902; request 3, whose id nobody else uses. Of the requests 2
    # nobody can tell which was meant.
    assert (result["met"], result["median_days"], result["p90_days"]) == (2, 27, 30)


def test_an_event_that_served_both_sites_answers_both_requests_of_one_id():
    requests = """
| ta_request_id | site_id | requested_on |
| 1             | 0499901 | 2026-01-01   |
| 1             | 0499902 | 2026-01-02   |
"""
    events = """
| ta_event_id | event_date | sites_served    | ta_request_ids |
| e1          | 2026-02-01 | 0499902;0499901 | 1;1            |
"""
    assert row(summary(requests, events).topics)["met"] == 2


def test_what_is_not_defined_is_blank_and_the_total_is_always_there():
    result = summary()

    assert result.topics.rows() == [
        (
            "ALL",
            *(0, 0, None, None),
            *(0, 0, None),
            *(0, None, 0),
            *(0, None, 0.0),
            *(None, None, None),
            *(0, None),
            *(None, 0),
        )
    ]
    assert result.unmet.is_empty()
    assert result.modes.is_empty()


def test_usefulness_needs_ten_ratings():
    events = """
| ta_event_id | event_date | topic        | usefulness_sum | usefulness_n |
| e1          | 2026-01-01 | data_systems | 36             | 9            |
| e2          | 2026-01-01 | data_systems |                |              |
"""
    total = row(summary(events=events).topics)

    assert (total["usefulness"], total["usefulness_n"]) == (None, 9)


def test_a_site_that_is_listed_twice_was_served_once():
    events = """
| ta_event_id | event_date | hours | sites_served    |
| e1          | 2026-01-01 | 2     | 0499901;0499901 |
"""
    total = row(summary(events=events).topics)

    assert (total["reach"], total["site_hours"]) == (1.0, 2.0)


def test_unmet_topics_come_by_open_requests_then_urgency_then_code():
    requests = """
| ta_request_id | site_id | topic            | requested_on | urgency |
| 1             | 0499901 | pacing_pathways  | 2026-01-01   | 1       |
| 2             | 0499901 | pacing_pathways  | 2026-01-01   | 1       |
| 3             | 0499901 | vision_profile   | 2026-01-01   | 3       |
| 4             | 0499901 | learner_agency   | 2026-01-01   | 3       |
| 5             | 0499901 | data_systems     | 2026-01-01   | 2       |
| 6             | 0499901 | policy_waivers   | 2026-01-01   | 3       |
"""
    events = """
| ta_event_id | event_date | ta_request_ids |
| e1          | 2026-01-01 | 6              |
"""
    assert summary(requests, events).unmet.rows() == [
        (1, "pacing_pathways", 2, 2),
        (2, "learner_agency", 1, 3),
        (3, "vision_profile", 1, 3),
        (4, "data_systems", 1, 2),
    ]


def test_modes_tell_how_help_was_given():
    assert summary(REQUESTS, EVENTS).modes.rows() == [
        ("coaching", 1, 1.25),
        ("library_resource", 2, 1.5),
        ("workshop", 1, 7.0),
    ]


# ------------------------------------------------------------ the public edition


def requests_of(asked: dict[str, str]) -> pl.DataFrame:
    """Make one request per site; the key names the topic, each letter a site."""
    sites = {"a": "0499901", "b": "0499902", "c": "0499903", "d": "3299901"}
    sites["x"] = "0488801"  # has no profile
    return lake_rows(
        "ta_request",
        [
            {
                "ta_request_id": f"{topic}-{letter}",
                "site_id": sites[letter],
                "topic": topic,
                "requested_on": date(2026, 1, 1),
            }
            for topic, letters in asked.items()
            for letter in letters
        ],
    )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param(
            {"data_systems": "abc", "equity_practice": "abcd"},
            {"ALL": 7, "data_systems": 3, "equity_practice": 4},
            id="enough sites asked",
        ),
        pytest.param(
            {"data_systems": "abcd", "equity_practice": "ab", "learner_agency": "c"},
            {"ALL": 7, "data_systems": 4, "other_topics": 3},
            id="the merged ones hold enough sites",
        ),
        pytest.param(
            {"data_systems": "abcd", "equity_practice": "abc", "learner_agency": "a"},
            {"ALL": 8, "data_systems": 4, "other_topics": 4},
            id="the next smallest goes in",
        ),
        pytest.param(
            {"data_systems": "abc", "equity_practice": "abc", "learner_agency": "a"},
            {"ALL": 7, "equity_practice": 3, "other_topics": 4},
            id="of equal ones the first by code goes in",
        ),
        pytest.param(
            {"data_systems": "aaab", "learner_agency": "b"},
            {"ALL": 5},
            id="only totals when all topics together have too few",
        ),
        pytest.param(
            {"data_systems": "abx", "learner_agency": "abc"},
            {"ALL": 6, "other_topics": 6},
            id="a site without a profile does not count",
        ),
    ],
)
def test_the_public_sees_a_topic_only_if_three_sites_asked(asked, shown):
    result = summary(requests_of(asked), edition="public")

    assert dict(result.topics.select("topic", "requested").rows()) == shown
    assert set(result.unmet["topic"]) == set(shown) - {"ALL"}


def test_the_network_sees_every_topic():
    result = summary(requests_of({"data_systems": "a", "learner_agency": "x"}))

    assert result.topics["topic"].to_list() == ["ALL", "data_systems", "learner_agency"]


def test_help_that_nobody_asked_for_is_merged_and_protects_nobody():
    result = summary(
        requests_of({"data_systems": "abc"}),
        """
| ta_event_id | event_date | topic          |
| e1          | 2026-01-01 | learner_agency |
""",
        edition="public",
    )

    assert result.topics.select("topic", "requested", "events").rows() == [
        ("ALL", 3, 1),
        ("data_systems", 3, 0),
        ("other_topics", 0, 1),
    ]


def test_merged_topics_are_computed_from_their_rows():
    events = """
| ta_event_id | event_date | topic           | ta_request_ids    | hours | sites_served |
| e1          | 2026-01-02 | equity_practice | equity_practice-a | 1     | 0499901      |
| e2          | 2026-01-06 | equity_practice | equity_practice-b | 1     | 0499902      |
| e3          | 2026-01-31 | learner_agency  | learner_agency-c  | 1     | 0499903;0499901 |
"""
    asked = {"equity_practice": "ab", "learner_agency": "c", "data_systems": "abc"}
    other = row(
        summary(requests_of(asked), events, edition="public").topics, "other_topics"
    )

    assert (other["met"], other["median_days"], other["p90_days"]) == (3, 5, 30)
    assert (other["reach"], other["site_hours"]) == (1.3333, 4.0)


def test_the_public_sees_costs_in_totals_only():
    asked = {"data_systems": "abc"}
    result = summary(requests_of(asked), EVENTS, edition="public")

    costs = result.topics.select("topic", "cost_usd", "cost_per_site_hour")
    assert costs.rows()[0] == ("ALL", 800.5, 86.5405)
    assert costs.rows()[1:] == [
        ("data_systems", None, None),
        ("other_topics", None, None),
    ]
    assert result.topics["cost_coverage"].drop_nulls().to_list() == [0.75]


RATED = """
| ta_event_id | event_date | topic           | usefulness_sum | usefulness_n |
| e1          | 2026-01-01 | data_systems    | 12             | 4            |
| e2          | 2026-01-01 | equity_practice | 60             | 12           |
| e3          | 2026-01-01 | learner_agency  | 80             | 20           |
"""


def test_too_few_ratings_cannot_be_computed_from_the_total():
    asked = {"data_systems": "abc", "equity_practice": "abc", "learner_agency": "abc"}
    result = summary(requests_of(asked), RATED, edition="public")

    assert result.topics.select("topic", "usefulness").rows() == [
        ("ALL", 4.2222),
        ("data_systems", None),
        ("equity_practice", None),
        ("learner_agency", 4.0),
    ]


def test_too_few_ratings_do_not_follow_from_the_total_in_the_network_either():
    assert summary(events=RATED).topics["usefulness"].to_list() == [
        *(4.2222, None, None, 4.0)
    ]


def test_the_network_sees_every_average_where_none_has_too_few_ratings():
    enough = RATED.replace("12             | 4 ", "48             | 16")

    assert summary(events=enough).topics["usefulness"].to_list() == [
        *(3.9167, 3.0, 5.0, 4.0)
    ]
