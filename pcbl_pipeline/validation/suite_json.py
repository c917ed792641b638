"""A contract's suite as JSON, for whoever wants to check at home with stock GX.

The suite names the columns that it expects, and the rules that are not in it.
What does not belong here: judging files.
"""

import json
from datetime import date
from typing import Any

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.contract import Contract
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import given_name, how_name, text_name
from pcbl_pipeline.validation.suites import CompiledSuite, compile_suite

_TEXT = "the text of `{0}` as it was sent, stripped; null where it is blank or NA"
_GIVEN = "anything but null where `{0}` has something in it"
_HOW = "0 where `{0}` is read as it was sent; other numbers say how it was read"
_VALUE = "`{0}` as a number, date or text; null where its form is wrong"
_DERIVED = "computed from the row: {0}"


def suite_json(contract: Contract, catalogue: Catalogue) -> dict[str, Any]:
    """Return the suite as stock GX loads it, ready for JSON.

    Shape: GX's own keys. `meta.columns` says what each column that the expectations
    name must hold; `meta.not_included` names rules that depend on who sends.
    """
    suite = compile_suite(contract, catalogue, _everything_known(contract))
    written: dict[str, Any] = suite.as_gx().to_json_dict()
    written["meta"] = {
        **(written.get("meta") or {}),
        "contract": f"{contract.dataset} {contract.version}",
        "columns": _columns(contract, suite),
        "not_included": list(suite.unchecked),
    }
    return written


def _everything_known(contract: Contract) -> Circumstances:
    """Return circumstances in which every derived column could be computed.

    Only the compilation asks; no row is judged by these.
    """
    references = [
        item.reference
        for item in contract.derived
        if item.reference and not item.is_lookup
    ]
    return Circumstances(
        received_on=date.min,
        known={item: pl.DataFrame() for item in references},
        looked_up={c.name: pl.DataFrame() for c in contract.derived if c.is_lookup},
        history=pl.DataFrame(),
    )


def _columns(contract: Contract, suite: CompiledSuite) -> dict[str, str]:
    """Describe the columns that the expectations look at."""
    kwargs = [use.configuration.to_json_dict()["kwargs"] for use in suite.uses]
    named = json.dumps(kwargs, default=str)
    described = _every_column(contract)
    return {name: text for name, text in described.items() if f'"{name}"' in named}


def _every_column(contract: Contract) -> dict[str, str]:
    described = {}
    for name in contract.field_names:
        described[given_name(name)] = _GIVEN.format(name)
        described[how_name(name)] = _HOW.format(name)
        described[text_name(name)] = _TEXT.format(name)
        described[name] = _VALUE.format(name)
    for item in contract.derived:
        stated = item.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
        words = ", ".join(f"{key} {value}" for key, value in stated.items())
        described[item.name] = _DERIVED.format(words)
    return described
