"""The network definition says what is wrong with it, all at once."""

from datetime import date

import pytest

from pcbl_pipeline.errors import NetworkInvalid, UnknownSender
from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.workspace import parse_network
from tests.support.builders import NETWORK_YAML


def test_reads_senders_with_their_kinds() -> None:
    network = parse_network(NETWORK_YAML)

    kinds = {sender.sender_id: sender.kind for sender in network.senders.values()}
    assert kinds["0499901"] == "site"
    assert kinds["sea-38"] == "agency"
    assert network.get_sender("3899901").leaid == "3899901"


def test_an_unknown_sender_is_named() -> None:
    with pytest.raises(UnknownSender, match="0499999"):
        parse_network(NETWORK_YAML).get_sender("0499999")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("time_zone: America/Phoenix", "time_zone: Mars/Base"), "IANA time zone"),
        (('fips: "38"', 'fips: "03"'), "not a state FIPS code"),
        (('site_id: "3899901"', 'site_id: "4599901"'), "none of the states"),
        (('site_id: "0499902"', 'site_id: "0499901"'), "listed twice"),
        (('site_id: "0499902"', "site_id: 499902"), "sites.1.site_id"),
        (("fictional: true", "calendar: {school_year_starts: 02-29}"), "every year"),
        (("fictional: true", "calendar: {school_year_starts: 04-31}"), "every year"),
        (("name: Invented network", "nmae: Invented network"), "nmae"),
        (("fictional: true", "officers: [{name: ' '}]"), "officers.0.name"),
        (("fictional: true", "officers: [{name: A B}, {name: a  b}]"), "listed twice"),
    ],
)
def test_says_what_is_wrong(change: tuple[str, str], words: str) -> None:
    text = NETWORK_YAML.replace(*change)
    assert text != NETWORK_YAML

    with pytest.raises(NetworkInvalid, match=words):
        parse_network(text)


def test_names_every_problem_at_once() -> None:
    text = NETWORK_YAML.replace("America/Phoenix", "Nowhere").replace('"38"', '"03"')

    with pytest.raises(NetworkInvalid) as raised:
        parse_network(text)

    assert "time_zone" in str(raised.value)
    assert "fips" in str(raised.value)


@pytest.mark.parametrize(
    ("starts", "due", "day", "reported"),
    [
        ("07-01", "10-01", date(2026, 9, 30), "2024-2025"),
        ("07-01", "10-01", date(2026, 10, 1), "2025-2026"),
        ("07-01", "10-01", date(2027, 6, 30), "2025-2026"),
        # Due at the very start of the year, and only in the next calendar year.
        ("07-01", "07-01", date(2026, 7, 1), "2025-2026"),
        ("07-01", "02-01", date(2027, 1, 31), "2024-2025"),
        ("07-01", "02-01", date(2027, 2, 1), "2025-2026"),
        ("01-01", "03-01", date(2026, 2, 28), "2024-2025"),
    ],
)
def test_a_year_is_reported_from_its_due_day_on(starts, due, day, reported):
    calendar = Calendar(school_year_starts=starts, statistics_due=due)

    assert calendar.reported_year(day) == reported


@pytest.mark.parametrize(
    ("day", "window"),
    [
        (date(2026, 7, 1), "fall"),
        (date(2026, 11, 30), "fall"),
        (date(2026, 12, 1), "mid_year"),
        (date(2027, 4, 30), "spring"),
        (date(2027, 6, 30), "end_of_year"),
    ],
)
def test_a_day_lies_in_the_window_that_ends_next(day, window):
    assert Calendar().window_of(day) == window


def test_after_the_last_window_of_a_year_it_is_still_the_last():
    calendar = Calendar(
        window_ends={"fall": "11-30", "spring": "04-30", "end_of_year": "05-31"}
    )

    assert calendar.window_of(date(2027, 6, 15)) == "end_of_year"


def test_the_year_of_a_day_and_the_one_before_are_open():
    calendar = Calendar()

    assert calendar.open_years(date(2026, 6, 30)) == ("2025-2026", "2024-2025")
    assert calendar.open_years(date(2026, 7, 1)) == ("2026-2027", "2025-2026")
