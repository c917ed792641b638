"""PUB5: pooled rates, the change since before the pilot, the gap to the rest."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.comparison import ALL_NUMBERS, is_compared
from pcbl_pipeline.summaries.outcomes import LINE, outcome_cells, outcome_rows
from tests.summaries.oracle_outcomes import expected_outcomes
from tests.support.frames import lake_rows

YEAR, BEFORE = "2025-2026", "2021-2022"
A, B, C = "0499901", "0499902", "3299901"
COLUMNS = (*LINE, "student_group", "site_id", "sites", *ALL_NUMBERS)
COMPUTED = pl.Schema(
    {
        **dict.fromkeys(("site_id", "school_year", "metric_code"), pl.String()),
        **dict.fromkeys(("grade_band", "student_group"), pl.String()),
        **dict.fromkeys(("numerator", "denominator", "people"), pl.Int64()),
    }
)


def outcome(site, group, numerator, denominator, **values):
    return {
        "site_id": site,
        "school_year": YEAR,
        "metric_code": "M04",
        "grade_band": "ALL",
        "student_group": group,
        "numerator": numerator,
        "denominator": denominator,
        "pilot_scope": "pilot_students",
        "is_baseline": "N",
        **values,
    }


def baseline(*row, **values):
    return outcome(*row, **{"school_year": BEFORE, "is_baseline": "Y", **values})


def profiles(*site_ids, **values):
    return lake_rows("site_profile", [{"site_id": s, **values} for s in site_ids])


def cells_of(rows, computed=(), sites=(A, B, C)):
    counting = outcome_rows(
        lake_rows("outcome_metric", rows),
        pl.DataFrame(list(computed), schema=COMPUTED, orient="row"),
    )
    return outcome_cells(counting, profiles(*sites), YEAR)


def numbers(cells, prefix="", group="ALL", site="ALL", metric="M04"):
    names = [prefix + name for name in ("numerator", "denominator", "people")]
    return (
        cells.filter(metric_code=metric, student_group=group, site_id=site)
        .select(names)
        .rows()
    )


def test_a_hand_checked_network():
    cells = cells_of(
        [
            outcome(A, "ALL", 60, 100),
            outcome(A, "LEP", 5, 20),
            outcome(B, "ALL", 30, 100),
            # Reports no English learners: it is not the rest of theirs.
            baseline(A, "ALL", 50, 90),
            baseline(A, "LEP", 4, 16),
        ]
    )

    assert numbers(cells) == [(90, 200, 200)]
    assert numbers(cells, group="LEP") == [(5, 20, 20)]
    assert numbers(cells, "group_", "LEP") == [(5, 20, 20)]
    assert numbers(cells, "rest_", "LEP") == [(55, 80, 80)]
    # Only the site with a year before the pilot says whether something changed.
    assert numbers(cells, "since_") == [(60, 100, 100)]
    assert numbers(cells, "before_") == [(50, 90, 90)]
    assert numbers(cells, "before_", site=B) == [(None, None, None)]
    assert numbers(cells, "rest_") == [(None, None, None)]


def test_sites_without_a_profile_of_the_year_do_not_count():
    cells = cells_of([outcome(A, "ALL", 1, 2), outcome(B, "ALL", 1, 2)], sites=(A,))

    assert numbers(cells) == [(1, 2, 2)]


def test_scopes_and_grade_bands_are_never_pooled():
    cells = cells_of(
        [
            outcome(A, "ALL", 1, 2),
            outcome(B, "ALL", 1, 4, pilot_scope="all_students"),
            outcome(C, "ALL", 1, 8, grade_band="06-08"),
        ]
    )

    assert numbers(cells) == [(1, 8, 8), (1, 4, 4), (1, 2, 2)]


def test_the_last_year_before_the_pilot_is_compared_with():
    cells = cells_of(
        [
            outcome(A, "ALL", 1, 2),
            baseline(A, "ALL", 1, 4),
            baseline(A, "ALL", 1, 8, school_year="2022-2023"),
            baseline(A, "ALL", 1, 16, school_year="2026-2027"),
        ]
    )

    assert numbers(cells, "before_") == [(1, 8, 8)]


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        # As many as all, and as many of them met the measure.
        ({"AM7": (2, 4), "HI7": (3, 6)}, True),
        # More of them than of all met it; more of them did not; they are more.
        ({"AM7": (3, 4), "HI7": (3, 4)}, False),
        ({"AM7": (0, 4), "HI7": (2, 4)}, False),
        ({"AM7": (2, 5), "HI7": (3, 6)}, False),
    ],
)
def test_groups_that_contradict_all_students_are_left_out_together(groups, kept):
    rows = [outcome(A, group, *numbers) for group, numbers in groups.items()]

    cells = cells_of([outcome(A, "ALL", 5, 10), outcome(A, "LEP", 5, 5), *rows])

    told = set(cells["student_group"])
    assert told == {"ALL", "LEP"} | (set(groups) if kept else set())


def test_days_are_protected_by_the_students_enrolled():
    days = {"metric_code": "M02"}
    cells = cells_of(
        [
            outcome(A, "ALL", 1_700, 1_800, **days),
            outcome(A, "ALL", 2, 12, metric_code="M01"),
            # Nobody says how many: 732 days need two students at least.
            outcome(B, "ALL", 700, 800, **days),
        ]
    )

    assert numbers(cells, site=A, metric="M02") == [(1_700, 1_800, 12)]
    assert numbers(cells, site=B, metric="M02") == [(700, 800, 2)]


def test_enrolled_students_count_for_all_groups_of_a_measure_or_for_none():
    days = {"metric_code": "M02"}
    cells = cells_of(
        [
            outcome(A, "ALL", 1_700, 1_800, **days),
            outcome(A, "LEP", 1_000, 1_100, **days),
            outcome(A, "LEP", 2, 9, metric_code="M01"),
        ]
    )

    assert numbers(cells, metric="M02", site=A) == [(1_700, 1_800, 4)]
    assert numbers(cells, metric="M02", site=A, group="LEP") == [(1_000, 1_100, 3)]


def test_credits_that_were_sent_are_protected_by_a_least_number_of_students():
    cells = cells_of(
        [
            outcome(A, "ALL", 900, 1_250, metric_code="M09"),
            outcome(A, "LEP", 900, 950, metric_code="M09"),
        ]
    )

    assert numbers(cells, metric="M09") == [(9_000_000, 12_500_000, 12)]
    # 12 less 9 would be 3; but 300 credits need three students in any case.
    assert numbers(cells, "rest_", "LEP", metric="M09") == [(0, 3_000_000, 3)]


def test_what_was_computed_from_records_replaces_the_whole_measure():
    own = {"metric_code": "M07"}
    cells = cells_of(
        [
            outcome(A, "ALL", 1, 100, **own),
            outcome(A, "HI7", 1, 90, **own),
            outcome(B, "ALL", 1, 100, **own),
            baseline(A, "ALL", 5, 10),
        ],
        [
            (A, YEAR, "M07", "ALL", "ALL", 30, 60, 60),
            (A, BEFORE, "M07", "ALL", "ALL", 10, 40, 40),
        ],
    )

    assert numbers(cells, site=A, metric="M07") == [(30, 60, 60)]
    assert numbers(cells, group="HI7", metric="M07") == []
    assert numbers(cells, metric="M07") == [(31, 160, 160)]
    # The year before the pilot is the one that the site named with any measure.
    assert numbers(cells, "before_", site=A, metric="M07") == [(10, 40, 40)]


def test_of_two_senders_of_one_row_the_last_counts():
    late = {"received_at": datetime(2026, 11, 2, tzinfo=UTC)}
    cells = cells_of(
        [
            outcome(A, "ALL", 3, 4, sender_id="049990100001", **late),
            outcome(A, "ALL", 1, 2),
        ]
    )

    assert numbers(cells) == [(3, 4, 4)]


@pytest.mark.parametrize(("named", "is_shown"), [((A, B, C), True), ((A, B), False)])
def test_sites_are_named_only_beside_two_others_that_agreed(named, is_shown):
    cells = cells_of([outcome(site, "ALL", 1, 2) for site in (A, B, C)])
    sites = pl.concat(
        profiles(site, consent_publish_name="Y" if site in named else "N")
        for site in (A, B, C)
    )

    shown = cells.with_columns(is_compared(cells, sites, LINE))

    assert dict(shown.select("site_id", "is_shown").rows()) == {
        "ALL": True,
        **{site: is_shown and site in named for site in (A, B, C)},
    }


@pytest.mark.parametrize(("consent", "is_shown"), [("Y", True), ("N", False)])
def test_the_network_is_not_a_cloak_for_one_site_that_is_not_named(consent, is_shown):
    cells = cells_of([outcome(A, "ALL", 1, 2)])
    sites = profiles(A, consent_publish_name=consent)

    shown = cells.with_columns(is_compared(cells, sites, LINE))

    assert dict(shown.select("site_id", "is_shown").rows()) == {
        "ALL": is_shown,
        A: False,
    }


counts = st.integers(0, 9).flatmap(
    lambda n: st.tuples(st.integers(0, n).map(lambda m: m * 401), st.just(n * 401))
)


def outcome_of(site, group, pair, **values):
    # Mostly, a group is a part of all students; now and then it contradicts them.
    more = 8 * 401 if group == "ALL" else 0
    return outcome(site, group, pair[0] + more, pair[1] + 2 * more, **values)


outcomes = st.lists(
    st.builds(
        outcome_of,
        st.sampled_from([A, B, C]),
        st.sampled_from(["ALL", "ALL", "LEP", "HI7"]),
        counts,
        metric_code=st.sampled_from(["M01", "M02", "M07", "M09"]),
        grade_band=st.sampled_from(["ALL", "ALL", "06-08"]),
        school_year=st.sampled_from([YEAR, YEAR, BEFORE, "2022-2023"]),
        is_baseline=st.sampled_from(["Y", "N", None]),
        pilot_scope=st.sampled_from(["pilot_students"] * 3 + ["all_students"]),
    ),
    max_size=25,
    unique_by=lambda r: tuple(r[k] for k in (*COMPUTED.names()[:5], "pilot_scope")),
)
computed_rows = st.lists(
    st.builds(
        lambda site, year, group, pair: (site, year, "M09", "ALL", group, *pair, 7),
        st.sampled_from([A, B]),
        st.sampled_from([YEAR, BEFORE]),
        st.sampled_from(["ALL", "LEP"]),
        counts,
    ),
    max_size=4,
    unique_by=lambda row: row[:5],
)
site_sets = st.sets(st.sampled_from([A, B, C]), min_size=1)


@settings(max_examples=40, deadline=None)
@given(outcomes, computed_rows, site_sets)
def test_agrees_with_a_second_implementation(rows, computed, sites):
    own = pl.DataFrame(computed, schema=COMPUTED, orient="row")

    cells = cells_of(rows, computed, sites)

    assert cells.select(COLUMNS).rows() == expected_outcomes(
        lake_rows("outcome_metric", rows), own, profiles(*sites), YEAR
    )


@settings(max_examples=10, deadline=None)
@given(outcomes, computed_rows, st.randoms())
def test_the_order_of_rows_never_changes_a_byte(rows, computed, random):
    before = cells_of(rows, computed)
    random.shuffle(rows)
    random.shuffle(computed)

    assert cells_of(rows, computed).equals(before)
