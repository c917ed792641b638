"""A right row of every dataset, as text: the contract's own examples, all invented."""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, Reference
from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.circumstances import Circumstances
from tests.support.lookups import looked_up

SITE = Sender(
    sender_id="0499901", name="Saguaro Flats (fictional)", kind="site", state_fips="04"
)
#: In a state that limits how long a waiver lasts.
PRAIRIE = Sender(
    sender_id="3899901", name="Prairie (fictional)", kind="site", state_fips="38"
)
AGENCY = Sender(
    sender_id="sea-04", name="Agency (fictional)", kind="agency", state_fips="04"
)
#: Where the examples of two columns exclude each other.
_TOGETHER = {"site_profile": {"ncessch": None}}


def example_row(contract: Contract, **changes: str | None) -> dict[str, str | None]:
    """Return a row that breaks no rule, with some cells changed."""
    row: dict[str, str | None] = {item.name: item.example for item in contract.fields}
    return row | _TOGETHER.get(contract.dataset, {}) | changes


def example_circumstances(
    contract: Contract, sender: Sender | None = None
) -> Circumstances:
    """Return circumstances in which the examples' references are all known."""
    known = {
        item.reference: _known(item.reference)
        for item in contract.derived
        if item.reference is not None and not item.is_lookup
    }
    usual = SITE if contract.submitted_by == "site" else AGENCY
    return Circumstances(
        sender=sender or usual, known=known, looked_up=looked_up(contract)
    )


def _known(reference: Reference) -> pl.DataFrame:
    values = ["0499901", "0499902", "0499901-TA-2026-003", "0499901-B-004"]
    same = {name: ["2025-2026"] * len(values) for name in reference.same}
    return pl.DataFrame({"value": values, **same})
