"""Parts of a system, cut so that what is found in them holds for the whole.

`pinned` keeps the true counts of all other unknowns: it grants the attacker too much,
so a table found in it fits the whole system. `loose` drops every statement that
reaches outside: it grants too little, so an interval that is narrow in it is narrow in
the whole system.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pcbl_pipeline.disclosure.audit.programme import Rows
from pcbl_pipeline.disclosure.audit.system import (
    EVERYWHERE,
    STRUCTURE,
    Secret,
    System,
)

Numbers = NDArray[np.intp]


def around(system: System, blocks: Iterable[int], strand: int | None = None) -> Numbers:
    """Return the unknowns of some blocks and of the margins, of all strands or one."""
    inside = np.isin(system.blocks, [EVERYWHERE, *blocks])
    if strand is not None:
        inside &= system.strands == strand
    return np.flatnonzero(inside)


def blocks_of(system: System, secret: Secret) -> tuple[int, ...]:
    """Return the blocks in which a secret's unknowns lie, but for the margins."""
    inside = system.blocks[[unknown for unknown, _ in secret.terms]]
    return tuple(np.unique(inside[inside != EVERYWHERE]).tolist())


def strand_of(system: System, secret: Secret) -> int | None:
    """Return the strand in which all of a secret's unknowns lie, but no total."""
    inside = np.unique(system.strands[[unknown for unknown, _ in secret.terms]])
    return int(inside[0]) if len(inside) == 1 and inside[0] != EVERYWHERE else None


def partners(system: System, secret: Secret) -> tuple[int, ...]:
    """Return the blocks that can make up for a change of a secret, the best first.

    They share a statement with it, as sites do in the network's sum, and have the
    largest counts there.
    """
    inside = np.array([unknown for unknown, _ in secret.terms])
    rows = np.unique(system.matrix[:, inside].nonzero()[0])
    beside = np.unique(system.matrix[rows].nonzero()[1])
    largest = beside[np.argsort(-system.truth[beside], kind="stable")]
    own = {EVERYWHERE, *blocks_of(system, secret)}
    others = dict.fromkeys(system.blocks[largest].tolist())
    return tuple(block for block in others if block not in own)


def splits(blocks: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield all blocks, then halves, such that some half has one block and not another.

    By the digits of their places, so that few halves do for all pairs.
    """
    yield tuple(blocks)
    for digit in range(max(0, len(blocks) - 1).bit_length()):
        for side in (0, 1):
            yield tuple(b for n, b in enumerate(blocks) if n >> digit & 1 == side)


def told_nearby(system: System, secret: Secret) -> tuple[int, ...]:
    """Return the publications about the nearest unknowns of which anything was told.

    Near are unknowns that share a statement, then those that share one with them.
    """
    told = system.sources != STRUCTURE
    near = np.array([unknown for unknown, _ in secret.terms])
    while True:
        rows = np.unique(system.matrix[:, near].nonzero()[0])
        if told[rows].any():
            return tuple(np.unique(system.sources[rows[told[rows]]]).tolist())
        wider = np.union1d(near, np.unique(system.matrix[rows].nonzero()[1]))
        if len(wider) == len(near):
            return ()
        near = wider


def pinned(system: System, moving: Numbers, *, reach: int | None = None) -> Rows:
    """Return what is stated of some unknowns while all others keep their truth.

    With a `reach`, each stays that near to its truth, which grants even more.
    """
    matrix = csr_array(system.matrix[:, moving])
    stays = system.matrix @ system.truth - matrix @ system.truth[moving]
    touched = np.flatnonzero(np.diff(matrix.indptr))
    rows = _rows(system, moving, matrix, touched, stays)
    if reach is None:
        return rows
    truth = system.truth[moving]
    return replace(
        rows,
        floor=np.maximum(rows.floor, truth - reach),
        ceiling=np.minimum(rows.ceiling, truth + reach),
    )


def loose(system: System, moving: Numbers, known: Numbers) -> tuple[Rows, Numbers]:
    """Return what is stated of some unknowns alone, and which statements those are.

    Unknowns that a viewer knows are what they are.
    """
    matrix = csr_array(system.matrix[:, moving])
    given = csr_array(system.matrix[:, known])
    sizes = np.diff(matrix.indptr)
    told = sizes + np.diff(given.indptr)
    whole = np.flatnonzero((sizes > 0) & (told == np.diff(system.matrix.indptr)))
    return _rows(system, moving, matrix, whole, given @ system.truth[known]), whole


def _rows(
    system: System,
    moving: Numbers,
    matrix: csr_array,
    kept: Numbers,
    stays: NDArray[np.int64],
) -> Rows:
    return Rows(
        matrix=csr_array(matrix[kept]),
        low=(system.low - stays)[kept],
        high=(system.high - stays)[kept],
        floor=np.zeros(len(moving)),
        ceiling=system.ceiling[moving].astype(np.float64),
    )
