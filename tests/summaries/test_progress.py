"""PUB3 against answers worked out by hand, and what a name must not give away."""

from datetime import date

import polars as pl
import pytest

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.progress import progress_summary
from pcbl_pipeline.summaries.small_groups import merged_groups
from tests.support.frames import lake_rows, lake_table

ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]
SITES = """
| site_id | site_name | state_fips | cohort_label | locale_code | consent_publish_name |
| 0499901 | Alder     | 04         | One          | 11          | Y                    |
| 0499902 | Birch     | 04         | One          | 12          | Y                    |
| 0499903 | Cedar     | 04         | One          | 41          | N                    |
| 3299901 | Dogwood   | 32         | Two          | 42          | N                    |
| 3299902 | Elm       | 32         | Two          | 43          | N                    |
"""
#: The fall window ends on 2025-11-30, the spring window on 2026-04-30.
RATINGS = """
| site_id | window | element_code | stage | stage_since |
| 0499901 | fall   | CBE1         | 1     | 2025-09-30  |
| 0499902 | fall   | CBE1         | 2     | 2025-10-01  |
| 0499903 | fall   | CBE1         | 3     | 2024-11-30  |
| 3299901 | fall   | DC01         | 4     | 2025-01-01  |
| 0499901 | spring | CBE1         | 2     | 2025-12-31  |
| 0499902 | spring | CBE1         | 2     | 2025-10-01  |
| 0499903 | spring | CBE1         | 4     | 2026-01-30  |
| 3299901 | spring | CBE1         | 4     | 2026-05-01  |
| 3299902 | spring | CBE1         | 0     |             |
| 0499901 | spring | MT1          | 4     | 2025-01-01  |
"""


def summary(ratings=RATINGS, sites=SITES, *, edition="network", as_of="2026-06-30"):
    if isinstance(ratings, str):
        ratings = lake_table("implementation_status", ratings)
    if isinstance(sites, str):
        sites = lake_table("site_profile", sites)
    return progress_summary(
        ratings,
        sites,
        calendar=Calendar(),
        edition=edition,
        as_of=date.fromisoformat(as_of),
    )


def row(frame: pl.DataFrame, **wanted: object) -> dict[str, object]:
    found = frame.filter(pl.col(name) == value for name, value in wanted.items())
    assert found.height == 1
    return found.row(0, named=True)


def rated(stages: dict[str, int], *, window="spring") -> list[dict[str, object]]:
    """Rate all elements of each site with one stage."""
    return [
        {"site_id": site, "window": window, "element_code": element, "stage": stage}
        for site, stage in stages.items()
        for element in ELEMENTS
    ]


def test_counts_sites_by_stage_and_their_shares():
    spring = row(summary().elements, window="spring")

    assert [spring[f"stage_{n}"] for n in range(5)] == [1, 0, 2, 0, 2]
    assert [spring[f"share_{n}"] for n in range(5)] == [0.2, 0.0, 0.4, 0.0, 0.4]
    assert (spring["sites"], spring["initial_plus"]) == (5, 2)
    assert spring["share_initial_plus"] == 0.4
    # 0, 2, 2, 4, 4
    assert spring["median_stage"] == 2


def test_a_site_moved_up_if_it_stands_higher_than_in_the_window_before():
    fall, spring = summary().elements.rows(named=True)

    assert fall["rated_in_both"] is None
    assert (spring["previous_school_year"], spring["previous_window"]) == (
        *("2025-2026", "fall"),
    )
    # Rated in both: three. From 1 to 2 and from 3 to 4; one stayed at 2.
    assert (spring["moved_up_sites"], spring["rated_in_both"]) == (2, 3)
    assert spring["moved_up"] == 0.6667


def test_months_in_a_stage_are_whole_months_to_the_end_of_the_window():
    fall, spring = summary().elements.rows(named=True)

    # To 2025-11-30: 2 from 09-30, 1 from 10-01, 12 from the year before.
    assert fall["median_months"] == 2
    # To 2026-04-30: 3 from 12-31 (one day short of 4), 6, 3; a stage that begins
    # after the window and one without a day say nothing.
    assert spring["median_months"] == 3


def test_an_element_that_fewer_than_three_sites_rated_is_not_shown():
    elements = summary().elements

    assert elements["element_code"].unique().to_list() == ["CBE1"]


def test_a_window_counts_from_its_first_day_on():
    assert summary(as_of="2026-02-16").elements["window"].to_list() == [
        *("fall", "spring")
    ]
    assert summary(as_of="2026-02-15").elements["window"].to_list() == ["fall"]


def test_a_site_without_a_profile_of_the_year_does_not_count():
    of_another_year = lake_table("site_profile", SITES).with_columns(
        pl.when(pl.col("site_id") == "3299902")
        .then(pl.lit("2024-2025"))
        .otherwise("school_year")
        .alias("school_year")
    )

    assert row(summary(sites=of_another_year).elements, window="spring")["sites"] == 4


def test_the_index_is_a_hundred_times_the_mean_stage_over_four():
    rows = rated({"0499901": 1, "0499902": 2, "0499903": 3})
    # 16 x 1 + 2 over 17 elements: 25 x 18 / 17 = 26.47, and 25 x 34 / 17 = 50.
    rows[0]["stage"] = 2

    rows = lake_rows("implementation_status", rows)
    index = summary(rows, edition="agency").index

    assert index.row(0, named=True) == {
        "school_year": "2025-2026",
        "window": "spring",
        "window_end": date(2026, 4, 30),
        "group_kind": "all",
        "group": "ALL",
        "sites": 3,
        "q1": 26.5,
        "median": 50.0,
        "q3": 75.0,
        "reason": None,
    }


@pytest.mark.parametrize("edition", ["public", "network"])
def test_of_fewer_than_five_sites_only_the_median_is_shown(edition):
    five = ("0499901", "0499902", "0499903", "3299901", "3299902")
    four, whole = (
        summary(
            lake_rows("implementation_status", rated(dict.fromkeys(sites, 2))),
            edition=edition,
        ).index.row(0, named=True)
        for sites in (five[:4], five)
    )

    shown = ("sites", "q1", "median", "q3", "reason")
    assert [four[name] for name in shown] == [4, None, 50.0, None, "few_sites"]
    assert [whole[name] for name in shown] == [5, 50.0, 50.0, 50.0, None]


@pytest.mark.parametrize(("elements", "counts"), [(14, True), (13, False)])
def test_an_index_needs_fourteen_elements(elements, counts):
    rows = [
        item
        for item in rated({"0499901": 1, "0499902": 2, "0499903": 3})
        if item["site_id"] != "0499901" or item["element_code"] in ELEMENTS[:elements]
    ]

    index = summary(lake_rows("implementation_status", rows)).index

    assert index.is_empty() is not counts


def test_cohorts_of_fewer_than_three_sites_are_merged_or_only_the_total_is_left():
    sites = dict.fromkeys(("0499901", "0499902", "0499903", "3299901", "3299902"), 2)

    index = summary(lake_rows("implementation_status", rated(sites))).index

    # Cohort Two has two sites; merged with One it would be all, so the total says it.
    # Locales: two in a city, three rural; both together are all again.
    assert index.select("group_kind", "group", "sites").rows() == [("all", "ALL", 5)]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 3, "b": 4}, {"a": "a", "b": "b"}),
        ({"a": 1, "b": 2, "c": 3}, {"a": "other", "b": "other", "c": "c"}),
        # One alone would stay below three; the next smallest hides it.
        ({"a": 1, "b": 3, "c": 4}, {"a": "other", "b": "other", "c": "c"}),
        ({"a": 1, "b": 3}, {"a": None, "b": None}),
        ({"a": 1, "b": 1}, {"a": None, "b": None}),
        ({"c": 3, "b": 3, "a": 1, "d": 3}, {"a": "other", "b": "other"}),
        ({"other": 3, "b": 3}, {"other": "other", "b": "b"}),
        ({"other": 1, "b": 1, "c": 4}, {"other": None, "b": None, "c": None}),
        ({}, {}),
    ],
)
def test_small_groups_are_merged_until_nobody_stands_alone(sizes, shown):
    members = {
        name: [f"{name}{n}" for n in range(count)] for name, count in sizes.items()
    }

    found = merged_groups(members, least=3, into="other")

    assert found.items() >= shown.items()


def test_the_network_learns_whom_to_ask_and_the_public_does_not():
    sites = lake_table("site_profile", SITES)
    ratings = rated({"0499901": 2, "0499902": 2, "0499903": 1, "3299901": 1})
    ratings += rated({"3299902": 4})
    ratings[0]["stage"] = 3
    rows = lake_rows("implementation_status", ratings)

    named = summary(rows, sites).named

    # Alder at stage 3 of CBE1. Elm is at stage 4, but wants no name.
    assert named.select("element_code", "site_name", "stage").rows() == [
        ("CBE1", "Alder", 3)
    ]
    assert summary(rows, sites, edition="public").named is None


def test_nobody_is_named_where_one_or_two_would_be_left_without_a_name():
    ratings = rated({"0499901": 2, "0499902": 2, "0499903": 1, "3299901": 1})
    ratings[0]["stage"] = 3

    assert summary(lake_rows("implementation_status", ratings)).named.is_empty()


@pytest.mark.parametrize(("cohort", "named"), [("Two", []), ("One", ["Alder"])])
def test_a_site_whose_whole_index_is_known_exposes_no_unnamed_one(cohort, named):
    hidden = ("0499904", "0499905", "0499906")
    more = [
        {"site_id": site, "cohort_label": cohort, "locale_code": "42"}
        for site in hidden
    ]
    sites = pl.concat(
        [lake_table("site_profile", SITES), lake_rows("site_profile", more)]
    )
    stages = {"0499901": 3, "0499902": 2, "0499903": 1, "3299901": 1, "3299902": 1}
    rows = lake_rows("implementation_status", rated(stages | dict.fromkeys(hidden, 1)))

    found = summary(rows, sites)

    # In cohort One, Cedar alone has no name; with three more there are four.
    shown = found.index.filter(pl.col("group_kind") == "cohort")["group"].to_list()
    assert shown == (["One", "Two"] if cohort == "Two" else [])
    assert found.named["site_name"].unique().to_list() == named
