"""PUB1 agrees with a second implementation, and with itself in any row order."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.model.narrative import Hit, HitKind
from pcbl_pipeline.summaries.lessons import lessons_digest
from tests.summaries.oracle_lessons import expected_digest
from tests.support.frames import lake_rows

STATES = {"04": "Arizona", "32": "Nevada"}
SITE_IDS = ("0499901", "0499902", "0499903", "0499904", "3299901", "3299902")
YEARS = ("2024-2025", "2025-2026")
EDITIONS = st.sampled_from(["public", "network"])
#: Stands in texts that nobody may see; the tests look for it in what is published.
CANARY = "canary"

profiles = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": st.sampled_from(SITE_IDS),
            "school_year": st.sampled_from(YEARS),
            "site_name": st.sampled_from(["Alpha", "Beta", "Gamma"]),
            "term_code": st.sampled_from(["PCBL", "CBE"]),
            "locale_code": st.sampled_from(["11", "11", "12", "41", None]),
            "consent_publish_name": st.sampled_from(["Y", "N"]),
        }
    ).map(lambda row: row | {"state_fips": row["site_id"][:2]}),
    min_size=3,
    max_size=12,
    unique_by=lambda row: (row["site_id"], row["school_year"]),
)
lesson_rows = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(1, 4),
            "revision": st.integers(1, 3),
            "site_id": st.sampled_from(SITE_IDS),
            "school_year": st.sampled_from([YEARS[1], YEARS[1], YEARS[0]]),
            "lesson_date": st.integers(0, 1).map(
                lambda days: date(2026, 1, 30) + timedelta(days)
            ),
            "element_code": st.sampled_from(["CBE1", "CBE1", "CBE2", "DC10"]),
            "lesson_type": st.sampled_from(["worked", "worked", "adapted"]),
            "evidence_tier": st.sampled_from("0012"),
            "share_level": st.sampled_from(["public"] * 4 + ["network", "sea_only"]),
            "reviewed_no_pii": st.sampled_from("YYYYN"),
            "result": st.sampled_from(["fine", "fine", "fine", "to be held"]),
        }
    ).map(lambda row: row | {"lesson_id": f"{row['site_id']}-2026-00{row['number']}"}),
    min_size=8,
    max_size=40,
    unique_by=lambda row: (row["lesson_id"], row["revision"]),
)


def is_held(row) -> bool:
    return row["result"] == "to be held"


def screen(texts, *, state_fips, unnamed=(), sender_id=""):
    held = texts["result"].startswith("to be held")
    return (Hit("result", 0, 4, HitKind.PHONE),) if held else ()


def frames(lessons, sites):
    rows = [{k: v for k, v in row.items() if k != "number"} for row in lessons]
    return lake_rows("lesson_learned", rows), lake_rows("site_profile", sites)


def digest(lessons, sites, edition):
    return lessons_digest(
        *frames(lessons, sites),
        edition=edition,
        states=STATES,
        screen=screen,
        public_ids=str,
        as_of=date(2026, 11, 20),
    )


@settings(max_examples=25, deadline=None)
@given(lesson_rows, profiles, EDITIONS)
def test_agrees_with_a_second_implementation(lessons, sites, edition):
    groups, shown, withheld = expected_digest(
        *frames(lessons, sites), edition=edition, states=STATES
    )

    result = digest(lessons, sites, edition)

    assert result.groups.rows() == groups
    assert result.withheld.drop("detail").rows() == withheld
    columns = (
        "public_id",
        "revision",
        "site_label",
        "state_fips",
        "locale",
        "term_code",
    )
    assert result.lessons.select(columns).rows() == shown


@settings(max_examples=25, deadline=None)
@given(lesson_rows, profiles, EDITIONS, st.randoms())
def test_the_order_of_rows_never_changes_a_byte(lessons, sites, edition, random):
    before = digest(lessons, sites, edition)
    random.shuffle(lessons)
    random.shuffle(sites)

    after = digest(lessons, sites, edition)

    for name in ("groups", "lessons", "withheld"):
        assert bytes_of(getattr(after, name)) == bytes_of(getattr(before, name))


@settings(max_examples=25, deadline=None)
@given(lesson_rows, profiles, EDITIONS)
def test_no_text_that_is_held_and_no_name_without_consent_is_published(
    lessons, sites, edition
):
    forbidden = {"sea_only"} | ({"network"} if edition == "public" else set())
    for row in lessons:
        if row["share_level"] in forbidden or row["reviewed_no_pii"] == "N":
            row["title"] = f"{CANARY} in a title"
        if is_held(row):
            row["action"] = f"{CANARY} in a text that the scan holds"
    for site in sites:
        site["site_name"] = f"{CANARY} {site['site_id']} {site['consent_publish_name']}"

    result = digest(lessons, sites, edition)

    published = result.lessons.with_columns(
        pl.col("site_label").str.replace(rf"^{CANARY} \d+ Y$", "a named site")
    )
    assert CANARY not in repr(published.rows())
    assert CANARY not in repr(result.groups.rows())


def bytes_of(frame: pl.DataFrame) -> bytes:
    return frame.write_json().encode() + repr(frame.schema).encode()
