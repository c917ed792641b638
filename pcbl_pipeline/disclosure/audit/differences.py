"""Published changes and gaps: what a rounded difference of two rates tells.

A difference of rates is no linear statement, so the attacker is granted more than was
published. An earlier year's rate is granted exactly. Where both rates are unknown, each
is held near its true value: as near as the published difference allows if the other
moves against it by as much. What is proven under that holds. It may call a cell exposed
that is not; then the difference is withdrawn first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import polars as pl

from pcbl_pipeline.disclosure.audit.attack import Attack
from pcbl_pipeline.disclosure.audit.cells import ALL, KEY_COLUMNS, CellKey
from pcbl_pipeline.disclosure.audit.figures import Figures, total
from pcbl_pipeline.disclosure.audit.system import Terms

#: What is published of a difference below so many points.
NO_CLEAR_CHANGE, CLEAR_POINTS = "no clear change", 3
#: What is published where either side has fewer people than this.
TOO_FEW, LEAST_PEOPLE = "too few", 40
#: Rounded to whole points where both sides have so many people, else to 5.
FINE_PEOPLE = 100
#: Bounds of rates are moved towards the truth by so much of the distance at most.
_GRANTED = Fraction(1, 4)

_POINTS = re.compile(r"[+-]?[1-9]\d*")


class Kind(StrEnum):
    """What a cell is compared with."""

    #: The same cell in an earlier year.
    CHANGE = "change"
    #: Everybody who is not in the group, at the same sites.
    GAP = "gap"


#: Column → type. Counts are true, and never published.
DIFFERENCE_COLUMNS = {
    "table": pl.String(),
    "family": pl.String(),
    "site_id": pl.String(),
    "student_group": pl.String(),
    "kind": pl.String(),
    "published": pl.String(),
    "step": pl.Int64(),
    "sites": pl.List(pl.String()),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "other_numerator": pl.Int64(),
    "other_denominator": pl.Int64(),
}


@dataclass(frozen=True)
class Compared:
    """One side of a difference: true counts, which are never published."""

    #: None where what was counted are no people: then only their number is told of.
    numerator: int | None
    denominator: int

    @property
    def rate(self) -> Fraction | None:
        """The rate in points."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(100 * self.numerator, self.denominator)


@dataclass(frozen=True)
class Difference:
    """The rate of a cell less that of another, in rounded points."""

    table: str
    cell: CellKey
    kind: Kind
    #: Whole points, with or without a sign, `NO_CLEAR_CHANGE` or `TOO_FEW`.
    published: str
    #: Points to which it was rounded: 1 or 5.
    step: int
    #: Whose students are compared: of the network's those that have both sides.
    sites: tuple[str, ...]
    own: Compared
    other: Compared

    @property
    def key(self) -> tuple[str, CellKey, str]:
        """What names the difference."""
        return self.table, self.cell, self.kind

    @property
    def rests_on(self) -> tuple[CellKey, ...]:
        """Cells without which it is not shown."""
        if self.kind == Kind.CHANGE:
            return (self.cell,)
        return self.cell, self.cell._replace(student_group=ALL)


def read_differences(frame: pl.DataFrame) -> tuple[Difference, ...]:
    """Return the published differences of a frame; hidden ones tell nothing.

    Shape: columns of `DIFFERENCE_COLUMNS`.
    """
    rows = frame.drop_nulls("published").sort("table", *KEY_COLUMNS, "kind")
    return tuple(
        Difference(
            table=row["table"],
            cell=CellKey(*(row[name] for name in KEY_COLUMNS)),
            kind=Kind(row["kind"]),
            published=row["published"],
            step=row["step"],
            sites=tuple(sorted(row["sites"])),
            own=Compared(row["numerator"], row["denominator"]),
            other=Compared(row["other_numerator"], row["other_denominator"]),
        )
        for row in rows.iter_rows(named=True)
    )


def state_difference(attack: Attack, difference: Difference) -> None:
    """State what a published difference tells of its two sides."""
    sides = _Sides(attack, difference)
    sides.state_sizes()
    if difference.published != TOO_FEW:
        sides.state_rates()


@dataclass(frozen=True)
class _Side:
    """A side as unknowns: figures of cells, less some students who are not compared.

    Those are granted to the attacker: exactly how many they are, and met the measure.
    """

    figures: Figures
    left_out: Compared
    compared: Compared


class _Sides:
    """What one difference tells of its sides that are unknown."""

    def __init__(self, attack: Attack, difference: Difference) -> None:
        self._builder, self._difference = attack.builder, difference
        self._figures = attack.figures
        self._source = attack.source(difference)
        self._own = self._side(self._cells(difference.cell), difference.own)
        self._other: _Side | None = None
        if difference.kind == Kind.GAP:
            everybody = self._cells(difference.rests_on[1])
            rest = everybody.less(self._cells(difference.cell))
            self._other = self._side(rest, difference.other)

    def state_sizes(self) -> None:
        """State how many people stand on each side at least, or at most."""
        for side in (self._own, self._other):
            if side is not None:
                low, high = self._sizes(side.compared.denominator)
                shift = side.left_out.denominator
                self._builder.state(
                    side.figures.denominator,
                    low=None if low is None else low + shift,
                    high=None if high is None else high + shift,
                    source=self._source,
                )

    def state_rates(self) -> None:
        """State between which bounds the rates lie."""
        own, other = self._difference.own.rate, self._difference.other.rate
        if own is None or other is None:
            return
        low, high = self._told(own - other)
        down, up = own - other - low, high - (own - other)
        if self._other is None:  # what it is compared with is granted
            self._hold(self._own, own, down, up)
        else:
            self._hold(self._own, own, down / 2, up / 2)
            self._hold(self._other, other, up / 2, down / 2)

    def _cells(self, key: CellKey) -> Figures:
        keys = [key._replace(site_id=site_id) for site_id in self._difference.sites]
        return total(tuple(self._figures[key] for key in keys))

    def _side(self, figures: Figures, compared: Compared) -> _Side:
        value = self._builder.value
        numerator = compared.numerator
        if numerator is not None:
            numerator = value(figures.numerator) - numerator
        left_out = value(figures.denominator) - compared.denominator
        return _Side(figures, Compared(numerator, left_out), compared)

    def _sizes(self, people: int) -> tuple[int | None, int | None]:
        """Return the least and the most people that are told of a side."""
        if self._difference.published == TOO_FEW:
            return None, LEAST_PEOPLE - 1 if people < LEAST_PEOPLE else None
        if self._difference.published == NO_CLEAR_CHANGE:
            return LEAST_PEOPLE, None
        if self._difference.step == 1:
            return FINE_PEOPLE, None
        return LEAST_PEOPLE, FINE_PEOPLE - 1 if people < FINE_PEOPLE else None

    def _told(self, truth: Fraction) -> tuple[Fraction, Fraction]:
        """Return between which points the true difference was told to lie."""
        low, high = told_between(self._difference.published, self._difference.step)
        return min(low, truth), max(high, truth)

    def _hold(self, side: _Side, rate: Fraction, down: Fraction, up: Fraction) -> None:
        """State that a rate lies between two bounds around its truth."""
        for bound, is_least in ((rate - down, True), (rate + up, False)):
            # Small factors make short programmes; the attacker is granted a little more.
            nearer = (bound + (rate - bound) * _GRANTED) / 100
            share = _simplest(*sorted((bound / 100, nearer)))
            terms, shift = self._weighed(side, share)
            if is_least:
                self._builder.state(terms, low=shift, source=self._source)
            else:
                self._builder.state(terms, high=shift, source=self._source)

    def _weighed(self, side: _Side, share: Fraction) -> tuple[Terms, int]:
        scale, part = share.denominator, share.numerator
        left_out = side.left_out
        shift = scale * (left_out.numerator or 0) - part * left_out.denominator
        return side.figures.weighed(scale, part), shift


def told_between(published: str, step: int) -> tuple[Fraction, Fraction]:
    """Return between which points a difference lies, as its words say.

    Raises:
        ValueError: If the words have an unknown form.
    """
    if published == NO_CLEAR_CHANGE:
        return Fraction(-CLEAR_POINTS), Fraction(CLEAR_POINTS)
    if not _POINTS.fullmatch(published):
        raise ValueError("a published difference has an unknown form")
    points, half = int(published), Fraction(step, 2)
    low, high = points - half, points + half
    # A number says too that the difference is clear.
    if points > 0:
        return max(low, Fraction(CLEAR_POINTS)), high
    return low, min(high, Fraction(-CLEAR_POINTS))


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of least denominator between two, both included."""
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    inverse = _simplest(1 / (high - below), 1 / (low - below))
    return below + 1 / inverse


def withdrawn(differences: pl.DataFrame, shown: Iterable[Difference]) -> pl.DataFrame:
    """Return the differences with those unpublished that are not shown.

    Shape: columns of `DIFFERENCE_COLUMNS`.
    """
    names = ["table", *KEY_COLUMNS, "kind"]
    kept = pl.DataFrame(
        [(item.table, *item.cell, item.kind.value) for item in shown],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    ).with_columns(is_shown=pl.lit(value=True))
    joined = differences.join(kept, on=names, how="left", maintain_order="left")
    return joined.with_columns(
        pl.when("is_shown").then("published").alias("published")
    ).drop("is_shown")
