"""The Polars types of a contract's columns, as they stand in the lake."""

import polars as pl

from pcbl_pipeline.contracts.contract import Contract, ContractField, FieldType

_TYPES: dict[FieldType, pl.DataType] = {
    FieldType.INTEGER: pl.Int64(),
    FieldType.DECIMAL: pl.Float64(),
    FieldType.DATE: pl.Date(),
    FieldType.CODES: pl.List(pl.String()),
}


def lake_type(field: ContractField) -> pl.DataType:
    """Return the type in which a field's values are kept."""
    return _TYPES.get(field.type, pl.String())


def field_schema(contract: Contract) -> pl.Schema:
    """Return the types of a contract's own columns, in its order."""
    return pl.Schema({field.name: lake_type(field) for field in contract.fields})


def row_schema(contract: Contract, *others: Contract) -> pl.Schema:
    """Return the types of a whole lake row: the contract's columns and ours.

    With other versions of the contract, the columns that only they have come after
    its own; a row of another version is null there.

    Units: `received_at` in UTC; `row_number` as the sender sees it (header = row 1).
    """
    return pl.Schema(
        {
            **_fields(contract, *others),
            "submission_id": pl.String(),
            "sender_id": pl.String(),
            "received_at": pl.Datetime("us", "UTC"),
            "source_object": pl.String(),
            "row_number": pl.Int64(),
            "contract_version": pl.String(),
            "not_applicable": pl.List(pl.String()),
        }
    )


def _fields(*versions: Contract) -> dict[str, pl.DataType]:
    types: dict[str, pl.DataType] = {}
    for version in versions:
        types = types | {
            field.name: lake_type(field)
            for field in version.fields
            if field.name not in types
        }
    return types
