"""What the lake has of other rows, for the derived columns that look them up.

Invented, and small enough that most drawn rows find something and few find a fault.
"""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract

_STATUSES = pl.DataFrame(
    [
        *[(f"0499901-B-{number:03d}", 1, "under_review") for number in range(70)],
        *[(f"0499901-B-{number:03d}", 1, "granted") for number in range(70, 90)],
        *[(f"0499901-B-{number:03d}", 1, "expired") for number in range(100, 105)],
        ("denied", 3, "under_review"),
        ("denied", 4, "denied"),
    ],
    schema={"barrier_id": pl.String, "revision": pl.Int64, "value": pl.String},
    orient="row",
)
_EDUCATORS = pl.DataFrame(
    {"site_id": ["0499901"], "school_year": ["2025-2026"], "value": [171]}
)
#: Derived column → what it may be looked up in.
TOLD = {"status_before": _STATUSES, "educators_in_profile": _EDUCATORS}


def looked_up(contract: Contract) -> dict[str, pl.DataFrame]:
    """Return what a contract's lookups find."""
    return {
        item.name: TOLD[item.name]
        for item in contract.derived
        if item.is_lookup and item.name in TOLD
    }
