"""What an attacker knows, as whole-number unknowns and statements about them.

Generic on purpose: nothing here knows of sites, groups or bands. The true counts are
kept beside the statements, for they are the first table that fits all of them.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pcbl_pipeline.errors import PublicationBlocked

Counts = NDArray[np.int64]
#: (unknown, factor) pairs: a sum of unknowns.
Terms = tuple[tuple[int, int], ...]
#: The block whose unknowns may move beside those of any other: margins.
EVERYWHERE = 0
#: What nobody published and everybody knows: that groups add up.
STRUCTURE = -1


#: Who sees no more than what is published; all others know the counts of a block.
OUTSIDER = None
Viewer = int | None


@dataclass(frozen=True)
class Secret:
    """A sum that must stay unknown: its feasible interval has to be this wide."""

    key: Hashable
    terms: Terms
    #: Greatest less smallest feasible value, at least.
    width: int
    #: Blocks whose people are counted. Whose block is the only one knows it anyway.
    of: frozenset[int] = frozenset()
    #: The one viewer from whom it must be kept; without one, all must not know it.
    only: Viewer = OUTSIDER

    def concerns(self, viewer: Viewer) -> bool:
        """Tell whether it must be kept from a viewer."""
        if self.only is not OUTSIDER:
            return viewer == self.only
        return viewer is OUTSIDER or self.of != {viewer}


@dataclass(frozen=True)
class System:
    """All that an attacker knows, in matrix form.

    Shape: `matrix` has a row for each statement and a column for each unknown;
    `low <= matrix @ unknowns <= high`. `sources` says which publication each row
    comes from. `blocks` says which unknowns are of the same people, `strands` which
    add up across blocks; margins and totals are `EVERYWHERE`. `members` are the blocks
    of which somebody knows all counts.
    """

    matrix: csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sources: Counts
    truth: Counts
    blocks: Counts
    strands: Counts
    secrets: tuple[Secret, ...]
    members: tuple[int, ...] = ()

    def holds(self, table: Counts) -> bool:
        """Tell whether a table of whole numbers fits every statement, exactly."""
        if (table < 0).any():
            return False
        sums = self.matrix @ table
        return bool((sums >= self.low).all() and (sums <= self.high).all())

    def secret_matrix(self) -> csr_array:
        """Return the secrets' sums as rows over the unknowns."""
        return rows_of([secret.terms for secret in self.secrets], len(self.truth))

    def only(self, secrets: Iterable[int]) -> "System":
        """Return the system with some of its secrets, by their numbers."""
        return replace(self, secrets=tuple(self.secrets[number] for number in secrets))

    @property
    def widest(self) -> int:
        """The greatest width that a secret needs."""
        return max((secret.width for secret in self.secrets), default=0)

    @property
    def ceiling(self) -> Counts:
        """A bound that no argument of ours ever reaches; solvers like finite ones."""
        return 2 * self.truth + 100 * (self.widest + 10)


@dataclass
class SystemBuilder:
    """Collects unknowns, statements and secrets."""

    _truth: list[int] = field(default_factory=list)
    _blocks: list[int] = field(default_factory=list)
    _strands: list[int] = field(default_factory=list)
    _rows: list[Terms] = field(default_factory=list)
    _bounds: list[tuple[float, float]] = field(default_factory=list)
    _sources: list[int] = field(default_factory=list)
    _secrets: list[Secret] = field(default_factory=list)
    #: Blocks of which somebody knows all counts, as a site knows its own.
    members: list[int] = field(default_factory=list)

    def unknown(
        self, truth: int, *, block: int = EVERYWHERE, strand: int = EVERYWHERE
    ) -> int:
        """Add an unknown whole number, at least 0, and return its number."""
        self._truth.append(truth)
        self._blocks.append(block)
        self._strands.append(strand)
        return len(self._truth) - 1

    def state(
        self,
        terms: Terms,
        *,
        low: int | None = None,
        high: int | None = None,
        source: int = STRUCTURE,
    ) -> None:
        """Add what is known of a sum; None: not bounded on that side."""
        self._rows.append(terms)
        self._bounds.append(
            (-np.inf if low is None else low, np.inf if high is None else high)
        )
        self._sources.append(source)

    def state_not_negative(self, terms: Terms) -> None:
        """Add that a sum of counts is not below 0, or as far below as sent data are.

        Groups may be sent that do not fit into their total; whoever takes for granted
        that they do computes something wrong, not something secret.
        """
        self.state(terms, low=min(0, self.value(terms)))

    def protect(self, secret: Secret) -> None:
        """Add a secret."""
        self._secrets.append(secret)

    def value(self, terms: Terms) -> int:
        """Return a sum's true value."""
        return sum(factor * self._truth[unknown] for unknown, factor in terms)

    def counted_in(self, terms: Terms) -> frozenset[int]:
        """Return the blocks that have anybody in a sum, but for the margins."""
        inside = (unknown for unknown, _ in terms if self._truth[unknown])
        return frozenset(self._blocks[unknown] for unknown in inside) - {EVERYWHERE}

    def assume(self, unknown: int, truth: int) -> None:
        """Take a value for the truth of an unknown that was added without one."""
        self._truth[unknown] = truth

    @property
    def unknowns(self) -> int:
        """How many there are so far."""
        return len(self._truth)

    @property
    def is_true(self) -> bool:
        """Whether every statement holds for the true counts."""
        values = (self.value(terms) for terms in self._rows)
        return all(
            low <= value <= high
            for value, (low, high) in zip(values, self._bounds, strict=True)
        )

    def bare(self) -> "SystemBuilder":
        """Return a builder with these unknowns, and nothing stated of them."""
        return SystemBuilder(self._truth, self._blocks, self._strands)

    def build(self) -> System:
        """Return the system.

        Raises:
            PublicationBlocked: If a statement is not true. What would be published
                contradicts the counts, and an audit of it would prove nothing.
        """
        system = self.unchecked()
        if not system.holds(system.truth):
            raise PublicationBlocked(
                "A band that would be published does not hold its count, or counts do "
                "not add up. The fault is ours; nothing was published."
            )
        return system

    def unchecked(self) -> System:
        """Return the system as it stands, true or not."""
        bounds = np.array(self._bounds, dtype=np.float64).reshape(-1, 2)
        return System(
            matrix=rows_of(self._rows, len(self._truth)),
            low=bounds[:, 0],
            high=bounds[:, 1],
            sources=np.array(self._sources, dtype=np.int64),
            truth=np.array(self._truth, dtype=np.int64),
            blocks=np.array(self._blocks, dtype=np.int64),
            strands=np.array(self._strands, dtype=np.int64),
            secrets=tuple(self._secrets),
            members=tuple(self.members),
        )


def rows_of(sums: Iterable[Terms], unknowns: int) -> csr_array:
    """Return sums as the rows of a sparse matrix of whole numbers."""
    rows = list(sums)
    lengths = [len(terms) for terms in rows]
    pairs = np.array(
        [pair for terms in rows for pair in terms], dtype=np.int64
    ).reshape(-1, 2)
    where = np.repeat(np.arange(len(rows)), lengths)
    return csr_array(
        (pairs[:, 1], (where, pairs[:, 0])), shape=(len(rows), unknowns), dtype=np.int64
    )
