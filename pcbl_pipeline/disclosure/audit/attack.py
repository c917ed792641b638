"""From published cells to an attacker's system of unknowns and statements.

The attacker is granted more than most will know, so that what holds here holds for
all: that groups and sites add up, how many students have no known group, and that an
empty cell is never hidden (unless one is).
"""

from collections.abc import Callable, Hashable, Iterable
from itertools import chain

from pcbl_pipeline.disclosure.audit.bands import state_bands
from pcbl_pipeline.disclosure.audit.cells import ALL, PARTITION_OF, Cell, CellKey
from pcbl_pipeline.disclosure.audit.figures import Figures
from pcbl_pipeline.disclosure.audit.sums import (
    Link,
    Sum,
    state_sums,
    sums_of_families,
    sums_of_groups,
    sums_of_sites,
)
from pcbl_pipeline.disclosure.audit.system import (
    EVERYWHERE,
    Secret,
    SystemBuilder,
    Terms,
)

#: Nobody must stay as likely as two, and everybody as all but two.
TAIL_WIDTH = 2

#: From a site's id, or `ALL`, to its k in students.
MinimumSize = Callable[[str], int]


class Attack:
    """What the cells of some families tell an attacker, and what they must not."""

    def __init__(
        self, cells: Iterable[Cell], minimum: MinimumSize, links: Iterable[Link] = ()
    ) -> None:
        """Take the cells with their counts; the statements about them follow."""
        self.builder = SystemBuilder()
        self.cells = tuple(cells)
        self._minimum = minimum
        self._strictest = _strictest(self.cells, minimum)
        #: What can still be hidden; statements name it by its place here.
        self.sources: list[Hashable] = []
        self.figures: dict[CellKey, Figures] = {}
        self._places: dict[Hashable, int] = {}
        self._blocks: dict[str, int] = {ALL: EVERYWHERE}
        self._strands: dict[tuple[str, int], int] = {}
        self._state_cells()
        sums = chain(
            sums_of_groups(self.figures),
            sums_of_sites(self.figures),
            sums_of_families(self.figures, links),
        )
        state_sums(self.builder, self.figures, sums, on_lone_rest=self._protect_rest)
        for item in sums_of_sites(self.figures):
            self._protect_others(item)

    def source(self, what: Hashable) -> int:
        """Return the number by which statements name a publication."""
        if what not in self._places:
            self._places[what] = len(self.sources)
            self.sources.append(what)
        return self._places[what]

    def block(self, site_id: str) -> int:
        """Return the block of a site's unknowns; the site knows them all."""
        if site_id not in self._blocks:
            self._blocks[site_id] = len(self._blocks)
            self.builder.members.append(self._blocks[site_id])
        return self._blocks[site_id]

    def strand(self, key: CellKey) -> int:
        """Return the strand of a cell: its partition, at all sites."""
        partition = PARTITION_OF.get(key.student_group)
        if partition is None:
            return EVERYWHERE
        return self._strands.setdefault((key.family, partition), len(self._strands) + 1)

    def k(self, key: CellKey) -> int:
        """Return a cell's k; of the network's cells, the largest of their sites."""
        if key.site_id != ALL:
            return self._minimum(key.site_id)
        return self._strictest.get((key.family, key.student_group), self._minimum(ALL))

    def protect_size(self, key: CellKey, size: Terms) -> None:
        """Ask that the size of a small group stays as unknown as k demands."""
        self._protect(key, size, width=self.k(key) - 1)

    def protect_tails(self, key: CellKey, figures: Figures) -> None:
        """Ask that neither nobody nor everybody is told, where that was counted."""
        if not figures.numerator:
            return
        for terms in (figures.numerator, figures.others):
            self._protect(key, terms, width=TAIL_WIDTH)

    def _protect(self, key: CellKey, terms: Terms, *, width: int) -> None:
        of = self.builder.counted_in(terms) or self._counted_in(key)
        self.builder.protect(Secret(key, terms, width, of))

    def _counted_in(self, key: CellKey) -> frozenset[int]:
        """Return the blocks of the sites that have anybody in a cell."""
        if key.site_id != ALL:
            return frozenset({self.block(key.site_id)})
        return frozenset(
            self.block(cell.key.site_id)
            for cell in self.cells
            if cell.denominator
            and cell.key.site_id != ALL
            and cell.key._replace(site_id=ALL) == key
        )

    def _state_cells(self) -> None:
        least = least_hidden(self.cells)
        for cell in self.cells:
            if cell.key not in self.figures:
                self.figures[cell.key] = self._begin(cell)
            source = self.source(cell.key)
            figures = self.figures[cell.key]
            state_bands(self.builder, figures, cell, least=least, source=source)

    def _begin(self, cell: Cell) -> Figures:
        denominator = cell.denominator or 0
        figures = self.new_figures(cell.key, cell.numerator, denominator)
        if 0 < denominator < self.k(cell.key):
            self.protect_size(cell.key, figures.denominator)
        if denominator:
            self.protect_tails(cell.key, figures)
        return figures

    def new_figures(
        self, key: CellKey, numerator: int | None, denominator: int
    ) -> Figures:
        """Add the two counts of a cell as unknowns; None: students were not counted."""
        place = {"block": self.block(key.site_id), "strand": self.strand(key)}
        inside: Terms = ()
        if numerator is not None:
            inside = ((self.builder.unknown(numerator, **place), 1),)
        everyone = ((self.builder.unknown(denominator, **place), 1),)
        figures = Figures(inside, everyone)
        self.builder.state(figures.others, low=0)
        return figures

    def _protect_rest(self, key: CellKey, rest: Figures) -> None:
        if 0 < self.builder.value(rest.denominator) < self.k(key):
            self.protect_size(key, rest.denominator)

    def _protect_others(self, item: Sum) -> None:
        """Ask that no site can tell how few there are at all the others together.

        Where one site is all the others, its own cell asks for as much.
        """
        everybody = self.figures[item.whole].denominator
        value, k = self.builder.value, self.k(item.whole)
        counts = {part: value(self.figures[part].denominator) for part in item.parts}
        of = frozenset(self.block(part.site_id) for part, n in counts.items() if n)
        for part, count in counts.items():
            viewer = self.block(part.site_id)
            if len(of - {viewer}) > 1 and value(everybody) - count < k:
                secret = Secret(item.whole, everybody, k - 1, of, only=viewer)
                self.builder.protect(secret)


def _strictest(
    cells: Iterable[Cell], minimum: MinimumSize
) -> dict[tuple[str, str], int]:
    sizes: dict[tuple[str, str], int] = {}
    for cell in cells:
        family, site_id, group = cell.key
        if site_id != ALL:
            sizes[family, group] = max(minimum(site_id), sizes.get((family, group), 0))
    return sizes


def least_hidden(cells: Iterable[Cell]) -> int:
    """Return the least count of a hidden cell: empty ones are shown as empty."""
    return 0 if any(cell.is_hidden and cell.denominator == 0 for cell in cells) else 1
