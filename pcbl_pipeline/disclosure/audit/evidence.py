"""Evidence: tables that fit all that is published, and what they prove.

A table of whole numbers counts once it was checked against every statement in whole
numbers. So nothing that is proven rests on a solver's arithmetic.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pcbl_pipeline.disclosure.audit.system import (
    OUTSIDER,
    Secret,
    System,
    Viewer,
)


class State(StrEnum):
    """How much is known about a secret's feasible interval."""

    #: Too narrow.
    EXPOSED = "exposed"
    #: Wide for fractions of persons; no two whole tables were found. Not proven.
    WIDE = "wide"
    #: Two whole tables, both fitting everything, are far enough apart.
    PROVEN = "proven"


@dataclass(frozen=True)
class Verdict:
    """What was found out about one secret."""

    secret: Secret
    state: State
    #: The publications on which the interval rests, or those nearest to it where only
    #: whole numbers make it narrow. They name cells, never values.
    sources: tuple[int, ...] = ()


class Evidence:
    """The tables found so far, as the range of each secret's sum over them.

    A table in which a member's block keeps its true counts proves something against
    that member too, who knows them. So each viewer has a range of each secret.
    """

    def __init__(self, system: System) -> None:
        """Begin with the truth: it fits."""
        self.system = system
        self.sums = system.secret_matrix()
        self.viewers: tuple[Viewer, ...] = (OUTSIDER, *system.members)
        self._truth = self.sums @ system.truth
        self._widths = np.array(
            [secret.width for secret in system.secrets], dtype=np.int64
        )
        shape = (len(self.viewers), len(system.secrets))
        self._low = np.tile(self._truth, (shape[0], 1))
        self._high = self._low.copy()
        concerned = [
            [secret.concerns(viewer) for secret in system.secrets]
            for viewer in self.viewers
        ]
        self._concerned = np.array(concerned, dtype=np.bool_).reshape(shape)
        self._closed = np.zeros(shape[1], dtype=np.bool_)
        # The outsider owns no block; no block has a negative number.
        self._own = np.array([-1 if v is OUTSIDER else v for v in self.viewers])

    def add_moved(self, moving: NDArray[np.intp], point: NDArray[np.float64]) -> None:
        """Take in the true table with some unknowns moved to a point, rounded.

        It counts if it fits every statement; others prove nothing.
        """
        table = self.system.truth.copy()
        table[moving] = np.rint(point).astype(np.int64)
        if self.system.holds(table):
            moved = np.unique(self.system.blocks[table != self.system.truth])
            values = self.sums @ table
            told = np.flatnonzero(values != self._truth)
            for row in np.flatnonzero(~np.isin(self._own, moved)):
                self._low[row, told] = np.minimum(self._low[row, told], values[told])
                self._high[row, told] = np.maximum(self._high[row, told], values[told])

    def is_proven(self, secret: int, viewer: Viewer) -> bool:
        """Tell whether two tables, both possible for a viewer, differ enough."""
        row = self.viewers.index(viewer)
        seen = self._high[row, secret] - self._low[row, secret]
        return bool(seen >= self._widths[secret])

    def close(self, secret: int) -> None:
        """Search no more for a secret, as it was judged otherwise."""
        self._closed[secret] = True

    def open_viewers(self, secret: int) -> tuple[Viewer, ...]:
        """Return the viewers against whom a secret is neither proven nor closed."""
        if self._closed[secret]:
            return ()
        seen = self._high[:, secret] - self._low[:, secret]
        narrow = (seen < self._widths[secret]) & self._concerned[:, secret]
        return tuple(self.viewers[row] for row in np.flatnonzero(narrow))

    def open_secrets(
        self,
        among: NDArray[np.intp] | None = None,
        *,
        apart: tuple[int, ...] = (),
    ) -> NDArray[np.intp]:
        """Return the numbers of the secrets that are open against any viewer.

        `among`: only of these; `apart`: against any but the members of some blocks.
        """
        numbers = np.arange(len(self._widths)) if among is None else among
        numbers = numbers[~self._closed[numbers]]
        place = np.ix_(~np.isin(self._own, apart), numbers)
        narrow = self._high[place] - self._low[place] < self._widths[numbers]
        found: NDArray[np.intp] = numbers[(narrow & self._concerned[place]).any(axis=0)]
        return found
