"""PUB7's lessons by text: after those by codes, in turns, and never twice."""

from datetime import date

import polars as pl

from pcbl_pipeline.publication.tables import PUB1_LESSONS
from pcbl_pipeline.summaries import mirror
from pcbl_pipeline.summaries.mirror_lessons import lessons_for_sites
from pcbl_pipeline.summaries.mirror_texts import needs_in_words, with_text_matches
from pcbl_pipeline.summaries.text_match import Found
from tests.support.editions import lesson
from tests.support.frames import lake_rows, lake_table

AS_OF = date(2026, 11, 20)
SITE, OTHER = "0499901", "0499902"
COLUMNS = ("site_id", "basis", "rank", "reference", "matched_by", "public_id")
BARRIERS = """
    site_id | barrier_id | revision | policy_area | element_code | severity | status | opened_on  | description
    0499901 | B1         | 1        | PA0         | CBE4         | 2        | open   | 2026-01-01 | old words
    0499901 | B1         | 2        | PA0         | CBE4         | 2        | open   | 2026-01-01 | new words
    0499901 | B2         | 1        | PA0         | CBE4         | 4        | open   | 2026-01-01 | worse
    0499901 | B3         | 1        | PA0         | CBE4         | 4        | denied | 2026-01-01 | over
"""


def shared_lessons(count):
    rows = [lesson(number, element_code="DC01") for number in range(count)]
    return pl.DataFrame(rows, schema=PUB1_LESSONS.empty().schema)


def by_codes(lessons, barriers=None, requests=None):
    stages = mirror.own_stages(lake_rows("implementation_status", []), None)
    return lessons_for_sites(
        stages,
        mirror.open_barriers(
            lake_rows("barrier_and_waiver", barriers or []), as_of=AS_OF
        ),
        mirror.open_requests(
            lake_rows("ta_request", requests or []),
            lake_rows("ta_event", []),
            as_of=AS_OF,
        ),
        lessons,
        own(),
    )


def own(*pairs):
    return pl.DataFrame(
        list(pairs), schema={"site_id": pl.String, "public_id": pl.String}, orient="row"
    )


def needs(*rows):
    columns = dict.fromkeys(("site_id", "basis", "reference", "text"), pl.String())
    return pl.DataFrame(list(rows), schema=columns, orient="row")


def says(answers):
    return lambda need: (
        Found(public_id, ("hand", "field", need)) for public_id in answers.get(need, ())
    )


def test_what_is_asked_is_the_newest_text_of_what_is_open_the_most_severe_first():
    barriers = lake_table("barrier_and_waiver", BARRIERS)
    requests = lake_rows(
        "ta_request",
        [
            {
                "site_id": SITE,
                "ta_request_id": "R1",
                "requested_on": date(2026, 9, 1),
                "status": "open",
                "need": "a script",
            }
        ],
    )

    found = needs_in_words(
        barriers,
        requests,
        open_barriers=mirror.open_barriers(barriers, as_of=AS_OF),
        open_requests=mirror.open_requests(
            requests, lake_rows("ta_event", []), as_of=AS_OF
        ),
    )

    assert found.rows() == [
        (SITE, "barrier", "B2", "worse"),
        (SITE, "barrier", "B1", "new words"),
        (SITE, "request", "R1", "a script"),
    ]


def test_each_need_in_turn_gets_its_best_lesson_up_to_three():
    lessons = shared_lessons(9)
    answers = {
        "first": ["L00001", "L00002", "L00003"],
        "second": ["L00001", "L00004"],
        "third": ["L00005"],
    }
    asked = needs(
        (SITE, "request", "R1", "first"),
        (SITE, "request", "R2", "second"),
        (SITE, "request", "R3", "none"),
        (OTHER, "barrier", "B1", "third"),
    )

    found = with_text_matches(
        by_codes(lessons), asked, lessons, own(), {"text": says(answers)}
    )

    assert found.select(COLUMNS).rows() == [
        (SITE, "request", 1, "R1", "text", "L00001"),
        (SITE, "request", 2, "R1", "text", "L00002"),
        (SITE, "request", 3, "R2", "text", "L00004"),
        (OTHER, "barrier", 1, "B1", "text", "L00005"),
    ]
    assert found["shared_words"].to_list()[0] == ["hand", "field", "first"]
    assert found["title"].null_count() == 0


def test_own_lessons_and_those_by_codes_are_not_listed_again_and_codes_come_first():
    lessons = shared_lessons(4)
    request = {
        "site_id": SITE,
        "ta_request_id": "R1",
        "element_code": "DC01",
        "requested_on": date(2026, 9, 1),
        "status": "open",
    }
    coded = by_codes(lessons.head(2), requests=[request])
    answers = {"first": ["L00000", "L00002", "L00001", "L00003"]}

    found = with_text_matches(
        coded,
        needs((SITE, "request", "R1", "first")),
        lessons,
        own((SITE, "L00002")),
        {"text": says(answers)},
    )

    words = ["hand", "field", "first"]
    assert found.select("rank", "matched_by", "public_id", "shared_words").rows() == [
        (1, "element", "L00001", words),
        (2, "element", "L00000", words),
        (3, "text", "L00003", words),
    ]


def test_a_later_search_fills_only_what_is_left():
    lessons = shared_lessons(6)
    searches = {
        "text": says({"first": ["L00001", "L00002"]}),
        "meaning": says({"first": ["L00002", "L00003", "L00004"]}),
    }

    found = with_text_matches(
        by_codes(lessons),
        needs((SITE, "barrier", "B1", "first")),
        lessons,
        own(),
        searches,
    )

    assert found.select("rank", "matched_by", "public_id").rows() == [
        (1, "text", "L00001"),
        (2, "text", "L00002"),
        (3, "meaning", "L00003"),
    ]


def test_without_needs_the_lessons_by_codes_stay_as_they_are():
    lessons = shared_lessons(2)
    coded = by_codes(lessons)

    found = with_text_matches(coded, needs(), lessons, own(), {"text": says({})})

    assert found.is_empty()
    assert found.columns[: len(coded.columns)] == coded.columns
