"""What a mapping can do to one text, checked against plain Python."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcbl_pipeline.mapping import values
from pcbl_pipeline.mapping.keys import Keyring
from tests.support.exports import KEYRING, SECRET

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


def made(expression, *texts: str | None) -> list[str | None]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(expression(pl.col("text"))).to_series().to_list()


@given(DAYS)
def test_a_day_is_read_in_each_way_that_it_is_written(day):
    written = [
        day.isoformat(),
        f"{day.isoformat()}T09:07:55.097Z",
        f"{day.isoformat()} 09:07:55",
        f"{day.month}/{day.day}/{day.year}",
        f"{day.month:02}/{day.day:02}/{day.year}",
    ]

    found = made(lambda text: values.to_date(text, ()), *written)

    assert set(found) == {day.isoformat()}


def test_the_forms_of_a_product_go_before_ours():
    found = made(lambda text: values.to_date(text, ["%d/%m/%Y"]), "3/4/2026")

    assert found == ["2026-04-03"]


@given(st.lists(DAYS, min_size=1, max_size=5))
def test_a_day_with_a_year_of_two_digits_is_the_same_day(days):
    in_range = [day for day in days if 2013 <= day.year <= 2049]
    written = [f"{day.month}/{day.day}/{day.year % 100:02}" for day in in_range]

    found = made(lambda text: values.to_date(text, ()), *written)

    assert found == [day.isoformat() for day in in_range]


def test_a_year_of_two_digits_never_becomes_one_before_1900():
    texts = ["4/3/26", "4/3/99", "0026-04-03"]

    found = made(lambda text: values.to_date(text, ["%m/%d/%Y"]), *texts)

    assert found == ["2026-04-03", "4/3/99", "0026-04-03"]
    assert made(values.to_school_year_of, "0026-04-03") == ["0026-04-03"]


def test_a_column_that_shows_days_first_is_read_so_without_being_told():
    texts = ["13/4/2026", "3/4/2026", "25/4/26", None]

    found = made(lambda text: values.to_date(text, ()), *texts)

    assert found == ["2026-04-13", "2026-04-03", "2026-04-25", None]


def test_what_is_no_day_is_left_as_it_is():
    texts = ["soon", "2026-13-01", "13/13/2026", None]

    assert made(lambda text: values.to_date(text, ()), *texts) == texts


@given(st.integers(2000, 2097))
def test_a_school_year_is_read_in_each_way_that_it_is_written(first):
    last = first + 1
    written = [
        f"{first}-{last}",
        f"{first}-{last % 100:02}",
        f"Fall {first}-{last}",
        f"Fall {first}/{last}",
        f"SY {first % 100:02}-{last % 100:02}",
        f"{first} \u2013 {last}",
    ]

    assert set(made(values.to_school_year, *written)) == {f"{first}-{last}"}


def test_what_is_no_school_year_is_left_as_it_is():
    texts = ["2023-2025", "2024", "next year", "2023-09-01", None]

    assert made(values.to_school_year, *texts) == texts


@given(DAYS)
def test_the_school_year_of_a_day_begins_in_july(day):
    first = day.year if day.month >= 7 else day.year - 1

    assert made(values.to_school_year_of, day.isoformat()) == [f"{first}-{first + 1}"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K", "KG"),
        ("0", "KG"),
        ("Kindergarten", "KG"),
        ("PK", "PK"),
        ("Pre-K", "PK"),
        ("3", "03"),
        ("03", "03"),
        ("Grade 3", "03"),
        ("3rd Grade", "03"),
        ("Third grade", "03"),
        ("12", "12"),
        ("Senior", "12"),
        ("99", "99"),
        ("mixed", "mixed"),
        (None, None),
    ],
)
def test_a_grade_becomes_its_code(text, code):
    assert made(values.to_grade, text) == [code]


@given(st.text(max_size=30))
def test_a_slug_can_stand_in_a_code(text):
    [slug] = made(values.to_slug, text)

    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug == slug.strip("-")


@given(st.integers(0, 100))
def test_a_score_reaches_the_highest_band_that_it_can(score):
    bands = ((0.0, "1"), (60.0, "2"), (80.0, "3"))
    expected = "3" if score >= 80 else "2" if score >= 60 else "1"

    assert made(lambda text: values.to_band(text, bands), f"{score}%") == [expected]


def test_a_crosswalk_does_not_look_at_case_and_spaces_and_leaves_the_rest():
    crosswalk = {"Well  below": "1", "At": "3", "Not tested": None}
    texts = ["WELL below", " at", "not Tested", "Above", None]

    found = made(lambda text: values.crossed(text, crosswalk), *texts)

    assert found == ["1", "3", None, "Above", None]


def test_a_star_in_a_crosswalk_is_every_other_value():
    found = made(lambda t: values.crossed(t, {"Y": "LEP", "*": None}), "Y", "X", None)

    assert found == ["LEP", None, None]


@given(st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=12)), max_size=20))
def test_hashes_are_the_same_for_the_same_person_and_differ_otherwise(people):
    hashed = made(lambda text: KEYRING.hashed(text, "student"), *people)

    assert [value is None for value in hashed] == [p is None for p in people]
    pairs = {(p, h) for p, h in zip(people, hashed, strict=True) if p is not None}
    assert len({p for p, _ in pairs}) == len({h for _, h in pairs}) == len(pairs)
    assert all(len(h) == 64 for _, h in pairs)


def test_the_same_id_elsewhere_or_of_a_teacher_is_somebody_else():
    elsewhere, otherwise = Keyring(SECRET, "0499902"), Keyring(b"x" * 32, "0499901")

    hashes = {
        KEYRING.hash_id("605000", "student"),
        KEYRING.hash_id("605000", "teacher"),
        elsewhere.hash_id("605000", "student"),
        otherwise.hash_id("605000", "student"),
    }

    assert len(hashes) == 4


def test_a_keyring_does_not_show_its_secret():
    assert SECRET.decode() not in repr(KEYRING)
    assert SECRET.decode() not in str(KEYRING)
