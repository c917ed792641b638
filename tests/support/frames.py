"""Lake rows for tests: from an ASCII table or from dicts, typed as the contract says.

A test names only the columns that it is about; the others get an ordinary value.
All sites, people and texts are invented.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache

import polars as pl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.schema import row_schema

_USUAL: Mapping[str, Mapping[str, object]] = {
    "site_profile": {
        "school_year": "2025-2026",
        "state_fips": "04",
        "site_name": "Testing Valley Unified (fictional)",
        "site_level": "lea",
        "term_code": "PCBL",
        "willing_to_host": "N",
        "consent_publish_name": "N",
    },
    "lesson_learned": {
        "revision": 1,
        "school_year": "2025-2026",
        "lesson_date": date(2026, 3, 9),
        "element_code": "CBE1",
        "stage_at_time": 2,
        "lesson_type": "worked",
        "title": "Goal checks kept the ninth grade on pace",
        "situation": "Goals were set in August and then forgotten.",
        "action": "Advisors set aside time for goals.",
        "result": "Goals were met sooner.",
        "audience": ["educator"],
        "policy_area": "PA0",
        "evidence_type": "observation",
        "evidence_tier": "3",
        "effect_rating": "potentially_positive",
        "share_level": "public",
        "reviewed_no_pii": "Y",
    },
    "ta_request": {
        "school_year": "2025-2026",
        "topic": "data_systems",
        "element_code": "DC09",
        "urgency": 1,
        "open_to_peers": "Y",
        "status": "open",
    },
    "implementation_status": {
        "school_year": "2025-2026",
        "window": "spring",
        "element_code": "CBE1",
    },
    "barrier_and_waiver": {
        "revision": 1,
        "school_year": "2025-2026",
        "opened_on": date(2025, 9, 1),
        "barrier_type": "seat_time",
        "policy_level": "state_rule",
        "policy_area": "PA3",
        "element_code": "CBE4",
        "description": "Credit asks for hours in a seat.",
        "severity": 2,
        "request_type": "waiver",
        "status": "open",
        "status_date": date(2025, 9, 1),
    },
    "state_action": {
        "state_fips": "04",
        "decision_point": "DP01",
        "decision": "decided_yes",
        "policy_area": "PA1",
        "logic_component": "inputs",
        "support_category": "funding",
        "title": "A portrait of a graduate",
        "description": "The board adopted a portrait of a graduate.",
        "mechanism": "guidance",
        "lead_actor": "state_board",
        "status": "in_effect",
    },
    "ta_event": {
        "school_year": "2025-2026",
        "mode": "workshop",
        "topic": "data_systems",
        "hours": 1.0,
        "sites_served": ["0499901"],
    },
}


@cache
def lake_schema(dataset: str) -> pl.Schema:
    """Return the columns of a dataset's lake table with their types."""
    return row_schema(load_catalogue().get(dataset))


def lake_rows(dataset: str, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Make a lake table from dicts; columns that are not named get a usual value."""
    complete = [
        {
            "sender_id": row.get("site_id", "sea-04"),
            "received_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
            "submission_id": "0499901-00000000000000000000",
            "row_number": number,
            "contract_version": "1.0",
            **_USUAL.get(dataset, {}),
            **row,
        }
        for number, row in enumerate(rows, start=2)
    ]
    return pl.DataFrame(complete, schema=lake_schema(dataset), strict=True)


def lake_table(dataset: str, table: str) -> pl.DataFrame:
    """Make a lake table from an ASCII table; see `table_rows`."""
    return lake_rows(dataset, table_rows(table, lake_schema(dataset)))


def table_rows(table: str, schema: pl.Schema) -> list[dict[str, object]]:
    """Read an ASCII table: a header, then rows, cells between `|`.

    A blank cell is no value; items of a list stand between `;`.
    """
    lines = [line.strip() for line in table.strip().splitlines()]
    header, *body = (_cells(line) for line in lines if line)
    return [
        {
            name: _value(cell, schema[name])
            for name, cell in zip(header, cells, strict=True)
        }
        for cells in body
    ]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _value(cell: str, kind: pl.DataType) -> object:
    if not cell:
        return None
    if isinstance(kind, pl.Int64):
        return int(cell)
    if isinstance(kind, pl.Float64):
        return float(cell)
    if isinstance(kind, pl.Date):
        return date.fromisoformat(cell)
    return cell.split(";") if isinstance(kind, pl.List) else cell
