"""Changes and gaps: differences of two rates, as coarse as their groups are small.

Rule 7 of the rule set for tables. A difference of two bands would be false precision,
and a difference of small groups tells who they are; so it is taken from the numbers
themselves, and published only of large groups.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

#: Both groups need this many people before a difference is published.
LEAST_PEOPLE = 40
#: Where either has fewer than this, the difference is rounded to steps of 5 points.
FINE_PEOPLE = 100
STEP_POINTS = 5
#: A smaller difference may be chance.
CLEAR_POINTS = 3


class DifferenceNote(StrEnum):
    """Why there is no number."""

    #: It is smaller than what can be told from chance.
    NOT_CLEAR = "not_clear"
    TOO_FEW = "too_few"
    #: There is nothing to compare with.
    NONE = "nothing_to_compare"


@dataclass(frozen=True)
class Rate:
    """A share and the people behind it, as columns; blank where there is none."""

    numerator: pl.Expr
    denominator: pl.Expr
    people: pl.Expr

    @classmethod
    def of(cls, prefix: str) -> "Rate":
        """Return the rate whose columns begin with a prefix."""
        names = ("numerator", "denominator", "people")
        return cls(*(pl.col(prefix + name) for name in names))


def points_between(rate: Rate, other: Rate) -> pl.Expr:
    """Return the points from the other rate to this one, rounded.

    Blank where there is a note. Half a step is rounded away from zero, so that a fall
    is rounded as a rise is.
    """
    # Products of two counts of days do not fit into 64 bits.
    wide = pl.Int128
    a, n = rate.numerator.cast(wide), rate.denominator.cast(wide)
    b, m = other.numerator.cast(wide), other.denominator.cast(wide)
    hundredths, of = 100 * (a * m - b * n), n * m
    size = hundredths.abs()
    fine = (2 * size + of) // (2 * of)
    coarse = STEP_POINTS * ((2 * size + STEP_POINTS * of) // (2 * STEP_POINTS * of))
    is_fine = _fewest(rate, other) >= FINE_PEOPLE
    points = pl.when(is_fine).then(fine).otherwise(coarse).cast(pl.Int64)
    signed = pl.when(hundredths < 0).then(-points).otherwise(points)
    return pl.when(difference_note(rate, other).is_null()).then(signed)


def difference_note(rate: Rate, other: Rate) -> pl.Expr:
    """Return why there are no points; blank where there are."""
    wide = pl.Int128
    a, n = rate.numerator.cast(wide), rate.denominator.cast(wide)
    b, m = other.numerator.cast(wide), other.denominator.cast(wide)
    is_clear = 100 * (a * m - b * n).abs() >= CLEAR_POINTS * n * m
    exists = ((n > 0) & (m > 0)).fill_null(value=False)
    return (
        pl.when(~exists)
        .then(pl.lit(DifferenceNote.NONE.value))
        .when(_fewest(rate, other) < LEAST_PEOPLE)
        .then(pl.lit(DifferenceNote.TOO_FEW.value))
        .when(~is_clear)
        .then(pl.lit(DifferenceNote.NOT_CLEAR.value))
    )


def _fewest(rate: Rate, other: Rate) -> pl.Expr:
    return pl.min_horizontal(rate.people, other.people)
