"""The planning of help agrees with a second implementation, in any order of rows."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.planning import assistance_plan
from pcbl_pipeline.summaries.planning_findings import findings_after_help
from pcbl_pipeline.summaries.planning_first import REASONS
from pcbl_pipeline.summaries.planning_moves import MOVES, moves_after_help
from tests.summaries.oracle_planning import Oracle
from tests.support.frames import lake_rows

AS_OF = date(2026, 6, 30)
SITES = tuple(f"{state}9990{n}" for state in ("04", "32") for n in range(1, 4))
ELEMENTS = ("CBE1", "CBE2", "MT1")
TOPICS = ("data_systems", "policy_waivers")
WINDOWS = (
    ("2024-2025", "spring", date(2025, 2, 16), date(2025, 4, 30)),
    ("2025-2026", "fall", date(2025, 7, 1), date(2025, 11, 30)),
    ("2025-2026", "spring", date(2026, 2, 16), date(2026, 4, 30)),
)
FIRST = (
    *("rank", "site_id", "ta_request_id", "days_waiting", *REASONS),
    *("stage", "stage_before", "open_barriers", "reasons", "session"),
)
NAMES = {
    "requests": "ta_request",
    "events": "ta_event",
    "ratings": "implementation_status",
    "barriers": "barrier_and_waiver",
    "sites": "site_profile",
    "lessons": "lesson_learned",
}


def network_of(random):
    """Return rows of all datasets that the planning reads."""

    def day(least=0):
        return AS_OF - timedelta(
            random.choice((-1, 0, 59, 60, 61, 100, 300, 500)) + least
        )

    requests = [
        {
            "ta_request_id": f"Q{random.randint(1, 9)}-{number % 9}",
            "site_id": random.choice(SITES),
            "topic": random.choice(TOPICS),
            "element_code": random.choice(ELEMENTS),
            "urgency": random.randint(1, 3),
            "requested_on": day(),
            "needed_by": random.choice((None, AS_OF, AS_OF - timedelta(1))),
            "open_to_peers": random.choice("YYYN"),
            "status": random.choice(("open", "open", "open", "fulfilled")),
        }
        for number in range(random.randint(0, 14))
    ]
    # An id is unique within its sender.
    requests = list({(r["site_id"], r["ta_request_id"]): r for r in requests}.values())
    ids = [row["ta_request_id"] for row in requests] or ["Q0"]
    events = [
        {
            "ta_event_id": f"E{number}",
            "event_date": day(),
            "topic": random.choice(TOPICS),
            "mode": random.choice(("workshop", "coaching", "library_resource")),
            "hours": random.choice((0.5, 1.25, 2.0, 7.0)),
            "cost_usd": random.choice((None, 0.0, 99.99, 1200.0)),
            "sites_served": random.sample(SITES, random.randint(1, 3)),
            "ta_request_ids": random.sample(ids, random.randint(0, min(2, len(ids)))),
        }
        for number in range(random.randint(0, 9))
    ]
    ratings = [
        {
            "site_id": site,
            "school_year": year,
            "window": window,
            "element_code": element,
            "stage": random.choice((None, 0, 1, 2, 3, 4, 4)),
            "stage_since": random.choice((None, start, end)),
        }
        for site in SITES
        for year, window, start, end in WINDOWS
        if random.random() < 0.8
        for element in ELEMENTS[:2]
    ]
    barriers = [
        {
            "barrier_id": f"B{random.randint(1, 3)}",
            "revision": revision,
            "site_id": site,
            "element_code": random.choice(ELEMENTS),
            "status": random.choice(("open", "under_review", "granted")),
            "opened_on": day(),
        }
        for site in SITES
        for revision in (1, 2)
    ]
    sites = [
        {
            "site_id": site,
            "state_fips": site[:2],
            "willing_to_host": random.choice("YYN"),
            "locale_code": random.choice((None, "11", "12", "41")),
            "grades_served": random.choice((["09", "10"], ["10"], ["KG"])),
        }
        for site in SITES
        if random.random() < 0.9
    ]
    lessons = [
        {
            "lesson_id": f"L-{site}",
            "site_id": site,
            "element_code": random.choice(ELEMENTS),
            "share_level": random.choice(("public", "sea_only")),
        }
        for site in SITES
    ]
    return {
        "requests": requests,
        "events": events,
        "ratings": ratings,
        "barriers": barriers,
        "sites": sites,
        "lessons": lessons,
    }


networks = st.randoms(use_true_random=True).map(network_of)


def frames(network):
    return {name: lake_rows(NAMES[name], rows) for name, rows in network.items()}


def plan(rows):
    names = ("requests", "events", "ratings", "barriers", "sites", "lessons")
    return assistance_plan(
        *(rows[name] for name in names), calendar=Calendar(), as_of=AS_OF
    )


def moves(rows):
    return moves_after_help(
        rows["requests"],
        rows["events"],
        rows["ratings"],
        calendar=Calendar(),
        edition="agency",
        as_of=AS_OF,
    )


def tries_of(random):
    """Return files that were followed by another one."""
    rows = [
        {
            "site_id": random.choice(SITES),
            "before_on": (before := AS_OF - timedelta(random.randint(-1, 300))),
            "after_on": before + timedelta(random.choice((0, 1, 60))),
            "fixed": random.randint(0, 3),
            "still_open": random.randint(0, 3),
            "left_out": random.randint(0, 3),
        }
        for _ in range(random.randint(0, 8))
    ]
    counts = dict.fromkeys(("fixed", "still_open", "left_out"), pl.Int64)
    schema = {"site_id": pl.String, "before_on": pl.Date, "after_on": pl.Date}
    return pl.DataFrame(rows, schema={**schema, **counts})


@settings(max_examples=12, deadline=None)
@given(networks, st.randoms(use_true_random=True).map(tries_of))
def test_agrees_with_a_second_implementation(network, tries):
    rows = frames(network)
    found, moved = plan(rows), moves(rows).by_topic
    cleared = findings_after_help(tries, rows["events"], edition="agency", as_of=AS_OF)

    with Oracle(WINDOWS, as_of=AS_OF, tries=tries, **rows) as oracle:
        assert found.first.select(FIRST).rows() == oracle.first()
        mentors = found.sessions.drop_nulls("mentor_id")
        assert dict(mentors.select("session", "mentor_id").rows()) == oracle.mentors()
        for session in found.sessions.to_dicts():
            saving = oracle.saving(session["topic"], session["sites"])
            told = ("hours", "cost_per_site_hour", "saving_usd")
            assert tuple(session[name] for name in told) == saving
        counted = moved.select("topic", "answered", "sites", *MOVES).rows()
        assert {topic: tuple(counts) for topic, *counts in counted} == oracle.moves()
        assert cleared.drop("findings", "fixed_share").rows() == oracle.findings()


@settings(max_examples=5, deadline=None)
@given(networks, st.randoms())
def test_the_order_of_rows_never_changes_a_row(network, random):
    before = frames(network)
    for rows in network.values():
        random.shuffle(rows)
    after = frames(network)

    one, other = plan(before), plan(after)
    shown = pl.exclude("row_number")
    assert other.first.select(shown).equals(one.first.select(shown))
    assert other.sessions.equals(one.sessions)
    assert moves(after).by_topic.equals(moves(before).by_topic)
    assert moves(after).answered.equals(moves(before).answered)
