"""The audit of a release: what proving every hidden cell costs, by size.

    python bench/audit.py [SITES ...]

Draws outcome cells of one family, hides by the plain rules, and audits them: bands, and
for comparison exact counts, which are harder to protect. Prints CPU seconds, secrets by
state of proof, and what the repair hid. On the smallest size it also asks SciPy's `milp`
for the least and greatest value of every secret, one after the other over the same
statements, and prints the ratio. Both must find the same secrets exposed.
"""

import sys
from dataclasses import replace
from time import process_time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pcbl_pipeline.disclosure.audit.cells import read_cells
from pcbl_pipeline.disclosure.audit.evidence import State
from pcbl_pipeline.disclosure.audit.judge import judge
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import audit
from pcbl_pipeline.disclosure.audit.system import System
from tests.support.outcome_cells import cells_frame, drawn_counts, hidden_cells

SITES = (10, 80, 249)


def question(sites: int, *, exact: bool) -> Question:
    """Draw the cells of some sites and of their network."""
    counts = drawn_counts(sites, seed=1)
    frame = cells_frame(counts, hidden_cells(counts), exact=exact)
    return Question(read_cells(frame), lambda _: 10)


def measure(sites: int, *, exact: bool) -> None:
    """Audit one size and print the figures."""
    asked = question(sites, exact=exact)
    start = process_time()
    outcome = audit(asked)
    seconds = process_time() - start
    states = ", ".join(f"{n} {state}" for state, n in sorted(outcome.found.items()))
    print(
        f"{len(asked.cells):,} cells, {'counts' if exact else 'bands'}: "
        f"{seconds:.1f} s CPU, {outcome.rounds} rounds; {states}; "
        f"{len(outcome.hidden)} more hidden, {len(outcome.unsafe)} unsafe",
        flush=True,
    )


def compare(sites: int) -> None:
    """Judge one size by the audit and by SciPy, and print the ratio."""
    asked = question(sites, exact=False).attack().builder.build()
    system = replace(asked, members=())  # SciPy plays nobody else
    start = process_time()
    verdicts = judge(system)
    ours = process_time() - start
    start = process_time()
    naive = [width(system, number) for number in range(len(system.secrets))]
    theirs = process_time() - start
    for verdict, found in zip(verdicts, naive, strict=True):
        if (verdict.state == State.EXPOSED) != (found < verdict.secret.width):
            sys.exit("the two disagree")
    print(
        f"{len(verdicts)} secrets: {ours:.2f} s, SciPy one by one {theirs:.2f} s, "
        f"{theirs / ours:.0f} times as long",
        flush=True,
    )


def width(system: System, number: int) -> float:
    """Return the width of a secret's interval by two integer programmes of SciPy."""
    costs = system.secret_matrix()[[number]].toarray().ravel().astype(float)
    rows = LinearConstraint(system.matrix.astype(float), system.low, system.high)
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * costs,
            constraints=rows,
            bounds=Bounds(0, system.ceiling),
            integrality=np.ones(len(costs)),
        )
        ends.append(round(found.fun))
    return -ends[1] - ends[0]


def main(sizes: list[int]) -> None:
    """Compare on the smallest size, then measure every size."""
    compare(min(sizes))
    for sites in sizes:
        for exact in (False, True):
            measure(sites, exact=exact)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(SITES))
