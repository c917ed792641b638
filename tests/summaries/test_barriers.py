"""PUB4 against answers worked out by hand, and what no edition may tell."""

from datetime import date

import polars as pl

from pcbl_pipeline.summaries.barriers import barrier_brief
from tests.support.frames import lake_rows, lake_table

SITES = """
| site_id | site_name | state_fips | consent_publish_name |
| 0499901 | Alder     | 04         | Y                    |
| 0499902 | Birch     | 04         | N                    |
| 0499903 | Cedar     | 04         | N                    |
| 3299901 | Dogwood   | 32         | Y                    |
"""
BARRIERS = """
| barrier_id | revision | site_id | barrier_type    | severity | request_type | status           | opened_on  | status_date | waiver_start | waiver_end | extension_no | citation      |
| a1         | 1        | 0499901 | seat_time       | 4        | waiver       | open             | 2025-09-01 | 2025-09-01  |              |            |              |               |
| a1         | 2        | 0499901 | seat_time       | 3        | waiver       | granted          | 2025-09-01 | 2025-10-01  | 2026-01-01   | 2026-12-31 | 0            | Rule 7        |
| a2         | 1        | 0499901 | seat_time       | 2        | guidance     | denied           | 2025-09-01 | 2025-09-11  |              |            |              |               |
| b1         | 1        | 0499902 | seat_time       | 1        | none         | open             | 2025-10-01 | 2025-10-01  |              |            |              |               |
| b2         | 1        | 0499902 | funding         | 4        | funding      | under_review     | 2025-10-01 | 2025-11-01  |              |            |              |               |
| c1         | 1        | 0499903 | funding         | 1        | none         | resolved_locally | 2025-10-01 | 2025-10-06  |              |            |              |               |
| d1         | 1        | 3299901 | term_confusion  | 2        | waiver       | expired          | 2025-07-01 | 2026-06-01  | 2025-08-01   | 2026-05-31 | 1            | The Birch law |
| d2         | 1        | 3299901 | assessment      | 4        | waiver       | open             | 2026-07-01 | 2026-07-01  |              |            |              |               |
"""
ACTIONS = """
| action_id | decided_on | barrier_ids |
| x1        | 2025-12-01 | a2;b1       |
| x2        |            | b2          |
| x3        | 2026-07-01 | c1          |
"""
COLUMNS = (
    *("barrier_type", "sites", "reports", "max_severity", "weighted", "requests"),
    *("granted", "decided", "granted_share", "median_days_to_decision"),
    "answered_by_action",
)


def names_birch(texts, *, state_fips, unnamed, sender_id):
    assert "Birch" in unnamed
    return tuple(name for name, text in texts.items() if "Birch" in text)


def brief(barriers=BARRIERS, edition="public", sites=SITES):
    if isinstance(barriers, str):
        barriers = lake_table("barrier_and_waiver", barriers)
    return barrier_brief(
        barriers,
        lake_table("state_action", ACTIONS),
        lake_table("site_profile", sites),
        edition=edition,
        screen=names_birch,
        as_of=date(2026, 6, 30),
    )


def test_kinds_of_barriers_stand_by_their_weight():
    # a1 (3) and a2 (2) are one site: its highest counts. d2 is not known yet.
    # Final are a1 after 30 days, a2 after 10, c1 after 5, d1 after 335.
    assert brief(edition="agency").kinds.select(COLUMNS).rows() == [
        ("ALL", 4, 6, 4, 10, 4, 2, 3, 0.6667, 10, 3),
        ("funding", 2, 2, 4, 5, 1, 0, 0, None, 5, 1),
        ("seat_time", 2, 3, 3, 4, 2, 1, 2, 0.5, 10, 2),
        ("term_confusion", 1, 1, 2, 2, 1, 1, 1, 1.0, 335, 0),
    ]


def test_a_kind_of_one_site_is_merged_until_two_stand_behind_it():
    kinds = brief().kinds

    # One site alone, so funding, the next smallest by name, joins it.
    assert kinds.select("barrier_type", "sites", "reports", "weighted").rows() == [
        ("ALL", 4, 6, 10),
        ("other", 3, 3, 7),
        ("seat_time", 2, 3, 4),
    ]


def test_one_site_alone_is_no_summary():
    one = BARRIERS.splitlines()[:4]

    assert brief("\n".join(one)).kinds.is_empty()
    assert brief("\n".join(one), edition="agency").kinds.height == 2


def test_what_was_asked_is_counted_by_kind():
    assert brief(edition="agency").requests.rows() == [
        ("ALL", "funding", 1),
        ("ALL", "guidance", 1),
        ("ALL", "waiver", 2),
        ("funding", "funding", 1),
        ("seat_time", "guidance", 1),
        ("seat_time", "waiver", 1),
        ("term_confusion", "waiver", 1),
    ]


def test_every_granted_waiver_is_listed_with_the_days_it_has_left():
    register = brief(edition="network").waivers

    assert register.rows() == [
        (
            *(1, "Rule 7", False, "PA3", "04", "Alder"),
            *(date(2026, 1, 1), date(2026, 12, 31), 0, 184, False),
        ),
        # One site alone in its state; its citation would name another site.
        (
            *(2, None, True, "PA3", None, "Dogwood"),
            *(date(2025, 8, 1), date(2026, 5, 31), 1, 0, True),
        ),
    ]


def test_the_public_register_names_no_site():
    assert brief().waivers["site_name"].null_count() == 2


def test_a_site_that_takes_its_consent_back_is_named_no_more():
    back = SITES.replace("Alder     | 04         | Y ", "Alder     | 04         | N ")

    assert brief(edition="network", sites=back).waivers["site_name"].to_list() == [
        *(None, "Dogwood")
    ]


def test_a_waiver_tells_no_state_that_only_one_unnamed_site_can_be_in():
    of_birch = BARRIERS
    for revision in "12":
        start = f"| a1         | {revision}        | 04999"
        of_birch = of_birch.replace(f"{start}01", f"{start}02")
    cedar_named = SITES.replace(
        "Cedar     | 04         | N", "Cedar     | 04         | Y"
    )

    for edition in ("public", "network", "agency"):
        of_two = brief(of_birch, edition)
        of_one = brief(of_birch, edition, cedar_named)
        assert of_two.waivers["state_fips"].to_list() == ["04", None]
        assert of_one.waivers["state_fips"].to_list() == [None, None]


def test_a_waiver_ends_on_its_last_day_and_not_before():
    rows = [
        {
            "barrier_id": f"0499901-B-{day}",
            "site_id": "0499901",
            "status": "granted",
            "waiver_start": date(2026, 1, 1),
            "waiver_end": date(2026, 6, day),
        }
        for day in (29, 30)
    ]

    register = brief(lake_rows("barrier_and_waiver", rows)).waivers

    assert register.select("days_left", "has_ended").rows() == [
        *((0, False), (0, True))
    ]


def test_a_report_older_than_its_site_s_profile_counts_and_its_waiver_is_listed():
    of_the_year = brief(edition="agency")
    early = lake_table("barrier_and_waiver", BARRIERS).with_columns(
        pl.lit("2019-2020").alias("school_year")
    )

    before_any_profile = brief(early, edition="agency")

    assert before_any_profile.kinds.equals(of_the_year.kinds)
    assert before_any_profile.requests.equals(of_the_year.requests)
    assert before_any_profile.waivers.equals(of_the_year.waivers)
    assert of_the_year.waivers["site_name"].to_list() == ["Alder", "Dogwood"]


def test_a_site_that_never_sent_a_profile_is_no_site_but_its_waiver_is_listed():
    known = "\n".join(line for line in SITES.splitlines() if "Alder" not in line)

    agency, public = (brief(edition=name, sites=known) for name in ("agency", "public"))

    columns = ("barrier_type", "sites", "reports", "weighted", "granted")
    # Without Alder's 3 points; its two reports and its grant still count.
    assert agency.kinds.select(columns).rows() == [
        ("ALL", 3, 6, 7, 2),
        ("funding", 2, 2, 5, 0),
        ("term_confusion", 1, 1, 2, 1),
        ("seat_time", 1, 3, 1, 1),
    ]
    assert agency.waivers["citation"].to_list() == ["Rule 7", None]
    # Of seat time one site is known, so it no longer stands alone.
    assert public.kinds.select("barrier_type", "reports").rows() == [
        *(("ALL", 6), ("funding", 2), ("other", 4))
    ]
    assert public.waivers["line"].to_list() == [1, 2]
