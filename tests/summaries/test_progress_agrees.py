"""PUB3 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.progress import progress_summary
from tests.summaries.oracle_progress import expected_progress
from tests.support.frames import lake_rows

ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]
WINDOWS = (
    ("2024-2025", "spring", date(2025, 4, 30)),
    ("2025-2026", "fall", date(2025, 11, 30)),
    ("2025-2026", "end_of_year", date(2026, 6, 30)),
)
AS_OF = date(2026, 6, 30)
SITES = tuple(f"04999{n:02d}" for n in range(1, 9))


def network_of(random):
    """Return ratings and profiles: whole windows of a site, some elements missing."""
    ids = SITES[: random.randint(2, len(SITES))]
    sites = [
        {
            "site_id": site,
            "school_year": year,
            "cohort_label": random.choice((None, "A", "A", "B", "C")),
            "locale_code": random.choice((None, "11", "12", "41", "43")),
        }
        for site in ids
        for year in ("2024-2025", "2025-2026")
        if random.random() < 0.9
    ]
    ratings = [
        {
            "site_id": site,
            "school_year": year,
            "window": window,
            "element_code": element,
            "stage": random.randint(0, 4),
            "stage_since": random.choice(
                (None, end - timedelta(random.randint(-40, 900)))
            ),
        }
        for site in ids
        for year, window, end in WINDOWS
        if random.random() < 0.9
        for element in (*ELEMENTS, "MT1")
        if random.random() < 0.93
    ]
    random.shuffle(ratings)
    return ratings, sites


def summary(ratings, sites):
    return progress_summary(
        lake_rows("implementation_status", ratings),
        lake_rows("site_profile", sites),
        calendar=Calendar(),
        edition="agency",
        as_of=AS_OF,
    )


#: Thousands of drawn values are one seed to Hypothesis; there is nothing to shrink.
networks = st.randoms(use_true_random=True).map(network_of)

ELEMENT_COLUMNS = (
    *("school_year", "window", "element_code", "sites"),
    *(f"stage_{n}" for n in range(5)),
    "initial_plus",
    *(f"share_{n}" for n in range(5)),
    *("share_initial_plus", "median_stage"),
    *("previous_school_year", "previous_window"),
    *("rated_in_both", "moved_up_sites", "moved_up", "median_months"),
)
INDEX_COLUMNS = (
    *("school_year", "window", "group_kind", "group", "sites"),
    *("q1", "median", "q3"),
)


@settings(max_examples=12, deadline=None)
@given(networks)
def test_agrees_with_a_second_implementation(network):
    ratings, sites = network
    elements, index = expected_progress(
        lake_rows("implementation_status", ratings),
        lake_rows("site_profile", sites),
        WINDOWS,
    )

    result = summary(ratings, sites)

    assert result.elements.select(ELEMENT_COLUMNS).rows() == elements
    assert result.index.select(INDEX_COLUMNS).rows() == index


@settings(max_examples=6, deadline=None)
@given(networks, st.randoms())
def test_the_order_of_rows_never_changes_a_row(network, random):
    ratings, sites = network
    before = summary(ratings, sites)
    random.shuffle(ratings)
    random.shuffle(sites)

    after = summary(ratings, sites)

    assert after.elements.equals(before.elements)
    assert after.index.equals(before.index)
    assert after.named.equals(before.named)
