"""A second version of a dataset's contract, invented, as an engineer would write it."""

from dataclasses import replace
from typing import Any

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.lake.tables import Lake
from pcbl_pipeline.workspace import Workspace

SECOND_FROM = "2026-2027"
#: A column that only the second version has.
NEW_FIELD = {
    "name": "grant_usd",
    "title": "Grant",
    "description": "Invented for the tests.",
    "type": "decimal",
    "presence": "optional",
    "privacy": "network",
    "minimum": 0,
    "example": "12.5",
}


def changed(contract: Contract, **changes: Any) -> Contract:
    """Return a contract with some entries changed, checked anew."""
    return type(contract).model_validate(contract.model_dump() | changes)


def with_field(
    contract: Contract, name: str, /, **changes: Any
) -> list[dict[str, Any]]:
    """Return a contract's fields with one of them changed."""
    fields = contract.model_dump()["fields"]
    return [f | changes if f["name"] == name else f for f in fields]


def second_version(contract: Contract, **changes: Any) -> Contract:
    """Return version 2.0: a shorter title, and one more column."""
    dated = {"version": "2.0", "valid_from": SECOND_FROM}
    fields = [*with_field(contract, "title", max_length=80), NEW_FIELD]
    return changed(contract, **{"fields": fields, **dated, **changes})


def with_second_version(
    catalogue: Catalogue, dataset: str = "lesson_learned"
) -> Catalogue:
    """Return a catalogue in which a dataset has two versions."""
    return catalogue.with_contract(second_version(catalogue.get(dataset)))


def moved_to(workspace: Workspace, catalogue: Catalogue) -> Workspace:
    """Return the workspace as it opens after its contracts were changed."""
    lake = Lake(workspace.store, catalogue)
    return replace(workspace, catalogue=catalogue, lake=lake)
