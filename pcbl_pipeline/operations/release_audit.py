"""The gate before a release: audit its tables together with all that was published.

Connects the audit with the ledger of what releases told. What does not belong here: how
a secret is judged, and which cells the rules of disclosure hide first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pcbl_pipeline.disclosure.audit.attack import MinimumSize, least_hidden
from pcbl_pipeline.disclosure.audit.cells import (
    ALL,
    AUDIT,
    NO_DATA,
    Cell,
    read_cells,
)
from pcbl_pipeline.disclosure.audit.differences import (
    DIFFERENCE_COLUMNS,
    read_differences,
    withdrawn,
)
from pcbl_pipeline.disclosure.audit.earlier import (
    EarlierRelease,
    ReleasesDisagree,
    hidden_before,
)
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import Outcome, audit
from pcbl_pipeline.disclosure.audit.sums import Link
from pcbl_pipeline.lake.published_cells import COLUMNS, PublishedCells
from pcbl_pipeline.logs import get_logger
from pcbl_pipeline.model.audit_report import AuditReport
from pcbl_pipeline.model.network import Network

_log = get_logger("audit")

#: Parts of a family's name that part its students further, and the part for all.
_GRADE_BAND, _SCOPE = 2, 3
_ALL_GRADES, _ALL_STUDENTS, _PILOT = "ALL", "all_students", "pilot_students"


@dataclass(frozen=True)
class ReleaseAudit:
    """What may be published, proven safe.

    Shape: `cells` has the columns of the ledger, no counts, and nothing of withheld
    families; `differences` as they came, with `published` null where withdrawn.
    """

    cells: pl.DataFrame
    differences: pl.DataFrame
    report: AuditReport
    #: The least count that a hidden cell may have; the ledger keeps it.
    least: int

    @property
    def held(self) -> tuple[str, ...]:
        """Families that are repeated as they were, or withheld."""
        return tuple(
            sorted((*self.report.families_held, *self.report.families_withheld))
        )

    def after(self, first: "ReleaseAudit", *, withdrawn: int) -> "ReleaseAudit":
        """Return it as the last of several, of which the first look tells most."""
        changed = {
            "found": first.report.found,
            "rounds": max(first.report.rounds, self.report.rounds),
            "differences_withdrawn": withdrawn,
        }
        return replace(self, report=self.report.model_copy(update=changed))


def audit_release(
    network: Network,
    history: PublishedCells,
    cells: pl.DataFrame,
    differences: pl.DataFrame | None = None,
    *,
    released: Collection[str] = (),
    known: dict[Question, Outcome] | None = None,
) -> ReleaseAudit:
    """Return the tables as they may be published, hiding more where it is needed.

    Cells that an earlier release hid stay hidden. Where no hiding makes a family safe,
    because too much was told before, its last published figures are repeated: they tell
    nothing new. What was never published is withheld as a whole, which tells nothing.

    Shape: `cells` as in `CELL_COLUMNS`, protected by the rules, with the true counts;
    `differences` as in `DIFFERENCE_COLUMNS`; `released` are days as of which releases
    were made that still stand, for the ledger has those too that never went out;
    `known` are outcomes of questions that were asked before, and gets those of new ones.

    Raises:
        PublicationBlocked: If what would be published contradicts the counts.
    """
    if differences is None:
        differences = pl.DataFrame(schema=DIFFERENCE_COLUMNS)
    told = list(history.releases())
    earlier = tuple(_earlier(told))
    whole = Question(
        read_cells(cells),
        minimum_sizes(network),
        tuple(family_links(cells["family"].unique().to_list())),
        read_differences(differences),
        earlier,
    )
    whole = whole.without(hidden_before(whole.cells, earlier))
    known = {} if known is None else known
    parts = list(whole.parts())
    known.update((part, _audited(part)) for part in parts if part not in known)
    outcomes = [(part, known[part]) for part in parts]
    held = _held(outcomes)
    whole = whole.without({item for _, out in outcomes for item in out.hidden})
    last = _last(held, [frame for day, frame in told if day in released])
    published = _published(whole, held, last)
    shown = (item for item in whole.differences if item.cell.family not in held)
    kept = withdrawn(differences, shown)
    report = _report(published, differences, kept, outcomes).model_copy(
        update={
            "families_held": tuple(sorted(last)),
            "families_withheld": tuple(sorted(held - last.keys())),
            "earlier_releases": len(told),
        }
    )
    _log.info(
        "audited %d cells: %d hidden by the audit, %d families repeated, %d withheld",
        report.cells,
        report.hidden.get(AUDIT, 0),
        len(report.families_held),
        len(report.families_withheld),
    )
    return ReleaseAudit(published, kept, report, least_hidden(whole.cells))


def record_release(history: PublishedCells, audited: ReleaseAudit, as_of: date) -> None:
    """Keep what a release tells, before it is published."""
    history.record(audited.cells, as_of=as_of, least=audited.least)


def minimum_sizes(network: Network) -> MinimumSize:
    """Return each site's k by its state, and the largest of all for the network."""
    sizes = {state.fips: state.minimum_group_size for state in network.states}
    strictest = max(sizes.values(), default=10)

    def minimum(site_id: str) -> int:
        return strictest if site_id == ALL else sizes.get(site_id[:2], strictest)

    return minimum


def family_links(families: Iterable[str]) -> Iterator[Link]:
    """Yield which families part the students of others: grade bands, the pilot's.

    Read from names such as `M04|2024-2025|06-08|pilot_students`; families that are
    named otherwise stand alone.
    """
    names = sorted(families)
    known = {name: name.split("|") for name in names if name.count("|") == _SCOPE}
    for name, parts in known.items():
        if parts[_GRADE_BAND] == _ALL_GRADES:
            bands = [
                n for n, own in known.items() if _same_but(_GRADE_BAND, own, parts)
            ]
            if len(bands) > 1:
                yield Link(name, tuple(band for band in bands if band != name))
        if parts[_SCOPE] == _ALL_STUDENTS:
            pilot = "|".join([*parts[:_SCOPE], _PILOT])
            if pilot in known:
                yield Link(name, (pilot,))


def _same_but(place: int, one: Sequence[str], other: Sequence[str]) -> bool:
    return [*one[:place], *one[place + 1 :]] == [*other[:place], *other[place + 1 :]]


def _earlier(told: Iterable[tuple[str, pl.DataFrame]]) -> Iterator[EarlierRelease]:
    """Yield what each release told of each family, the same only once."""
    seen: set[tuple[int, tuple[Cell, ...]]] = set()
    for name, frame in told:
        for (family, least), rows in frame.group_by(
            ["family", "least"], maintain_order=True
        ):
            content = int(str(least)), read_cells(rows)
            if content not in seen:
                seen.add(content)
                yield EarlierRelease(name, str(family), content[1], content[0])


def _audited(question: Question) -> Outcome:
    """Audit some families; what cannot be compared with earlier releases is unsafe."""
    try:
        return audit(question)
    except ReleasesDisagree as error:
        _log.warning("%s", error)
        return Outcome({}, (), 1, tuple(cell.key for cell in question.cells))


def _held(outcomes: Iterable[tuple[Question, Outcome]]) -> frozenset[str]:
    """Return the families of which nothing new may be told."""
    held: set[str] = set()
    for question, outcome in outcomes:
        if outcome.unsafe:
            families = sorted({cell.key.family for cell in question.cells})
            _log.warning(
                "%d cells are not proven safe, and hiding more does not help; nothing "
                "new is published of %s",
                len(outcome.unsafe),
                ", ".join(families),
            )
            held.update(families)
    return frozenset(held)


def _last(
    held: Iterable[str], releases: Sequence[pl.DataFrame]
) -> Mapping[str, pl.DataFrame]:
    """Return what was released last of some families, of those that were."""
    found: dict[str, pl.DataFrame] = {}
    for family in sorted(held):
        for frame in reversed(releases):
            told = frame.filter(pl.col("family") == family).select(COLUMNS)
            if not told.is_empty():
                found[family] = told
                break
    return found


def _published(
    question: Question, held: Collection[str], last: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return what is published of every cell; held families as they were last."""
    fresh = [
        (cell.table, *cell.key, cell.n_band, cell.percent_band, cell.reason)
        for cell in question.cells
        if cell.key.family not in held
    ]
    schema = dict.fromkeys(COLUMNS, pl.String)
    new = pl.DataFrame(fresh, schema=schema, orient="row")
    return pl.concat([new, *last.values()]).sort(COLUMNS)


def _report(
    published: pl.DataFrame,
    before: pl.DataFrame,
    after: pl.DataFrame,
    outcomes: Sequence[tuple[Question, Outcome]],
) -> AuditReport:
    found: Counter[str] = Counter()
    for _, outcome in outcomes:
        found.update({str(state): count for state, count in outcome.found.items()})
    hidden = published.filter(pl.col("n_band").is_null(), pl.col("reason") != NO_DATA)
    reasons = hidden["reason"].value_counts()
    return AuditReport(
        cells=published.height,
        hidden=dict(sorted(reasons.iter_rows())),
        secrets=found.total(),
        found=dict(sorted(found.items())),
        differences_withdrawn=after["published"].null_count()
        - before["published"].null_count(),
        rounds=max((outcome.rounds for _, outcome in outcomes), default=0),
    )
