"""PUB8 against answers worked out by hand, and what it does not tell."""

from datetime import date

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.summaries.exchange import peer_exchange
from tests.support.frames import lake_rows, lake_table

SITES = """
| site_id | site_name | state_fips | locale_code | grades_served | willing_to_host | consent_publish_name |
| 0499901 | Alder     | 04         | 11          | 09;10         | N               | Y                    |
| 0499902 | Birch     | 04         | 12          | 10;11         | Y               | Y                    |
| 0499903 | Cedar     | 04         | 41          | KG            | Y               | N                    |
| 3299901 | Dogwood   | 32         | 43          | 09            | Y               | Y                    |
| 3299902 | Elm       | 32         |             | 09            | N               | Y                    |
"""
RATINGS = """
| site_id | school_year | window | element_code | stage |
| 0499901 | 2024-2025   | spring | CBE4         | 4     |
| 0499901 | 2025-2026   | fall   | CBE4         | 1     |
| 0499902 | 2025-2026   | fall   | CBE4         | 3     |
| 0499903 | 2025-2026   | fall   | CBE4         | 4     |
| 3299901 | 2025-2026   | fall   | CBE4         | 3     |
| 3299902 | 2025-2026   | fall   | CBE4         | 4     |
"""
REQUESTS = """
| ta_request_id | site_id | element_code | urgency | requested_on | status    | open_to_peers |
| q1            | 0499901 | CBE4         | 1       | 2025-09-01   | open      | Y             |
| q2            | 0499901 | CBE4         | 3       | 2025-10-01   | open      | N             |
| q3            | 0499901 | CBE4         | 3       | 2025-10-01   | scheduled | Y             |
| q4            | 3299902 | DC01         | 2       | 2025-10-01   | open      | Y             |
| q5            | 0499901 | CBE4         | 3       | 2026-07-01   | open      | Y             |
"""
LESSONS = """
| lesson_id | revision | site_id | element_code | lesson_type | share_level | reviewed_no_pii |
| a         | 1        | 3299901 | CBE4         | worked      | network     | Y               |
| b         | 1        | 0499902 | CBE4         | worked      | public      | Y               |
| b         | 2        | 0499902 | CBE4         | worked      | sea_only    | Y               |
"""
#: host, rank, own stage, host's stage, same locale, shared grades, lesson, score
COLUMNS = (
    *("host_name", "rank", "stage", "host_stage", "same_locale", "shared_grades"),
    *("has_lesson", "score"),
)


def exchange(requests=REQUESTS):
    if isinstance(requests, str):
        requests = lake_table("ta_request", requests)
    return peer_exchange(
        requests,
        lake_table("implementation_status", RATINGS),
        lake_table("site_profile", SITES),
        lake_table("lesson_learned", LESSONS),
        calendar=Calendar(),
        as_of=date(2026, 6, 30),
    )


def test_hosts_are_ranked_by_what_speaks_for_them():
    matches = exchange().matches

    # Alder fell from 4 to 1; its newest window counts. Birch is as near (+1) and has
    # a grade in common (+1), Dogwood a grade and a lesson, Cedar is furthest along.
    # Birch took its lesson back. Elm did not offer to host.
    assert matches.select(COLUMNS).rows() == [
        ("Birch", 1, 1, 3, True, True, False, 4),
        ("Dogwood", 2, 1, 3, False, True, True, 4),
        (None, 3, 1, 4, False, False, False, 3),
    ]


def test_only_open_requests_for_peers_that_are_known_are_matched():
    requests = exchange().requests

    # q4 is more urgent than q1, but on an element that nobody has in use.
    assert requests.select("site_name", "element_code", "hosts").rows() == [
        ("Elm", "DC01", 0),
        ("Alder", "CBE4", 3),
    ]


def test_no_host_gets_more_than_three_requests():
    rows = [
        {"ta_request_id": f"q{n}", "site_id": "0499901", "element_code": "CBE4"}
        | {"requested_on": date(2025, 9, n)}
        for n in range(1, 6)
    ]

    found = exchange(lake_rows("ta_request", rows))

    assert found.requests["hosts"].to_list() == [3, 3, 3, 0, 0]
    # Of equal ones, Dogwood stands after Birch by its id while both have as many.
    assert found.matches.filter(rank=1)["host_name"].to_list() == ["Birch"] * 3


def test_of_equal_hosts_the_one_with_fewer_requests_comes_first():
    twice = RATINGS + "| 0499903 | 2025-2026 | fall | CBE1 | 3 |\n"
    twice += "| 3299901 | 2025-2026 | fall | CBE1 | 3 |\n"
    rows = [
        {"ta_request_id": "q1", "site_id": "3299902", "element_code": "CBE1"},
        {"ta_request_id": "q2", "site_id": "0499902", "element_code": "CBE1"},
    ]
    requests = [
        row | {"urgency": 3 - n, "requested_on": date(2025, 9, 1)}
        for n, row in enumerate(rows)
    ]
    only = SITES.replace(
        "Cedar     | 04         | 41          | KG ",
        "Cedar     | 04         | 41          | 12 ",
    )

    found = peer_exchange(
        lake_rows("ta_request", requests),
        lake_table("implementation_status", twice),
        lake_table("site_profile", only),
        lake_table("lesson_learned", LESSONS),
        calendar=Calendar(),
        as_of=date(2026, 6, 30),
    )

    # Elm shares a grade with Dogwood alone. For Birch both fit as well; Cedar has the
    # smaller id, and both have one request.
    first, second = (found.matches.filter(request=n) for n in (1, 2))
    assert first["host_name"].to_list() == ["Dogwood", None]
    assert second["host_name"].to_list() == [None, "Dogwood"]


def test_neither_text_nor_id_of_a_request_is_told():
    found = exchange()

    for frame in (found.requests, found.matches):
        assert not {"need", "ta_request_id", "site_id"} & set(frame.columns)


def test_a_host_without_consent_has_no_name_and_no_state():
    last = exchange().matches.row(2, named=True)

    assert (last["host_name"], last["host_state_fips"]) == (None, None)
