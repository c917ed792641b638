"""The planning of help: requests, events, ratings and receipts to its tables.

What is for everybody belongs to PUB2, whose totals are public; what tells of single
sites, requests or events belongs to PUB8, which the public does not have.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl

from pcbl_pipeline.model.network import Calendar
from pcbl_pipeline.model.receipt import Receipt
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.summaries.planning import Plan, assistance_plan
from pcbl_pipeline.summaries.planning_findings import findings_after_help
from pcbl_pipeline.summaries.planning_moves import moves_after_help
from pcbl_pipeline.summaries.planning_named import (
    named_first,
    named_sessions,
    plan_totals,
    reasons_shown,
)

_TRIES = {
    "site_id": pl.String,
    "before_on": pl.Date,
    "after_on": pl.Date,
    "fixed": pl.Int64,
    "still_open": pl.Int64,
    "left_out": pl.Int64,
}


def planning_tables(rows: LakeRows, scope: SummaryScope) -> Mapping[str, pl.DataFrame]:
    """Return the tables of the planning; what names single sites is not public."""
    calendar, edition = scope.network.calendar, scope.edition
    sites = rows.frame("site_profile")
    plan = plan_of(rows, calendar, scope.as_of)
    moves = moves_after_help(
        rows.frame("ta_request"),
        rows.frame("ta_event"),
        rows.frame("implementation_status"),
        calendar=calendar,
        edition=edition,
        as_of=scope.as_of,
    )
    findings = findings_after_help(
        rows.once("tries", partial(_tries, rows, scope)),
        rows.frame("ta_event"),
        edition=edition,
        as_of=scope.as_of,
    )
    tables = {
        "pub2_plan": plan_totals(plan, edition, as_of=scope.as_of),
        "pub2_reasons": reasons_shown(plan, edition),
        "pub2_moves": moves.by_topic,
        "pub2_findings": findings,
    }
    if edition == "public" or moves.answered is None:
        return tables
    return {
        **tables,
        "pub8_first": named_first(plan, sites, edition),
        "pub8_sessions": named_sessions(plan, sites, edition),
        "pub8_answered": moves.answered,
    }


def plan_of(rows: LakeRows, calendar: Calendar, as_of: date) -> Plan:
    """Return the plan with the sites' ids; it is made once for all editions."""

    def make() -> Plan:
        return assistance_plan(
            rows.frame("ta_request"),
            rows.frame("ta_event"),
            rows.frame("implementation_status"),
            rows.frame("barrier_and_waiver"),
            rows.frame("site_profile"),
            rows.frame("lesson_learned"),
            calendar=calendar,
            as_of=as_of,
        )

    return rows.once("plan", make)


def _tries(rows: LakeRows, scope: SummaryScope) -> pl.DataFrame:
    sites = {site.site_id for site in scope.network.sites}
    found = [
        row
        for receipt in rows.ledger.each_receipt()
        if receipt.sender_id in sites
        for row in _of_receipt(receipt, scope.network.zone)
    ]
    return pl.DataFrame(found, schema=_TRIES, orient="row")


def _of_receipt(receipt: Receipt, zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    """Yield what became of the findings of the file before, dataset by dataset."""
    for part in receipt.parts:
        since = part.since_last
        if since is not None and since.tries:
            yield (
                receipt.sender_id,
                since.tries[-1].received_at.astimezone(zone).date(),
                receipt.received_at.astimezone(zone).date(),
                *(since.fixed, since.still_open, since.left_out),
            )
