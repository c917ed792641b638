"""Linear and integer programmes on HiGHS: where a sum may be greatest.

HiGHS only searches; what it finds is proven elsewhere. A run that fails or gives up
is no answer, never an answer of zero. Effort is bounded by iterations and nodes, not
by seconds, so that the same tables are hidden on a busy machine as on an idle one.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs  # the public class greets on standard output
from numpy.typing import NDArray
from scipy.sparse import csr_array

Numbers = NDArray[np.float64]
_STOPPED_EARLY = frozenset(
    {
        highspy.HighsModelStatus.kIterationLimit,
        highspy.HighsModelStatus.kSolutionLimit,
        highspy.HighsModelStatus.kObjectiveTarget,
        highspy.HighsModelStatus.kObjectiveBound,
    }
)


@dataclass(frozen=True)
class Rows:
    """Bounded sums over bounded unknowns."""

    matrix: csr_array
    low: Numbers
    high: Numbers
    floor: Numbers
    ceiling: Numbers


@dataclass(frozen=True)
class Optimum:
    """What a run found: a point, and no point's sum is above the bound."""

    point: Numbers
    #: None when the run ended before it could say.
    bound: float | None
    #: For each row how much the bound depends on it; empty for integer programmes.
    prices: Numbers


class Programme:
    """One feasible region, asked for the greatest value of many sums in turn.

    Changing only the costs keeps the last basis, which makes the next run short.
    """

    def __init__(self, rows: Rows, *, whole_numbers: bool, effort: int) -> None:
        """Take the region. Units: `effort` in nodes, or iterations of the simplex."""
        self._whole = whole_numbers
        self._unknowns = rows.matrix.shape[1]
        self._solver = _Highs()
        for name, value in {
            "output_flag": False,
            "threads": 1,  # another number of threads in one process makes runs fail
            "random_seed": 0,
            # Finds no points here that the rest does not, for most of the time.
            "mip_heuristic_run_feasibility_jump": False,
            "mip_max_nodes" if whole_numbers else "simplex_iteration_limit": effort,
        }.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(_model(rows, whole_numbers=whole_numbers))

    def greatest(self, costs: Numbers, *, gap: float = 0.0) -> Optimum | None:
        """Return where a sum is greatest, or None where the run found no point.

        With a `gap`, an integer programme may stop that share below its bound.
        """
        solver = self._solver
        solver.setOptionValue("mip_rel_gap", gap)
        everyone = np.arange(self._unknowns, dtype=np.int32)
        # HiGHS is told to minimise the opposite: one sense for every run.
        solver.changeColsCost(self._unknowns, everyone, -costs)
        if solver.run() == highspy.HighsStatus.kError:
            return None
        status = solver.getModelStatus()
        info = solver.getInfo()
        feasible = info.primal_solution_status == highspy.kSolutionStatusFeasible
        if not feasible or status not in {
            *_STOPPED_EARLY,
            highspy.HighsModelStatus.kOptimal,
        }:
            return None
        solution = solver.getSolution()
        return Optimum(
            point=np.array(solution.col_value),
            bound=self._bound(info, status),
            prices=np.array([] if self._whole else solution.row_dual),
        )

    def _bound(
        self, info: highspy.HighsInfo, status: highspy.HighsModelStatus
    ) -> float | None:
        if self._whole:
            return float(-info.mip_dual_bound)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return float(-info.objective_function_value)


def _model(rows: Rows, *, whole_numbers: bool) -> highspy.HighsLp:
    count, unknowns = rows.matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = unknowns, count
    model.col_cost_ = np.zeros(unknowns)
    model.col_lower_, model.col_upper_ = rows.floor, rows.ceiling
    model.row_lower_, model.row_upper_ = rows.low, rows.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = unknowns, count
    model.a_matrix_.start_ = rows.matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = rows.matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = rows.matrix.data.astype(np.float64)
    if whole_numbers:
        model.integrality_ = [highspy.HighsVarType.kInteger] * unknowns
    return model
