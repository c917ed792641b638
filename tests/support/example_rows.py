"""A right row of every dataset, as text: the contract's own examples, all invented."""

from datetime import date

import polars as pl

from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.contracts.derived import Reference
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
Row = dict[str, str | None]

#: What else is in the group of the example row.
_GROUP: dict[str, list[Row]] = {
    "implementation_status": [
        {"element_code": code}
        for code in (
            *("CBE1", "CBE2", "CBE3", "CBE5", "CBE6", "CBE7"),
            *(f"DC{number:02d}" for number in range(1, 11)),
        )
    ],
    "outcome_metric": [
        {"student_group": "WH7", "numerator": "100", "denominator": "200"},
        {"student_group": "HI7", "numerator": "31", "denominator": "84"},
        {"student_group": "ECODIS"},
        {"metric_code": "M01"},
    ],
    "perception_survey": [{"student_group": "LEP", "scale_mean": None}],
}
#: Of the element in the example row: where it stood in the windows before.
_HISTORY = {
    "implementation_status": pl.DataFrame(
        {
            "site_id": ["0499901"] * 2,
            "school_year": ["2025-2026", "2024-2025"],
            "window": ["fall", "end_of_year"],
            "element_code": ["CBE4"] * 2,
            "stage": [3, 1],
        }
    )
}
#: Where the examples of two columns exclude each other.
_TOGETHER = {"site_profile": {"ncessch": None}}


def example_row(contract: Contract, **changes: str | None) -> Row:
    """Return a row that breaks no rule, with some cells changed."""
    row: Row = {item.name: item.example for item in contract.fields}
    return row | _TOGETHER.get(contract.dataset, {}) | changes


def example_rows(contract: Contract, **changes: str | None) -> list[Row]:
    """Return the example row, with some cells changed, and the rows of its group.

    Some rows are right only beside others: a site rates all elements, not one. Where
    the changes move the row out of its group, another takes its place there.
    """
    changed, example = example_row(contract, **changes), example_row(contract)
    others = [example | other for other in _GROUP.get(contract.dataset, [])]
    if others and any(changed[name] != example[name] for name in contract.key):
        others.append(example)
    return [changed, *others]


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
        sender=sender or usual,
        received_on=date(2026, 6, 30),
        known=known,
        history=_HISTORY.get(contract.dataset),
        looked_up=looked_up(contract),
    )


def _known(reference: Reference) -> pl.DataFrame:
    values = ["0499901", "0499902", "0499901-TA-2026-003", "0499901-B-004"]
    same = {name: ["2025-2026"] * len(values) for name in reference.same}
    return pl.DataFrame({"value": values, **same})
