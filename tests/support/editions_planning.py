"""An invented plan of help for the tests of pages and files."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from pcbl_pipeline.model.network import Edition
from pcbl_pipeline.publication.tables import (
    PUB2_FINDINGS,
    PUB2_MOVES,
    PUB2_PLAN,
    PUB2_REASONS,
    PUB8_ANSWERED,
    PUB8_FIRST,
    PUB8_SESSIONS,
    Table,
)

_DAY = date(2026, 9, 1)
_REASONS = (
    *("is_late", "is_urgent", "is_old", "is_unhelped", "is_stuck", "is_blocked"),
)
_REQUEST = {
    "rank": 1,
    "site_name": "Coteau Lakes School District",
    "state_fips": "38",
    "topic": "policy_waivers",
    "element_code": "CBE4",
    "urgency": 3,
    "requested_on": _DAY,
    "days_waiting": 82,
    "needed_by": date(2026, 11, 1),
    **dict.fromkeys(_REASONS, True),
    "stage": 1,
    "stage_before": 2,
    "open_barriers": 1,
    "reasons": 6,
    "session": 1,
}
_NO_REASON = {
    **dict.fromkeys(_REASONS, False),
    "reasons": 0,
    "open_barriers": 0,
    "urgency": 1,
    "needed_by": None,
}
_UNNAMED = {"site_name": None, "state_fips": None}
_SESSION = {
    "session": 1,
    "topic": "policy_waivers",
    "element_code": "CBE4",
    "sites": 3,
    "requests": 3,
    "states": 2,
    "mode": "virtual_session",
    "mode_basis": "states",
    "needed_by": date(2026, 12, 11),
    "has_mentor": True,
    "mentor_name": "Saguaro Ridge Unified",
    "mentor_state_fips": "04",
    "mentor_fits": 3,
    "mentor_stage": 3,
    "mentor_stage_first": 1,
    "mentor_year_first": "2024-2025",
    "hours": 3.0,
    "hours_basis": "topic",
    "hours_events": 7,
    "cost_per_site_hour": 258.2067,
    "cost_basis": "network",
    "cost_events": 38,
    "cost_coverage": 0.8444,
    "saving_usd": 1549,
    "no_saving": None,
}
_NO_SAVING = dict.fromkeys(
    (
        *("hours", "hours_basis", "hours_events", "cost_per_site_hour"),
        *("cost_basis", "cost_events", "cost_coverage", "saving_usd"),
    )
)
_NO_MENTOR = dict.fromkeys(
    (
        *("mentor_name", "mentor_state_fips", "mentor_fits", "mentor_stage"),
        *("mentor_stage_first", "mentor_year_first"),
    )
)
_MOVES = (
    ("ALL", 24, 12, 7, 9, 1, 3, 3, 1, 0.4118),
    ("grading_reporting", 9, 6, 4, 3, 1, 1, 0, 0, 0.5),
    ("other_topics", 15, 9, 3, 6, 0, 2, 3, 1, 0.3333),
    ("no_help", 505, 16, 92, 340, 1, 72, 0, 0, 0.2125),
)
_FINDINGS = (
    ("helped", 3, 4, 12, 9, 2, 1, 0.75),
    ("not_helped", 11, 20, 40, 22, 18, 0, 0.55),
)


def planning_tables(edition: Edition) -> dict[str, pl.DataFrame]:
    """Return the tables of the planning; the public edition has the totals alone."""
    totals = [(date(2026, 11, 22), 9, 7, 2, 5, 1, 1549)]
    reasons = [(name, 9 - n, 7 - n) for n, name in enumerate(("ALL", *_REASONS))]
    tables = {
        "pub2_plan": _frame(PUB2_PLAN, totals),
        "pub2_reasons": _frame(PUB2_REASONS, reasons),
        "pub2_moves": _frame(PUB2_MOVES, _MOVES),
        "pub2_findings": _frame(PUB2_FINDINGS, _FINDINGS),
    }
    if edition == "public":
        return tables
    requests = [
        _REQUEST,
        {**_REQUEST, **_UNNAMED, "rank": 2, "stage": 2, "open_barriers": 2},
        {**_REQUEST, **_UNNAMED, "rank": 3, "is_late": False, "stage": None},
        {**_REQUEST, **_NO_REASON, "rank": 4, "session": None},
        {**_REQUEST, **_NO_REASON, "rank": 5, "site_name": None, "session": 2},
    ]
    sessions = [
        _SESSION,
        {
            **_SESSION,
            **_NO_SAVING,
            **_NO_MENTOR,
            "session": 2,
            "sites": 2,
            "mode_basis": "asked",
            "has_mentor": False,
            "needed_by": None,
            "no_saving": "few_events",
        },
    ]
    return {
        **tables,
        "pub8_first": _rows(PUB8_FIRST, requests),
        "pub8_sessions": _rows(PUB8_SESSIONS, sessions),
        "pub8_answered": _frame(
            PUB8_ANSWERED, [(1, "2025-2026", "data_systems", "DC09", 1, 2, "up")]
        ),
    }


def telling_planning() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables that make the page say whatever else it can say."""
    usual = planning_tables("network")
    others = [
        {
            **_SESSION,
            "session": number,
            "mode_basis": "usual",
            "mentor_name": None,
            "mentor_state_fips": None,
            "mentor_stage_first": 3,
            "hours": 2.5,
            "hours_basis": "network",
            "cost_basis": "topic",
        }
        for number in range(1, 21)
    ]
    others.append({**_SESSION, **_NO_SAVING, "session": 21, "no_saving": "few_costs"})
    one = usual["pub2_plan"].with_columns(requests=1, sessions=1, saving_usd=None)
    yield usual | {
        "pub2_plan": one,
        "pub8_sessions": _rows(PUB8_SESSIONS, others),
        "pub2_moves": usual["pub2_moves"].filter(pl.col("topic") != "no_help"),
        "pub2_findings": usual["pub2_findings"].clear(),
    }
    few = usual["pub2_moves"].with_columns(up=1, same=2, down=0)
    yield usual | {"pub2_moves": few}
    none = {name: frame.clear() for name, frame in usual.items()}
    yield none | {"pub2_plan": usual["pub2_plan"].with_columns(requests=0)}


def _frame(table: Table, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=table.empty().schema, orient="row")


def _rows(table: Table, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=table.empty().schema)
