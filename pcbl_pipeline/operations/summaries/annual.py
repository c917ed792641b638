"""PUB10 for one edition: the last school year that is reported, and what came of it."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

import polars as pl

from pcbl_pipeline.model.network import Calendar, Window
from pcbl_pipeline.model.receipt import Receipt, ReceiptPart
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.annual import educator_awards, participation
from pcbl_pipeline.summaries.quality import quality_note

#: What every site owes: the windows at whose ends a dataset is due.
OWED: Mapping[str, tuple[Window, ...]] = {
    "site_profile": ("fall",),
    "implementation_status": ("fall", "spring"),
    "outcome_metric": ("end_of_year",),
    "perception_survey": ("end_of_year",),
    "educator_learning": ("end_of_year",),
}
#: Each window of it is a delivery of its own.
BY_WINDOW = "implementation_status"
#: Days after a window's end in which a file still is on time.
GRACE_DAYS = 30
_DELIVERIES = {
    "dataset": pl.String,
    "sender_id": pl.String,
    "window": pl.String,
    "received_on": pl.Date,
    "received": pl.Int64,
    "accepted": pl.Int64,
    "quarantined": pl.Int64,
    "has_accepted": pl.Boolean,
}
_DUE = {"dataset": pl.String, "window": pl.String, "due_on": pl.Date}


def annual(rows: LakeRows, scope: SummaryScope) -> dict[str, pl.DataFrame]:
    """Return the tables of the annual report of the last school year that is over.

    The same in every edition: all of it is public.
    """
    period = scope.network.calendar.reported_year(scope.as_of)
    year = pl.lit(period).alias("school_year")
    tables = {
        "pub10_participation": participation(rows.frame("site_profile"), period),
        "pub10_awards": educator_awards(rows.frame("educator_learning"), period),
        "pub10_quality": quality_note(
            rows.once("deliveries", partial(_deliveries, rows, scope, period)),
            _due(scope.network.calendar, period),
            len(scope.network.sites),
        ),
    }
    return {name: frame.select(year, pl.all()) for name, frame in tables.items()}


def _due(calendar: Calendar, period: str) -> pl.DataFrame:
    owed = [
        (dataset, window if dataset == BY_WINDOW else None, window)
        for dataset, windows in OWED.items()
        for window in windows
    ]
    rows = [
        (dataset, kept, calendar.window_end(period, window) + timedelta(GRACE_DAYS))
        for dataset, kept, window in owed
    ]
    return pl.DataFrame(rows, schema=_DUE, orient="row")


def _deliveries(rows: LakeRows, scope: SummaryScope, period: str) -> pl.DataFrame:
    """Return every delivery of a year, those too that came after the release's day.

    The release shows their rows, as the lake holds what counts now. Leaving them out
    here alone would tell of sites that sent nothing beside what they sent.
    """
    found = [
        row
        for receipt in rows.ledger.each_receipt()
        for part in receipt.parts
        for row in _of_part(receipt, part, scope, period)
    ]
    return pl.DataFrame(found, schema=_DELIVERIES, orient="row")


def _of_part(
    receipt: Receipt, part: ReceiptPart, scope: SummaryScope, period: str
) -> Iterator[tuple[object, ...]]:
    """Yield what a part delivered for a year, whatever other years it covers.

    A file with the year before the pilot is a delivery of the last year too. Its rows
    cannot be told apart from its receipt: they count whole in each year's note, and
    within a note for the first window that the file covers.
    """
    years = [_school_year(text) for text in part.covers.get("school_year", ())]
    if part.dataset is None or period not in years:
        return
    covered = part.covers.get("window", ()) if part.dataset == BY_WINDOW else ()
    day = receipt.received_at.astimezone(scope.network.zone).date()
    counts = part.rows
    for number, window in enumerate(covered or (None,)):
        code = window and re.sub(r"[\s-]+", "_", window.strip().lower())
        told = (counts.received, counts.accepted, counts.quarantined)
        yield (
            *(part.dataset, receipt.sender_id, code, day),
            *((0, 0, 0) if number else told),
            counts.accepted > 0,
        )


def _school_year(text: str) -> str:
    """Return the school year of a text as a site wrote it, such as `2025-26`."""
    first = re.match(r"\s*(\d{4})", text)
    return f"{first[1]}-{int(first[1]) + 1}" if first else ""
