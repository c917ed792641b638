"""PUB1 against answers worked out by hand, and what it must never let out."""

from datetime import date
from functools import partial

import polars as pl
import pytest

from pcbl_pipeline.errors import PublicationBlocked
from pcbl_pipeline.model.identifiers import public_lesson_id
from pcbl_pipeline.model.narrative import Hit, HitKind
from pcbl_pipeline.summaries.lessons import lessons_digest
from tests.support.frames import lake_rows, lake_table

STATES = {"04": "Arizona", "32": "Nevada", "38": "North Dakota"}
SALT = b"an invented salt of tests"

#: Arizona has three sites, Nevada two, North Dakota one. Only 0499901 and 3299901
#: let their names be published.
SITES = """
| site_id | state_fips | site_name             | term_code | consent_publish_name |
| 0499901 | 04         | Mesa Verde (invented) | PCBL      | Y                    |
| 0499902 | 04         | Ocotillo (invented)   | CBE       | N                    |
| 0499903 | 04         | Paloverde (invented)  | SBG       | N                    |
| 3299901 | 32         | Bristlecone (invented)| MBL       | Y                    |
| 3299902 | 32         | Juniper (invented)    | PCBL      | N                    |
| 3899901 | 38         | Coulee (invented)     | DL        | N                    |
"""


def nothing_to_hold(texts, *, state_fips, unnamed=(), sender_id=""):
    return ()


def digest(lessons, sites=SITES, *, edition="public", screen=nothing_to_hold, ids=str):
    if isinstance(sites, str):
        sites = lake_table("site_profile", sites)
    if isinstance(lessons, str):
        lessons = lake_table("lesson_learned", lessons)
    return lessons_digest(
        lessons,
        sites,
        edition=edition,
        states=STATES,
        screen=screen,
        public_ids=ids,
        as_of=date(2026, 11, 20),
    )


def test_groups_lessons_by_element_and_type_in_the_order_of_their_strength():
    result = digest("""
| lesson_id        | site_id | element_code | lesson_type  | evidence_tier | lesson_date |
| 0499901-2026-001 | 0499901 | CBE1         | worked       | 3             | 2026-01-10  |
| 0499902-2026-001 | 0499902 | CBE1         | worked       | 0             | 2026-02-10  |
| 3299901-2026-001 | 3299901 | CBE1         | worked       | 2             | 2026-01-05  |
| 0499901-2026-002 | 0499901 | CBE2         | worked       | 0             | 2026-03-01  |
| 0499902-2026-002 | 0499902 | CBE2         | worked       | 0             | 2026-03-02  |
| 0499901-2026-003 | 0499901 | CBE3         | worked       | 4             | 2025-09-01  |
| 3299902-2026-001 | 3299902 | CBE3         | worked       | 4             | 2025-09-02  |
| 0499903-2026-001 | 0499903 | CBE4         | adapted      | 4             | 2025-09-02  |
| 0499901-2026-004 | 0499901 | CBE4         | adapted      | 0             | 2025-09-01  |
| 0499903-2026-002 | 0499903 | CBE4         | did_not_work | 4             | 2025-09-02  |
| 3899901-2026-001 | 3899901 | CBE4         | did_not_work | 4             | 2025-08-02  |
""")

    # Three sites come first; among the pairs tier 4 is above none at all, then the
    # newer group (here equal), then the element, then the type.
    assert result.groups.rows() == [
        ("CBE1", "worked", 3, 3, 2, True, 2, date(2026, 2, 10),
         ["3299901-2026-001", "0499901-2026-001", "0499902-2026-001"]),
        # A state that is not told is not counted as a state either.
        ("CBE3", "worked", 2, 2, 1, False, 4, date(2025, 9, 2),
         ["3299902-2026-001", "0499901-2026-003"]),
        ("CBE4", "adapted", 2, 2, 1, False, 4, date(2025, 9, 2),
         ["0499903-2026-001", "0499901-2026-004"]),
        ("CBE4", "did_not_work", 2, 2, 1, False, 4, date(2025, 9, 2),
         ["0499903-2026-002", "3899901-2026-001"]),
        ("CBE2", "worked", 2, 2, 1, False, 0, date(2026, 3, 2),
         ["0499902-2026-002", "0499901-2026-002"]),
    ]  # fmt: skip


def test_lists_five_lessons_by_tier_then_newest_then_id():
    result = digest("""
| lesson_id        | site_id | evidence_tier | lesson_date |
| 0499901-2026-001 | 0499901 | 0             | 2026-06-01  |
| 0499901-2026-002 | 0499901 | 4             | 2026-05-01  |
| 0499901-2026-003 | 0499901 | 1             | 2025-10-01  |
| 0499901-2026-005 | 0499901 | 2             | 2026-01-01  |
| 0499901-2026-004 | 0499901 | 2             | 2026-01-01  |
| 0499901-2026-006 | 0499901 | 2             | 2026-01-02  |
| 0499901-2026-007 | 0499901 | 3             | 2026-01-02  |
""")

    assert result.groups["lesson_ids"].to_list() == [
        [f"0499901-2026-{number:03d}" for number in (3, 6, 4, 5, 7)]
    ]
    assert result.groups["lessons"].to_list() == [7]


def test_many_lessons_of_two_sites_are_not_corroborated():
    result = digest("""
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499901-2026-002 | 0499901 |
| 0499901-2026-003 | 0499901 |
| 0499902-2026-001 | 0499902 |
""")

    assert result.groups.select("lessons", "sites", "corroborated").rows() == [
        (4, 2, False)
    ]
    assert result.lessons["corroborated"].to_list() == [False] * 4


REVISED = """
| lesson_id        | site_id | revision | share_level | reviewed_no_pii | title      |
| 0499901-2026-001 | 0499901 | 1        | public      | Y               | old text 1 |
| 0499901-2026-001 | 0499901 | 2        | sea_only    | Y               | new text 1 |
| 0499901-2026-002 | 0499901 | 9        | public      | Y               | old text 2 |
| 0499901-2026-002 | 0499901 | 10       | public      | N               | new text 2 |
| 0499901-2026-003 | 0499901 | 1        | public      | Y               | old text 3 |
| 0499901-2026-003 | 0499901 | 2        | public      | Y               | held: text |
| 0499901-2026-004 | 0499901 | 1        | sea_only    | N               | old text 4 |
| 0499901-2026-004 | 0499901 | 2        | public      | Y               | new text 4 |
| 0499901-2026-005 | 0499901 | 1        | public      | Y               | old text 5 |
| 0499901-2026-005 | 0499901 | 2        | network     | Y               | new text 5 |
"""


def hold_marked_texts(texts, *, state_fips, unnamed=(), sender_id=""):
    return tuple(
        Hit(field, 0, 4, HitKind.EMAIL)
        for field, text in texts.items()
        if text.startswith("held")
    )


@pytest.mark.parametrize(
    ("edition", "titles"),
    [("public", ["new text 4"]), ("network", ["new text 4", "new text 5"])],
)
def test_an_older_revision_never_steps_in_for_one_that_is_held(edition, titles):
    result = digest(REVISED, edition=edition, screen=hold_marked_texts)

    assert result.lessons["title"].to_list() == titles
    assert result.groups["lessons"].sum() == len(titles)


def test_tells_the_agency_why_a_lesson_is_not_shown_without_its_text():
    result = digest(REVISED, screen=hold_marked_texts)

    assert result.withheld.rows() == [
        ("0499901-2026-001", 2, "not_shared", "sea_only"),
        ("0499901-2026-002", 10, "not_reviewed", None),
        ("0499901-2026-003", 2, "text_screen", "email in title"),
        ("0499901-2026-005", 2, "not_shared", "network"),
    ]


def test_a_site_without_a_profile_of_the_year_does_not_count():
    result = digest("""
| lesson_id        | site_id | school_year |
| 0499901-2025-001 | 0499901 | 2024-2025   |
| 0488801-2026-001 | 0488801 | 2025-2026   |
| 0499901-2026-001 | 0499901 | 2025-2026   |
""")

    assert result.lessons["public_id"].to_list() == ["0499901-2026-001"]
    assert result.withheld.rows() == [
        ("0488801-2026-001", 1, "no_site_profile", "2025-2026"),
        ("0499901-2025-001", 1, "no_site_profile", "2024-2025"),
    ]


def test_names_a_site_only_with_consent_and_a_state_only_with_three_sites():
    result = digest("""
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499902-2026-001 | 0499902 |
| 3299901-2026-001 | 3299901 |
| 3299902-2026-001 | 3299902 |
| 3899901-2026-001 | 3899901 |
""")

    assert result.lessons.select("site_label", "state_fips", "term_code").rows() == [
        ("Mesa Verde (invented)", "04", "PCBL"),
        ("a district in Arizona", "04", None),
        ("Bristlecone (invented)", "32", "MBL"),
        ("a pilot site", None, None),
        ("a pilot site", None, None),
    ]
    assert result.groups["states"].to_list() == [2]


def test_no_state_is_told_of_the_only_site_without_a_name_in_it():
    named = SITES.replace("CBE       | N", "CBE       | Y")
    result = digest(
        """
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499903-2026-001 | 0499903 |
""",
        named,
    )

    assert result.lessons["site_label"].to_list() == [
        "Mesa Verde (invented)",
        "a pilot site",
    ]
    # Two states would say that the other site is not in Arizona.
    assert result.groups["states"].to_list() == [1]


def test_a_state_is_not_told_where_one_other_site_alone_would_have_none():
    # Nobody but the site of Nevada could be "a pilot site", so Arizona joins it.
    sites = """
| site_id | state_fips | consent_publish_name |
| 0499901 | 04         | Y                    |
| 0499902 | 04         | N                    |
| 0499903 | 04         | N                    |
| 3299901 | 32         | N                    |
"""
    result = digest(
        """
| lesson_id        | site_id |
| 0499902-2026-001 | 0499902 |
| 3299901-2026-001 | 3299901 |
""",
        sites,
    )

    assert result.lessons["site_label"].to_list() == ["a pilot site", "a pilot site"]


def test_tells_the_kind_of_place_only_of_a_named_site_or_among_three():
    sites = """
| site_id | state_fips | locale_code | consent_publish_name |
| 0499901 | 04         | 11          | N                    |
| 0499902 | 04         | 12          | N                    |
| 0499903 | 04         | 13          | N                    |
| 0499904 | 04         | 43          | N                    |
| 0499905 | 04         | 41          | Y                    |
| 0499906 | 04         | 31          | N                    |
| 3299901 | 32         | 11          | N                    |
| 3299902 | 32         | 11          | N                    |
"""
    result = digest(
        """
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499904-2026-001 | 0499904 |
| 0499905-2026-001 | 0499905 |
| 3299901-2026-001 | 3299901 |
""",
        sites,
    )

    assert result.lessons["locale"].to_list() == ["1", None, "4", None]


def test_the_newest_profile_decides_about_the_name_in_older_lessons_too():
    sites = """
| site_id | school_year | site_name     | consent_publish_name |
| 0499901 | 2024-2025   | Old name      | Y                    |
| 0499901 | 2025-2026   | Taken back    | N                    |
| 0499902 | 2024-2025   | Former name   | N                    |
| 0499902 | 2025-2026   | Present name  | Y                    |
"""
    result = digest(
        """
| lesson_id        | site_id | school_year |
| 0499901-2025-001 | 0499901 | 2024-2025   |
| 0499902-2025-001 | 0499902 | 2024-2025   |
""",
        sites,
    )

    assert result.lessons["site_label"].to_list() == ["a pilot site", "Present name"]


def test_counts_a_states_sites_in_the_lessons_own_year():
    sites = """
| site_id | school_year | state_fips |
| 0499901 | 2024-2025   | 04         |
| 0499901 | 2025-2026   | 04         |
| 0499902 | 2025-2026   | 04         |
| 0499903 | 2025-2026   | 04         |
"""
    result = digest(
        """
| lesson_id        | site_id | school_year |
| 0499901-2025-001 | 0499901 | 2024-2025   |
| 0499901-2026-001 | 0499901 | 2025-2026   |
""",
        sites,
    )

    assert result.lessons["site_label"].to_list() == [
        "a pilot site",
        "a district in Arizona",
    ]


def test_shows_a_link_only_with_its_license_and_never_the_barrier():
    result = digest("""
| lesson_id        | site_id | resource_url         | resource_license | related_barrier_id |
| 0499901-2026-001 | 0499901 | https://example.org/ | CC BY 4.0        | 0499901-B-001      |
| 0499901-2026-002 | 0499901 | https://example.org/ |                  | 0499901-B-001      |
| 0499901-2026-003 | 0499901 |                      | CC BY 4.0        | 0499901-B-001      |
""")

    assert result.lessons.select("resource_url", "resource_license").rows() == [
        ("https://example.org/", "CC BY 4.0"),
        (None, None),
        (None, None),
    ]
    assert "0499901-B-001" not in everything_in(result.lessons)


def test_marks_what_worked_without_evidence_as_a_practitioners_account():
    result = digest("""
| lesson_id        | site_id | lesson_type  | evidence_tier |
| 0499901-2026-001 | 0499901 | worked       | 0             |
| 0499901-2026-002 | 0499901 | worked       | 4             |
| 0499901-2026-003 | 0499901 | did_not_work | 0             |
""")

    assert result.lessons["practitioner_account"].to_list() == [True, False, False]


def test_screens_every_published_text_with_the_names_that_must_not_stand_in_it():
    seen = []

    def note(texts, *, state_fips, unnamed=(), sender_id=""):
        seen.append((dict(texts), state_fips, set(unnamed)))
        return ()

    digest(
        lake_rows(
            "lesson_learned",
            [
                {
                    "lesson_id": "3899901-2026-001",
                    "site_id": "3899901",
                    "title": "a",
                    "situation": "b",
                    "action": "c",
                    "result": "d",
                    "recommendation": "e",
                    "resource_url": "https://example.org/f",
                    "resource_license": "g",
                }
            ],
        ),
        screen=note,
    )

    [(texts, state_fips, unnamed)] = seen
    assert list(texts.values()) == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "https://example.org/f",
        "g",
    ]
    assert state_fips == "38"
    assert unnamed == {
        *("0499902", "Ocotillo (invented)", "0499903", "Paloverde (invented)"),
        *("3299902", "Juniper (invented)", "3899901", "Coulee (invented)"),
    }


def test_no_lesson_gives_an_empty_digest_with_all_its_columns():
    full = digest("""
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
""")

    empty = digest(lake_rows("lesson_learned", []), lake_rows("site_profile", []))

    assert empty.groups.schema == full.groups.schema
    assert empty.lessons.schema == full.lessons.schema
    assert empty.withheld.schema == full.withheld.schema
    assert empty.groups.is_empty()
    assert empty.lessons.is_empty()


def test_no_id_of_a_district_is_in_a_published_frame():
    result = digest(
        """
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499902-2026-001 | 0499902 |
| 3899901-2026-001 | 3899901 |
""",
        ids=partial(public_lesson_id, salt=SALT),
    )

    published = everything_in(result.groups) + everything_in(result.lessons)
    assert result.lessons["public_id"].str.len_chars().to_list() == [12] * 3
    assert [id_ for id_ in ("0499901", "0499902", "3899901") if id_ in published] == []


def test_public_ids_depend_on_the_salt_and_refuse_a_short_one():
    one = public_lesson_id("0499901-2026-001", salt=SALT)

    assert one == public_lesson_id("0499901-2026-001", salt=SALT)
    assert one != public_lesson_id("0499901-2026-001", salt=SALT[::-1])
    with pytest.raises(ValueError, match="16 random bytes"):
        public_lesson_id("0499901-2026-001", salt=b"short")


def test_refuses_to_publish_two_lessons_under_one_id():
    with pytest.raises(PublicationBlocked, match="new salt"):
        digest(
            """
| lesson_id        | site_id |
| 0499901-2026-001 | 0499901 |
| 0499901-2026-002 | 0499901 |
""",
            ids=lambda _: "same",
        )


def everything_in(frame: pl.DataFrame) -> str:
    return repr(frame.rows())
