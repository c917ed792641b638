"""Judging secrets: exposed, or proven unknown by tables that fit all that is published.

Two whole-number tables that fit every statement, and in which a secret's sum differs by
the width that it needs, prove that no attacker can know better. They are searched near
the truth first (one block and the margins move a little, all else stays), then farther
away; each table counts for every secret that it moves. Where none is found, the bounds
of linear and integer programmes prove that the secret is exposed, or leave it open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pcbl_pipeline.disclosure.audit.evidence import Evidence, State, Verdict
from pcbl_pipeline.disclosure.audit.programme import Numbers, Programme
from pcbl_pipeline.disclosure.audit.regions import (
    around,
    blocks_of,
    loose,
    partners,
    pinned,
    splits,
    strand_of,
    told_nearby,
)
from pcbl_pipeline.disclosure.audit.system import (
    EVERYWHERE,
    OUTSIDER,
    STRUCTURE,
    System,
    Viewer,
)

_SCATTERED = 6
_PARTNERS = 4
#: Near the truth a table that is far enough will do; it need not be the farthest. Each
#: count may move by so many of the greatest width: programmes of few values are short.
_ROUGHLY, _REACH = 0.1, 4
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Effort:
    """Bounds on the search, in runs' own units, so that results never depend on time."""

    #: Nodes of an integer programme near the truth, and anywhere.
    near_nodes: int = 50
    far_nodes: int = 200
    #: Of a linear programme.
    iterations: int = 200_000
    #: Unknowns up to which integer programmes are asked for bounds; what is larger and
    #: was not proven stays open, which protects it no less.
    exact_unknowns: int = 150


def judge(system: System, effort: Effort | None = None) -> tuple[Verdict, ...]:
    """Return the verdict on every secret, in their order.

    It is proven if it is against everybody whom it concerns: outsiders, and members
    who know all counts of their own block.
    """
    evidence = Evidence(system)
    search = _Search(evidence, effort or Effort())
    blocks = np.unique(system.blocks[system.blocks != EVERYWHERE]).tolist()
    for block in blocks:
        search.around((block,), aimed=True)
    search.bound(Bound.NEAR)
    for number in evidence.open_secrets():
        search.beside(number)
    search.bound(Bound.FAR)
    for some in splits(blocks):
        search.around(some, aimed=False)
    search.bound(Bound.LAST)
    return search.verdicts()


class Bound(StrEnum):
    """By which statements a secret's interval is bounded, and for whom."""

    #: Those of its own blocks, for outsiders: few, and members know more.
    NEAR = "near"
    #: All, by linear programmes alone.
    FAR = "far"
    #: All; what is still open then is left unproven.
    LAST = "last"


class _Search:
    """The search for tables around blocks, and the bounds of what it left open."""

    def __init__(self, evidence: Evidence, effort: Effort) -> None:
        self._evidence, self._effort = evidence, effort
        self._bounds: dict[tuple[tuple[int, ...] | None, Viewer], _Bounds] = {}
        self._found: dict[int, Verdict] = {}

    def around(
        self, blocks: tuple[int, ...], strand: int | None = None, *, aimed: bool
    ) -> None:
        """Look around some blocks; `aimed`: for each of the first one's secrets too."""
        _Near(self._evidence, blocks, strand, self._effort).search(aimed=aimed)

    def beside(self, number: int) -> None:
        """Look for blocks that make up for a secret's change within its strand.

        Twice, beside different ones: each of them knows its own counts.
        """
        system = self._evidence.system
        secret = system.secrets[number]
        own, strand = blocks_of(system, secret), strand_of(system, secret)
        others = partners(system, secret)[: 2 * _PARTNERS]
        if strand is None:
            return
        for some in (others[::2], others[1::2]):
            this = np.array([number])
            if len(self._evidence.open_secrets(this, apart=(*own, *some))):
                self.around((*own, *some), strand, aimed=True)

    def bound(self, how: Bound) -> None:
        """Bound open secrets; what is narrow by some statements is narrow by all."""
        for number in self._evidence.open_secrets():
            for viewer in self._evidence.open_viewers(number):
                if how == Bound.NEAR and viewer is not OUTSIDER:
                    break
                verdict = self._bounded(number, viewer, how)
                is_over = verdict.state == State.EXPOSED or how == Bound.LAST
                if is_over and verdict.state != State.PROVEN:
                    self._found[number] = verdict
                    self._evidence.close(number)
                    break

    def _bounded(self, number: int, viewer: Viewer, how: Bound) -> Verdict:
        system = self._evidence.system
        blocks = None
        if how == Bound.NEAR:
            blocks = blocks_of(system, system.secrets[number])
        if (blocks, viewer) not in self._bounds:
            moving = np.arange(len(system.truth))
            if blocks is not None:
                moving = around(system, blocks)
            region = moving[system.blocks[moving] != viewer], viewer
            self._bounds[blocks, viewer] = _Bounds(self._evidence, region, self._effort)
        bounds = self._bounds[blocks, viewer]
        return bounds.verdict(number, exact=how != Bound.FAR)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return what was found of every secret."""
        return tuple(
            self._found.get(number, Verdict(secret, State.PROVEN))
            for number, secret in enumerate(self._evidence.system.secrets)
        )


class _Near:
    """The search around some blocks."""

    def __init__(
        self,
        evidence: Evidence,
        blocks: tuple[int, ...],
        strand: int | None,
        effort: Effort,
    ) -> None:
        system = evidence.system
        self._evidence, self._blocks, self._effort = evidence, blocks, effort
        self._moving = around(system, blocks, strand)
        inside = csr_array(evidence.sums[:, self._moving])
        whole = np.diff(inside.indptr) == np.diff(evidence.sums.indptr)
        first = csr_array(evidence.sums[:, np.isin(system.blocks, blocks[:1])])
        self._owned = np.flatnonzero(whole)
        #: Margins are in every region; they are aimed at alone from none but their own.
        self._aimed = np.flatnonzero(whole & (np.diff(first.indptr) > 0))
        self._costs = inside.astype(np.float64)

    def search(self, *, aimed: bool) -> None:
        """Look for tables until every secret of the block is proven or was tried."""
        if not len(self._open(self._owned)):
            return
        system = self._evidence.system
        reach = _REACH * (system.widest + 1)
        programme = Programme(
            pinned(system, self._moving, reach=reach),
            whole_numbers=True,
            effort=self._effort.near_nodes,
        )
        for costs in self._objectives(aimed=aimed):
            found = programme.greatest(costs, gap=_ROUGHLY)
            if found is not None:
                self._evidence.add_moved(self._moving, found.point)

    def _open(self, among: NDArray[np.intp]) -> NDArray[np.intp]:
        return self._evidence.open_secrets(among, apart=self._blocks)

    def _objectives(self, *, aimed: bool) -> Iterator[Numbers]:
        chance = np.random.default_rng(0)
        for _ in range(_SCATTERED):  # one table may prove many secrets
            still = self._open(self._owned)
            if len(still):
                weights = chance.uniform(-1, 1, size=len(still))
                yield self._costs[still].T @ weights
        for number in self._open(self._aimed) if aimed else ():
            for sign in (1.0, -1.0):
                if number in self._open(self._aimed):
                    yield sign * self._costs[[number]].toarray().ravel()


class _Bounds:
    """What linear and then integer programmes say of single secrets."""

    def __init__(
        self,
        evidence: Evidence,
        region: tuple[NDArray[np.intp], Viewer],
        effort: Effort,
    ) -> None:
        self._evidence, self._effort = evidence, effort
        self._moving, self._viewer = region
        known = np.flatnonzero(evidence.system.blocks == self._viewer)
        self._rows, kept = loose(evidence.system, self._moving, known)
        self._sources = evidence.system.sources[kept]
        self._programmes: dict[bool, Programme] = {}

    def verdict(self, number: int, *, exact: bool) -> Verdict:
        """Judge one secret by these statements alone; `exact`: in whole numbers too."""
        secret = self._evidence.system.secrets[number]
        sources: tuple[int, ...] = ()
        is_small = len(self._moving) <= self._effort.exact_unknowns
        for whole_numbers in (False, True) if exact and is_small else (False,):
            width, priced = self._width(number, whole_numbers=whole_numbers)
            sources = sources or priced
            if width < secret.width:
                return self._unproven(number, State.EXPOSED, sources)
            if self._evidence.is_proven(number, self._viewer):
                return Verdict(secret, State.PROVEN)
        return self._unproven(number, State.WIDE, ())

    def _unproven(self, number: int, state: State, sources: tuple[int, ...]) -> Verdict:
        system = self._evidence.system
        secret = system.secrets[number]
        return Verdict(secret, state, sources or told_nearby(system, secret))

    def _width(
        self, number: int, *, whole_numbers: bool
    ) -> tuple[float, tuple[int, ...]]:
        """Return an upper bound of the interval's width, and what it rests on."""
        programme = self._programme(whole_numbers=whole_numbers)
        sums = self._evidence.sums[[number]].toarray().ravel()
        costs = sums[self._moving].astype(np.float64)
        if not costs.any():
            # A solver has no answer where nothing can move; who knows all it is made
            # of knows the secret.
            return 0.0, ()
        prices = np.zeros(len(self._sources))
        width = 0.0
        for sign in (1.0, -1.0):
            found = programme.greatest(sign * costs)
            if found is None or found.bound is None:
                return np.inf, ()
            self._evidence.add_moved(self._moving, found.point)
            slack = _TOLERANCE * max(1.0, abs(found.bound))
            width += float(np.floor(found.bound + slack))
            if len(found.prices):
                prices += np.abs(found.prices)
        return width, self._named(prices)

    def _programme(self, *, whole_numbers: bool) -> Programme:
        if whole_numbers not in self._programmes:
            everywhere = len(self._moving) == len(self._evidence.system.truth)
            nodes = self._effort.far_nodes if everywhere else self._effort.near_nodes
            self._programmes[whole_numbers] = Programme(
                self._rows,
                whole_numbers=whole_numbers,
                effort=nodes if whole_numbers else self._effort.iterations,
            )
        return self._programmes[whole_numbers]

    def _named(self, prices: Numbers) -> tuple[int, ...]:
        priced = np.flatnonzero(prices > _TOLERANCE)
        weighty = priced[np.argsort(-prices[priced], kind="stable")]
        named = dict.fromkeys(self._sources[weighty].tolist())
        return tuple(source for source in named if source != STRUCTURE)
