"""PUB2 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.assistance import assistance_summary
from tests.summaries.oracle_assistance import expected_summary
from tests.support.frames import lake_rows

SITE_IDS = ("0499901", "0499902", "0499903", "3299901", "3299902")
TOPICS = ("data_systems", "equity_practice", "learner_agency", "vision_profile")
FIRST_DAY, LAST_DAY = date(2025, 7, 1), date(2026, 6, 30)
EDITIONS = st.sampled_from(["public", "network"])
#: Few days, so that they coincide: the period's ends, and gaps of 60 days and one off.
DAYS = (-1, 0, 1, 59, 60, 61, 119, 120, 121, 200, 260, 364, 365)
days = st.sampled_from(DAYS).map(lambda number: FIRST_DAY + timedelta(number))

profiles = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": st.sampled_from(SITE_IDS),
            "school_year": st.sampled_from(["2024-2025", *["2025-2026"] * 4]),
        }
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda row: (row["site_id"], row["school_year"]),
)
request_rows = st.lists(
    st.fixed_dictionaries(
        {
            "ta_request_id": st.sampled_from(["1", "2", "3", "4", "5"]),
            "site_id": st.sampled_from(SITE_IDS),
            "topic": st.sampled_from(TOPICS),
            "requested_on": days,
            "urgency": st.integers(1, 3),
            "status": st.sampled_from(
                ["open", "scheduled", "fulfilled", "fulfilled", "withdrawn", "declined"]
            ),
        }
    ),
    min_size=8,
    max_size=25,
    unique_by=lambda row: (row["site_id"], row["ta_request_id"]),
)
ratings = st.none() | st.integers(0, 12).flatmap(
    lambda n: st.integers(n, 5 * n).map(lambda total: (total, n))
)


def with_rating(row):
    total, number = row.pop("rating") or (None, None)
    return row | {"usefulness_sum": total, "usefulness_n": number}


event_rows = st.lists(
    st.fixed_dictionaries(
        {
            "topic": st.sampled_from(TOPICS),
            "event_date": days,
            "mode": st.sampled_from(
                ["library_resource", "library_resource", "workshop"]
            ),
            "hours": st.integers(1, 4000).map(lambda number: number / 100),
            "cost_usd": st.none() | st.integers(0, 10**8).map(lambda cent: cent / 100),
            "sites_served": st.lists(st.sampled_from(SITE_IDS), min_size=1, max_size=3),
            "ta_request_ids": st.none()
            | st.lists(st.sampled_from("123459"), max_size=3),
            "rating": ratings,
        }
    ).map(with_rating),
    min_size=5,
    max_size=20,
)
as_of_days = st.sampled_from([60, 120, 260, 365, 400]).map(
    lambda number: FIRST_DAY + timedelta(number)
)


def frames(requests, events, sites):
    numbered = [row | {"ta_event_id": str(n)} for n, row in enumerate(events)]
    return (
        lake_rows("ta_request", requests),
        lake_rows("ta_event", numbered),
        lake_rows("site_profile", sites),
    )


def asked_for(edition, as_of):
    return {
        "edition": edition,
        "period": "2025-2026",
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "as_of": as_of,
    }


def summary(requests, events, sites, *, edition, as_of):
    return assistance_summary(
        *frames(requests, events, sites), **asked_for(edition, as_of)
    )


@settings(max_examples=25, deadline=None)
@given(request_rows, event_rows, profiles, EDITIONS, as_of_days)
def test_agrees_with_a_second_implementation(requests, events, sites, edition, as_of):
    topics, unmet, modes = expected_summary(
        *frames(requests, events, sites), **asked_for(edition, as_of)
    )

    result = summary(requests, events, sites, edition=edition, as_of=as_of)

    assert result.topics.rows() == topics
    assert result.unmet.rows() == unmet
    assert result.modes.rows() == modes


@settings(max_examples=25, deadline=None)
@given(request_rows, event_rows, profiles, EDITIONS, st.randoms())
def test_the_order_of_rows_never_changes_a_byte(
    requests, events, sites, edition, random
):
    before = summary(requests, events, sites, edition=edition, as_of=LAST_DAY)
    for rows in (requests, events, sites):
        random.shuffle(rows)

    after = summary(requests, events, sites, edition=edition, as_of=LAST_DAY)

    for name in ("topics", "unmet", "modes"):
        assert bytes_of(getattr(after, name)) == bytes_of(getattr(before, name))


@settings(max_examples=25, deadline=None)
@given(request_rows, event_rows, profiles)
def test_what_the_public_can_subtract_is_as_safe_as_what_it_sees(
    requests, events, sites
):
    network = summary(requests, events, sites, edition="network", as_of=LAST_DAY)
    public = summary(requests, events, sites, edition="public", as_of=LAST_DAY)

    total, *rows = public.topics.rows(named=True)
    assert total == network.topics.row(0, named=True)
    for count in ("requested", "open", "events", "fulfilled"):
        assert not rows or sum(row[count] for row in rows) == total[count]
    assert all(row["cost_usd"] is None for row in rows)


def bytes_of(frame: pl.DataFrame) -> bytes:
    return frame.write_json().encode() + repr(frame.schema).encode()
