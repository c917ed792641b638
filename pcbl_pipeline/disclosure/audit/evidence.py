"""Evidence: tables that fit all that is published, and what they prove.

A table of whole numbers counts once it was checked against every statement in whole
numbers. So nothing that is proven rests on a solver's arithmetic.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pcbl_pipeline.disclosure.audit.system import Counts, Secret, System


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
    """The tables found so far, as the range of each secret's sum over them."""

    def __init__(self, system: System) -> None:
        """Begin with the truth: it fits."""
        self.system = system
        self.sums = system.secret_matrix()
        self._widths = np.array([secret.width for secret in system.secrets])
        self._low = self.sums @ system.truth
        self._high = self._low.copy()
        self._closed = np.zeros(len(system.secrets), dtype=bool)

    def add(self, table: Counts) -> None:
        """Take in a table if it fits every statement; others prove nothing."""
        if self.system.holds(table):
            values = self.sums @ table
            np.minimum(self._low, values, out=self._low)
            np.maximum(self._high, values, out=self._high)

    def add_moved(self, moving: NDArray[np.intp], point: NDArray[np.float64]) -> None:
        """Take in the true table with some unknowns moved to a point, rounded."""
        table = self.system.truth.copy()
        table[moving] = np.rint(point).astype(np.int64)
        self.add(table)

    def is_proven(self, secret: int) -> bool:
        """Tell whether two tables differ enough in a secret's sum."""
        return bool(self._high[secret] - self._low[secret] >= self._widths[secret])

    def close(self, secret: int) -> None:
        """Search no more for a secret, as it was judged otherwise."""
        self._closed[secret] = True

    def is_open(self, secret: int) -> bool:
        """Tell whether a secret is neither proven nor closed."""
        return not (self._closed[secret] or self.is_proven(secret))

    def open_secrets(self) -> NDArray[np.intp]:
        """Return the numbers of the secrets that are neither proven nor closed."""
        narrow = self._high - self._low < self._widths
        return np.flatnonzero(narrow & ~self._closed)
