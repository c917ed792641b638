"""The question of one audit: what would be published of some families, and what was.

Families that share students are asked about together, all others apart.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace

from pcbl_pipeline.disclosure.audit.attack import Attack, MinimumSize
from pcbl_pipeline.disclosure.audit.cells import AUDIT, Cell
from pcbl_pipeline.disclosure.audit.differences import Difference, state_difference
from pcbl_pipeline.disclosure.audit.earlier import EarlierRelease, state_release
from pcbl_pipeline.disclosure.audit.sums import Link


@dataclass(frozen=True)
class Question:
    """All that concerns some families: cells, links, differences, earlier releases."""

    cells: tuple[Cell, ...]
    #: Two questions of one network may be equal, whoever looks up its sizes.
    minimum: MinimumSize = field(compare=False)
    links: tuple[Link, ...] = ()
    differences: tuple[Difference, ...] = ()
    earlier: tuple[EarlierRelease, ...] = ()

    def attack(self) -> Attack:
        """Return what an attacker knows.

        Raises:
            ReleasesDisagree: If an earlier release cannot be compared.
        """
        attack = Attack(self.cells, self.minimum, self.links)
        for difference in self.differences:
            state_difference(attack, difference)
        for release in self.earlier:
            state_release(attack, release)
        return attack

    def without(self, hidden: Set[Hashable]) -> "Question":
        """Return the question with some cells and differences hidden.

        A difference goes with the cells that it rests on.
        """
        return replace(
            self,
            cells=tuple(
                _hide(cell) if cell.key in hidden else cell for cell in self.cells
            ),
            differences=tuple(
                item
                for item in self.differences
                if hidden.isdisjoint((item, *item.rests_on))
            ),
        )

    def parts(self) -> Iterator["Question"]:
        """Yield one question for each set of families that share students."""
        families = {cell.key.family for cell in self.cells}
        for together in _joined(families, self._ties()):
            yield Question(
                tuple(cell for cell in self.cells if cell.key.family in together),
                self.minimum,
                tuple(link for link in self.links if link.whole in together),
                tuple(d for d in self.differences if d.cell.family in together),
                tuple(item for item in self.earlier if item.family in together),
            )

    def _ties(self) -> Iterator[tuple[str, ...]]:
        for link in self.links:
            yield (link.whole, *link.parts)


def _hide(cell: Cell) -> Cell:
    if cell.is_hidden:
        return cell
    return replace(cell, n_band=None, percent_band=None, reason=AUDIT)


def _joined(
    names: Collection[str], ties: Iterable[tuple[str, ...]]
) -> list[frozenset[str]]:
    """Return the names in sets, so that tied ones are in one set."""
    group = {name: frozenset((name,)) for name in sorted(names)}
    for tie in ties:
        tied = [group[name] for name in tie if name in group]
        joined = frozenset().union(*tied)
        group |= dict.fromkeys(joined, joined)
    return list(dict.fromkeys(group[name] for name in sorted(group)))
