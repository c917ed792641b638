"""Sums of unknowns, and the two counts of a cell written as such sums."""

from collections.abc import Callable
from dataclasses import dataclass

from pcbl_pipeline.disclosure.audit.system import Terms


def add(*sums: Terms) -> Terms:
    """Return the sum of sums, each unknown named once."""
    total: dict[int, int] = {}
    for terms in sums:
        for unknown, factor in terms:
            total[unknown] = total.get(unknown, 0) + factor
    return tuple((unknown, factor) for unknown, factor in total.items() if factor)


def times(factor: int, terms: Terms) -> Terms:
    """Return a multiple of a sum."""
    return tuple((unknown, factor * own) for unknown, own in terms)


@dataclass(frozen=True)
class Figures:
    """The two counts of a cell."""

    numerator: Terms
    denominator: Terms

    @property
    def others(self) -> Terms:
        """Those in the denominator who are not in the numerator."""
        return add(self.denominator, times(-1, self.numerator))

    def less(self, *parts: "Figures") -> "Figures":
        """Return the counts of those who are in none of the parts."""
        return Figures(
            add(self.numerator, *(times(-1, part.numerator) for part in parts)),
            add(self.denominator, *(times(-1, part.denominator) for part in parts)),
        )

    def weighed(self, scale: int, share: int) -> Terms:
        """Return `scale * numerator - share * denominator`, whose sign compares a rate.

        It is negative where the numerator is less than `share / scale` of the
        denominator.
        """
        return add(times(scale, self.numerator), times(-share, self.denominator))


def total(parts: tuple[Figures, ...]) -> Figures:
    """Return the counts of several cells together."""
    return Figures(
        add(*(part.numerator for part in parts)),
        add(*(part.denominator for part in parts)),
    )


#: One of the two counts.
Side = Callable[[Figures], Terms]


def numerator_of(figures: Figures) -> Terms:
    """Return the numerator."""
    return figures.numerator


def denominator_of(figures: Figures) -> Terms:
    """Return the denominator."""
    return figures.denominator


SIDES: tuple[Side, ...] = (numerator_of, denominator_of)
