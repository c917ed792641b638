"""What the rules need to know of a cell, and what they say about it."""

from enum import StrEnum

import polars as pl

from pcbl_pipeline.model.bands import LEAST_SHOWN

#: All sites together, all students, all grades.
ALL = "ALL"
#: What tells cells apart. Numbers add up along any of the last three, never across
#: lines: a line is one measure of one year, counted in one way.
KEY = ("line", "grade_band", "site_id", "student_group")
#: One row per cell. `people` is how many people stand behind a cell, or how many at
#: least; it is the denominator unless that counts something else, such as days.
CELLS = pl.Schema(
    {
        **dict.fromkeys(KEY, pl.String()),
        "numerator": pl.Int64(),
        "denominator": pl.Int64(),
        "people": pl.Int64(),
        #: False: too few of those who were asked have answered.
        "is_valid": pl.Boolean(),
        #: False: the cell is not in the table at all, as its site is not named.
        "is_shown": pl.Boolean(),
    }
)


class Reason(StrEnum):
    """Why a cell is hidden. Readers are never told the first three apart."""

    PRIMARY = "primary"
    COMPLEMENTARY = "complementary"
    AUDIT = "audit"
    LOW_RESPONSE = "low_response"
    NO_DATA = "no_data"
    #: Nothing of the family is shown: no hiding makes it safe, and it was never out.
    WITHHELD = "withheld"
    #: The cell is left out, not for what it says, but because it would be about one
    #: site that did not agree to be named.
    NOT_NAMED = "not_named"


#: Reasons that protect people; what they hide must not be worked out.
PROTECTING = frozenset({Reason.PRIMARY, Reason.COMPLEMENTARY, Reason.AUDIT})


class Step(StrEnum):
    """By which step of the rules a cell came to be hidden."""

    SMALL_GROUP = "small_group"
    SMALL_REST = "small_rest"
    EARLIER = "hidden_earlier"
    AUDIT = "audit"
    RACE = "race_family"
    SEX = "sex_family"
    FLAG = "flag_family"
    GRADE_BAND = "grade_band_family"
    SITE = "site_family"
    RESPONSE = "response_rate"
    #: The family is as it was released last, or not at all.
    HELD = "held_family"


def least_people(cells: pl.DataFrame, by_state: dict[str, int]) -> pl.Series:
    """Return k for each cell: fewer people than this are never shown.

    Cells of all sites together take the strictest k of the states in them. No state's
    own number can go below that of the smallest band.

    Shape: columns of `CELLS`; a state is the first two digits of a site's id.
    """
    own = (
        pl.col("site_id")
        .str.head(2)
        .replace_strict(by_state, default=None, return_dtype=pl.Int64)
    )
    strictest = own.max().over("line", "grade_band", "student_group")
    is_all = pl.col("site_id") == ALL
    k = pl.when(is_all).then(strictest).otherwise(own)
    # A state that nobody knows has no number of its own: the strictest of all counts.
    fallback = max([LEAST_SHOWN, *by_state.values()])
    return cells.select(
        pl.max_horizontal(k.fill_null(fallback), pl.lit(LEAST_SHOWN)).alias("k")
    )["k"]
