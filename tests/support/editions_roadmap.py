"""Invented actions of states for the tests of pages and files."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pcbl_pipeline.publication.tables import (
    PUB9_ACTIONS,
    PUB9_DECISIONS,
    PUB9_EVIDENCE,
    PUB9_LEADS,
    PUB9_LOGIC,
    PUB9_SUPPORTS,
    Table,
)
from tests.support.editions_barriers import barriers_tables
from tests.support.editions_outcomes import statistical_tables
from tests.support.editions_progress import progress_tables

_DECISIONS = (
    ("04", "DP01", "decided_yes", "in_effect", "state_board", date(2021, 3, 15), 1),
    ("04", "DP05", "decided_yes", "planned", "legislature", date(2026, 5, 20), 2),
    ("32", "DP05", "decided_no", "considering", "legislature", date(2022, 2, 14), 1),
    ("38", "DP07", "considering", "considering", "intermediary", None, None),
    ("38", "DP10", "deferred", "considering", "sea_staff", None, None),
)
_BRANCHES = {"legislature": "legislative", "intermediary": "other"}


def roadmap_tables() -> dict[str, pl.DataFrame]:
    """Return the tables of PUB9."""
    return {
        "pub9_decisions": _frame(
            PUB9_DECISIONS, [_decision(row) for row in _DECISIONS]
        ),
        "pub9_actions": _frame(PUB9_ACTIONS, [_action(row) for row in _DECISIONS]),
        "pub9_supports": _frame(
            PUB9_SUPPORTS,
            [
                _row(PUB9_SUPPORTS, "funding", 1, 2, 1_200_000.0, 0.5),
                _row(PUB9_SUPPORTS, "ta_coaching", 1, 1, None, 0.0),
            ],
        ),
        "pub9_leads": _frame(
            PUB9_LEADS,
            [
                _row(PUB9_LEADS, "DP01", 1, 0, 1, 0),
                _row(PUB9_LEADS, "DP05", 2, 2, 0, 0),
                _row(PUB9_LEADS, "DP07", 1, 0, 0, 1),
            ],
        ),
        "pub9_logic": _frame(PUB9_LOGIC, [_row(PUB9_LOGIC, "inputs", 3, 5, 1)]),
        "pub9_evidence": _frame(
            PUB9_EVIDENCE,
            [
                _row(PUB9_EVIDENCE, "DP05", "named", "seat_time", 2, 3),
                _row(PUB9_EVIDENCE, "DP05", "area", "other", 4, 4),
            ],
        ),
    }


def telling_roadmap() -> Iterator[dict[str, pl.DataFrame]]:
    """Yield tables of PUB9 that make its pages say whatever else they can say."""
    usual = roadmap_tables()
    undated = {
        name: frame.with_columns(pl.lit(None, pl.Date).alias("decided_on"))
        for name, frame in usual.items()
        if "decided_on" in frame.columns
    }
    none = undated["pub9_decisions"].with_columns(decision=pl.lit("considering"))
    measures = statistical_tables()["pub5_outcomes"]
    progress, barriers = progress_tables("public"), barriers_tables("public")
    one_element = progress["pub3_elements"].filter(pl.col("element_code") == "CBE1")
    yield {
        **usual,
        **undated,
        "pub9_actions": undated["pub9_actions"].with_columns(
            title=pl.lit(None, pl.String), description=pl.lit(None, pl.String)
        ),
        "pub9_decisions": none,
        **barriers,
        "pub9_supports": usual["pub9_supports"].clear(),
        "pub3_elements": one_element,
        "pub3_index": progress["pub3_index"],
        "pub4_waivers": barriers["pub4_waivers"].head(1),
        "pub5_outcomes": measures.filter(pl.col("metric_code") == "M01"),
    }
    yield from _telling_money(usual)


def _telling_money(usual: dict[str, pl.DataFrame]) -> Iterator[dict[str, pl.DataFrame]]:
    supports = usual["pub9_supports"]
    for amount, coverage in ((1000.0, 1.0), (None, 0.0)):
        told = supports.with_columns(amount_usd=amount, amount_coverage=coverage)
        yield usual | {"pub9_supports": PUB9_SUPPORTS.conform(told)}


def _decision(row: tuple[object, ...]) -> dict[str, object]:
    state, point, decision, status, lead, day, order = row
    return {
        "state_fips": state,
        "decision_point": point,
        "action_id": f"{state}-A-{point}",
        "decision": decision,
        "status": status,
        "lead_actor": lead,
        "branch": _BRANCHES.get(str(lead), "executive"),
        "decided_on": day,
        "order": order,
        "actions": 1,
    }


def _action(row: tuple[object, ...]) -> dict[str, object]:
    decision = _decision(row)
    day = decision["decided_on"]
    return {
        **decision,
        "policy_area": "PA2",
        "logic_component": "inputs",
        "support_category": "funding",
        "title": f"Two cohorts of pilot sites, {decision['action_id']}",
        "description": "Money for two cohorts of sites, for planning time and coaching.",
        "mechanism": "funding",
        "supporting_actors": ["governor", "sea_staff"] if day else None,
        "state_phase": "replication",
        "effective_on": day,
        "ended_on": day if decision["state_fips"] == "32" else None,
        "equity_statement": "Half of the places go to districts with few means."
        if day
        else None,
        "equity_groups": ["ECODIS", "LEP"] if decision["state_fips"] == "04" else None,
        "term_code": "PCBL",
        "amount_usd": 1_200_000.0,
        "citation_url": "https://example.org/actions" if day else "javascript:alert(1)",
    }


def _row(table: Table, *values: object) -> dict[str, object]:
    names = [column.name for column in table.columns]
    return dict(zip(names, values, strict=True))


def _frame(table: Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.empty().schema)
