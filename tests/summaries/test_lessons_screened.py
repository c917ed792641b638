"""The digest and the real screen together: what a text can give away."""

from datetime import date

import pytest

from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.summaries.lessons import lessons_digest
from tests.support.frames import lake_rows, lake_table

SITES = """
| site_id | state_fips | site_name                            | consent_publish_name |
| 0499901 | 04         | Saguaro Flats Unified (fictional)    | N                    |
| 0499902 | 04         | Ocotillo Bend Public Schools         | Y                    |
| 3299901 | 32         | Bristlecone Unified (fictional)      | Y                    |
"""


REGISTRY = frozenset({"Ocotillo Bend", "Bristlecone"})


def digest(site_id="0499902", **texts):
    lesson = {"lesson_id": f"{site_id}-2026-001", "site_id": site_id, **texts}
    return lessons_digest(
        lake_rows("lesson_learned", [lesson]),
        lake_table("site_profile", SITES),
        edition="network",
        states={"04": "Arizona", "32": "Nevada"},
        screen=Narratives({"04": 10, "32": 5}, REGISTRY).screen,
        public_ids=str,
        as_of=date(2026, 11, 20),
    )


@pytest.mark.parametrize(
    ("texts", "detail"),
    [
        ({"result": "Three students left."}, "small_count in result"),
        ({"title": "Ask Ms. Mockwood"}, "person_name in title"),
        (
            {"action": "We wrote to jm@school.example", "result": "Call 555-0142"},
            "email in action",
        ),
        ({"recommendation": "Do as 0499901-2026-001"}, "long_number in recommendation"),
        (
            {"situation": "As in Saguaro Flats, time was short."},
            "site_name in situation",
        ),
        (
            {
                "resource_url": "https://saguaro-flats.example/plan",
                "resource_license": "CC BY 4.0",
            },
            "site_name in resource_url",
        ),
        (
            {
                "resource_url": "https://example.org/plan",
                "resource_license": "Ask jm@school.example",
            },
            "email in resource_license",
        ),
    ],
)
def test_holds_a_lesson_for_any_of_its_texts(texts, detail):
    result = digest(**texts)

    assert result.lessons.is_empty()
    assert result.groups.is_empty()
    assert detail in result.withheld["detail"].to_list()[0]


def test_a_site_that_agreed_may_be_named_in_texts():
    result = digest(situation="Ocotillo Bend began with Bristlecone's plan.")

    assert result.lessons["site_label"].to_list() == ["Ocotillo Bend Public Schools"]


def test_a_site_that_did_not_agree_is_held_for_its_own_name():
    assert digest("0499901", title="How Saguaro Flats began").lessons.is_empty()
    assert digest("0499901", title="How we began").lessons["site_label"].to_list() == [
        "a pilot site"
    ]


def test_each_state_has_its_own_minimum_group_size():
    assert digest("0499902", result="We asked 7 students.").lessons.is_empty()
    assert not digest("3299901", result="We asked 7 students.").lessons.is_empty()
