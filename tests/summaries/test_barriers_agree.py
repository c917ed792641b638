"""PUB4 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.barriers import barrier_brief
from tests.summaries.oracle_barriers import expected_brief
from tests.support.frames import lake_rows

AS_OF = date(2026, 6, 30)
SITES = tuple(f"04999{n:02d}" for n in range(1, 6))
KINDS = ("seat_time", "funding", "assessment", "accountability", "other")
STATUSES = (
    *("open", "under_review", "granted", "partly_granted", "denied"),
    *("resolved_locally", "withdrawn", "expired"),
)
KIND_COLUMNS = (
    *("barrier_type", "sites", "reports", "max_severity", "weighted", "requests"),
    *("granted", "decided", "granted_share", "median_days_to_decision"),
    "answered_by_action",
)


def network_of(random):
    """Return barriers with revisions, actions that name some, and profiles."""
    sites = [
        {"site_id": site, "school_year": year, "consent_publish_name": "Y"}
        for site in SITES
        for year in ("2024-2025", "2025-2026")
        if random.random() < 0.8
    ]
    barriers = [
        row
        for number in range(random.randint(0, 12))
        for row in barrier_of(random, f"{random.choice(SITES)}-B-{number:03d}")
    ]
    actions = [
        {
            "action_id": str(number),
            "decided_on": random.choice((None, AS_OF, AS_OF + timedelta(1))),
            "barrier_ids": [
                random.choice(barriers)["barrier_id"] for _ in range(2) if barriers
            ],
        }
        for number in range(3)
    ]
    random.shuffle(barriers)
    return barriers, actions, sites


def barrier_of(random, name):
    opened = AS_OF - timedelta(random.randint(-5, 400))
    kind = random.choice((*KINDS, "seat_time", "seat_time"))
    for revision in range(1, random.randint(2, 4)):
        yield {
            "barrier_id": name,
            "revision": revision,
            "site_id": name[:7],
            "school_year": random.choice(("2024-2025", "2025-2026", "2025-2026")),
            "opened_on": opened,
            "status_date": opened + timedelta(random.randint(0, 120)),
            "barrier_type": kind,
            "severity": random.randint(1, 4),
            "request_type": random.choice(("waiver", "guidance", "none")),
            "status": random.choice(STATUSES),
        }


networks = st.randoms(use_true_random=True).map(network_of)


def frames(network):
    names = ("barrier_and_waiver", "state_action", "site_profile")
    return [lake_rows(name, rows) for name, rows in zip(names, network, strict=True)]


def brief(network, edition="public"):
    return barrier_brief(
        *frames(network), edition=edition, screen=lambda *_, **__: (), as_of=AS_OF
    )


@settings(max_examples=25, deadline=None)
@given(networks, st.sampled_from(["public", "network", "agency"]))
def test_agrees_with_a_second_implementation(network, edition):
    least = 1 if edition == "agency" else 2
    kinds, requests = expected_brief(*frames(network), least=least, as_of=AS_OF)

    result = brief(network, edition)

    assert result.kinds.select(KIND_COLUMNS).rows() == kinds
    assert result.requests.rows() == requests


@settings(max_examples=10, deadline=None)
@given(networks, st.randoms())
def test_the_order_of_rows_never_changes_a_row(network, random):
    before = brief(network, "network")
    for rows in network:
        random.shuffle(rows)

    after = brief(network, "network")

    assert after.kinds.equals(before.kinds)
    assert after.requests.equals(before.requests)
    assert after.waivers.equals(before.waivers)


@settings(max_examples=15, deadline=None)
@given(networks)
def test_no_kind_stands_for_a_single_site_and_none_is_left_by_subtraction(network):
    kinds = brief(network).kinds

    assert all(count >= 2 for count in kinds["sites"])
    rows = kinds.rows(named=True)
    assert len(rows) < 2 or rows[0]["reports"] == sum(r["reports"] for r in rows[1:])
