"""Repair: hide a little more wherever the audit cannot prove that enough is hidden.

What is not proven is treated as exposed. Hiding more only takes from the attacker: what
was proven once stays proven, and only the rest is judged again.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from pcbl_pipeline.disclosure.audit.attack import Attack
from pcbl_pipeline.disclosure.audit.cells import CellKey
from pcbl_pipeline.disclosure.audit.differences import Difference
from pcbl_pipeline.disclosure.audit.evidence import State, Verdict
from pcbl_pipeline.disclosure.audit.judge import Effort, judge
from pcbl_pipeline.disclosure.audit.question import Question

#: Each round hides something for every open secret, so that few are needed.
_ROUNDS = 30


@dataclass(frozen=True)
class Outcome:
    """What the audit of some families found, and what it hid more."""

    #: How many secrets the first look found in which state.
    found: Mapping[State, int]
    #: Cells and differences, in the order of hiding.
    hidden: tuple[Hashable, ...]
    rounds: int
    #: Cells that are not proven safe though all else could be hidden for them.
    unsafe: tuple[Hashable, ...]


def audit(question: Question, effort: Effort | None = None) -> Outcome:
    """Audit families together, and hide more until every secret is proven.

    Raises:
        PublicationBlocked: If what would be published contradicts the counts.
        ReleasesDisagree: If an earlier release cannot be compared with it.
    """
    attack = question.attack()
    secrets = attack.builder.build().secrets
    verdicts = _judge(attack, range(len(secrets)), effort)
    found = Counter(verdict.state for verdict in verdicts.values())
    verdicts = _unproven(verdicts)
    hidden: list[Hashable] = []
    rounds = 1
    if hopeless := _told_already(question, attack, verdicts, effort):
        return Outcome(found, (), rounds, _keys(hopeless))
    while verdicts and rounds < _ROUNDS and (more := choose(verdicts.values(), attack)):
        hidden += more
        question = question.without(set(more))
        attack = question.attack()
        verdicts = _unproven(_judge(attack, verdicts, effort))
        rounds += 1
    return Outcome(found, tuple(hidden), rounds, _keys(verdicts))


def _judge(
    attack: Attack, numbers: Iterable[int], effort: Effort | None
) -> dict[int, Verdict]:
    """Judge some secrets by their numbers, which hiding never changes."""
    wanted = tuple(numbers)
    verdicts = judge(attack.builder.build().only(wanted), effort)
    return dict(zip(wanted, verdicts, strict=True))


def _told_already(
    question: Question,
    attack: Attack,
    verdicts: Mapping[int, Verdict],
    effort: Effort | None,
) -> dict[int, Verdict]:
    """Return the secrets that stay open even if nothing new is shown."""
    if not verdicts:
        return {}
    nothing = question.without(set(attack.sources)).attack()
    return _unproven(_judge(nothing, verdicts, effort))


def _keys(verdicts: Mapping[int, Verdict]) -> tuple[Hashable, ...]:
    return tuple(dict.fromkeys(verdict.secret.key for verdict in verdicts.values()))


def choose(verdicts: Iterable[Verdict], attack: Attack) -> list[Hashable]:
    """Return what to hide next: for each secret the cheapest that tells on it.

    A difference costs least, then a cell of few, so that few students' figures go.
    """
    costs = {cell.key: cell.denominator or 0 for cell in attack.cells}
    chosen: dict[Hashable, None] = {}
    for verdict in verdicts:
        candidates = [attack.sources[source] for source in verdict.sources]
        if candidates and chosen.keys().isdisjoint(candidates):
            chosen[min(candidates, key=lambda what: _cost(what, costs))] = None
    return list(chosen)


def _cost(what: Hashable, costs: Mapping[CellKey, int]) -> tuple[int, int, Hashable]:
    if isinstance(what, Difference):
        return 0, 0, what.key
    if isinstance(what, CellKey):
        return 1, costs[what], what
    raise AssertionError("a statement names what nobody published")


def _unproven(verdicts: Mapping[int, Verdict]) -> dict[int, Verdict]:
    return {n: v for n, v in verdicts.items() if v.state != State.PROVEN}
