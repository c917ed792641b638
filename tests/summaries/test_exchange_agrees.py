"""PUB8 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.exchange import peer_exchange
from tests.summaries.oracle_exchange import expected_matches
from tests.support.frames import lake_rows

AS_OF = date(2026, 6, 30)
SITES = tuple(f"04999{n:02d}" for n in range(1, 8))
ELEMENTS = ("CBE1", "CBE2", "DC01")
WINDOWS = (
    ("2024-2025", "spring", date(2025, 4, 30)),
    ("2025-2026", "fall", date(2025, 11, 30)),
)
COLUMNS = (
    *("request", "rank", "host_name", "stage", "host_stage"),
    *("same_locale", "shared_grades", "has_lesson", "score"),
)


def network_of(random):
    """Return requests, ratings, profiles and lessons; names are the sites' own ids."""
    sites = [
        {
            "site_id": site,
            "site_name": site,
            "school_year": year,
            "consent_publish_name": "Y",
            "willing_to_host": random.choice("YYN"),
            "locale_code": random.choice((None, "11", "12", "41")),
            "grades_served": random.choice((["09", "10"], ["10"], ["KG"], [])),
        }
        for site in SITES
        for year in ("2024-2025", "2025-2026")
        if random.random() < 0.8
    ]
    ratings = [
        {
            "site_id": site,
            "school_year": year,
            "window": window,
            "element_code": element,
            "stage": random.choice((None, None, 0, 1, 2, 3, 4)),
        }
        for site in SITES
        for year, window, _ in WINDOWS
        if random.random() < 0.8
        for element in ELEMENTS
        if random.random() < 0.7
    ]
    lessons = [
        {
            "lesson_id": f"L{random.randint(1, 6)}-{site}",
            "revision": revision,
            "site_id": site,
            "element_code": random.choice(ELEMENTS),
            "lesson_type": random.choice(("worked", "did_not_work")),
            "share_level": random.choice(("public", "network", "sea_only")),
            "reviewed_no_pii": random.choice("YYN"),
        }
        for site in SITES
        for revision in (1, 2)
    ]
    requests = [
        {
            "ta_request_id": f"Q{number}",
            "site_id": random.choice(SITES),
            "element_code": random.choice(ELEMENTS),
            "urgency": random.randint(1, 3),
            "requested_on": AS_OF - timedelta(random.choice((-1, 0, 1, 1, 50))),
            "status": random.choice(("open", "open", "open", "fulfilled")),
            "open_to_peers": random.choice("YYYN"),
        }
        for number in range(random.randint(0, 12))
    ]
    return requests, ratings, sites, lessons


networks = st.randoms(use_true_random=True).map(network_of)


def frames(network):
    names = ("ta_request", "implementation_status", "site_profile", "lesson_learned")
    return [lake_rows(name, rows) for name, rows in zip(names, network, strict=True)]


def exchange(network):
    return peer_exchange(*frames(network), calendar=Calendar(), as_of=AS_OF)


@settings(max_examples=25, deadline=None)
@given(networks)
def test_agrees_with_a_second_implementation(network):
    expected = expected_matches(*frames(network), WINDOWS, as_of=AS_OF)

    assert exchange(network).matches.select(COLUMNS).rows() == expected


@settings(max_examples=10, deadline=None)
@given(networks, st.randoms())
def test_the_order_of_rows_never_changes_a_row(network, random):
    before = exchange(network)
    for rows in network:
        random.shuffle(rows)

    after = exchange(network)

    assert after.requests.equals(before.requests)
    assert after.matches.equals(before.matches)
