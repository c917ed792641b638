"""Numbers on the pages: rounded as their unit allows, absent where not known."""

import pytest

from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.measures import Measures, whole
from tests.support.editions import topic

CELL = Measures(load_messages()).cell


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("requested", {}, "1,200"),
        ("median_days", {"median_days": 20.5}, "21"),
        ("median_days", {"median_days": None}, None),
        ("met_60", {"met_60_count": 2, "met_60_due": 3}, "2 of 3"),
        ("met_60", {"met_60_due": 0, "met_60_share": None}, None),
        (
            "met_60",
            {"met_60_count": 1, "met_60_due": 16, "met_60_share": 0.0625},
            "1 of 16 (6%)",
        ),
        ("reach", {"reach": 2.25}, "2.3"),
        ("site_hours", {"site_hours": 1234.5}, "1,235"),
        ("cost_usd", {"cost_usd": 1999.5}, "$2,000"),
        ("cost_usd", {"cost_usd": None}, None),
        ("cost_per_site_hour", {"cost_coverage": None}, "$109"),
        ("cost_per_site_hour", {"cost_per_site_hour": None}, None),
        (
            "cost_per_site_hour",
            {"cost_coverage": 0.825},
            "$109 (from 83% of events)",
        ),
        ("self_served", {"self_served_share": 0.3333, "fulfilled": 3}, "1 of 3"),
        ("self_served", {"self_served_share": 0.125, "fulfilled": 16}, "13%"),
        ("self_served", {"self_served_share": None, "fulfilled": 0}, None),
        ("usefulness", {"usefulness": 4.25, "usefulness_n": 12}, "4.3 (12 ratings)"),
        ("usefulness", {"usefulness": None, "usefulness_n": None}, None),
    ],
)
def test_a_measure_says_no_more_than_is_known(name, changes, text):
    assert CELL(name, topic("data_systems", 1200, 1000, **changes)) == text


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, 1), (2.5, 3), (2.4999, 2), (0, 0)]
)
def test_whole_numbers_are_rounded_half_up(value, expected):
    assert whole(value) == expected
