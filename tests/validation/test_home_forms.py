"""Patterns for a file whose cells are all text say what parsing would say."""

import re
from datetime import date, timedelta

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.validation.home_forms import home_checks, outside_pattern

CATALOGUE = load_catalogue()
REQUEST = CATALOGUE.get("ta_request")
WHOLE = CATALOGUE.get("site_profile").field("schools_total")
HOURS = CATALOGUE.get("ta_event").field("hours")


def limited(field, low, high, *, above=False):
    changes = {"minimum": low, "maximum": high, "above_minimum": above}
    return re.compile(outside_pattern(field.model_copy(update=changes)))


def test_every_day_of_the_calendar_is_a_date_and_no_other_is():
    [check] = home_checks(REQUEST.field("requested_on"), CATALOGUE)
    pattern = re.compile(check.kwargs["regex"])
    first, last = date(1896, 1, 1), date(2105, 1, 1)
    days = {str(first + timedelta(days=n)) for n in range((last - first).days)}

    for year in range(1896, 2105):
        for month in (0, 1, 2, 4, 12, 13):
            for number in (0, 1, 28, 29, 30, 31, 32):
                text = f"{year}-{month:02d}-{number:02d}"
                is_day = text in days and year >= 1900
                assert bool(pattern.search(text)) == is_day, text
    assert all(pattern.search(text) for text in ("", "NA", "2400-02-29"))
    assert not any(map(pattern.search, ("2300-02-29", "2026-2-3", "3/9/2026", "na")))


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, None), (1, None), (1, 4), (0, 100), (9, 10), (1990, 2100), (None, 999)],
)
def test_numbers_outside_a_range_are_those_that_counting_puts_there(low, high):
    whole, decimal = limited(WHOLE, low, high), limited(HOURS, low, high)
    near = {end + n for end in (low or 0, high or 0) for n in range(-12, 13)}

    def is_outside(value):
        return (low is not None and value < low) or (high is not None and value > high)

    for number in near | {-1000, 10**14}:
        for text in (str(number), f"{number:+}", f"{number:+08d}"):
            assert bool(whole.search(text)) == is_outside(number), text
            assert bool(decimal.search(text)) == is_outside(number), text
            assert bool(decimal.search(f"{text}.0")) == is_outside(number), text
        for part in (".5", ".25", ".001"):
            text = f"{number}{part}"
            assert bool(decimal.search(text)) == is_outside(float(text)), text


def test_a_bound_that_is_not_allowed_itself_is_outside():
    pattern = limited(HOURS, 0, None, above=True)

    assert all(map(pattern.search, ("0", "0.0", ".0", "-0", "00", "+0.", "-.5")))
    assert not any(map(pattern.search, ("0.1", ".01", "1", "", "NA")))


def test_bounds_without_a_pattern_are_known_to_have_none():
    for low, high in ((-1, None), (0.5, None), (None, 1.5)):
        changes = {"minimum": low, "maximum": high}
        assert outside_pattern(HOURS.model_copy(update=changes)) is None
