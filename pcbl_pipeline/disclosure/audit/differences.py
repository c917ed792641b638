"""Published changes and gaps: what a rounded difference of two rates tells.

A difference of rates is no linear statement. Each rate is therefore held near its true
value, as near as the published difference allows if the other moves against it by as
much. That grants the attacker more than was published, so what is proven under it holds.
It may call a cell exposed that is not; then the difference is withdrawn first.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from pcbl_pipeline.disclosure.audit.attack import Attack
from pcbl_pipeline.disclosure.audit.cells import ALL, KEY_COLUMNS, CellKey
from pcbl_pipeline.disclosure.audit.figures import Figures

#: Compared with everybody who is not in the group, at the same site.
REST = "REST"
#: What is published of a difference below so many points.
NO_CLEAR_CHANGE, UNCLEAR_POINTS = "no clear change", 3
#: Rates are bounded at twentieths of a point, so that factors stay small.
_STEPS_PER_POINT = 20

_POINTS = re.compile(r"[+-]?\d+")
DIFFERENCE_COLUMNS = {
    "table": pl.String,
    "family": pl.String,
    "site_id": pl.String,
    "student_group": pl.String,
    "against_family": pl.String,
    "against_group": pl.String,
    "published": pl.String,
    "step": pl.Int64,
}


@dataclass(frozen=True)
class Difference:
    """The rate of one cell less that of another, in rounded points."""

    table: str
    cell: CellKey
    against: CellKey
    #: Whole points, with or without a sign, or `NO_CLEAR_CHANGE`.
    published: str
    #: Points to which it was rounded: 1 or 5.
    step: int

    @property
    def key(self) -> tuple[str, CellKey, CellKey]:
        """What names the difference."""
        return self.table, self.cell, self.against


def read_differences(frame: pl.DataFrame) -> tuple[Difference, ...]:
    """Return the published differences of a frame; hidden ones tell nothing.

    Shape: columns of `DIFFERENCE_COLUMNS`; `against_group` may be `REST`.
    """
    rows = frame.drop_nulls("published").sort("table", *KEY_COLUMNS, "against_family")
    return tuple(
        Difference(
            table=row["table"],
            cell=CellKey(*(row[name] for name in KEY_COLUMNS)),
            against=CellKey(
                row["against_family"], row["site_id"], row["against_group"]
            ),
            published=row["published"],
            step=row["step"],
        )
        for row in rows.iter_rows(named=True)
    )


def state_difference(attack: Attack, difference: Difference) -> None:
    """State what a published difference tells of its two rates."""
    sides = (difference.cell, difference.against)
    figures = [_figures(attack, key, difference.cell) for key in sides]
    rates = [None if item is None else _rate(attack, item) for item in figures]
    down, up = _room(difference, *rates)
    source = attack.source(difference)
    for item, rate, below, above in (
        (figures[0], rates[0], down, up),
        (figures[1], rates[1], up, down),
    ):
        if item is not None and rate is not None:
            _hold(attack, item, (rate - below, rate, rate + above), source)


def _room(
    difference: Difference, first: Fraction | None, second: Fraction | None
) -> tuple[Fraction, Fraction]:
    """Return how far the first rate may fall and rise while the second does opposite.

    Where one of them is in no table of this release, the truth is taken to lie in the
    middle of what was told.
    """
    if first is None or second is None:
        low, high = _told(difference, None)
        return (high - low) / 4, (high - low) / 4
    truth = first - second
    low, high = _told(difference, truth)
    return (truth - low) / 2, (high - truth) / 2


def _figures(attack: Attack, key: CellKey, cell: CellKey) -> Figures | None:
    if key.student_group != REST:
        return attack.figures.get(key)
    everybody = attack.figures.get(key._replace(student_group=ALL))
    group = attack.figures.get(cell)
    return everybody.less(group) if everybody and group else None


def _rate(attack: Attack, figures: Figures) -> Fraction | None:
    denominator = attack.builder.value(figures.denominator)
    if not denominator or not figures.numerator:
        return None
    return Fraction(100 * attack.builder.value(figures.numerator), denominator)


def _told(difference: Difference, truth: Fraction | None) -> tuple[Fraction, Fraction]:
    """Return between which points the true difference was told to lie."""
    if difference.published == NO_CLEAR_CHANGE:
        low, high = Fraction(-UNCLEAR_POINTS), Fraction(UNCLEAR_POINTS)
    elif _POINTS.fullmatch(difference.published):
        middle, half = int(difference.published), Fraction(difference.step, 2)
        low, high = middle - half, middle + half
    else:
        raise ValueError("a published difference has an unknown form")
    if truth is None:
        return low, high
    return min(low, truth), max(high, truth)


def _hold(
    attack: Attack,
    figures: Figures,
    bounds: tuple[Fraction, Fraction, Fraction],
    source: int,
) -> None:
    """State that a rate lies between two bounds around its truth, rounded inwards."""
    low, truth, high = bounds
    steps = _STEPS_PER_POINT
    at_least = Fraction(-(-low * steps // 1), steps)
    at_most = Fraction(high * steps // 1, steps)
    for bound, inner in ((at_least, at_least <= truth), (at_most, at_most >= truth)):
        exact = (bound if inner else truth) / 100
        terms = figures.weighed(exact.denominator, exact.numerator)
        if bound is at_least:
            attack.builder.state(terms, low=0, source=source)
        else:
            attack.builder.state(terms, high=0, source=source)
