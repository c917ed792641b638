"""A small invented contract, for what derived columns and values come to."""

import polars as pl

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.contracts.contract import (
    Contract,
    ContractField,
    ContractRule,
    Delivery,
    FieldType,
    Presence,
    Privacy,
)
from pcbl_pipeline.contracts.derived import DerivedColumn
from pcbl_pipeline.validation.circumstances import Circumstances
from pcbl_pipeline.validation.prepare import prepare
from tests.support.rows import text_frame

CATALOGUE = load_catalogue()


def prepared(
    contract: Contract,
    rows: pl.DataFrame | list[dict[str, str | None]],
    circumstances: Circumstances | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> pl.DataFrame:
    """Prepare rows, given as a frame or as the cells that are not blank."""
    frame = rows if isinstance(rows, pl.DataFrame) else text_frame(contract, rows)
    knowledge = circumstances or Circumstances()
    return prepare(frame.lazy(), contract, catalogue, knowledge).collect()


def field(name: str, kind: FieldType, **more: object) -> ContractField:
    """Return an optional, public field."""
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


def small_contract(
    *derived: DerivedColumn,
    fields: tuple[ContractField, ...] = (),
    rules: tuple[ContractRule, ...] = (),
) -> Contract:
    """Return a contract with a few columns of different types, and those given."""
    return Contract(
        dataset="invented",
        code="S0",
        version="1.0",
        valid_from="2020-2021",
        title="Invented",
        description="Invented for tests.",
        grain="one row per id",
        key=("id",),
        delivery=Delivery(mode="upsert"),
        submitted_by="agency",
        fields=(
            field("id", FieldType.TEXT),
            field("other", FieldType.TEXT),
            field("school_year", FieldType.SCHOOL_YEAR),
            field("count", FieldType.INTEGER),
            field("ids", FieldType.CODES),
            *fields,
        ),
        derived=derived,
        rules=rules,
    )
