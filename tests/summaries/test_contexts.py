"""The context of a lesson is told of sites with a name, and of no other."""

import polars as pl
import pytest

from pcbl_pipeline.summaries.contexts import with_contexts
from tests.support.frames import lake_rows

NAMED, UNNAMED, OTHER_YEAR = "0499901", "0499902", "0499903"


def contexts(**profile: object):
    sites = [
        {"site_id": NAMED, **profile},
        {"site_id": UNNAMED, **profile},
        {"site_id": OTHER_YEAR, "school_year": "2024-2025", **profile},
    ]
    lessons = lake_rows(
        "lesson_learned",
        [
            {"lesson_id": f"{site}-2026-001", "site_id": site}
            for site in (NAMED, UNNAMED, OTHER_YEAR)
        ],
    ).with_columns(pl.Series("site_name", ["Alder", None, "Cedar"]))
    told = with_contexts(lessons, lake_rows("site_profile", sites))
    return told.select("grade_bands", "size_band").rows()


def test_grades_and_size_are_told_of_a_named_site_alone():
    profile = {"grades_served": ["12", "UG", "PK", "09", "KG"], "students_total": 2_500}

    assert contexts(**profile) == [
        (["PK-02", "09-12"], "from_2500"),
        *[(None, None)] * 2,
    ]


def test_what_a_site_did_not_say_is_blank():
    assert contexts(grades_served=None, students_total=None)[0] == (None, None)
    assert contexts(grades_served=["UG"])[0][0] is None


@pytest.mark.parametrize(
    ("students", "size"),
    [
        (0, "under_1000"),
        (999, "under_1000"),
        (1_000, "from_1000"),
        (2_499, "from_1000"),
        (9_999, "from_2500"),
        (10_000, "from_10000"),
    ],
)
def test_sizes_are_told_in_bands(students, size):
    assert contexts(students_total=students)[0][1] == size
