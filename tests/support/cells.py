"""Cells of invented sites that add up, as the rules for tables get them."""

from collections import defaultdict

import polars as pl
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.tables.cells import CELLS

SITES = ("0499901", "0499902", "3299901", "3299902")
RACES = ("AM7", "BL7", "HI7", "WH7")
FLAGS = (("ECODIS", "NECODIS"), ("LEP", "NLEP"))
BANDS = ("03-05", "06-08")

counts = st.sampled_from([0, 1, 2, 4, 9, 10, 11, 15, 30, 60, 120, 320])


@st.composite
def _site_of_a_band(draw):
    """Draw a site's groups in one grade band: group → people."""
    races = {code: draw(counts) for code in RACES}
    total = sum(races.values()) + draw(st.sampled_from([0, 0, 3, 40]))
    girls = draw(st.integers(0, total))
    people = {"ALL": total, **races, "F": girls, "M": total - girls}
    for flag, rest in FLAGS:
        people[flag] = draw(st.integers(0, total))
        if draw(st.booleans()):
            people[rest] = total - people[flag]
    left_out = draw(st.sets(st.sampled_from(["AM7", "F", "LEP", "ALL"]), max_size=1))
    return {group: n for group, n in people.items() if group not in left_out}


@st.composite
def networks(draw):
    """Draw the cells of one line: sites, their bands and groups, and all their sums."""
    numbers: dict[tuple[str, str, str], int] = {}
    for site in draw(st.sets(st.sampled_from(SITES), min_size=1)):
        for band in draw(st.sets(st.sampled_from(BANDS), min_size=1)):
            for group, people in draw(_site_of_a_band()).items():
                numbers[(band, site, group)] = people
    unnamed = draw(st.sampled_from([None, None, SITES[1]]))
    share = draw(st.sampled_from([0, 30, 100]))
    return cells_of(numbers, share=share, unnamed=unnamed)


def cells_of(
    numbers: dict[tuple[str, str, str], int],
    *,
    share: int = 30,
    unnamed: str | None = None,
) -> pl.DataFrame:
    """Make cells from people by (grade band, site, group), with all sums."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for (band, site, group), people in numbers.items():
        for a_band in {band, "ALL"}:
            for a_site in (site, "ALL"):
                sums[(a_band, a_site, group)] += people
    rows = [
        {
            "line": "M04|2025-2026|pilot_students",
            "grade_band": band,
            "site_id": site,
            "student_group": group,
            "numerator": people * share // 100,
            "denominator": people,
            "people": people,
            "is_valid": True,
            "is_shown": site != unnamed,
        }
        for (band, site, group), people in sums.items()
    ]
    return pl.DataFrame(rows, schema=CELLS)
