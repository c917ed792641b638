"""The receipt as one self-contained HTML page: opens offline, prints well.

What does not belong here: deciding anything; every number comes from the receipt, and
every word from `receipt_words` or a rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pcbl_pipeline.model.finding import FindingGroup, Place, Severity
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart, Status
from pcbl_pipeline.operations.receipt_words import (
    BESIDE,
    SEVERITIES,
    WORDS,
    count_words,
    status_words,
    verdict_words,
    withdrawal_words,
)
from pcbl_pipeline.operations.waive import can_be_waived

_PAGES = Path(__file__).parent / "pages"
#: Places that a group shows at once; the others of its list are in the same table.
SHOWN_AT_ONCE = 10
#: Printed per group; a longer list is a matter for the findings file.
PRINTED = 50
#: Places on one page over all groups, so that a browser opens it at once.
PLACES_ON_PAGE = 10_000
#: Runs of rows named in a sentence.
_RUNS_NAMED = 8


@dataclass(frozen=True)
class Section:
    """What the page says about the file, or about one dataset in it."""

    part: ReceiptPart | None
    errors: tuple[FindingGroup, ...]
    warnings: tuple[FindingGroup, ...]
    notes: tuple[FindingGroup, ...]
    #: The number of its first error; numbers go on over the whole page.
    first: int


def render_receipt(
    receipt: Receipt, beside: Sequence[str] = (), rule_pages: str | None = None
) -> bytes:
    """Render a receipt; the same receipt gives the same bytes.

    `beside` names the files next to the page that help with the correction. With
    `rule_pages`, each rule's code leads to its page there.
    """
    title, advice = verdict_words(receipt)
    sections = [] if receipt.withdrawal else _sections(receipt)
    page = _environment().get_template("receipt.html")
    html = page.render(
        receipt=receipt,
        title=title,
        status=status_words(receipt),
        advice=advice,
        sections=sections,
        errors=sum(len(section.errors) for section in sections),
        with_rows=receipt.status not in {Status.FAILED, Status.WITHDRAWN}
        and not receipt.repeat,
        withdrawal=withdrawal_words(receipt),
        places_shown=_places_shown(receipt),
        beside=[(name, BESIDE[name]) for name in beside],
        beside_names=beside,
        rule_pages=rule_pages,
        words=WORDS,
        severities=SEVERITIES,
    )
    return html.encode()


def rows_in_words(places: Iterable[Place], count: int) -> tuple[str, int]:
    """Name the rows of some places as runs, "2 to 11, 14 and 20", and count the rest.

    `count` is in how many rows there are places, also those not given.
    """
    rows = sorted({place.row for place in places if place.row is not None})
    if not rows:
        return "", 0
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(rows), 1) if b != a + 1)]
    runs = [rows[a:b] for a, b in pairwise([*breaks, len(rows)])][:_RUNS_NAMED]
    named = [
        f"{run[0]:,} to {run[-1]:,}" if len(run) > 1 else f"{run[0]:,}" for run in runs
    ]
    left_out = max(count, len(rows)) - sum(map(len, runs))
    if left_out or len(named) == 1:
        return ", ".join(named), left_out
    return f"{', '.join(named[:-1])} and {named[-1]}", 0


def _sections(receipt: Receipt) -> list[Section]:
    sections: list[Section] = []
    about: list[tuple[ReceiptPart | None, tuple[FindingGroup, ...]]] = [
        (part, part.findings) for part in receipt.parts
    ]
    if receipt.findings:
        about.insert(0, (None, receipt.findings))
    first = 1
    for part, findings in about:
        by = {
            severity: tuple(group for group in findings if group.severity is severity)
            for severity in Severity
        }
        errors, warnings, notes = (by[severity] for severity in Severity)
        sections.append(Section(part, errors, warnings, notes, first))
        first += len(errors)
    return sections


def _places_shown(receipt: Receipt) -> int:
    """Tell how many places a group may show."""
    groups = max(1, len(receipt.all_findings))
    return max(SHOWN_AT_ONCE, PLACES_ON_PAGE // groups)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["counted"] = count_words
    environment.tests["explainable"] = can_be_waived
    environment.globals.update(
        rows_in_words=rows_in_words,
        shown_at_once=SHOWN_AT_ONCE,
        printed=PRINTED,
    )
    return environment
