"""What followed help, against answers worked out by hand."""

from datetime import date

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.planning_findings import findings_after_help
from pcbl_pipeline.summaries.planning_moves import moves_after_help
from tests.support.frames import lake_table, table_rows

AS_OF = date(2026, 11, 20)
#: The windows end on 2025-11-30, 2026-04-30 and 2026-11-30.
RATINGS = """
| site_id | school_year | window | element_code | stage | stage_since |
| 0499901 | 2025-2026   | fall   | CBE1         | 1     | 2025-09-01  |
| 0499901 | 2025-2026   | spring | CBE1         | 2     | 2026-03-01  |
| 0499901 | 2026-2027   | fall   | CBE1         | 2     | 2026-03-01  |
| 0499902 | 2025-2026   | fall   | CBE1         | 2     |             |
| 0499902 | 2025-2026   | spring | CBE1         | 2     |             |
| 0499903 | 2025-2026   | fall   | CBE1         | 4     | 2024-01-01  |
| 0499903 | 2025-2026   | spring | CBE1         | 4     | 2024-01-01  |
| 0499903 | 2026-2027   | fall   | CBE1         | 3     | 2026-10-01  |
| 3299901 | 2025-2026   | spring | DC09         | 3     | 2026-04-01  |
| 3299901 | 2026-2027   | fall   | DC09         | 1     | 2026-09-01  |
"""
#: An id for each case; `e` and the number of the request is its event.
REQUESTS = """
| ta_request_id | site_id | topic           | element_code | requested_on | status    |
| q1            | 0499901 | learner_agency  | CBE1         | 2025-09-10   | fulfilled |
| q2            | 0499902 | learner_agency  | CBE1         | 2025-09-10   | fulfilled |
| q3            | 0499903 | learner_agency  | CBE1         | 2025-09-10   | fulfilled |
| q4            | 0499903 | equity_practice | CBE1         | 2025-09-10   | fulfilled |
| q5            | 3299901 | equity_practice | DC09         | 2025-09-10   | fulfilled |
| q6            | 3299901 | data_systems    | MT1          | 2025-09-10   | fulfilled |
| q7            | 0499901 | data_systems    | CBE1         | 2025-09-10   | open      |
| q8            | 0499901 | data_systems    | CBE1         | 2026-08-01   | fulfilled |
"""
EVENTS = """
| ta_event_id | event_date | sites_served | ta_request_ids |
| e1          | 2025-10-01 | 0499901      | q1             |
| e2          | 2026-02-01 | 0499902      | q2             |
| e3          | 2025-10-01 | 0499903      | q3             |
| e4          | 2026-09-01 | 0499903      | q4             |
| e5          | 2026-03-01 | 3299901      | q5             |
| e6          | 2026-03-01 | 3299901      | q6             |
| e8          | 2026-09-01 | 0499901      | q8             |
"""
TRIES = """
| site_id | before_on  | after_on   | fixed | still_open | left_out |
| 0499901 | 2026-09-01 | 2026-09-10 | 3     | 1          | 0        |
| 0499901 | 2026-09-11 | 2026-09-20 | 1     | 0          | 0        |
| 0499902 | 2026-09-10 | 2026-09-12 | 0     | 2          | 2        |
| 0499903 | 2026-09-01 | 2026-09-09 | 5     | 0          | 0        |
| 0499903 | 2026-11-01 | 2026-11-21 | 9     | 9          | 9        |
"""
TRIES_SCHEMA = {
    "site_id": pl.String(),
    "before_on": pl.Date(),
    "after_on": pl.Date(),
    **dict.fromkeys(("fixed", "still_open", "left_out"), pl.Int64()),
}


def moves(edition="network", *, requests=REQUESTS):
    return moves_after_help(
        lake_table("ta_request", requests),
        lake_table("ta_event", EVENTS),
        lake_table("implementation_status", RATINGS),
        calendar=Calendar(),
        edition=edition,
        as_of=AS_OF,
    )


def test_each_answered_request_has_the_stages_before_and_after():
    rows = moves().answered.drop("number", "school_year").rows()

    # q1: in October at 1, next rating 2. q2: held since the end of the fall, then the
    # spring. q3: 4 and 4. q4: at 4 in September 2026, fell on October 1. q5: helped a
    # month before the site came to stage 3, so nobody knows from where it came. q6 is
    # about a theme, q7 has no answer. q8: its fall rating came before its help.
    assert rows == [
        ("data_systems", "CBE1", 2, None, "not_yet"),
        ("equity_practice", "CBE1", 4, 3, "down"),
        ("equity_practice", "DC09", None, None, "unknown"),
        ("learner_agency", "CBE1", 1, 2, "up"),
        ("learner_agency", "CBE1", 2, 2, "same"),
        ("learner_agency", "CBE1", 4, 4, "full"),
    ]


def test_elements_without_help_stand_beside_those_with():
    by_topic = moves().by_topic

    # Without help between: Alder from spring to fall stays, Dogwood falls. Helped are
    # Alder from fall to spring, Birch's two ratings, and both spans of Cedar.
    assert by_topic.rows() == [
        ("ALL", 6, 4, 1, 1, 1, 1, 1, 1, 0.3333),
        ("data_systems", 1, 1, 0, 0, 0, 0, 1, 0, None),
        ("equity_practice", 2, 2, 0, 0, 1, 0, 0, 1, None),
        ("learner_agency", 3, 3, 1, 1, 0, 1, 0, 0, None),
        ("no_help", 2, 2, 0, 1, 1, 0, 0, 0, None),
    ]


def test_the_public_sees_no_number_of_fewer_than_three_sites():
    public = moves("public")

    # The merged topics have one rated site, so the next topic goes in with them, and
    # then they say what all topics say. Two sites are rated twice without help.
    assert public.answered is None
    assert public.by_topic["topic"].to_list() == ["ALL"]


def test_a_topic_with_three_rated_sites_stands_alone_if_three_others_are_left():
    more = REQUESTS + "".join(
        f"| p{n} | {site} | data_systems | CBE1 | 2025-09-10 | fulfilled |\n"
        for n, site in enumerate(("0499901", "0499902", "0499903"))
    )
    events = EVENTS + "| e9 | 2026-02-01 | 0499901;0499902;0499903 | p0;p1;p2 |\n"

    public = moves_after_help(
        lake_table("ta_request", more),
        lake_table("ta_event", events),
        lake_table("implementation_status", RATINGS),
        calendar=Calendar(),
        edition="public",
        as_of=AS_OF,
    ).by_topic

    # Equity has one rated site; data, as small as agency, is merged with it.
    assert public["topic"].to_list() == ["ALL", "learner_agency", "other_topics"]


def test_no_site_and_no_day_is_told():
    assert set(moves().answered.columns) == {
        *("number", "school_year", "topic", "element_code"),
        *("stage_before", "stage_after", "move"),
    }


def findings(edition, days="2026-09-10"):
    events = f"""
    | ta_event_id | event_date | topic          | sites_served    |
    | d1          | {days}     | data_systems   | 0499901;0499902 |
    | d2          | 2026-09-05 | policy_waivers | 0499903         |
    | d3          | 2026-11-20 | data_systems   | 0499903         |
    """
    tries = pl.DataFrame(table_rows(TRIES, TRIES_SCHEMA), schema=TRIES_SCHEMA)
    return findings_after_help(
        tries, lake_table("ta_event", events), edition=edition, as_of=AS_OF
    )


def test_findings_between_two_files_are_counted_with_help_between_and_without():
    # On the day of the second file, and of the first one. Cedar's help was about
    # something else, and its last file came after the day that is known.
    assert findings("agency").rows() == [
        ("helped", 2, 2, 8, 3, 3, 2, 0.375),
        ("not_helped", 2, 2, 6, 6, 0, 0, 1.0),
    ]


def test_only_agencies_see_findings_of_fewer_than_three_sites():
    assert findings("public").is_empty()
    assert findings("network").is_empty()
    assert findings("agency", days="2026-10-01")["kind"].to_list() == ["not_helped"]
    assert findings("network", days="2026-10-01")["sites"].to_list() == [3]
