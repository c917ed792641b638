"""A small contract whose rows come in groups, and what is derived over them.

All of it is invented; a test states the derived column that it is about.
"""

import polars as pl

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    Delivery,
    FieldType,
    Presence,
    Privacy,
)
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import prepare
from tests.support.frames import table_rows
from tests.support.rows import text_frame

CATALOGUE = load_catalogue()
WINDOWS = CATALOGUE.code_lists["window"].values
NOTHING_SENT = pl.DataFrame(
    schema={"site": pl.String, "window": pl.String, "item": pl.String, "n": pl.Int64}
)


CHANGE = {
    "kind": "previous_change",
    "of": "n",
    "group": ("site", "item"),
    "order": ("window",),
}


def field(name, kind, **more):
    return ContractField(
        name=name,
        title=name,
        description=name,
        type=kind,
        presence=Presence.OPTIONAL,
        privacy=Privacy.PUBLIC,
        example="1",
        **more,
    )


def contract_with(**derived) -> Contract:
    return Contract(
        dataset="invented",
        code="S0",
        version="1.0",
        valid_from="2020-2021",
        title="Invented",
        description="Invented for tests.",
        grain="one row per site, window and item",
        key=("site", "window", "item"),
        delivery=Delivery(mode="snapshot", scope=("site", "window")),
        submitted_by="agency",
        fields=(
            field(
                "site", FieldType.TEXT, pattern="^[a-z]$", pattern_in_words="a letter"
            ),
            field("window", FieldType.CODE, code_list="window"),
            field(
                "item", FieldType.TEXT, pattern="^[A-Z]$", pattern_in_words="a letter"
            ),
            field("n", FieldType.INTEGER),
        ),
        derived=(DerivedColumn(name="got", **derived),),
    )


def derived(table, history=NOTHING_SENT, **column):
    """Derive a column over an ASCII table; return it in the order of the rows."""
    contract = contract_with(**column)
    rows = table_rows(table, pl.Schema(dict.fromkeys(contract.field_names, pl.String)))
    return over(rows, contract, history)


def over(rows, contract, history=NOTHING_SENT):
    known = Circumstances(history=history)
    frame = text_frame(contract, rows).lazy()
    return prepare(frame, contract, CATALOGUE, known).collect()["got"].to_list()
