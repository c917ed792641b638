"""Limit tables: what a state allows is data, put into words for its sites."""

from datetime import date

import pytest

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.limit_page import limits_page
from pcbl_pipeline.contracts.limits import Limit, LimitTable
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.suites import compile_suite
from tests.support.example_rows import PRAIRIE, SITE


def limit(state_fips, first, last, at_most):
    return Limit(
        state_fips=state_fips,
        first=first,
        last=last,
        at_most=at_most,
        source="invented",
    )


TABLE = LimitTable(
    name="visits",
    title="Longest visit",
    unit="hours",
    counts="visit",
    valid_from=date(2020, 7, 1),
    limits=(limit("04", 1, 1, 3), limit("04", 2, None, 5), limit("45", 0, 2, 8)),
)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("04", "3 hours (visit 1), 5 hours (visit 2 and later)"),
        ("45", "8 hours (visit 0 to 2)"),
        (
            "38",
            (
                "in state 04 3 hours (visit 1), in state 04 5 hours (visit 2 and "
                "later), in state 45 8 hours (visit 0 to 2)"
            ),
        ),
    ],
)
def test_words_are_those_of_the_state_or_else_of_all(state, words):
    assert TABLE.words(state) == words


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ((0, 1), (2, None), False),
        ((0, 2), (2, None), True),
        ((0, None), (9, 9), True),
        ((3, 4), (1, 2), False),
    ],
)
def test_limits_meet_where_both_are_for_one_number(one, other, meets):
    here, there = limit("04", *one, 1), limit("04", *other, 1)

    assert here.meets(there) == there.meets(here) == meets
    assert not here.meets(limit("38", *other, 1))


def test_page_names_each_limit_with_its_law(catalogue):
    lists = (catalogue.code_lists["state_fips"],)

    page = limits_page(Catalogue((), lists, (), (TABLE,)))

    assert "## visits" in page
    assert "| Arizona | 2 and later | 5 hours | invented |" in page


def test_finding_about_a_waiver_says_what_the_senders_own_state_allows(catalogue):
    contract = catalogue.get("barrier_and_waiver")

    expected = {
        sender and sender.state_fips: next(
            use.expected
            for use in compile_suite(
                contract, catalogue, Circumstances(sender=sender)
            ).uses
            if use.code == "R344"
        )
        for sender in (PRAIRIE, SITE, None)
    }

    own = "At most 365 days (extension 0 to 1), 730 days (extension 2 and later)."
    assert expected["38"] == own
    assert expected["04"] == expected[None]
    assert "in state 38" in expected[None]
