"""A file as a whole beside what came before: which of its scopes look wrong.

Worked out from drafts with plain loops, apart from the pipeline's own code. What does
not belong here: rules about rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.comparison import Measure
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.demo.draft import DraftRow
from pcbl_pipeline.demo.expected_lake import Lake, Landed

Scope = tuple[str, ...]
Rows = Sequence[DraftRow]
#: Counts must be so far apart, in standard errors of their square roots.
_FAR = 3.0


@dataclass(frozen=True)
class Sent:
    """The rows of one dataset that are right by themselves, who sent them, and when."""

    contract: Contract
    rows: Rows
    sender: str
    at: datetime


def broken_as_a_whole(
    sent: Sent, lake: Lake, catalogue: Catalogue
) -> list[tuple[str, str | None]]:
    """Return the rules that a file breaks as a whole, once for each scope."""
    comparison = sent.contract.comparison
    if comparison is None:
        return []
    beside = _Beside(sent, lake.rows.get(sent.contract.dataset, ()), catalogue)
    return [
        (measure.code, measure.of)
        for measure in comparison.measures
        for scope, rows in _by_scope(sent.rows, comparison.scope).items()
        if beside.is_wrong(measure, scope, rows)
    ]


class _Beside:
    """What a file is compared with."""

    def __init__(
        self, sent: Sent, landed: Iterable[Landed], catalogue: Catalogue
    ) -> None:
        comparison = sent.contract.comparison
        if comparison is None:
            raise AssertionError(sent.contract.dataset)
        self._contract, self._catalogue = sent.contract, catalogue
        self._series, self._period = comparison.series, comparison.period
        self._others: dict[str, list[DraftRow]] = {}
        standing = []
        for item in landed:
            if item.sender != sent.sender:
                self._others.setdefault(item.sender, []).append(item.row)
            elif item.at < sent.at:
                standing.append(item.row)
        self._standing = _by_scope(standing, comparison.scope)

    def is_wrong(self, measure: Measure, scope: Scope, rows: Rows) -> bool:
        """Tell whether a measure of a scope is out of bounds."""
        if measure.kind == "elsewhere":
            return self._share_elsewhere(measure, rows) > _most(measure)
        before = self._partner(measure, scope)
        if before is None:
            return False
        if measure.kind == "vanished":
            gone = _values(before, measure.of) - _values(rows, measure.of)
            return bool(gone)
        make: Mapping[str, Callable[[Measure, Rows, Rows], float]] = {
            "change": _times,
            "shrunk": _times,
            "jumped": _jumped,
        }
        return make[measure.kind](measure, rows, before) > _most(measure)

    def _partner(self, measure: Measure, scope: Scope) -> Rows | None:
        if measure.against == "replaced":
            return self._standing.get(scope)
        series = len(self._series)
        earlier = [
            other
            for other in self._standing
            if other[:series] == scope[:series]
            and self._when(other) < self._when(scope)
        ]
        return self._standing[max(earlier, key=self._when)] if earlier else None

    def _when(self, scope: Scope) -> tuple[str | int, ...]:
        period = scope[len(self._series) :]
        return tuple(
            self._rank(name, value)
            for name, value in zip(self._period, period, strict=True)
        )

    def _rank(self, name: str, value: str) -> str | int:
        codes = self._catalogue.codes_of(self._contract.field(name))
        return value if codes is None else list(codes.values).index(value)

    def _share_elsewhere(self, measure: Measure, rows: Rows) -> float:
        names = (*self._period, *measure.by)
        most = 0
        for theirs in self._others.values():
            known = {_cells(row, names) for row in theirs}
            most = max(most, sum(_cells(row, names) in known for row in rows))
        return most / len(rows) if most >= measure.step else 0.0


def _by_scope(
    rows: Iterable[DraftRow], names: Sequence[str]
) -> dict[Scope, list[DraftRow]]:
    found: dict[Scope, list[DraftRow]] = {}
    for row in rows:
        found.setdefault(_cells(row, names), []).append(row)
    return found


def _most(measure: Measure) -> float:
    return float(measure.kwargs["max_value"])


def _cells(row: DraftRow, names: Sequence[str]) -> Scope:
    return tuple(row.cells.get(name, "") for name in names)


def _values(rows: Rows, name: str | None) -> set[str]:
    return {row.cells[name or ""] for row in rows} - {""}


def _times(measure: Measure, now: Rows, before: Rows) -> float:
    """Return how many times larger the larger count is, if that is no chance."""
    ours, theirs = _total(measure, now), _total(measure, before)
    smaller, larger = sorted((ours, theirs))
    if 2 * (sqrt(larger) - sqrt(smaller)) / sqrt(2) <= _FAR:
        return 1.0
    if measure.kind == "shrunk" and ours >= theirs:
        return 1.0
    return larger / max(smaller, 1.0)


def _total(measure: Measure, rows: Rows) -> float:
    if measure.of is None:
        return float(len(rows))
    return sum(float(row.cells[measure.of] or 0) for row in rows)


def _jumped(measure: Measure, now: Rows, before: Rows) -> float:
    name = measure.of or ""
    earlier = {_cells(row, measure.by): row.cells[name] for row in before}
    return sum(
        abs(int(row.cells[name]) - int(earlier[_cells(row, measure.by)]))
        >= measure.step
        for row in now
        if _cells(row, measure.by) in earlier
    )
