"""Judging secrets: exposed, or proven unknown by tables that fit all that is published.

Two whole-number tables that fit every statement, and in which a secret's sum differs by
the width that it needs, prove that no attacker can know better. They are searched near
the truth first (one block and the margins move a little, all else stays), then farther
away; each table counts for every secret that it moves. Where none is found, the bounds
of linear and integer programmes prove that the secret is exposed, or leave it open.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
    told_nearby,
)
from pcbl_pipeline.disclosure.audit.system import EVERYWHERE, STRUCTURE, System

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
    """Return the verdict on every secret, in their order."""
    evidence = Evidence(system)
    search = _Search(evidence, effort or Effort())
    blocks = np.unique(system.blocks[system.blocks != EVERYWHERE]).tolist()
    for block in blocks:
        search.near((block,), aimed=True)
    search.bound(near=True)
    search.near(tuple(blocks), aimed=False)
    for number in evidence.open_secrets():
        if evidence.is_open(number):
            some = partners(system, system.secrets[number], count=_PARTNERS)
            search.near(some, aimed=True)
    search.bound(near=False)
    return search.verdicts()


class _Search:
    """The search for tables around blocks, and the bounds of what it left open."""

    def __init__(self, evidence: Evidence, effort: Effort) -> None:
        self._evidence, self._effort = evidence, effort
        self._bounds: dict[tuple[int, ...] | None, _Bounds] = {}
        self._found: dict[int, Verdict] = {}

    def near(self, blocks: tuple[int, ...], *, aimed: bool) -> None:
        """Look around some blocks; `aimed`: for each of the first one's secrets too."""
        _Near(self._evidence, blocks, self._effort).search(aimed=aimed)

    def bound(self, *, near: bool) -> None:
        """Bound open secrets, by statements of their own blocks alone or by all.

        What is narrow by few statements is narrow by all; what is wide stays open.
        """
        system = self._evidence.system
        for number in self._evidence.open_secrets():
            if self._evidence.is_open(number):
                blocks = blocks_of(system, system.secrets[number]) if near else None
                verdict = self._within(blocks).verdict(number)
                if verdict.state == State.EXPOSED or not near:
                    self._found[number] = verdict
                    self._evidence.close(number)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return what was found of every secret."""
        return tuple(
            self._found.get(number, Verdict(secret, State.PROVEN))
            for number, secret in enumerate(self._evidence.system.secrets)
        )

    def _within(self, blocks: tuple[int, ...] | None) -> "_Bounds":
        if blocks not in self._bounds:
            system = self._evidence.system
            everything = np.arange(len(system.truth))
            moving = everything if blocks is None else around(system, blocks)
            self._bounds[blocks] = _Bounds(self._evidence, moving, self._effort)
        return self._bounds[blocks]


class _Near:
    """The search around some blocks."""

    def __init__(
        self, evidence: Evidence, blocks: tuple[int, ...], effort: Effort
    ) -> None:
        system = evidence.system
        self._evidence, self._effort = evidence, effort
        self._moving = around(system, blocks)
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
        return np.intersect1d(among, self._evidence.open_secrets())

    def _objectives(self, *, aimed: bool) -> Iterator[Numbers]:
        chance = np.random.default_rng(0)
        for _ in range(_SCATTERED):  # one table may prove many secrets
            still = self._open(self._owned)
            if len(still):
                weights = chance.uniform(-1, 1, size=len(still))
                yield self._costs[still].T @ weights
        for number in self._open(self._aimed) if aimed else ():
            for sign in (1.0, -1.0):
                if self._evidence.is_open(number):
                    yield sign * self._costs[[number]].toarray().ravel()


class _Bounds:
    """What linear and then integer programmes say of single secrets."""

    def __init__(
        self, evidence: Evidence, moving: NDArray[np.intp], effort: Effort
    ) -> None:
        self._evidence, self._moving, self._effort = evidence, moving, effort
        self._rows, kept = loose(evidence.system, moving)
        self._sources = evidence.system.sources[kept]
        self._programmes: dict[bool, Programme] = {}

    def verdict(self, number: int) -> Verdict:
        """Judge one secret by these statements alone."""
        secret = self._evidence.system.secrets[number]
        sources: tuple[int, ...] = ()
        is_small = len(self._moving) <= self._effort.exact_unknowns
        for whole_numbers in (False, True) if is_small else (False,):
            width, priced = self._width(number, whole_numbers=whole_numbers)
            sources = sources or priced
            if width < secret.width:
                return self._unproven(number, State.EXPOSED, sources)
            if self._evidence.is_proven(number):
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
