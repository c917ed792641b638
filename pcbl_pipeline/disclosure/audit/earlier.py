"""Earlier releases: what they told stays told, also after a correction.

Where the counts of today fit what a release told, the attacker may take them for the
same students, and everything told then is a statement about today's counts. Where they
do not fit, records were corrected. The attacker is then granted to know how few records
at least: the counts of then may differ from today's by that and no more. Whoever knows
less can compute less.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pcbl_pipeline.disclosure.audit.attack import Attack
from pcbl_pipeline.disclosure.audit.bands import state_bands
from pcbl_pipeline.disclosure.audit.cells import (
    NO_DATA,
    PARTITION_OF,
    PRIMARY,
    PROTECTING,
    Cell,
    CellKey,
)
from pcbl_pipeline.disclosure.audit.figures import SIDES, Figures, add, times, total
from pcbl_pipeline.disclosure.audit.programme import Programme
from pcbl_pipeline.disclosure.audit.regions import pinned
from pcbl_pipeline.disclosure.audit.sums import Sum, sums_of_groups, sums_of_sites
from pcbl_pipeline.disclosure.audit.system import Terms
from pcbl_pipeline.errors import PipelineError

_NODES = 2_000


class ReleasesDisagree(PipelineError):
    """What was released and what would be cannot be compared, so nothing is proven.

    The gate holds the family then; it never reaches an operator.
    """


@dataclass(frozen=True)
class EarlierRelease:
    """What a release told of one family: bands and hidden marks, no counts."""

    name: str
    family: str
    cells: tuple[Cell, ...]
    #: The least count of a hidden cell: 0 where empty cells were hidden as well.
    least: int = 1


def state_release(attack: Attack, release: EarlierRelease) -> None:
    """Add what an earlier release told to what the new one tells.

    Raises:
        ReleasesDisagree: If the two cannot be compared.
    """
    figures = _as_of_now(attack, release)
    if figures is not None:
        for cell in release.cells:
            state_bands(attack.builder, figures[cell.key], cell, least=release.least)
        return
    _Correction(attack, release).state()


def hidden_before(
    cells: Iterable[Cell], releases: Iterable[EarlierRelease]
) -> frozenset[CellKey]:
    """Return the cells that are shown now and were hidden earlier to protect people.

    They stay hidden: what changed between the two would tell what was hidden.
    """
    before = {c.key for r in releases for c in r.cells if c.reason in PROTECTING}
    return frozenset(
        cell.key for cell in cells if cell.key in before and not cell.is_hidden
    )


def _as_of_now(
    attack: Attack, release: EarlierRelease
) -> dict[CellKey, Figures] | None:
    """Return today's figures if they fit all that was told, else None."""
    keys = {cell.key for cell in release.cells}
    if not keys <= attack.figures.keys():
        return None
    figures = {key: attack.figures[key] for key in keys}
    figures |= _network(figures)
    probe = attack.builder.bare()
    for cell in release.cells:
        state_bands(probe, figures[cell.key], cell, least=release.least)
    return figures if probe.is_true else None


def _network(figures: dict[CellKey, Figures]) -> dict[CellKey, Figures]:
    """Return the network's figures as the sum of the sites that a release had."""
    return {
        item.whole: total(tuple(figures[part] for part in item.parts))
        for item in sums_of_sites(figures)
    }


class _Correction:
    """The counts of an earlier release: today's, and a few corrected records.

    A corrected record changes a count by one, and at most two counts of a partition.
    """

    def __init__(self, attack: Attack, release: EarlierRelease) -> None:
        self._attack, self._release = attack, release
        self._builder = attack.builder
        self._first = attack.builder.unknowns
        self._records = self._builder.unknown(0)
        self._figures: dict[CellKey, Figures] = {}
        #: How far each cell's two counts moved.
        self._moves: dict[CellKey, tuple[Terms, ...]] = {}

    def state(self) -> None:
        """Add the statements, for the fewest corrections that explain what was told."""
        keys = {cell.key for cell in self._release.cells}
        summed = {item.whole for item in sums_of_sites(keys)}
        for key in sorted(keys - summed):
            self._figures[key] = self._former(key)
        self._figures |= _network(
            self._figures | {key: Figures((), ()) for key in summed}
        )
        for cell in self._release.cells:
            figures = self._figures[cell.key]
            self._builder.state(figures.numerator, low=0)
            self._builder.state(figures.others, low=0)
            state_bands(self._builder, figures, cell, least=self._release.least)
        self._limit_moves()
        self._builder.state(((self._records, 1),), high=self._explain())
        self._protect()

    def _former(self, key: CellKey) -> Figures:
        """Return the counts of then as today's and what corrections moved."""
        now = self._attack.figures.get(key)
        if now is None:
            return self._attack.new_figures(key, 0, 0)
        attack = self._attack
        place = {"block": attack.block(key.site_id), "strand": attack.strand(key)}
        moved: list[Terms] = []
        sizes: list[Terms] = []
        for side in SIDES:
            if not side(now):
                moved.append(())
                sizes.append(())
                continue
            more, fewer = (self._builder.unknown(0, **place) for _ in range(2))
            moved.append(((more, 1), (fewer, -1)))
            sizes.append(((more, 1), (fewer, 1)))
        self._moves[key] = tuple(sizes)
        return Figures(add(now.numerator, moved[0]), add(now.denominator, moved[1]))

    def _limit_moves(self) -> None:
        """State that each partition's counts moved by two for a record, at most."""
        together: dict[tuple[int, int], list[Terms]] = {}
        for key, sizes in self._moves.items():
            partition = PARTITION_OF.get(key.student_group, -1)
            for side, size in enumerate(sizes):
                together.setdefault((partition, side), []).append(size)
        for every_size in together.values():
            self._at_most_two_each(add(*every_size))
        for item in sums_of_groups(self._figures):
            self._state_rest(item)

    def _state_rest(self, item: Sum) -> None:
        """State what is known of those in no group: as many as now, or nearly."""
        rest = self._figures[item.whole].less(*(self._figures[p] for p in item.parts))
        self._builder.state_not_negative(rest.numerator)
        self._builder.state_not_negative(rest.others)
        if len(item.parts) > 1 and {item.whole, *item.parts} <= self._moves.keys():
            figures = self._attack.figures
            now = figures[item.whole].less(*(figures[part] for part in item.parts))
            for side in SIDES:
                moved = add(side(rest), times(-1, side(now)))
                self._at_most_two_each(moved)
                self._at_most_two_each(times(-1, moved))

    def _at_most_two_each(self, terms: Terms) -> None:
        self._builder.state(add(terms, ((self._records, -2),)), high=0)

    def _explain(self) -> int:
        """Find the fewest corrections and take them for the truth; return how many."""
        system = self._builder.unchecked()
        moving = np.arange(self._first, self._builder.unknowns)
        programme = Programme(pinned(system, moving), whole_numbers=True, effort=_NODES)
        costs = np.zeros(len(moving))
        costs[0] = -1.0
        found = programme.greatest(costs)
        if found is None:
            raise ReleasesDisagree(
                f"What was released in {self._release.name} cannot be compared with "
                f"what would be published now of {self._release.family}."
            )
        for unknown, value in zip(moving.tolist(), np.rint(found.point), strict=True):
            self._builder.assume(unknown, int(value))
        return self._builder.value(((self._records, 1),))

    def _protect(self) -> None:
        for cell in self._release.cells:
            figures = self._figures[cell.key]
            if cell.reason == PRIMARY:
                self._attack.protect_size(cell.key, figures.denominator)
            elif not cell.is_hidden and cell.reason != NO_DATA:
                self._attack.protect_tails(cell.key, figures)
