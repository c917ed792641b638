"""The gate before a release: audit its tables together with all that was published.

Connects the audit with the ledger of what releases told. What does not belong here: how
a secret is judged, and which cells the rules of disclosure hide first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pcbl_pipeline.disclosure.audit.attack import MinimumSize, least_hidden
from pcbl_pipeline.disclosure.audit.cells import (
    ALL,
    AUDIT,
    NO_DATA,
    Cell,
    CellKey,
    read_cells,
)
from pcbl_pipeline.disclosure.audit.differences import (
    DIFFERENCE_COLUMNS,
    read_differences,
)
from pcbl_pipeline.disclosure.audit.earlier import EarlierRelease, hidden_before
from pcbl_pipeline.disclosure.audit.question import Question
from pcbl_pipeline.disclosure.audit.repair import Outcome, audit
from pcbl_pipeline.disclosure.audit.sums import Link
from pcbl_pipeline.errors import PublicationBlocked
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

    Shape: `cells` has the columns of the ledger, no counts; `differences` as they came,
    with `published` null where withdrawn.
    """

    cells: pl.DataFrame
    differences: pl.DataFrame
    report: AuditReport
    #: The least count that a hidden cell may have; the ledger keeps it.
    least: int


def audit_release(
    network: Network,
    history: PublishedCells,
    cells: pl.DataFrame,
    differences: pl.DataFrame | None = None,
) -> ReleaseAudit:
    """Return the tables as they may be published, hiding more where it is needed.

    Cells that an earlier release hid stay hidden. Where no hiding makes a family safe,
    because too much was told before, its last published figures are repeated.

    Shape: `cells` as in `CELL_COLUMNS`, protected by the rules, with the true counts;
    `differences` as in `DIFFERENCE_COLUMNS`.

    Raises:
        PublicationBlocked: If a family is not safe and nothing of it can be repeated.
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
    outcomes = [(part, audit(part)) for part in whole.parts()]
    held = _held(outcomes, earlier)
    whole = whole.without({item for _, out in outcomes for item in out.hidden})
    published = _published(whole, told, held)
    shown = {item.key for item in whole.differences if item.cell.family not in held}
    kept = _withdrawn(differences, shown)
    report = _report(published, differences, kept, outcomes, held, len(told))
    _log.info(
        "audited %d cells: %d hidden by the audit, %d families held",
        report.cells,
        report.hidden.get(AUDIT, 0),
        len(held),
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


def _held(
    outcomes: Iterable[tuple[Question, Outcome]], earlier: Iterable[EarlierRelease]
) -> frozenset[str]:
    """Return the families to repeat as they were.

    Raises:
        PublicationBlocked: If one of them was never published.
    """
    before = {release.family for release in earlier}
    held: set[str] = set()
    for question, outcome in outcomes:
        if outcome.unsafe:
            families = {cell.key.family for cell in question.cells}
            if not families <= before:
                raise PublicationBlocked(_why_blocked(question, outcome))
            held |= families
    return frozenset(held)


def _why_blocked(question: Question, outcome: Outcome) -> str:
    cells = [key for key in outcome.unsafe if isinstance(key, CellKey)]
    tables = sorted({cell.table for cell in question.cells})
    first = "; ".join(f"{k.family} {k.site_id} {k.student_group}" for k in cells[:5])
    return (
        f"{len(cells)} cells of {', '.join(tables)} are not proven safe, and hiding more "
        f"does not help: {first}. Leave these families out of the release."
    )


def _published(
    question: Question, told: Sequence[tuple[str, pl.DataFrame]], held: frozenset[str]
) -> pl.DataFrame:
    """Return what is published of every cell; held families as they were last."""
    fresh = [
        (cell.table, *cell.key, cell.n_band, cell.percent_band, cell.reason)
        for cell in question.cells
        if cell.key.family not in held
    ]
    schema = dict.fromkeys(COLUMNS, pl.String)
    frames = [pl.DataFrame(fresh, schema=schema, orient="row")]
    for family in sorted(held):
        last = [f for _, f in told if family in f["family"].to_list()][-1]
        frames.append(last.filter(pl.col("family") == family).select(COLUMNS))
    return pl.concat(frames).sort(COLUMNS)


def _withdrawn(
    differences: pl.DataFrame, shown: set[tuple[str, CellKey, CellKey]]
) -> pl.DataFrame:
    """Return the differences with those unpublished that are not shown."""

    def key(row: dict[str, str]) -> tuple[str, CellKey, CellKey]:
        cell = CellKey(row["family"], row["site_id"], row["student_group"])
        against = CellKey(row["against_family"], row["site_id"], row["against_group"])
        return row["table"], cell, against

    is_shown = [key(row) in shown for row in differences.iter_rows(named=True)]
    return differences.with_columns(
        pl.when(pl.Series(is_shown, dtype=pl.Boolean))
        .then("published")
        .alias("published")
    )


def _report(
    published: pl.DataFrame,
    before: pl.DataFrame,
    after: pl.DataFrame,
    outcomes: Sequence[tuple[Question, Outcome]],
    held: frozenset[str],
    earlier_releases: int,
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
        families_held=tuple(sorted(held)),
        earlier_releases=earlier_releases,
        rounds=max((outcome.rounds for _, outcome in outcomes), default=0),
    )
